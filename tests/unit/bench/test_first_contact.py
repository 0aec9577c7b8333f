"""Judging what was never seen: shares are counted as told, and what is no question asks no document."""

from collections.abc import Sequence
from typing import Any

import pytest

from bench.first_contact.judging import DATA, answered, conversations, questions, rows, utterances, wide


class Scorer:
    """Right where the answer's text is the fact."""

    def judge(self, question: Any, answer: Any) -> str:
        if question["kind"] == "abstain":
            return "refused" if answer["kind"] != "answer" else "answered what it must not"
        if answer["kind"] == "clarification":
            return "offered"
        if answer["kind"] != "answer":
            return "not answered"
        return "right" if answer["text"] in question["must"] else "fact missing"


class Desk:
    """Answers each question with its last words, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def ask(self, turns: Sequence[str]) -> dict[str, Any]:
        self.asked.append(list(turns))
        if "宽" in turns[-1]:
            return {"kind": "clarification", "choices": [{"citations": [{"file": turns[-1][-6:]}]}]}
        return {"kind": "abstention"} if "拒" in turns[-1] else {"kind": "answer", "text": turns[-1]}


def test_shares_of_questions() -> None:
    asked = [("社保怎么交", "社保怎么交"), ("医保怎么交", "别的"), ("拒绝受理了怎么办", ""), ("落户宽限期问题", "")]
    given = [{"question": text, "kind": "answer", "must": [must]} for text, must in asked]
    given += [{"question": text, "kind": "abstain", "must": []} for text in ("拒绝办理找谁", "深圳落户条件是什么")]
    told = questions(given, Desk().ask, Scorer())
    assert told["right"] == 0.25
    assert told["right_or_offered"] == 0.5
    assert told["refused"] == 0.5
    assert told["wrong"] == pytest.approx(2 / 6)
    assert (told["answerable"], told["others"]) == (4, 2)


def test_a_conversation_is_asked_turn_by_turn_without_what_was_said_in_passing() -> None:
    desk = Desk()
    turns = [("社保怎么交", "answer"), ("谢谢", "social"), ("那医保要交多少钱", "answer")]
    given = [{"turns": [{"text": text, "kind": kind, "must": [text]} for text, kind in turns]}]
    told = conversations(given, desk.ask, Scorer())
    assert desk.asked == [["社保怎么交"], ["社保怎么交", "那医保要交多少钱"]]
    assert (told["right"], told["later_right"], told["refused"]) == (1.0, 1.0, 1.0)


def test_what_is_no_question_is_not_asked() -> None:
    desk = Desk()
    assert answered(desk.ask, ["转人工"]) == {"kind": "person"}
    assert desk.asked == []


def test_wide_questions_are_to_be_asked_back_with_a_right_page() -> None:
    pages = ("a.html", "x.html")
    given = [{"question": f"居住证的事情宽泛{page}", "pages": ["a.html"]} for page in pages]
    given.append({"question": "居住证怎么办理", "pages": ["a.html"]})
    assert wide(given, Desk().ask) == {"n": 3, "asked_back": pytest.approx(2 / 3), "right_matter": 0.5}


def test_messages_known_word_for_word_are_left_out() -> None:
    said = [("转人工", "person"), ("我不想活了", "distress"), ("谢谢", "thanks"), ("你好", "thanks")]
    given = [{"text": text, "intent": intent} for text, intent in said]
    told = utterances(given)
    assert (told["person_recall"], told["person_precision"], told["distress_recall"]) == (1, 1, 1)
    assert told["others_f1"] == pytest.approx(2 / 3)
    assert utterances(given, frozenset({"你好"}))["others_f1"] == 1


@pytest.mark.parametrize("path", sorted(DATA.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_set_is_whole(path: Any) -> None:
    read = rows(path.stem)
    assert len(read) >= 100
    assert len({each["id"] for each in read}) == len(read)
