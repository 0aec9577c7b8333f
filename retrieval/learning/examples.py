"""Questions with the clauses that answer them, in the form that models are tuned and judged in."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

from rapidfuzz.fuzz import ratio

from knowledge.model import StoredClause
from knowledge.notation.patterns import pattern
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text, read_benchmark
from retrieval.index.chunk_store import Report
from retrieval.index.chunks import chunked, embedded_text
from retrieval.language.tokens import tokens
from retrieval.learning.lessons import Lesson, Verdict
from retrieval.learning.sources import Sources, may_be_learned_from
from retrieval.search.keywords import KeywordWriter
from retrieval.tuning.hard_negatives import ALIKE, ANSWERS, LOOKED_AT, MOST, Example

TURNS = " // "  # between the turns of a conversation
_SHORTEST = 8  # characters of a clause that may stand against another
_STATUTES = "stard"
_ARTICLE = pattern(r"第[零一二三四五六七八九十百千]+条.*$", takes="刑法第一百条之一", leaves="刑法")


def asked(turns: Sequence[str]) -> str:
    """Return a conversation as a model reads it, the question last."""
    return TURNS.join(turns)


def of_lessons(lessons: Iterable[Lesson], sources: Sources, progress: Callable[[int], None]) -> Benchmark:
    """Return every chunk of the lessons' documents as it is indexed, and the questions that one of them answers.

    A chunk's id is `DOCUMENT#NUMBER`. Raises retrieval.learning.sources.NoSource. `progress` is told how many
    documents have been read.
    """
    texts: list[Text] = []
    chunks_of: dict[str, dict[str, list[Text]]] = {}
    questions = []
    for lesson in lessons:
        if lesson.document not in chunks_of:
            chunks_of[lesson.document] = _by_clause(lesson.document, sources)
            texts += (text for clause in chunks_of[lesson.document].values() for text in clause)
            progress(len(chunks_of))
        answering = chunks_of[lesson.document].get(str(lesson.clause), [])
        if lesson.verdict is not Verdict.NOT and answering:
            holding = [text for text in answering if lesson.span in text.text] or answering
            questions.append(JudgedQuestion(lesson.id, asked(lesson.turns), {holding[0].id: 1}, lesson.span))
    return Benchmark(texts, questions)


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


def contrasted(benchmark: Benchmark, report: Report) -> list[Example]:
    """Return an example of each question: what answers it, and what keywords find that does not.

    Passages of the same document, which are nearest in subject, and of others come by turns. What says nearly the same
    as an answer, or holds its words, is left out: nobody knows that it does not answer.
    """
    by_row = benchmark.corpus
    writer = KeywordWriter()
    for row, text in enumerate(by_row):
        writer.add(row, tokens(embedded_text(text.title, text.text)))
    index = writer.finish()
    of_id = {text.id: text for text in by_row}
    made = []
    for done, question in enumerate(benchmark.questions, 1):
        right = [of_id[each] for each in question.relevant if each in of_id][:ANSWERS]
        found = [by_row[row] for row in index.search(tokens(question.text), LOOKED_AT)[0].tolist()]
        wrong = [each for each in found if not _answers(each, question, right)]
        near = {each.id.rpartition("#")[0] for each in right}
        own = [each for each in wrong if each.id.rpartition("#")[0] in near]
        turns = [*chain.from_iterable(zip(own, others := [each for each in wrong if each not in own], strict=False))]
        turns += own[len(others) :] + others[len(own) :]
        first = done % 2  # or all questions of an epoch would meet their own document only
        kept = tuple(_text(each) for each in [*turns[first:], *turns[:first]][:MOST])
        made.append(Example(question.text, tuple(map(_text, right)), kept, frozenset(question.relevant)))
        report("mining", done, len(benchmark.questions))
    return made


def _answers(text: Text, question: JudgedQuestion, right: Sequence[Text]) -> bool:
    said = bool(question.answer) and question.answer in text.text
    return said or text.id in question.relevant or any(ratio(text.text, each.text) >= ALIKE for each in right)


def _text(text: Text) -> str:
    return embedded_text(text.title, text.text)


def _by_clause(document: str, sources: Sources) -> dict[str, list[Text]]:
    reading = sources.read(document)
    clauses = [StoredClause(str(number), document, clause) for number, clause in enumerate(reading.clauses)]
    found: dict[str, list[Text]] = {}
    for number, chunk in enumerate(chunked(document, reading.title, clauses)):
        if len(chunk.text) >= _SHORTEST:
            text = Text(f"{document}#{number}", chunk.heading, chunk.text)
            found.setdefault(chunk.clause_id, []).append(text)
    return found
