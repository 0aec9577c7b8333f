"""Proposes from which confidence to answer, for a wanted precision, from a site's own golden questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.golden import GoldenQuestion, problem
from retrieval.calibration import Calibration, Judged, auroc, calibration, lower_bound
from retrieval.effects import Answering, said_of
from retrieval.model import Answer, Outcome, Question

FEWEST = 30  # golden questions, below which a share of them says nothing
_TRIALS = 5  # thresholds asked again with, at most


class TooFew(ValueError):
    """There are too few golden questions; the message says how many, and what to do."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What happened when all were asked at a threshold: `right` of the `told` answers.

    `answered` of the `of` that are to be answered were. `precision_at_least` is what may be counted on after so few.
    """

    threshold: float
    told: int
    right: int
    answered: int
    of: int
    precision_at_least: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What golden questions say of the confidence: `answerable` of them are to be answered, the rest to be refused.

    `now` is at the threshold in use, `then` at the one proposed, None where none gives the wanted precision.
    """

    questions: int
    answerable: int
    auroc: float | None
    calibration: Calibration
    now: Tried
    then: Tried | None


def proposed(
    answer_from: Callable[[float], Answering], questions: Sequence[GoldenQuestion], precision: float, threshold: float
) -> Proposal:
    """Ask them with nothing held back, choose a threshold, and believe it when they have been asked again with it.

    `answer_from(threshold)` answers from that confidence on; `threshold` is the one in use. An answer as expected is
    good. Raises TooFew.
    """
    if len(questions) < FEWEST:
        raise TooFew(
            f"there are {len(questions)} golden questions, and a threshold wants at least {FEWEST}, some of them to be "
            "refused: add more with `laofashi golden add`, or from conversations on the administration page"
        )
    judged = _judged(answer_from(0.0), questions)
    found = calibration(judged, precision)
    sides = [[each.confidence for each in judged if each.wanted is side] for side in (True, False)]
    enough = sorted((each for each in found.curve if each.precision >= precision), key=lambda each: -each.coverage)
    trials = (_tried(answer_from, questions, each.threshold) for each in enough[:_TRIALS])
    then = next((each for each in trials if each.told and each.right >= precision * each.told), None)
    now = _tried(answer_from, questions, threshold)
    return Proposal(len(questions), len(sides[0]), auroc(*sides), found, now, then)


def _judged(answer: Answering, questions: Sequence[GoldenQuestion]) -> list[Judged]:
    return [_one(answer(Question.of(each.question, each.as_of)), each) for each in questions]


def _one(outcome: Outcome, question: GoldenQuestion) -> Judged:
    good = not problem(question.expected, said_of(outcome))
    return Judged(outcome.confidence, good, wanted=not question.expected.refused, told=isinstance(outcome, Answer))


def _tried(answer_from: Callable[[float], Answering], questions: Sequence[GoldenQuestion], threshold: float) -> Tried:
    """With less held back other passages may come first, so a threshold is believed when it has been tried."""
    judged = _judged(answer_from(threshold), questions)
    told = [each for each in judged if each.told]
    right, answered = sum(each.good for each in told), sum(each.wanted for each in told)
    of = sum(each.wanted for each in judged)
    return Tried(threshold, len(told), right, answered, of, lower_bound(right, len(told)))
