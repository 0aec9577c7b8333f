"""What a document's page says: its facts in plain words, its links, and its text with the clause asked for marked."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from knowledge.layout import Part
from knowledge.model import ClauseDays, DocumentText, Metadata, PolicyDocument, Standing, StoredClause
from knowledge.validity import standing_on

PAGES = Path(__file__).parent / "pages"
_FRAGMENT = 24  # characters of a clause that a browser looks for on another site's page
_LABEL = 80  # characters of a table's text that a screen reader hears as its name
_DEEPEST = 5  # of headings


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go from the page; `outside` opens another site."""

    label: str
    href: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The text on the page: the live one or an earlier one, with the clause to mark and what to say of it first.
    `staff` see the original beside it."""

    document: PolicyDocument
    about: Metadata
    text: DocumentText
    clauses: Sequence[StoredClause]
    cited: StoredClause | None
    notes: tuple[Link, ...]
    endings: dict[str, Link]  # by clause id
    staff: bool


def words_of(lang: str) -> dict[str, str]:
    """The page's sentences in `lang`, zh or en."""
    return _words()["en" if lang == "en" else "zh"]


@cache
def _words() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads((PAGES / "document.json").read_text(encoding="utf-8"))
    return read


def spoken(day: date, words: dict[str, str]) -> str:
    """A day as people read it."""
    return words["day"].format(y=day.year, m=day.month, d=day.day)


def standing_sentence(about: Metadata, today: date, words: dict[str, str]) -> tuple[Standing, str]:
    """Whether the document may be relied on today, and the sentence about its day; "" where there is none to name."""
    standing = standing_on(about, today)
    begins = about.effective_on or about.published_on
    keys = {
        Standing.IN_FORCE: ("in_force_until", about.expires_on),
        Standing.NOT_YET: ("not_yet_from", begins),
        Standing.EXPIRED: ("expired_on", about.expires_on),
        Standing.REPEALED: ("repealed_from", about.repealed_on),
    }
    key, day = keys[standing]
    return standing, words[key].format(day=spoken(day, words)) if day else ""


def facts(about: Metadata, words: dict[str, str]) -> list[dict[str, str]]:
    """What is known of the document, each with its label; what it does not say is left out."""
    named = [(words["number"], about.document_number), (words["issuer"], about.issuer), (words["region"], about.region)]
    days = ("issued_on", "published_on", "effective_on", "expires_on", "repealed_on")
    dated = [(words[name], spoken(day, words)) for name in days if (day := getattr(about, name))]
    return [{"label": label, "value": value} for label, value in named + dated if value]


def official(url: str, text: str, words: dict[str, str]) -> Link | None:
    """The page of whoever published it, opened at `text` where the browser can; None for what is no web address."""
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    start = text.split("\n")[0].strip()[:_FRAGMENT]
    fragment = f"#:~:text={quote(start, safe='').replace('-', '%2D')}" if start and "#" not in url else ""
    return Link(words["official"], url + fragment, outside=True)


def ended(days: ClauseDays, today: date, words: dict[str, str]) -> Link | None:
    """That a clause does not hold today though its document may, and where the text is that says so."""
    where = f"/documents/{days.amended_by}" if days.amended_by else ""
    if days.repealed_on and today >= days.repealed_on:
        return Link(words["clause_ended"].format(day=spoken(days.repealed_on, words)), where)
    if days.effective_on and today < days.effective_on:
        return Link(words["clause_begins"].format(day=spoken(days.effective_on, words)), where)
    return None


def shown(parts: Sequence[Part], endings: dict[str, Link]) -> list[dict[str, Any]]:
    """The parts as the template takes them; the first run of cited ones opens and closes a mark, and where a
    clause that does not hold begins, that is said."""
    items: list[dict[str, Any]] = []
    marked, before = False, None
    for cited, run in groupby(parts, key=lambda part: part.cited):
        made = []
        for part in run:
            ending = endings.get(part.clause_id)
            made.append(_item(part) | {"ending": ending if ending != before else None, "dead": ending is not None})
            before = ending
        if cited and not marked:
            made[0]["opens"] = made[-1]["closes"] = marked = True
        items += made
    return items


def _item(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "depth": part.depth,
        "level": min(part.depth + 1, _DEEPEST),
        "page": part.page,
        "rows": part.rows,
        "head": part.rows[: part.header_rows],
        "body": part.rows[part.header_rows :],
        "label": part.text[:_LABEL],
        "opens": False,
        "closes": False,
    }


def contents(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The headings with their places among the parts."""
    return [
        {"place": place, "text": item["text"], "depth": item["depth"]}
        for place, item in enumerate(items)
        if item["depth"] and not item["rows"]
    ]
