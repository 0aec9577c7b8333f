"""Golden questions: what must be answered and how, whatever is published; and how it went each time they were asked."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from knowledge.database import reading, writing
from knowledge.repeals import bare_title
from knowledge.version_tables import golden_questions, golden_runs


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be: it cites `document` (title or id) at `clause` (第五条), holds all `words`, or is refused.

    What is empty is not asked for.
    """

    document: str = ""
    clause: str = ""
    words: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with what is expected of its answer; `as_of` None is whatever day it is asked."""

    id: str
    question: str
    as_of: date | None
    expected: Expected
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Cited:
    """What an answer rests on."""

    document_id: str
    title: str
    locator: str
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered; without citations where nothing was."""

    text: str
    citations: tuple[Cited, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How one question went; `problem` says what was wrong, "" where nothing was."""

    question_id: str
    question: str
    problem: str
    said: Said


@dataclass(frozen=True, slots=True)
class Run:
    """How all of them went at one time; `failures` are plain JSON: question, problem, text. `right` are the ids of
    the others, unknown of runs before they were kept. `version` is what it was run for, "" for nothing."""

    id: int
    at: datetime
    by: str
    passed: int
    failed: int
    failures: tuple[dict[str, str], ...]
    right: tuple[str, ...] = ()
    version: str = ""


def problem(expected: Expected, said: Said) -> str:
    """What an answer lacks of what is expected, as a sentence; "" where it is as it should be.

    >>> problem(Expected(refused=True), Said("不知道", refused=True))
    ''
    """
    if expected.refused:
        return "" if said.refused else "应当拒答，却作了回答。"
    if said.refused:
        return "应当回答，却没有回答。"
    if expected.document and not any(_is_of(cited, expected) for cited in said.citations):
        place = f"《{expected.document}》{expected.clause}"
        cited = "、".join(f"《{each.title}》{each.locator}" for each in said.citations) or "无"
        return f"应当依据{place}，实际依据：{cited}。"
    missing = [word for word in expected.words if _bare(word) not in _bare(said.text)]
    return f"回答里没有“{'”“'.join(missing)}”。" if missing else ""


def _is_of(cited: Cited, expected: Expected) -> bool:
    named = expected.document == cited.document_id or bare_title(expected.document) == bare_title(cited.title)
    return named and _has_part(cited.locator, expected.clause)


def _has_part(locator: str, clause: str) -> bool:
    """Whether a place is that clause or within it: 第二条 is not 第十二条, but 第五条 （一） is within 第五条."""
    return not clause or f" {' '.join(clause.split())} " in f" {' '.join(locator.split())} "


def _bare(text: str) -> str:
    return "".join(text.split())


class GoldenQuestions:
    """The golden questions and the record of their runs."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, question: str, expected: Expected, by: str, as_of: date | None = None) -> GoldenQuestion:
        """Raises ValueError where nothing is expected of the answer, or both an answer and none."""
        answered = bool(expected.document or expected.clause or expected.words)
        if not question.strip() or answered is expected.refused:
            raise ValueError("请写明问题，并选定应当依据的文件、应当含有的文字，或者应当拒答。")
        if expected.clause and not expected.document:
            raise ValueError("写了条款，还要写明是哪一份文件的条款。")
        made = GoldenQuestion(secrets.token_hex(8), question.strip(), as_of, expected, self._clock(), by)
        values = {**asdict(made), "expected": asdict(expected)}
        with writing(self._engine) as connection:
            connection.execute(insert(golden_questions).values(values))
        return made

    def all(self) -> list[GoldenQuestion]:
        """In the order they were added."""
        order = (golden_questions.c.created_at, golden_questions.c.id)
        with reading(self._engine) as connection:
            return [_question(row) for row in connection.execute(select(golden_questions).order_by(*order))]

    def remove(self, question_id: str) -> bool:
        """False if there is none."""
        with writing(self._engine) as connection:
            mine = golden_questions.c.id == question_id
            return bool(connection.execute(delete(golden_questions).where(mine)).rowcount)

    def ask(self, answer: Callable[[GoldenQuestion], Said], questions: Sequence[GoldenQuestion]) -> list[Result]:
        """Ask these questions, and judge what is said."""
        results = []
        for each in questions:
            said = answer(each)
            results.append(Result(each.id, each.question, problem(each.expected, said), said))
        return results

    def record(self, results: Sequence[Result], by: str, version: str = "") -> Run:
        """Write down how a run went, of what is live or of what would be with a version published."""
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
        """The newest runs, newest first."""
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
