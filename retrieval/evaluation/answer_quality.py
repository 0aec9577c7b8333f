"""Puts a BEIR folder's questions to the answerer that serves, in a helpdesk made for it, and judges the answers."""

import statistics
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.beir import JudgedQuestion, read_benchmark, read_unanswerable
from retrieval.evaluation.calibration import Calibration, Judged, auroc, calibration
from retrieval.evaluation.measures import mean
from retrieval.evaluation.throwaway import Scratch, answering
from retrieval.index.chunk_store import Report
from retrieval.index.index import LONGEST
from retrieval.model import Answer, Outcome, Question


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """The confidence from which to answer, the precision wanted, the time and day, and a folder to keep vectors in."""

    threshold: float
    precision: float
    clock: Callable[[], datetime]
    today: Callable[[], date]
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to a question. `told` is False if there was no answer.

    `quote` is the best passage's quotation, `quotes` all of them together. `holds` says whether the first quotation has
    the words that answer, `holds_any` whether any has them. Both are None if those words are not known.
    """

    answerable: bool
    confidence: float
    told: bool
    quote: str = ""
    quotes: str = ""
    holds: bool | None = None
    holds_any: bool | None = None
    right_document: bool = False

    @property
    def right(self) -> bool:
        """Whether the quotation holds the answer; where that is not known, whether it is from the right document."""
        return self.told and (self.right_document if self.holds is None else self.holds)


@dataclass(frozen=True, slots=True)
class AnswerQuality:
    """How a folder's questions were answered.

    The fields from `answered` to `quotations_median` are for the threshold in use. `separation` counts as good that the
    corpus has an answer, `correctness` that the quotation holds it.
    """

    documents: int
    answerable: int
    unanswerable: int
    threshold: float
    answered: int
    answered_unanswerable: int
    right_document: float
    quoted: float | None
    quoted_any: float | None
    quotation_median: float
    quotations_median: float
    auroc: float | None
    separation: Calibration
    correctness: Calibration


def judge_answers(
    folder: Path, split: str, embedder: Embedder, terms: AnswerTerms, report: Report = lambda *_: None
) -> AnswerQuality:
    """Ask every question of a split and those without an answer, and judge what is said.

    The answerer holds nothing back; thresholds are applied afterwards. Every document counts as in force.
    Raises retrieval.evaluation.beir.NotBeir.
    """
    benchmark, without = read_benchmark(folder, split), read_unanswerable(folder)
    asked = [*benchmark.questions, *(JudgedQuestion("", text, {}) for text in without)]
    texts = {text.id: text.text for text in benchmark.corpus}
    heard = []
    with answering(benchmark.corpus, embedder, Scratch(terms.clock, terms.today, terms.cache, report)) as answer:
        for done, question in enumerate(asked):
            heard.append(_heard(question, answer(Question.of(question.text[:LONGEST])), texts))
            report("asking", done + 1, len(asked))
    return _judged(len(benchmark.corpus), heard, terms)


def _judged(documents: int, heard: Sequence[Heard], terms: AnswerTerms) -> AnswerQuality:
    told = [each for each in heard if each.told and each.confidence >= terms.threshold]
    good = [each for each in told if each.answerable]
    sides = [[each.confidence for each in heard if each.answerable is side] for side in (True, False)]
    return AnswerQuality(
        documents=documents,
        answerable=len(sides[0]),
        unanswerable=len(sides[1]),
        threshold=terms.threshold,
        answered=len(good),
        answered_unanswerable=len(told) - len(good),
        right_document=mean(each.right_document for each in good),
        quoted=_share([each.holds for each in good]),
        quoted_any=_share([each.holds_any for each in good]),
        quotation_median=statistics.median([len(each.quote) for each in good] or [0]),
        quotations_median=statistics.median([len(each.quotes) for each in good] or [0]),
        auroc=auroc(*sides),
        separation=_calibration(heard, [each.answerable for each in heard], terms.precision),
        correctness=_calibration(heard, [each.right for each in heard], terms.precision),
    )


def _calibration(heard: Sequence[Heard], good: Sequence[bool], precision: float) -> Calibration:
    pairs = zip(heard, good, strict=True)
    return calibration([Judged(each.confidence, its, each.answerable, each.told) for each, its in pairs], precision)


def _share(known: Sequence[bool | None]) -> float | None:
    """Return the share of True among the known values; None if none is known."""
    every = [each for each in known if each is not None]
    return mean(every) if every else None


def _heard(question: JudgedQuestion, outcome: Outcome, texts: Mapping[str, str]) -> Heard:
    """Return what was said. A document is also right if its text is that of a relevant one."""
    answerable = bool(question.relevant)
    if not isinstance(outcome, Answer):
        return Heard(answerable, outcome.confidence, told=False)
    quotes = [citation.quote for citation in outcome.citations]
    relevant = {texts[each] for each in question.relevant if each in texts}
    wanted = _bare(question.answer)
    return Heard(
        answerable,
        outcome.confidence,
        told=True,
        quote=quotes[0],
        quotes="\n".join(quotes),
        holds=wanted in _bare(quotes[0]) if wanted else None,
        holds_any=any(wanted in _bare(quote) for quote in quotes) if wanted else None,
        right_document=texts[outcome.citations[0].file] in relevant,
    )


def _bare(text: str) -> str:
    """Return the text without white space, in characters of one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
