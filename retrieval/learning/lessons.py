"""Questions to learn from: what was asked, over which clause of which document, and whether that clause answers."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from retrieval.language.tokens import normalised

DATA = Path(__file__).parent / "data"


class NotLessons(ValueError):
    """A file of questions is garbled. The message names it, the line and what is wrong."""


class Verdict(StrEnum):
    """Whether the clause named answers the question."""

    WHOLLY = "wholly"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question with what is to be learned from it.

    `turns` are what the person typed, the question last. `document` names a document of the sources, `clause` its
    clause by number from 0, `opens` the clause's first characters. `span` are the words of the clause that answer,
    verbatim. `reason` says why a clause does not answer (other-place, other-year, near-subject, fact-missing,
    false-premise, needs-person). `people` are those who would ask so.
    """

    id: str
    turns: tuple[str, ...]
    style: str
    verdict: Verdict
    document: str
    clause: int
    opens: str
    span: str = ""
    reason: str = ""
    people: str = ""

    @property
    def question(self) -> str:
        """The last turn."""
        return self.turns[-1]


def read_lessons(folder: Path = DATA / "questions") -> list[Lesson]:
    """Read all files of questions in `folder`, in the order of their names. Raises NotLessons."""
    return [_lesson(path, number, line) for path in sorted(folder.glob("*.jsonl")) for number, line in _lines(path)]


def read_utterances(folder: Path = DATA / "utterances") -> list[tuple[str, str]]:
    """Read what people type that is no question of fact, as pairs of text and intent. Raises NotLessons."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in _lines(path):
            read = _object(path, number, line)
            if not (isinstance(read.get("text"), str) and isinstance(read.get("intent"), str)):
                raise NotLessons(f'{path.name}, line {number}: not {{"text": "…", "intent": "…"}}')
            found.append((read["text"], read["intent"]))
    return found


def overlap(question: str, clause: str) -> float:
    """Return the share, 0 to 1, of the question's pairs of characters that stand in the clause."""
    asked = ["".join(pair) for pair in pairwise(_bare(question))]
    written = {"".join(pair) for pair in pairwise(_bare(clause))}
    return sum(pair in written for pair in asked) / len(asked) if asked else 0.0


def faults(lesson: Lesson, clause: str) -> Iterator[str]:
    """Yield what is wrong with a lesson about the clause whose text this is."""
    if not _bare(clause).startswith(_bare(lesson.opens)):
        yield f"the clause opens with {clause[:12]!r} instead of {lesson.opens!r}"
    if lesson.verdict is Verdict.NOT and not lesson.reason:
        yield "no reason is given why nothing answers"
    if lesson.verdict is not Verdict.NOT and _bare(lesson.span) not in _bare(clause):
        yield f"the clause does not say {lesson.span!r}"
    if lesson.verdict is not Verdict.NOT and not _bare(lesson.span):
        yield "no span is given"


def repeated(lessons: Iterable[Lesson]) -> list[str]:
    """Return the ids of lessons that ask what an earlier one asks, in the same words."""
    seen: Counter[str] = Counter()
    found = []
    for lesson in lessons:
        said = _bare(" // ".join(lesson.turns))
        seen[said] += 1
        if seen[said] > 1:
            found.append(lesson.id)
    return found


def _bare(text: str) -> str:
    return "".join(each for each in normalised(text) if each.isalnum())


def _lesson(path: Path, number: int, line: str) -> Lesson:
    read = _object(path, number, line)
    try:
        turns: Sequence[str] = read.pop("turns")
        return Lesson(turns=tuple(turns), verdict=Verdict(read.pop("verdict")), **read)
    except (KeyError, TypeError, ValueError) as error:
        raise NotLessons(f"{path.name}, line {number}: {error}") from None


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise NotLessons(f"{path.name}, line {number}: not a JSON object")
    return read


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8") as file:
        yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
