"""Judges what the helpdesk does with questions, conversations and messages that it has never seen."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.dialogue.intents import intent_of
from retrieval.intents.classifier import IntentClass

DATA = Path(__file__).parent / "data"
Row = Mapping[str, Any]
Ask = Callable[[Sequence[str]], Row]  # the turns of a conversation to what `laofashi ask --json` prints
_TURNS = 5  # earlier questions that the bot gives as context


class Scorer(Protocol):
    """The scorer that lies beside the real documents."""

    def judge(self, question: Row, answer: Row) -> str:
        """Return right, offered, refused, or what is wrong."""


def rows(name: str) -> list[Row]:
    """Read one set, such as `questions-1`."""
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def answered(ask: Ask, turns: Sequence[str]) -> Row:
    """Return what the bot does with the last turn: an outcome, or the class of a message that is no question."""
    kind = intent_of(turns[-1]).kind
    if kind is not IntentClass.QUESTION:
        return {"kind": str(kind)}
    earlier = [turn for turn in turns[:-1] if not intent_of(turn).is_said_in_passing]
    return ask([*earlier[-_TURNS:], turns[-1]])


def questions(given: Sequence[Row], ask: Ask, scorer: Scorer) -> dict[str, float]:
    """Return the shares right, right or offered, refused, and wrong of all."""
    verdicts = Counter((each["kind"], scorer.judge(each, answered(ask, [each["question"]]))) for each in given)
    return _shares(verdicts)


def conversations(given: Sequence[Row], ask: Ask, scorer: Scorer) -> dict[str, float]:
    """Return the same shares over every turn, and those right of the turns that follow another."""
    verdicts: Counter[tuple[str, str]] = Counter()
    later: Counter[bool] = Counter()
    for place, turns, turn in _turns(given):
        kind = "answer" if turn["kind"] == "answer" else "abstain"
        asked = {"kind": kind, "style": "", "must": turn.get("must") or [], "page": turn.get("page")}
        verdict = scorer.judge(asked, answered(ask, turns))
        verdicts[kind, verdict] += 1
        if place and kind == "answer":
            later[verdict == "right"] += 1
    return _shares(verdicts) | {"later_right": later[True] / max(1, later.total())}


def wide(given: Sequence[Row], ask: Ask) -> dict[str, float]:
    """Return the share that is asked back, and of these the share that offers a page on which it goes on."""
    back = good = 0
    for each in given:
        answer = answered(ask, [each["question"]])
        if answer["kind"] == "clarification":
            back += 1
            offered = {cited.get("file") for choice in answer["choices"] for cited in choice["citations"]}
            good += bool(offered & set(each["pages"]))
    return {"n": len(given), "asked_back": back / len(given), "right_matter": good / max(1, back)}


def utterances(given: Sequence[Row], known: frozenset[str] = frozenset()) -> dict[str, float]:
    """Return recall and precision of wanting a person and of distress, and the mean F1 of the others.

    Messages that are among `known` word for word are left out.
    """
    pairs = [(each["intent"], str(intent_of(each["text"]).kind)) for each in given if each["text"].strip() not in known]
    figures = {name: _precision_recall(pairs, name) for name in sorted({right for right, _ in pairs})}
    told: dict[str, float] = {"n": len(pairs)}
    for name in ("person", "distress"):
        told |= {f"{name}_recall": figures[name][1], f"{name}_precision": figures[name][0]}
    others = [_f1(*each) for name, each in figures.items() if name not in ("person", "distress")]
    return told | {"others_f1": sum(others) / len(others)}


def _turns(given: Sequence[Row]) -> Iterator[tuple[int, list[str], Row]]:
    for conversation in given:
        said = [turn["text"] for turn in conversation["turns"]]
        for place, turn in enumerate(conversation["turns"]):
            yield place, said[: place + 1], turn


def _shares(verdicts: Counter[tuple[str, str]]) -> dict[str, float]:
    answerable = sum(count for (kind, _), count in verdicts.items() if kind == "answer")
    others = verdicts.total() - answerable
    right = verdicts["answer", "right"]
    wrong = verdicts["answer", "fact missing"] + verdicts["abstain", "answered what it must not"]
    return {
        "answerable": answerable,
        "others": others,
        "right": right / max(1, answerable),
        "right_or_offered": (right + verdicts["answer", "offered"]) / max(1, answerable),
        "refused": verdicts["abstain", "refused"] / max(1, others),
        "wrong": wrong / max(1, verdicts.total()),
    }


def _precision_recall(pairs: Sequence[tuple[str, str]], name: str) -> tuple[float, float]:
    both = sum(right == told == name for right, told in pairs)
    told, right = sum(told == name for _, told in pairs), sum(right == name for right, _ in pairs)
    return both / max(1, told), both / max(1, right)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
