"""Thirty real pages against what a careful reader found in them: metadata, clauses, questions, tables, no noise."""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.law.validity import standing_on
from knowledge.load import load
from knowledge.model import ClauseKind, ParsedDocument
from knowledge.notation.document_names import bare_number

pytestmark = pytest.mark.data
TODAY = date(2026, 11, 20)
FIELDS = ("title", "issuer", "document_number", "published_on", "issued_on", "effective_on", "expires_on", "status")


@pytest.fixture(scope="module")
def keys() -> list[dict[str, Any]]:
    return _lines("keys/pages.jsonl")


@pytest.fixture(scope="module")
def pages(keys: list[dict[str, Any]]) -> dict[str, ParsedDocument]:
    folder = _data() / "pages"
    return {key["file"]: load(folder / key["file"], key["file"]) for key in keys}


def _data() -> Path:
    folder = Path(__file__).parents[5] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real documents are not beside this checkout (../shared/data)")
    return folder


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_data() / name).read_text("utf-8").splitlines() if line.strip()]


def _bare(text: str | None) -> str | None:
    return re.sub(r"[\s、，,]", "", unicodedata.normalize("NFKC", text)) if text else None


def _said(document: ParsedDocument, field: str, key: dict[str, Any]) -> str | None:
    """What we found, in the key's terms."""
    metadata = document.metadata
    if field == "status":
        dated = metadata.effective_on or metadata.expires_on or metadata.repealed_on or metadata.document_number
        return str(standing_on(metadata, TODAY)) if dated else "unknown"
    value = getattr(metadata, field)
    return value.isoformat() if isinstance(value, date) else value or None


def _misses(pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]) -> Iterator[tuple[str, str, object, object]]:
    for key in keys:
        document = pages[key["file"]]
        for field in FIELDS:
            said = _said(document, field, key)
            wanted = [key.get(field), *key.get(f"{field}_accept", [])]
            if field == "status" and key["status"] == "unknown":
                wanted += ["in_force"]  # a page that says nothing counts as in force
            if field == "document_number":
                right = bare_number(said or "") in [bare_number(value or "") for value in wanted]
            else:
                right = _bare(said) in [_bare(value) for value in wanted]
            if not right:
                yield key["file"], field, said, wanted
        found = {bare_number(entry) or _bare(entry) for entry in document.repeals}
        numbers = {bare_number(n) for n in key.get("repeals_numbers", [])} or {_bare(n) for n in key["repeals"]}
        if found != numbers:
            yield key["file"], "repeals", found, numbers


def test_nine_tenths_of_the_metadata_are_right(pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]) -> None:
    misses = list(_misses(pages, keys))
    for miss in misses:
        print(*miss, sep=" | ")
    share = 1 - len(misses) / (len(keys) * (len(FIELDS) + 1))
    print(f"{share:.3f} of the fields right")
    assert share >= 0.97


def test_nothing_expired_or_repealed_counts_as_in_force(
    pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]
) -> None:
    wrong = [
        key["file"]
        for key in keys
        if (key["status"] in ("expired", "repealed"))
        != (standing_on(pages[key["file"]].metadata, TODAY) in ("expired", "repealed"))
    ]
    assert wrong == []


def test_articles_questions_and_tables_are_all_found(
    pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]
) -> None:
    misses = []
    for key in keys:
        kinds = [clause.kind for clause in pages[key["file"]].clauses]
        tables = {(c.path) for c in pages[key["file"]].clauses if c.kind == ClauseKind.TABLE}
        for name, count in (
            ("clauses", kinds.count(ClauseKind.ARTICLE)),
            ("qa_pairs", kinds.count(ClauseKind.QUESTION)),
            ("tables", len(tables)),
        ):
            if count != key[name] and count not in key.get(f"{name}_accept", []):
                misses.append((key["file"], name, count, key[name]))
    print(*misses, sep="\n")
    assert misses == []


def test_no_navigation_reaches_a_clause(pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]) -> None:
    text = {file: "".join(c.text + "".join(c.path) for c in document.clauses) for file, document in pages.items()}
    assert [(key["file"], noise) for key in keys for noise in key["nav_noise"] if noise in text[key["file"]]] == []


def test_no_text_stands_twice_because_of_a_hidden_copy(
    pages: dict[str, ParsedDocument], keys: list[dict[str, Any]]
) -> None:
    for key in keys:
        long = [c.text for c in pages[key["file"]].clauses if len(c.text) > 80]
        assert len(long) == len(set(long)), key["file"]


def test_every_answer_stands_in_a_clause_near_its_place(pages: dict[str, ParsedDocument]) -> None:
    """The words a question's answer must have are in one clause of the page, and its locator is near."""
    far = []
    for question in _lines("lay/questions.jsonl"):
        if question["kind"] != "answer":
            continue
        document = pages[question["page"]]
        musts = [m for m in question["must"] if "失效" not in m]
        holding = [c for c in document.clauses if all(_holds(c.text, must) for must in musts)]
        print(question["id"], question["locator"], "|", [(c.locator, len(c.text)) for c in holding][:6])
        if not holding:
            far.append((question["id"], question["page"], musts))
    assert far == []


def _holds(text: str, must: str) -> bool:
    return any(part in unicodedata.normalize("NFKC", text).replace(" ", "") for part in must.split("|"))
