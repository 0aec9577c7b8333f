"""Hundreds of real questions over real notices, answered through all that serves, with a chat model in the middle."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.beir import read_benchmark
from retrieval.evaluation.throwaway import Scratch, answering
from retrieval.model import Answer, Citation, Outcome, Passage, Question
from retrieval.phrasing.grounding import CitedText
from retrieval.phrasing.prompt import Phrased, Phraser, evidence
from tests.support.clock import Clock


class Line:
    """A phraser that is whoever is put on the line; nobody at first."""

    to: Phraser | None = None

    def phrase(self, question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> Phrased | None:
        return self.to.phrase(question, passages, citations) if self.to else None


@contextmanager
def over_policies(
    data: Path, embedder: Embedder, models: Path, line: Line
) -> Iterator[tuple[list[str], Callable[[Question], Outcome]]]:
    """The questions of `policies`, and what answers them, however unsure it is."""
    benchmark = read_benchmark(data / "policies", "dev")
    clock = Clock(datetime(2026, 11, 19, 1, 0, tzinfo=UTC))
    with answering(
        benchmark.corpus, embedder, Scratch(clock, clock.today, models / "evaluation", phraser=line)
    ) as answer:
        yield [question.text for question in benchmark.questions], answer


def evidence_of(answer: Answer) -> list[CitedText]:
    """What the citations of an extractive answer hold."""
    return [evidence(citation, answer.passages) for citation in answer.citations]
