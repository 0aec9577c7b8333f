"""Works out which clauses end, and when, among the texts that go by one name and the documents that amend them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from knowledge.law.amendments import quotations
from knowledge.law.consolidation import WORDED, ArticleAccount, ArticleChange, Decision, End, account
from knowledge.law.validity import begins, same_place, version_day
from knowledge.model import AmendmentKind
from knowledge.notation.document_names import DocumentName

_TELLING = 12  # characters; a quotation this long is found nowhere by chance


@dataclass(frozen=True, slots=True)
class Law:
    """A stored document with its names and its clauses by article."""

    row: Row[Any]
    called: tuple[DocumentName, ...]
    places: dict[str, list[str]]  # clause ids by article and by ordinal with a #; articles by chapter
    texts: dict[str, str]  # by clause id

    @property
    def end(self) -> End | None:
        """The first day on which the document is no longer in force."""
        days = [self.row.repealed_on, self.row.expires_on and self.row.expires_on + timedelta(days=1)]
        first = min([day for day in days if day], default=None)
        return End(first, "") if first else None


@dataclass(frozen=True, slots=True)
class Family:
    """The texts that go by one name, what amends them, and the days on which others end that name."""

    laws: dict[str, Law]  # every document concerned, by id
    named: tuple[str, ...]  # those that go by the name
    changes: dict[str, list[Row[Any]]]  # amendments by the document that makes them
    endings: tuple[date, ...]

    @property
    def ids(self) -> set[str]:
        """Every document concerned."""
        return set(self.laws)

    def standings(self) -> Iterable[dict[str, Any]]:
        """Yield a row for each clause that ends before its document does."""
        groups: dict[str, list[str]] = {}
        for decision in sorted(self.changes, key=self._order):
            for base in self._bases(decision) or [""]:
                groups.setdefault(base, []).append(decision)
        for base, decisions in groups.items():
            law = self.laws.get(base)
            made = account(
                [place for place in law.places if not place.startswith(("#", "c"))] if law else [],
                [self._decision(each, law) for each in decisions],
            )
            yield from self._ended(made, law)
            yield from self._with_it(law, decisions)

    def _order(self, decision: str) -> tuple[date, date, str]:
        row = self.laws[decision].row
        return begins(row) or date.max, version_day(row) or date.max, decision

    def _bases(self, decision: str) -> list[str]:
        """Return the text that a decision amends, with its copies: the newest text before the decision.

        If that text has ended, so has the decision.
        """
        row = self.laws[decision].row
        mine = version_day(row)
        if mine is None:
            return []
        said = {DocumentName(change.title, change.number) for change in self.changes[decision]}
        older = [
            id_
            for id_ in self.named
            if id_ != decision
            and not self._says_already(id_, decision)
            and any(name.means(called) for name in said for called in self.laws[id_].called)
            and same_place(self.laws[id_].row.region, row.region)
            and (version_day(self.laws[id_].row) or date.min) < mine
        ]
        newest = max((version_day(self.laws[id_].row) or date.min for id_ in older), default=date.min)
        return [id_ for id_ in older if version_day(self.laws[id_].row) in (None, newest)]

    def _says_already(self, text: str, decision: str) -> bool:
        """Return whether a text already reads as the decision wants it.

        Such a text was printed after the decision, whatever its date says.
        """
        law = self.laws[decision]
        ordinals = {row.ordinal for row in self.changes[decision] if AmendmentKind(row.kind) in WORDED}
        ids = [clause_id for ordinal in ordinals for clause_id in law.places.get(f"#{ordinal}", ())]
        quoted = [each for id_ in ids for each in quotations(law.texts[id_]) if len(each) >= _TELLING]
        words = re.sub(r"\s", "", "".join(self.laws[text].texts.values())) if quoted else ""
        return bool(quoted) and 2 * sum(each in words for each in quoted) > len(quoted)

    def _decision(self, decision: str, base: Law | None) -> Decision:
        first = begins(self.laws[decision].row) or date.max
        made: list[ArticleChange] = []
        for row in self.changes[decision]:
            kind, day = AmendmentKind(row.kind), row.begins_on or first
            within = base.places.get(row.article, []) if base and row.article.startswith("c") else []
            for article in within or [row.article]:
                made.append(ArticleChange(article, kind, row.ordinal, row.becomes, day))
        return Decision(decision, tuple(made) if first != date.max else ())

    def _ended(self, made: ArticleAccount, base: Law | None) -> Iterable[dict[str, Any]]:
        for holder, end in made.ended.items():
            law = self.laws[holder.document_id] if holder.document_id else base
            place = f"#{holder.place}" if holder.document_id else holder.place
            if law:
                for clause_id in law.places.get(place, []):
                    yield standing(clause_id, law.row.id, end)

    def _with_it(self, base: Law | None, decisions: Sequence[str]) -> Iterable[dict[str, Any]]:
        """Yield a row for each clause that a decision words.

        It ends at the latest with the text that the decision amends, or with a newer text that holds it.
        """
        for decision in decisions:
            law = self.laws[decision]
            end = base.end if base else self._outlived(law)
            for row in self.changes[decision] if end else ():
                if AmendmentKind(row.kind) in WORDED:
                    for clause_id in law.places.get(f"#{row.ordinal}", []):
                        yield standing(clause_id, decision, end)

    def _outlived(self, decision: Law) -> End | None:
        mine, first = version_day(decision.row), begins(decision.row)
        if not mine or not first:
            return None
        newer = [
            begins(self.laws[id_].row)
            for id_ in self.named
            if id_ != decision.row.id
            and ((version_day(self.laws[id_].row) or date.min) >= mine or self._says_already(id_, decision.row.id))
        ]
        days = [day for day in (*newer, *(day for day in self.endings if day > first)) if day]
        return End(min(days), "") if days else None


def standing(clause_id: str, document_id: str, end: End | None) -> dict[str, Any]:
    """Return a row of the table of clauses whose days differ from their document's."""
    return {
        "clause_id": clause_id,
        "document_id": document_id,
        "effective_on": None,
        "repealed_on": end.on if end else None,
        "amended_by": (end.by if end else "") or None,
    }
