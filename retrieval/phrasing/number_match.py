"""Whether the numbers of a sentence belong to the words around them, and which part of a source is most like it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.phrasing.quantities import Fact
from retrieval.phrasing.segments import Segment, Stretch


def numbers_belong(said: Sequence[Stretch], source: Sequence[Segment], names: Stretch) -> bool:
    """Whether the source has every number of a sentence, nearer than other numbers to the words around it.

    "65 至 79 岁，每餐补贴 5 元" fails where 5 元 is for those over 80: in the source 3 元 is nearer to 65 and 79.
    No number may be said more often than it stands there. `names` hold the numbers a clause and its document go by.
    """
    spoken = Counter(fact.amount for part in said for fact in part.facts)
    standing = Counter(fact.amount for segment in source for part in segment.parts for fact in part.facts)
    return all(
        _belongs(fact, _Place(said, i), source) and spoken[fact.amount] <= max(1, standing[fact.amount])
        for i, part in enumerate(said)
        for fact in part.facts
        if fact.is_amount or standing[fact.amount] or not _named(fact, part, names)
    )


@dataclass(frozen=True)
class _Place:
    """Where in a sentence a number is said: in part `i` of `parts`."""

    parts: Sequence[Stretch]
    i: int

    def nearness(self, fact: Fact, segment: Segment, part: Stretch, candidate: Fact) -> tuple[int, int, int]:
        """How many of the words around `fact` stand around `candidate`: next to it, with the part before, in all."""
        own = {fact.amount}
        here, there = self.parts[self.i], segment.features | segment.lead
        before = self.parts[max(0, self.i - 1)].features | here.features
        whole = frozenset().union(*(each.features for each in self.parts))
        touching = len(here.around(fact) & part.around(candidate))
        next_to = touching and touching + len((here.features - own) & there)
        return next_to, len((before - own) & there), len((whole - own) & there)


def _belongs(fact: Fact, place: _Place, source: Sequence[Segment]) -> bool:
    right: list[tuple[int, int, int]] = []
    wrong: list[tuple[int, int, int]] = []
    for segment in source:
        for part in segment.parts:
            for candidate in part.facts:
                near = place.nearness(fact, segment, part, candidate)
                (right if near[0] and stated(fact, candidate, part) else wrong).append(near)
    return bool(right) and max(right) > max(wrong, default=(-1, -1, -1))


def _named(fact: Fact, part: Stretch, names: Stretch) -> bool:
    """Whether the part only says where a rule stands (根据第四条), by a number that `names` hold."""
    return len(part.matter - names.matter) <= 2 and any(own.holds(fact) for own in names.facts)


def stated(fact: Fact, candidate: Fact, where: Stretch) -> bool:
    """Whether `candidate` says `fact`. Its unit stands beside it or in its column's name (份数：1 says 1 份)."""
    column, colon, _ = where.text[: candidate.start].rpartition(":")
    named = colon and not candidate.unit and fact.unit and fact.unit in column
    return candidate.holds(fact) or bool(named and candidate.value == fact.value)


def nearest(said: Stretch, source: Sequence[Segment]) -> list[tuple[Stretch, Segment]]:
    """The parts of the source most like `said`, each with its segment; none where no two characters are shared.

    What is spoken of counts first, and then every word: 以前发现 is nearer to 以后发现 than to 已发现.
    """
    scored = [
        ((len(said.matter & part.matter), len(said.words & part.words)), part, segment)
        for segment in source
        for part in segment.parts
        if part.matter
    ]
    best = max((score for score, _, _ in scored), default=(0, 0))
    return [(part, segment) for score, part, segment in scored if score == best and best[0]]
