"""Golden questions: what must be answered, and how, whatever is published; and the record of every run."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from knowledge import sentences
from knowledge.database import reading, writing
from knowledge.notation.document_names import bare_title
from knowledge.tables import golden_questions, golden_runs


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an answer.

    It cites `document` (title or id) at `clause` (第五条) and holds all `words`, or it is a refusal (`refused`). An
    empty field is not checked.
    """

    document: str = ""
    clause: str = ""
    words: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question and what is expected of its answer. `as_of` None means the day on which it is asked."""

    id: str
    question: str
    as_of: date | None
    expected: Expected
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer: the place it rests on."""

    document_id: str
    title: str
    locator: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """An answer as it was given. It has no citations where nothing was answered."""

    text: str
    citations: tuple[Cited, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How one question went. `problem` says what was wrong; it is "" where nothing was."""

    question_id: str
    question: str
    problem: str
    said: GoldenAnswer


@dataclass(frozen=True, slots=True)
class Run:
    """How all questions went in one run.

    `failures` is plain JSON: id, question, problem and text of each. `right` holds the ids of the other questions. It
    is empty for old runs, which did not keep them. `version` is the version the run was made for, "" for none.
    """

    id: int
    at: datetime
    by: str
    passed: int
    failed: int
    failures: tuple[dict[str, str], ...]
    right: tuple[str, ...] = ()
    version: str = ""


def problem(expected: Expected, said: GoldenAnswer) -> str:
    """Return a sentence that says what is wrong with an answer, or "" if it is as expected.

    >>> problem(Expected(refused=True), GoldenAnswer("不知道", refused=True))
    ''
    """
    if expected.refused:
        return "" if said.refused else sentences.ANSWERED
    if said.refused:
        return sentences.NOT_ANSWERED
    if expected.document and not any(_is_of(cited, expected) for cited in said.citations):
        place = f"《{expected.document}》{expected.clause}"
        cited = "、".join(f"《{each.title}》{each.locator}" for each in said.citations) or sentences.NO_CITATION
        return sentences.OTHER_CITATION.format(place=place, cited=cited)
    missing = [word for word in expected.words if _bare(word) not in _bare(said.text)]
    return sentences.WORDS_MISSING.format(words="”“".join(missing)) if missing else ""


def _is_of(cited: Cited, expected: Expected) -> bool:
    named = expected.document == cited.document_id or bare_title(expected.document) == bare_title(cited.title)
    return named and _has_part(cited.locator, expected.clause)


def _has_part(locator: str, clause: str) -> bool:
    """Return whether `locator` is or lies in `clause`: 第五条 （一） lies in 第五条, 第十二条 is not 第二条."""
    return not clause or f" {' '.join(clause.split())} " in f" {' '.join(locator.split())} "


def _bare(text: str) -> str:
    return "".join(text.split())


class GoldenQuestions:
    """The golden questions and the record of their runs."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, question: str, expected: Expected, by: str, as_of: date | None = None) -> GoldenQuestion:
        """Store a new question.

        Raises ValueError if nothing is expected of the answer, if both an answer and a refusal are expected, or if a
        clause is given without its document.
        """
        answered = bool(expected.document or expected.clause or expected.words)
        if not question.strip() or answered is expected.refused:
            raise ValueError(sentences.NOTHING_EXPECTED)
        if expected.clause and not expected.document:
            raise ValueError(sentences.CLAUSE_WITHOUT_DOCUMENT)
        made = GoldenQuestion(secrets.token_hex(8), question.strip(), as_of, expected, self._clock(), by)
        values = {**asdict(made), "expected": asdict(expected)}
        with writing(self._engine) as connection:
            connection.execute(insert(golden_questions).values(values))
        return made

    def all(self) -> list[GoldenQuestion]:
        """Return all questions in the order in which they were added."""
        order = (golden_questions.c.created_at, golden_questions.c.id)
        with reading(self._engine) as connection:
            return [_question(row) for row in connection.execute(select(golden_questions).order_by(*order))]

    def remove(self, question_id: str) -> bool:
        """Remove a question. Returns False if there is none of this id."""
        with writing(self._engine) as connection:
            mine = golden_questions.c.id == question_id
            return bool(connection.execute(delete(golden_questions).where(mine)).rowcount)

    def ask(
        self, answer: Callable[[GoldenQuestion], GoldenAnswer], questions: Sequence[GoldenQuestion]
    ) -> list[Result]:
        """Ask these questions and judge each answer."""
        results = []
        for each in questions:
            said = answer(each)
            results.append(Result(each.id, each.question, problem(each.expected, said), said))
        return results

    def record(self, results: Sequence[Result], by: str, version: str = "") -> Run:
        """Store how a run went. `version` is the version it tried out as if published; "" means the live documents."""
        failures = [
            {"id": each.question_id, "question": each.question, "problem": each.problem, "text": each.said.text[:1000]}
            for each in results
            if each.problem
        ]
        right = [each.question_id for each in results if not each.problem]
        values = {"at": self._clock(), "by": by, "passed": len(right), "failed": len(failures)}
        kept = {"failures": failures, "right": right, "version": version}
        with writing(self._engine) as connection:
            connection.execute(insert(golden_runs).values(**values, results=kept))
        return self.runs(1)[0]

    def runs(self, limit: int = 100) -> list[Run]:
        """Return the newest runs, newest first."""
        query = select(golden_runs).order_by(golden_runs.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [_run(row) for row in connection.execute(query)]


def _run(row: Any) -> Run:
    kept = row.results if isinstance(row.results, dict) else {"failures": row.results, "right": [], "version": ""}
    failures, right = tuple(kept["failures"]), tuple(kept["right"])
    return Run(row.id, row.at, row.by, row.passed, row.failed, failures, right, kept["version"])


def _question(row: Any) -> GoldenQuestion:
    expected = Expected(**{**row.expected, "words": tuple(row.expected["words"])})
    return GoldenQuestion(row.id, row.question, row.as_of, expected, row.created_at, row.created_by)
