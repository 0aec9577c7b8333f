"""Whether the numbers of a sentence belong to the words around them, and where in a source a sentence has its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.quantities import Fact
from retrieval.segments import Segment, Stretch, parts


def numbers_belong(sentence: str, source: Sequence[Segment]) -> bool:
    """Whether every number of `sentence` stands in the source, nearer to the words around it than any other.

    "65 至 79 岁，每餐补贴 5 元" fails where 5 元 is for those over 80: in the source 3 元 is nearer to 65 and 79.
    """
    said = [Stretch(part) for part in parts(sentence)]
    return all(
        _belongs(fact, _Place(said, i, sentence), source)
        for i, part in enumerate(said)
        for fact in part.facts
        if fact.is_amount
    )


@dataclass(frozen=True)
class _Place:
    """Where in a sentence a number is said."""

    parts: list[Stretch]
    i: int
    sentence: str

    def nearness(self, fact: Fact, segment: Segment, part: Stretch, candidate: Fact) -> tuple[int, int, int]:
        """How much of the words around `fact` stands around `candidate`: next to it, with the part before, in all."""
        own = {fact.amount}
        here = self.parts[self.i]
        before = self.parts[max(0, self.i - 1)].features | here.features
        there = segment.features | segment.lead
        next_to = len(here.around(fact) & part.around(candidate)) + len((here.features - own) & there)
        whole = Stretch(self.sentence).features
        return next_to, len((before - own) & there), len((whole - own) & there)


def _belongs(fact: Fact, place: _Place, source: Sequence[Segment]) -> bool:
    right, wrong = [], []
    for segment in source:
        for part in segment.parts:
            for candidate in part.facts:
                if stated(fact, candidate, part):
                    right.append(place.nearness(fact, segment, part, candidate))
                elif candidate.comparable(fact):
                    wrong.append(place.nearness(fact, segment, part, candidate))
    return bool(right) and max(right) > max(wrong, default=(-1, -1, -1))


def stated(fact: Fact, candidate: Fact, where: Stretch) -> bool:
    """Whether `candidate` says `fact`, its unit beside it or in its column's name (份数：1 says 1 份)."""
    named = not candidate.unit and bool(fact.unit) and fact.unit in where.text
    return candidate.holds(fact) or (named and candidate.value == fact.value)


def nearest(said: Stretch, source: Sequence[Segment]) -> list[tuple[Stretch, Segment]]:
    """The parts of the source most like `said`, each with its segment; none where no two characters are shared."""
    scored = [
        (len(said.matter & part.matter), part, segment) for segment in source for part in segment.parts if part.matter
    ]
    best = max((score for score, _, _ in scored), default=0)
    return [(part, segment) for score, part, segment in scored if score == best and best]
