"""Asks a BEIR folder's questions of the answerer that serves, over a helpdesk of its own, and judges the answers."""

import statistics
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from retrieval.beir import Asked, read_benchmark, read_unanswerable
from retrieval.calibration import Calibration, Judged, auroc, calibration
from retrieval.embedding import Embedder
from retrieval.index import LONGEST
from retrieval.measures import mean
from retrieval.model import Answer, Outcome, Question
from retrieval.scratch import Scratch, answering
from retrieval.staging import Report


@dataclass(frozen=True, slots=True)
class Terms:
    """From where is answered, how precise answers are wanted, what time it is, and a folder to keep vectors in."""

    threshold: float
    precision: float
    clock: Callable[[], datetime]
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to a question: the best passage's quotation and all of them together; `told` is False for none.

    `holds`: the first quotation holds the words that answer (None where those are not known); `holds_any`: one does.
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
        """It holds the answer; where that is not known, it is of the right document."""
        return self.told and (self.right_document if self.holds is None else self.holds)


@dataclass(frozen=True, slots=True)
class Answers:
    """How a folder's questions were answered.

    `answered` and what follows it is at the threshold in use. `separation` takes for good that there is an answer in
    the corpus, `correctness` that the quotation holds it.
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
    folder: Path, split: str, embedder: Embedder, terms: Terms, report: Report = lambda *_: None
) -> Answers:
    """Ask every question of a split, and those without an answer; nothing is held back, thresholds are applied after.

    Every document counts as in force. Raises retrieval.beir.NotBeir.
    """
    benchmark, without = read_benchmark(folder, split), read_unanswerable(folder)
    asked = [*benchmark.questions, *(Asked("", text, {}) for text in without)]
    texts = {text.id: text.text for text in benchmark.corpus}
    heard = []
    with answering(benchmark.corpus, embedder, Scratch(terms.clock, terms.cache, report)) as answer:
        for done, question in enumerate(asked):
            heard.append(_heard(question, answer(Question.of(question.text[:LONGEST])), texts))
            report("asking", done + 1, len(asked))
    return _judged(len(benchmark.corpus), heard, terms)


def _judged(documents: int, heard: Sequence[Heard], terms: Terms) -> Answers:
    told = [each for each in heard if each.told and each.confidence >= terms.threshold]
    good = [each for each in told if each.answerable]
    sides = [[each.confidence for each in heard if each.answerable is side] for side in (True, False)]
    return Answers(
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
    """The share of those that are known; None where none is."""
    every = [each for each in known if each is not None]
    return mean(every) if every else None


def _heard(question: Asked, outcome: Outcome, texts: Mapping[str, str]) -> Heard:
    """What was said; a document is right, too, where its text is that of one that is relevant."""
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
    """Without white space, and of one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
