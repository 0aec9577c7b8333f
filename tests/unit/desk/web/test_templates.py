"""The desk's pages speak both languages: every sentence they name exists, with the same blanks."""

import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import pytest

from desk.admin.tabs import TABS
from desk.answers.records import Setup
from desk.answers.replay import Fate
from desk.web.templates import read_texts
from desk.words.entry import Origin
from retrieval.answering.evidence import Evidence
from retrieval.model import AbstentionReason

PAGES = Path(__file__).parents[4] / "desk" / "pages"
TEXTS = read_texts(PAGES / "shared" / "texts.json")
SOURCES = sorted([*PAGES.glob("*/*.js"), *PAGES.glob("*/*.html")])


def blanks(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_both_languages_have_the_same_sentences_with_the_same_blanks() -> None:
    assert {key: blanks(text) for key, text in TEXTS["zh"].items()} == {
        key: blanks(text) for key, text in TEXTS["en"].items()
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sentence_a_page_names_exists(path: Path) -> None:
    named = re.findall(r"""\bt\(['"](\w+)['"]""", path.read_text(encoding="utf-8"))
    assert [key for key in named if key not in TEXTS["zh"]] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_put_into_a_page_as_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\|\s*safe\b", text)
    assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=|<[a-z]+[^>]*\sstyle=", text)


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("abstained_", AbstentionReason),
        ("fate_", Fate),
        ("origin_", Origin),
        ("tab_", TABS),
        ("differs_", ["kind", "reason", "confidence", "score", *(each.name for each in fields(Setup))]),
        ("setup_", ["day", "as_of", "turns", *(each.name for each in fields(Setup))]),
        ("signal_", [each.name for each in fields(Evidence)]),
    ],
)
def test_every_word_the_program_tells_a_page_has_its_sentence(prefix: str, names: Iterable[str]) -> None:
    assert [name for name in names if f"{prefix}{name}" not in TEXTS["zh"]] == []
