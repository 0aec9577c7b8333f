"""Questions with the clauses that answer them, in the form that models are tuned and judged in."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from knowledge.notation.patterns import pattern
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text, read_benchmark
from retrieval.learning.lessons import Lesson, Verdict
from retrieval.learning.sources import Sources, may_be_learned_from

TURNS = " // "  # between the turns of a conversation
_SHORTEST = 8  # characters of a clause that may stand against another
_STATUTES = "stard"
_ARTICLE = pattern(r"第[零一二三四五六七八九十百千]+条.*$", takes="刑法第一百条之一", leaves="刑法")


def asked(turns: Sequence[str]) -> str:
    """Return a conversation as a model reads it, the question last."""
    return TURNS.join(turns)


def clause_id(document: str, clause: int) -> str:
    """Return the name of one clause among the texts of `of_lessons`."""
    return f"{document}#{clause}"


def of_lessons(lessons: Iterable[Lesson], sources: Sources, progress: Callable[[int], None]) -> Benchmark:
    """Return every clause of the lessons' documents, and the questions that one of them answers.

    Raises retrieval.learning.sources.NoSource. `progress` is told how many documents have been read.
    """
    texts: dict[str, Text] = {}
    questions = []
    read: set[str] = set()
    for lesson in lessons:
        if lesson.document not in read:
            read.add(lesson.document)
            texts |= {text.id: text for text in _texts(lesson.document, sources)}
            progress(len(read))
        if lesson.verdict is not Verdict.NOT:
            answer = clause_id(lesson.document, lesson.clause)
            questions.append(JudgedQuestion(lesson.id, asked(lesson.turns), {answer: 1}, lesson.span))
    return Benchmark(list(texts.values()), [each for each in questions if each.relevant.keys() <= texts.keys()])


def of_statutes(folder: Path) -> Benchmark:
    """Return the statutes of `stard` with those of its questions that may be learned from.

    A question may if every law that answers it belongs to the half that may be learned from.
    """
    benchmark = read_benchmark(folder / _STATUTES, "dev")
    law_of = {text.id: _ARTICLE.sub("", text.title) for text in benchmark.corpus}
    learned = [
        each
        for each in benchmark.questions
        if all(may_be_learned_from(f"laws/{law_of[answer]}") for answer in each.relevant)
    ]
    return Benchmark(benchmark.corpus, learned)


def _texts(document: str, sources: Sources) -> Iterable[Text]:
    reading = sources.read(document)
    for number, clause in enumerate(reading.clauses):
        if len(clause.text) >= _SHORTEST:
            yield Text(clause_id(document, number), reading.title, clause.text)
