"""Which text of each article is in force after a row of amendments: a pure account of numbers and holders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.model import AmendmentKind

WORDED = (AmendmentKind.REPLACED, AmendmentKind.CHANGED, AmendmentKind.ADDED)  # the decision carries the new words


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment as it takes effect: as in `Amendment`, `on` the day it does."""

    article: str
    kind: AmendmentKind
    ordinal: int | None
    becomes: str
    on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """A document that amends, and what it changes."""

    document_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Where words of an article stand: an article of the text first issued ("" and its number), or a clause."""

    document_id: str
    place: str  # the article's number, or the ordinal of the decision's clause


@dataclass(frozen=True, slots=True)
class End:
    """The day some words stopped being in force, and the document that ended them."""

    on: date
    by: str


@dataclass
class Account:
    """The articles by the number they have now, each with those who hold its words; and what has ended."""

    articles: dict[str, set[Holder]]
    ended: dict[Holder, End] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Iterable[str]) -> "Account":
        """Of a text as first issued."""
        return cls({number: {Holder("", number)} for number in articles})

    def apply(self, decision: Decision) -> None:
        """What the decision says, all of it by the numbers the articles had before."""
        before = self.articles
        moved: dict[str, set[Holder]] = {}
        gone: set[str] = set()
        for change in decision.changes:
            number = change.becomes or change.article
            if change.kind in (AmendmentKind.REPLACED, AmendmentKind.CHANGED, AmendmentKind.REPEALED):
                self._end(_held(before, change.article), End(change.on, decision.document_id))
                gone |= set(_numbers(before, change.article))
            if change.kind in WORDED and change.ordinal is not None:
                moved.setdefault(number, set()).add(Holder(decision.document_id, str(change.ordinal)))
            if change.kind is AmendmentKind.MOVED and change.article in before:
                moved.setdefault(number, set()).update(before[change.article])
                gone.add(change.article)
        staying = {number: set(holders) for number, holders in before.items() if number not in gone}
        now = _counted_anew(decision, staying, moved) or _together(staying, moved)
        self.articles = {number: holders - set(self.ended) for number, holders in now.items()}

    def _end(self, holders: Iterable[Holder], end: End) -> None:
        for holder in holders:
            known = self.ended.get(holder)
            if known is None or end.on < known.on:
                self.ended[holder] = end


def account(articles: Iterable[str], decisions: Sequence[Decision]) -> Account:
    """The account after `decisions`, in the order in which they take effect."""
    made = Account.of(articles)
    for decision in decisions:
        made.apply(decision)
    return made


def _held(articles: dict[str, set[Holder]], number: str) -> set[Holder]:
    return {holder for one in _numbers(articles, number) for holder in articles[one]}


def _numbers(articles: dict[str, set[Holder]], number: str) -> list[str]:
    return [number] if number in articles else []


def _together(staying: dict[str, set[Holder]], moved: dict[str, set[Holder]]) -> dict[str, set[Holder]]:
    """Where two texts come to one number, both are taken for it: what ends it ends both."""
    return {number: staying.get(number, set()) | moved.get(number, set()) for number in {*staying, *moved}}


def _counted_anew(
    decision: Decision, staying: dict[str, set[Holder]], moved: dict[str, set[Holder]]
) -> dict[str, set[Holder]] | None:
    """The articles numbered from 1 in their new order, where the decision says that they are and does not say how."""
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
