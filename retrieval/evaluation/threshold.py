"""Proposes the confidence from which to answer, for a wanted precision, by a site's own golden questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.golden import GoldenQuestion, problem
from retrieval.evaluation.calibration import Calibration, Judged, auroc, calibration, lower_bound
from retrieval.model import Answer, Outcome, Question
from retrieval.publishing.effects import Answering, golden_answer_of

FEWEST = 30  # golden questions; a share of fewer says nothing
_TRIALS = 5  # thresholds that are tried by asking again, at most


class TooFew(ValueError):
    """There are too few golden questions; the message says how many, and what to do."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What happened when all questions were asked at a threshold: `right` of the `told` answers were as expected.

    `of` questions are to be answered, and `answered` of them were. `precision_at_least` is the precision that may be
    counted on after so few answers.
    """

    threshold: float
    told: int
    right: int
    answered: int
    of: int
    precision_at_least: float


@dataclass(frozen=True, slots=True)
class ThresholdProposal:
    """What golden questions say of the confidence: `answerable` of them are to be answered, the rest to be refused.

    `now` was tried at the threshold in use, `then` at the one proposed. `then` is None if no threshold gives the wanted
    precision.
    """

    questions: int
    answerable: int
    auroc: float | None
    calibration: Calibration
    now: Tried
    then: Tried | None


def proposed(
    answer_from: Callable[[float], Answering], questions: Sequence[GoldenQuestion], precision: float, threshold: float
) -> ThresholdProposal:
    """Ask the questions with nothing held back, choose a threshold, and try it by asking them again.

    `answer_from(threshold)` answers from that confidence on. `threshold` is the one in use. An answer is good if it is
    as expected. Raises TooFew.
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
    return ThresholdProposal(len(questions), len(sides[0]), auroc(*sides), found, now, then)


def _judged(answer: Answering, questions: Sequence[GoldenQuestion]) -> list[Judged]:
    return [_one(answer(Question.of(each.question, each.as_of)), each) for each in questions]


def _one(outcome: Outcome, question: GoldenQuestion) -> Judged:
    text = outcome.text if isinstance(outcome, Answer) else ""
    good = not problem(question.expected, golden_answer_of(outcome, text))
    return Judged(outcome.confidence, good, wanted=not question.expected.refused, told=isinstance(outcome, Answer))


def _tried(answer_from: Callable[[float], Answering], questions: Sequence[GoldenQuestion], threshold: float) -> Tried:
    """Ask all questions at a threshold, and count.

    With less held back other passages may come first, so a threshold is believed only when it has been tried.
    """
    judged = _judged(answer_from(threshold), questions)
    told = [each for each in judged if each.told]
    right, answered = sum(each.good for each in told), sum(each.wanted for each in told)
    of = sum(each.wanted for each in judged)
    return Tried(threshold, len(told), right, answered, of, lower_bound(right, len(told)))
