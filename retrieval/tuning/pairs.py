"""Reads questions with their answers, and parts them: some to tune a model on, some held back to judge it."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text
from retrieval.language.tokens import normalised

_NOT_WORDS = re.compile(r"[\W_]+")


class NotPairs(ValueError):
    """A file of pairs is missing or garbled, or holds too little; the message names it, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Split:
    """Questions that are trained on, and questions that never are."""

    training: list[JudgedQuestion]
    held_back: list[JudgedQuestion]


def split(questions: Iterable[JudgedQuestion], share: float, kept_out: Iterable[str] = ()) -> Split:
    """Hold back about `share` of the questions, by a hash of what each says: the same ones every time.

    Questions that say the same go to the same side, whatever their case, width, script or punctuation. A question that
    says the same as one of `kept_out` goes to neither side.
    """
    out = {_said(text) for text in kept_out}
    made = Split([], [])
    for question in questions:
        said = _said(question.text)
        if said and said not in out:
            (made.held_back if _chance(said) < share else made.training).append(question)
    return made


class Places(Protocol):
    """Knows the texts of a site."""

    texts: list[Text]

    def of(self, document: str, clause: str) -> list[str]:
        """Return the ids of the texts of a document (id or title), or of one clause of it."""


def read_pairs(path: Path, site: Places) -> Benchmark:
    """Read a JSON object a line: `question`, and `text` that answers it, or `document` with or without `clause`.

    The corpus is the site's texts and those of the file. Raises NotPairs.
    """
    texts: dict[str, Text] = {}
    questions: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        question, answer = _pair(line, f"{path}, line {number}")
        if isinstance(answer, str):
            id_ = hashlib.sha256(answer.encode("utf-8", "replace")).hexdigest()[:32]
            texts[id_] = Text(id_, "", answer)
            found = [id_]
        elif not (found := site.of(*answer)):
            raise NotPairs(f"{path}, line {number}: no document in force is 《{answer[0]}》 with a clause {answer[1]}")
        questions.setdefault(question, {}).update(dict.fromkeys(found, 1))
    asked = [JudgedQuestion(f"{path.name}:{number}", *pair) for number, pair in enumerate(questions.items(), 1)]
    return Benchmark([*site.texts, *texts.values()], asked)


def thinned(benchmark: Benchmark, most: int) -> Benchmark:
    """Cut a benchmark down to `most` texts: all that answer a question, and of the others the same ones every time."""
    if len(benchmark.corpus) <= most:
        return benchmark
    wanted = {id_ for question in benchmark.questions for id_ in question.relevant}
    chances = sorted(_chance(text.id) for text in benchmark.corpus if text.id not in wanted)
    bound = chances[max(0, most - len(wanted))] if len(wanted) < most else 0.0
    kept = [text for text in benchmark.corpus if text.id in wanted or _chance(text.id) < bound]
    return Benchmark(kept, benchmark.questions)


def _pair(line: str, where: str) -> tuple[str, str | tuple[str, str]]:
    try:
        read = json.loads(line)
        question, text, document = (read.get(name, "") for name in ("question", "text", "document"))
        clause = read.get("clause", "")
        if not all(isinstance(each, str) for each in (question, text, document, clause)):
            raise TypeError
    except (ValueError, TypeError, AttributeError):
        raise NotPairs(f'{where}: not {{"question": "…", "text": "…"}}') from None
    if not question.strip() or bool(text.strip()) is bool(document.strip()):
        raise NotPairs(f"{where}: give a question with either a text or a document")
    return question, text if text.strip() else (document, clause)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise NotPairs(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotPairs(f"{path} is not UTF-8") from error


def _said(text: str) -> str:
    return _NOT_WORDS.sub("", normalised(text))


def _chance(said: str) -> float:
    """Return a number from 0 to 1 that depends only on `said`."""
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8]) / 2**64
