"""Reads a folder in BEIR form: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv (Thakur et al. 2021, arXiv 2104.08663)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotBeir(ValueError):
    """A file of the folder is missing or garbled; the message names it, and the line."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the corpus; the title may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what it should find.

    `relevant` says how relevant (above 0) each document is, by id. `answer` are words of a relevant document that
    answer the question, where they are known.
    """

    id: str
    text: str
    relevant: dict[str, int]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus and the questions of one split that have a relevant document."""

    corpus: list[Text]
    questions: list[JudgedQuestion]


def read_benchmark(folder: Path, split: str) -> Benchmark:
    """Read the corpus and the questions of a split. Raises NotBeir."""
    relevant = _qrels(folder / "qrels" / f"{split}.tsv")
    corpus = [Text(id_, title, text) for id_, title, text, _ in _texts(folder / "corpus.jsonl")]
    queries = ((id_, text, answer) for id_, _, text, answer in _texts(folder / "queries.jsonl"))
    questions = [JudgedQuestion(id_, text, relevant[id_], answer) for id_, text, answer in queries if id_ in relevant]
    if not corpus or not questions:
        raise NotBeir(f"{folder} has {len(corpus)} documents and {len(questions)} questions with qrels of {split}")
    return Benchmark(corpus, questions)


def read_unanswerable(folder: Path) -> list[str]:
    """Read questions that the corpus does not answer from unanswerable.jsonl, if there is one. Raises NotBeir."""
    path = folder / "unanswerable.jsonl"
    return [text for _, _, text, _ in _texts(path)] if path.exists() else []


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        fields = line.split("\t")
        if number == 1 and fields[-1].strip() == "score":
            continue
        try:
            query, document, score = fields
            if int(score) > 0:
                found.setdefault(query, {})[document] = int(score)
        except ValueError:
            raise NotBeir(f"{path}, line {number}: not query-id, corpus-id and a whole score, parted by tabs") from None
    return found


def _texts(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield id, title, text and `metadata.answer` of each line."""
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            read: Any = json.loads(line)
            id_, title, text = read["_id"], read.get("title") or "", read["text"]
            if not all(isinstance(each, str) for each in (id_, title, text)):
                raise TypeError
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotBeir(f'{path}, line {number}: not {{"_id": "…", "text": "…"}}') from None
        if id_ in seen:
            raise NotBeir(f"{path}, line {number}: the _id {id_} is there already")
        seen.add(id_)
        yield id_, title, text, _answer(read.get("metadata"))


def _answer(metadata: Any) -> str:
    answer = metadata.get("answer") if isinstance(metadata, dict) else None
    return answer if isinstance(answer, str) else ""


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise NotBeir(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotBeir(f"{path} is not UTF-8") from error
