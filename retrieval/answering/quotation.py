"""Quotes the run of a clause's sentences that answers: verbatim, with lists and rows of tables whole."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from typing import NamedTuple

from retrieval.answering.evidence import coverage
from retrieval.answering.fitted import WEIGHTS
from retrieval.answering.quotable import Unit, list_end, units
from retrieval.answering.understanding import Understanding, Wanted, offers
from retrieval.language.question_words import question_tokens
from retrieval.language.tokens import normalised, tokens
from retrieval.search.keywords import Idf

WHOLE = 280  # characters; a clause of no more is quoted whole
RUN = 300  # characters that a run of sentences may have where it is plain which one answers
DOUBTFUL = 600  # the same where it is not plain
FREE = 110  # characters that cost nothing
LIST = 450  # characters; a list of no more stays together
# The chance that a character must be worth. It is lower where it is not plain what answers: there a longer quotation is
# wanted.
_PRICE, _DOUBTFUL_PRICE = 0.02, 0.0006
_PLAIN = 0.37  # share of all chances inside the run from which it is plain what answers
_HEADING = 25  # characters; a sentence that short may be a heading
_QUESTION = re.compile(r"[？?]\s*$")


@dataclass(frozen=True, slots=True)
class FoundPiece:
    """The piece of a clause that was found. `nearness` tells how near some of its characters come to the question."""

    text: str
    nearness: Callable[[int, int], float] = lambda _start, _end: 0.0


class Signs(NamedTuple):
    """What speaks for one unit of a clause, each in [0, 1]."""

    shared: float  # share of the question's words in the clause that the unit has; rarer words weigh more
    covered: float  # share of the question's concepts that the unit has
    near: float  # 1 if it lies in the piece that was found
    after_near: float
    under_heading: float  # `shared` of a heading right above
    before: float  # `shared` of the next unit
    first: float  # 1 for the clause's first unit, which names the matter rather than answers
    asks: float  # 1 for a question
    said: float  # how near its tokens come to the question's, as a share of the nearest unit's
    offers: float  # 1 where it holds the kind of answer asked for


class UnitWeights(NamedTuple):
    """The logistic that makes a chance of a unit's signs."""

    intercept: float
    signs: Signs

    def chance(self, signs: Signs) -> float:
        """Return the chance, 0 to 1, that a unit holds the answer or a part of it."""
        return 1 / (1 + math.exp(-self.intercept - sum(map(mul, self.signs, signs))))


SHIPPED = UnitWeights(WEIGHTS["quotation"]["intercept"], Signs(**WEIGHTS["quotation"]["signs"]))


def quotation(asked: Understanding, clause: str, near: FoundPiece, idf: Idf, weights: UnitWeights = SHIPPED) -> str:
    """Return the run of `clause`'s sentences that answers best. It begins in or about `near`, the piece that was found.

    The run is verbatim but for whitespace around it. A short clause is quoted whole. A run has at most RUN characters,
    DOUBTFUL where no sentence stands out, and a list has at most LIST, unless one sentence or row alone is longer.
    """
    clause = clause.strip()
    if len(clause) <= WHOLE:
        return clause
    found = units(clause)
    chances = [weights.chance(signs) for signs in signs_of(asked, clause, found, near, idf)]
    first, last = _kept_together(found, max(range(len(found)), key=chances.__getitem__))
    first, last = _grown(found, chances, first, last)
    return clause[found[first].start : found[last].end].strip()


def signs_of(asked: Understanding, clause: str, found: Sequence[Unit], near: FoundPiece, idf: Idf) -> list[Signs]:
    """Return what speaks for each unit."""
    texts = [clause[unit.start : unit.end] for unit in found]
    plain = [normalised(text) for text in texts]
    shared = _shared(asked, plain)
    start = max(clause.find(near.text.strip()[:40]), 0)
    close = [float(unit.start < start + len(near.text) and unit.end > start) for unit in found]
    said = _shares([near.nearness(unit.start - start, unit.end - start) for unit in found])
    heads = [share * (len(text.strip()) < _HEADING) for share, text in zip(shared, texts, strict=True)]
    return [
        Signs(
            shared=shared[i],
            covered=_covered(asked, plain[i], idf),
            near=close[i],
            after_near=close[i - 1] if i else 0.0,
            under_heading=heads[i - 1] if i else 0.0,
            before=shared[i + 1] if i + 1 < len(found) else 0.0,
            first=float(i == 0),
            asks=float(_QUESTION.search(texts[i]) is not None),
            said=said[i],
            offers=0.0 if asked.wanted is Wanted.ANY else offers(asked.wanted, "", plain[i]),
        )
        for i in range(len(found))
    ]


def _shares(numbers: Sequence[float]) -> list[float]:
    """Return the numbers as shares of the largest."""
    most = max(numbers, default=0.0)
    return [max(each, 0.0) / most if most > 0 else 0.0 for each in numbers]


def _shared(asked: Understanding, plain: Sequence[str]) -> list[float]:
    """Return the share of the question's words in each unit. A word weighs more the fewer units have it."""
    held = [set(tokens(text)) for text in plain]
    among = Counter(token for each in held for token in each)
    weights = {
        token: math.log(1 + len(held) / (1 + among[token])) for token in question_tokens(asked.focus) if among[token]
    }
    whole = sum(weights.values()) or 1.0
    return [sum(weight for token, weight in weights.items() if token in each) / whole for each in held]


def _covered(asked: Understanding, plain: str, idf: Idf) -> float:
    share = coverage(asked, plain, idf)
    return (share + 2 * coverage(asked.alone(), plain, idf)) / 3 if asked.context else share


def _kept_together(found: list[Unit], best: int) -> tuple[int, int]:
    """Return first and last unit of the narrowest list that `best` opens or lies in; `best` alone if that is long."""
    for opener in range(best, -1, -1):
        if found[opener].opens and (last := list_end(found, opener)) >= best:
            if found[last].end - found[opener].start <= LIST:
                return opener, last
            break
    return best, best


def _grown(found: list[Unit], chances: list[float], first: int, last: int) -> tuple[int, int]:
    """Return the run around `first` to `last` that is worth most for its length.

    A longer run is taken where the first choice holds few of all chances.
    """
    run = _worth_most(found, chances, (first, last), RUN, _PRICE)
    if sum(chances[run[0] : run[1] + 1]) >= _PLAIN * sum(chances):
        return run
    return _worth_most(found, chances, (first, last), DOUBTFUL, _DOUBTFUL_PRICE)


def _worth_most(
    found: list[Unit], chances: list[float], core: tuple[int, int], most: int, price: float
) -> tuple[int, int]:
    """Return the run with `core` in it whose chances exceed the price of its characters by most.

    A row of a table is added only if it is as good as the core. No run but the core ends with what opens a list.
    """
    first, last = core
    least = max(chances[first : last + 1])
    sums = [0.0, *accumulate(chances)]

    def reach(places: range) -> list[int]:
        fits = []
        for place in places:
            if found[place].row and chances[place] < least:
                break
            fits.append(place)
        return fits

    starts = [first, *reach(range(first - 1, -1, -1))]
    ends = [last, *(place for place in reach(range(last + 1, len(found))) if not found[place].opens)]
    runs = [(i, j) for i in starts for j in ends if found[j].end - found[i].start <= most]
    return max(
        runs or [core], key=lambda run: sums[run[1] + 1] - sums[run[0]] - price * max(_length(found, run) - FREE, 0)
    )


def _length(found: list[Unit], run: tuple[int, int]) -> int:
    return found[run[1]].end - found[run[0]].start
