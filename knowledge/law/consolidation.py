"""Work out which text of each article is in force after a series of amendments: only numbers and places, no text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.model import AmendmentKind

WORDED = (AmendmentKind.REPLACED, AmendmentKind.CHANGED, AmendmentKind.ADDED)  # the decision carries the new words


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """One amendment as it takes effect on the day `on`. The other fields are as in `Amendment`."""

    article: str
    kind: AmendmentKind
    ordinal: int | None
    becomes: str
    on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """A document that amends another, and its changes."""

    document_id: str
    changes: tuple[ArticleChange, ...]


@dataclass(frozen=True, slots=True)
class ArticleHolder:
    """Where words of an article stand: in the text first issued (`document_id` is "") or in a clause of a decision."""

    document_id: str
    place: str  # the article's number, or the ordinal of the decision's clause


@dataclass(frozen=True, slots=True)
class End:
    """The day some words stopped being in force, and the document that ended them."""

    on: date
    by: str


@dataclass
class ArticleAccount:
    """The articles by their present number, each with the places of its words; and the places that have ended."""

    articles: dict[str, set[ArticleHolder]]
    ended: dict[ArticleHolder, End] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Iterable[str]) -> "ArticleAccount":
        """Make the account of a text as first issued."""
        return cls({number: {ArticleHolder("", number)} for number in articles})

    def apply(self, decision: Decision) -> None:
        """Apply a decision. All its changes name articles by the numbers from before the decision."""
        before = self.articles
        moved: dict[str, set[ArticleHolder]] = {}
        gone: set[str] = set()
        for change in decision.changes:
            number = change.becomes or change.article
            if change.kind in (AmendmentKind.REPLACED, AmendmentKind.CHANGED, AmendmentKind.REPEALED):
                self._end(_held(before, change.article), End(change.on, decision.document_id))
                gone |= set(_numbers(before, change.article))
            if change.kind in WORDED and change.ordinal is not None:
                moved.setdefault(number, set()).add(ArticleHolder(decision.document_id, str(change.ordinal)))
            if change.kind is AmendmentKind.MOVED and change.article in before:
                moved.setdefault(number, set()).update(before[change.article])
                gone.add(change.article)
        staying = {number: set(holders) for number, holders in before.items() if number not in gone}
        now = _counted_anew(decision, staying, moved) or _together(staying, moved)
        self.articles = {number: holders - set(self.ended) for number, holders in now.items()}

    def _end(self, holders: Iterable[ArticleHolder], end: End) -> None:
        for holder in holders:
            known = self.ended.get(holder)
            if known is None or end.on < known.on:
                self.ended[holder] = end


def account(articles: Iterable[str], decisions: Sequence[Decision]) -> ArticleAccount:
    """Return the account after `decisions`, given in the order in which they take effect."""
    made = ArticleAccount.of(articles)
    for decision in decisions:
        made.apply(decision)
    return made


def _held(articles: dict[str, set[ArticleHolder]], number: str) -> set[ArticleHolder]:
    return {holder for one in _numbers(articles, number) for holder in articles[one]}


def _numbers(articles: dict[str, set[ArticleHolder]], number: str) -> list[str]:
    return [number] if number in articles else []


def _together(
    staying: dict[str, set[ArticleHolder]], moved: dict[str, set[ArticleHolder]]
) -> dict[str, set[ArticleHolder]]:
    """Merge articles that stay with those that move. If two get one number, it holds both: what ends it ends both."""
    return {number: staying.get(number, set()) | moved.get(number, set()) for number in {*staying, *moved}}


def _counted_anew(
    decision: Decision, staying: dict[str, set[ArticleHolder]], moved: dict[str, set[ArticleHolder]]
) -> dict[str, set[ArticleHolder]] | None:
    """Number the articles from 1 in their new order.

    Returns None unless the decision orders this without giving the new numbers, and all numbers are plain.
    """
    says_how = any(change.becomes for change in decision.changes if change.kind is not AmendmentKind.ADDED)
    ordered = any(change.kind is AmendmentKind.ORDERED for change in decision.changes)
    plain = all(number.isdecimal() for number in (*staying, *moved))
    if not ordered or says_how or not plain:
        return None
    added = {change.becomes for change in decision.changes if change.kind is AmendmentKind.ADDED}
    kept = _together(staying, {number: holders for number, holders in moved.items() if number not in added})
    row = [kept[number] for number in sorted(kept, key=int)]
    for number in sorted(added, key=int):
        row.insert(int(number) - 1, moved[number])
    return {str(place): holders for place, holders in enumerate(row, 1)}
