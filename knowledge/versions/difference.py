"""Compares two versions of a document clause by clause: each is added, removed, changed, moved or the same."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import rjieba
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from knowledge.model import Clause

_SAME_PLACE = 0.3  # two clauses at one place that are at least this alike are one clause rewritten
_ELSEWHERE = 0.6  # the same for two clauses at different places
_LONGEST = 20_000  # most words of a clause that is compared word by word


class ClauseChange(StrEnum):
    """What became of a clause."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # renumbered or under another heading, its words as they were


class Mark(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """Words and what became of them. Kept and removed words make up the old text, kept and added words the new."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """One clause before and after.

    `moved` is also true where a changed clause stands at another place. Only a CHANGED clause has `spans`.
    """

    change: ClauseChange
    old: Clause | None
    new: Clause | None
    spans: tuple[Span, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Every clause of both versions once, in the new version's order.

    A removed clause stands after the clause that it stood after before.
    """

    entries: tuple[ClauseDifference, ...]

    def of(self, *changes: ClauseChange) -> list[ClauseDifference]:
        """Return the entries of these kinds."""
        return [entry for entry in self.entries if entry.change in changes]

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses there are of each kind."""
        return {change.value: len(self.of(change)) for change in ClauseChange}


def difference(old: Sequence[Clause], new: Sequence[Clause]) -> Difference:
    """Compare two versions' clauses.

    Clauses are paired in this order: by the same words at the same place, by the same words elsewhere, by similar
    words at the same place, by very similar words elsewhere.
    """
    pairs = _paired(old, new)
    gone: dict[int, list[ClauseDifference]] = defaultdict(list)
    last = -1
    after = {i: j for j, i in pairs.items()}
    for i, clause in enumerate(old):
        if i in after:
            last = after[i]
        else:
            gone[last].append(ClauseDifference(ClauseChange.REMOVED, clause, None))
    entries = gone[-1]
    for j, clause in enumerate(new):
        entries.append(
            _entry(old[pairs[j]], clause) if j in pairs else ClauseDifference(ClauseChange.ADDED, None, clause)
        )
        entries += gone[j]
    return Difference(tuple(entries))


def spans(old: str, new: str) -> tuple[Span, ...]:
    """Return the words kept, removed and added on the way from `old` to `new`."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) > _LONGEST:
        return tuple(Span(mark, text) for mark, text in ((Mark.REMOVED, old), (Mark.ADDED, new)) if text)
    found: list[Span] = []
    for step in LCSseq.opcodes(before, after):
        removed, added = "".join(before[step.src_start : step.src_end]), "".join(after[step.dest_start : step.dest_end])
        if step.tag == "equal":
            found.append(Span(Mark.KEPT, removed))
            continue
        found += [Span(mark, text) for mark, text in ((Mark.REMOVED, removed), (Mark.ADDED, added)) if text]
    return _tidy(found)


def likeness(old: str, new: str) -> float:
    """Return how much of two texts is the same, from 0 to 1."""
    return float(fuzz.ratio(old, new)) / 100


def position(clause: Clause) -> tuple[str, ...]:
    """Return where a clause stands, as far as that can be compared: its headings and its number, or its question."""
    return (*(_bare(each) for each in clause.path), clause.number or clause.question or f"#{clause.kind}")


def words(clause: Clause) -> str:
    """Return a clause's words without its number and without white space."""
    return _bare(clause.text).removeprefix(_bare(clause.number))


def _entry(old: Clause, new: Clause) -> ClauseDifference:
    moved = position(old) != position(new)
    if words(old) == words(new):
        return ClauseDifference(ClauseChange.MOVED if moved else ClauseChange.SAME, old, new, moved=moved)
    return ClauseDifference(ClauseChange.CHANGED, old, new, spans(old.text, new.text), moved)


def _paired(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """Return the index in the old version for the index of each clause of the new one that was there before."""
    pairs: dict[int, int] = {}
    free_old, free_new = dict(enumerate(old)), dict(enumerate(new))

    def pair(i: int, j: int) -> None:
        pairs[j] = i
        del free_old[i], free_new[j]

    exact: tuple[Callable[[Clause], Hashable], ...] = (lambda one: (position(one), words(one)), words)
    for key in exact:
        for i, j in _equal(free_old, free_new, key):
            pair(i, j)
    for i, j in _equal(free_old, free_new, position):
        if likeness(words(old[i]), words(new[j])) >= _SAME_PLACE:
            pair(i, j)
    for _, i, j in _alike(free_old, free_new):
        if i in free_old and j in free_new:
            pair(i, j)
    return pairs


def _equal(
    old: dict[int, Clause], new: dict[int, Clause], key: Callable[[Clause], Hashable]
) -> Iterable[tuple[int, int]]:
    """Return pairs of equal key, the first with the first, the second with the second."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for i, clause in reversed(old.items()):
        waiting[key(clause)].append(i)
    return [(waiting[at].pop(), j) for j, clause in new.items() if waiting.get(at := key(clause))]


def _alike(old: dict[int, Clause], new: dict[int, Clause]) -> list[tuple[float, int, int]]:
    """Return pairs at different places whose words are very much alike, the likest first."""
    ones, others = {i: words(c) for i, c in old.items()}, {j: words(c) for j, c in new.items()}
    found = []
    for i, one in ones.items():
        for j, other in others.items():
            if (alike := fuzz.ratio(one, other, score_cutoff=100 * _ELSEWHERE) / 100) >= _ELSEWHERE:
                found.append((alike, i, j))
    return sorted(found, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2]))


def _words(text: str) -> list[str]:
    """Cut `text` into words; joined they are the text again."""
    cut: list[str] = rjieba.cut(text)
    return cut if "".join(cut) == text else re.findall(r"[0-9A-Za-z.]+|\s+|.", text, re.S)


def _tidy(found: Sequence[Span]) -> tuple[Span, ...]:
    """Join neighbours of one kind, and put removed words before added ones."""
    tidy: list[Span] = []
    run: dict[Mark, str] = {Mark.REMOVED: "", Mark.ADDED: ""}
    for span in [*found, Span(Mark.KEPT, "")]:
        if span.mark is not Mark.KEPT:
            run[span.mark] += span.text
            continue
        tidy += [Span(mark, text) for mark, text in run.items() if text]
        run = {Mark.REMOVED: "", Mark.ADDED: ""}
        if tidy and span.text and tidy[-1].mark is Mark.KEPT:
            tidy[-1] = Span(Mark.KEPT, tidy[-1].text + span.text)
        elif span.text:
            tidy.append(span)
    return tuple(tidy)


def _bare(text: str) -> str:
    return "".join(text.split())
