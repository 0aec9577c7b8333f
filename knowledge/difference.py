"""The difference between two versions of a document, clause by clause: added, removed, changed, moved or the same."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import rjieba
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from knowledge.model import Clause

_SAME_PLACE = 0.3  # likeness from which two clauses at one place are one clause rewritten
_ELSEWHERE = 0.6  # and from which two at different places are
_LONGEST = 20_000  # words of a clause compared word by word


class Change(StrEnum):
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
    """Words and what became of them. Kept and removed ones make up the old text, kept and added ones the new."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause before and after; `moved` also where a changed clause stands at another place. `spans` of CHANGED."""

    change: Change
    old: Clause | None
    new: Clause | None
    spans: tuple[Span, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Every clause of both versions once, in the new one's order; what is gone stands after what it stood after."""

    entries: tuple[Entry, ...]

    def of(self, *changes: Change) -> list[Entry]:
        """The entries of these kinds."""
        return [entry for entry in self.entries if entry.change in changes]

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses of each kind."""
        return {change.value: len(self.of(change)) for change in Change}


def difference(old: Sequence[Clause], new: Sequence[Clause]) -> Difference:
    """Compare two versions' clauses.

    Paired, in this order: the same words at the same place; the same words elsewhere; one place, words alike; other
    places, words very much alike.
    """
    pairs = _paired(old, new)
    gone: dict[int, list[Entry]] = defaultdict(list)
    last = -1
    after = {i: j for j, i in pairs.items()}
    for i, clause in enumerate(old):
        if i in after:
            last = after[i]
        else:
            gone[last].append(Entry(Change.REMOVED, clause, None))
    entries = gone[-1]
    for j, clause in enumerate(new):
        entries.append(_entry(old[pairs[j]], clause) if j in pairs else Entry(Change.ADDED, None, clause))
        entries += gone[j]
    return Difference(tuple(entries))


def spans(old: str, new: str) -> tuple[Span, ...]:
    """The words kept, removed and added on the way from `old` to `new`."""
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
    """How much of two texts is the same, from 0 to 1."""
    return float(fuzz.ratio(old, new)) / 100


def place(clause: Clause) -> tuple[str, ...]:
    """Where a clause stands, as far as that can be compared: its headings and its number, or its question."""
    return (*(_bare(each) for each in clause.path), clause.number or clause.question or f"#{clause.kind}")


def words(clause: Clause) -> str:
    """A clause's words without its number and without white space."""
    return _bare(clause.text).removeprefix(_bare(clause.number))


def _entry(old: Clause, new: Clause) -> Entry:
    moved = place(old) != place(new)
    if words(old) == words(new):
        return Entry(Change.MOVED if moved else Change.SAME, old, new, moved=moved)
    return Entry(Change.CHANGED, old, new, spans(old.text, new.text), moved)


def _paired(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """Of each clause of the new version that was there before: its place there."""
    pairs: dict[int, int] = {}
    free_old, free_new = dict(enumerate(old)), dict(enumerate(new))

    def pair(i: int, j: int) -> None:
        pairs[j] = i
        del free_old[i], free_new[j]

    exact: tuple[Callable[[Clause], Hashable], ...] = (lambda one: (place(one), words(one)), words)
    for key in exact:
        for i, j in _equal(free_old, free_new, key):
            pair(i, j)
    for i, j in _equal(free_old, free_new, place):
        if likeness(words(old[i]), words(new[j])) >= _SAME_PLACE:
            pair(i, j)
    for _, i, j in _alike(free_old, free_new):
        if i in free_old and j in free_new:
            pair(i, j)
    return pairs


def _equal(
    old: dict[int, Clause], new: dict[int, Clause], key: Callable[[Clause], Hashable]
) -> Iterable[tuple[int, int]]:
    """Pairs of equal key, the first with the first, the second with the second."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for i, clause in reversed(old.items()):
        waiting[key(clause)].append(i)
    return [(waiting[at].pop(), j) for j, clause in new.items() if waiting.get(at := key(clause))]


def _alike(old: dict[int, Clause], new: dict[int, Clause]) -> list[tuple[float, int, int]]:
    """Pairs at different places whose words are very much alike, the likest first."""
    ones, others = {i: words(c) for i, c in old.items()}, {j: words(c) for j, c in new.items()}
    found = []
    for i, one in ones.items():
        for j, other in others.items():
            if (alike := fuzz.ratio(one, other, score_cutoff=100 * _ELSEWHERE) / 100) >= _ELSEWHERE:
                found.append((alike, i, j))
    return sorted(found, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2]))


def _words(text: str) -> list[str]:
    """`text` cut into words; joined they are the text."""
    cut: list[str] = rjieba.cut(text)
    return cut if "".join(cut) == text else re.findall(r"[0-9A-Za-z.]+|\s+|.", text, re.S)


def _tidy(found: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbours of one kind as one, what went before what came."""
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
