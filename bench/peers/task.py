"""The contest's task: a corpus and the questions asked of it."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.places import material
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text, read_benchmark

CORPORA = ("policies", "messages", "stard")
_SPLIT = "dev"
_QUICK_QUESTIONS, _QUICK_DOCUMENTS = 60, 150


@dataclass(frozen=True, slots=True)
class Task:
    """The name of a corpus, the number of documents in the file `corpus`, and the questions with their relevant ids."""

    name: str
    documents: int
    corpus: Path
    questions: list[JudgedQuestion]


def task(name: str, folder: Path, *, quick: bool) -> Task:
    """Return the dev questions of a corpus; write its documents into `folder`. Raises bench.places.NoData.

    `quick` takes some of the questions, the documents relevant to them, and a few others.
    """
    (source,) = material(name)
    read = read_benchmark(source, _SPLIT)
    benchmark = smaller(read, _QUICK_QUESTIONS, _QUICK_DOCUMENTS) if quick else read
    path = folder / "corpus.jsonl"
    lines = (json.dumps(_line(text), ensure_ascii=False) + "\n" for text in benchmark.corpus)
    path.write_text("".join(lines), encoding="utf-8")
    return Task(name, len(benchmark.corpus), path, benchmark.questions)


def smaller(whole: Benchmark, questions: int, documents: int) -> Benchmark:
    """Return so many questions, spread over all, and so many documents: first the relevant ones, then others."""
    asked = whole.questions[:: max(len(whole.questions) // questions, 1)][:questions]
    relevant = {id_ for each in asked for id_ in each.relevant}
    others = [text.id for text in whole.corpus if text.id not in relevant][: max(documents - len(relevant), 0)]
    kept = relevant.union(others)
    return Benchmark([text for text in whole.corpus if text.id in kept], asked)


def _line(text: Text) -> dict[str, str]:
    return {"_id": text.id, "title": text.title, "text": text.text}
