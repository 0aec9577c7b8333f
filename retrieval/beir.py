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
class Asked:
    """A question and what it should find: how relevant (above 0) each document is, by id."""

    id: str
    text: str
    relevant: dict[str, int]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus and the questions of one split that have a relevant document."""

    corpus: list[Text]
    questions: list[Asked]


def read_benchmark(folder: Path, split: str) -> Benchmark:
    """Read it whole. Raises NotBeir."""
    relevant = _qrels(folder / "qrels" / f"{split}.tsv")
    corpus = [Text(id_, title, text) for id_, title, text in _texts(folder / "corpus.jsonl")]
    queries = ((id_, text) for id_, _, text in _texts(folder / "queries.jsonl"))
    questions = [Asked(id_, text, relevant[id_]) for id_, text in queries if id_ in relevant]
    if not corpus or not questions:
        raise NotBeir(f"{folder} has {len(corpus)} documents and {len(questions)} questions with qrels of {split}")
    return Benchmark(corpus, questions)


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


def _texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Id, title and text of each line."""
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
        yield id_, title, text


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
