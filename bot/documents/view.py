"""Prepares the content of a document's page: facts in plain words, links, and the text with the marked clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

from bot.documents.layout import Part
from bot.page_files import PAGES
from desk.web.templates import read_texts
from knowledge.law.validity import begins, standing_on
from knowledge.model import ClauseDays, DocumentText, Metadata, PolicyDocument, Standing, StoredClause

_FRAGMENT = 24  # characters of a clause, which a browser looks for on another site's page
_LABEL = 80  # characters of a table's text that a screen reader hears as its name
_DEEPEST = 5  # heading level on the page


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link on the page. `outside`: it opens another site."""

    label: str
    href: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text on the page, live or of an earlier version, with the clause to mark.

    `notes` are said first. With `staff` the original stands beside the text.
    """

    document: PolicyDocument
    about: Metadata
    text: DocumentText
    clauses: Sequence[StoredClause]
    cited: StoredClause | None
    notes: tuple[PageLink, ...]
    endings: dict[str, PageLink]  # by clause id; of the clauses that do not hold today
    staff: bool


def words_of(lang: str) -> dict[str, str]:
    """Return the page's sentences in `lang`, zh or en."""
    return _words()["en" if lang == "en" else "zh"]


@cache
def _words() -> dict[str, dict[str, str]]:
    return read_texts(PAGES / "document" / "document.json")


def spoken(day: date, words: dict[str, str]) -> str:
    """Return a day as people read it."""
    return words["day"].format(y=day.year, m=day.month, d=day.day)


def standing_sentence(about: Metadata, today: date, words: dict[str, str]) -> tuple[Standing, str]:
    """Return the document's standing today and the sentence about its day; "" where there is no day to name."""
    standing = standing_on(about, today)
    keys = {
        Standing.IN_FORCE: ("in_force_until", about.expires_on),
        Standing.NOT_YET: ("not_yet_from", begins(about)),
        Standing.EXPIRED: ("expired_on", about.expires_on),
        Standing.REPEALED: ("repealed_from", about.repealed_on),
    }
    key, day = keys[standing]
    return standing, words[key].format(day=spoken(day, words)) if day else ""


def facts(about: Metadata, words: dict[str, str]) -> list[dict[str, str]]:
    """Return the known facts of the document, each with its label. Leave out facts that it does not state."""
    named = [(words["number"], about.document_number), (words["issuer"], about.issuer), (words["region"], about.region)]
    days = ("issued_on", "published_on", "effective_on", "expires_on", "repealed_on")
    dated = [(words[name], spoken(day, words)) for name in days if (day := getattr(about, name))]
    return [{"label": label, "value": value} for label, value in named + dated if value]


def official(url: str, text: str, words: dict[str, str]) -> PageLink | None:
    """Link to the publisher's page, opened at `text` where the browser can; None where `url` is no web address."""
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    start = text.split("\n")[0].strip()[:_FRAGMENT]
    fragment = f"#:~:text={quote(start, safe='').replace('-', '%2D')}" if start and "#" not in url else ""
    return PageLink(words["official"], url + fragment, outside=True)


def ended(days: ClauseDays, today: date, words: dict[str, str]) -> PageLink | None:
    """Say that a clause does not hold today though its document may, and link to the text that says so."""
    where = f"/documents/{days.amended_by}" if days.amended_by else ""
    if days.repealed_on and today >= days.repealed_on:
        return PageLink(words["clause_ended"].format(day=spoken(days.repealed_on, words)), where)
    if days.effective_on and today < days.effective_on:
        return PageLink(words["clause_begins"].format(day=spoken(days.effective_on, words)), where)
    return None


def parts_json(parts: Sequence[Part], endings: dict[str, PageLink]) -> list[dict[str, Any]]:
    """Return the parts in the form that the template takes.

    The first run of cited parts opens and closes the mark. A part where a clause begins that does not hold carries the
    clause's ending.
    """
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
    """Return the headings with their places among the parts."""
    return [
        {"place": place, "text": item["text"], "depth": item["depth"]}
        for place, item in enumerate(items)
        if item["depth"] and not item["rows"]
    ]
