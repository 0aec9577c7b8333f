"""The questions asked: lay people's about a district's pages, those on notices, and those about statutes."""

import json
from pathlib import Path

from bench.places import material

Turns = tuple[str, ...]  # of one conversation; the last is the question


def mixed(count: int) -> list[Turns]:
    """Return about `count` questions of lay/ and policies/, spread over the whole of each set. Raises NoData."""
    lay, policies = material("lay", "policies")
    every_lay = [_turns(line["question"]) for line in _lines(lay / "questions.jsonl")]
    some_lay = _spread(every_lay, max(count // 5, 1))
    return some_lay + _spread([(line["text"],) for line in _lines(policies / "queries.jsonl")], count - len(some_lay))


def legal(count: int) -> list[Turns]:
    """Return about `count` lay questions that statutes answer. Raises NoData."""
    (stard,) = material("stard")
    return _spread([(line["text"],) for line in _lines(stard / "queries.jsonl")], count)


def _turns(question: str | list[str]) -> Turns:
    return (question,) if isinstance(question, str) else tuple(question)


def _spread(every: list[Turns], count: int) -> list[Turns]:
    return every[:: max(len(every) // count, 1)][:count]


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
