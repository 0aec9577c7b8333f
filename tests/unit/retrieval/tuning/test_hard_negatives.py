"""Negatives: what our own ranking takes for an answer, and never what may be one."""

from retrieval.evaluation.beir import JudgedQuestion, Text
from retrieval.evaluation.ranking_quality import indexed
from retrieval.tuning.hard_negatives import MOST, Example, mined
from tests.support.fakes.hashing_model import HashingEmbedder

TEXTS = [
    Text("right", "", "申领居住证应当提交房屋租赁合同备案证明。"),
    Text("copy", "", "申领居住证应当提交房屋租赁合同备案证明。"),
    Text("near", "", "申领居住证后要签注，有效期一年，到期前三十日内申请。"),
    *(Text(f"far{i}", "", f"公园第{i}号门每日开放，居住证不必携带。") for i in range(20)),
]
QUESTION = JudgedQuestion("q", "申领居住证要什么", {"right": 1})


def examples(*asked: JudgedQuestion) -> list[Example]:
    embedder = HashingEmbedder()
    snapshot = indexed(TEXTS, embedder, None, lambda *_: None)  # type: ignore[arg-type]
    return mined(snapshot, embedder, asked, lambda *_: None)  # type: ignore[arg-type]


def test_what_looks_like_an_answer_stands_against_what_is_one() -> None:
    (found,) = examples(QUESTION)
    assert (found.question, found.relevant) == (QUESTION.text, frozenset({"right"}))
    assert [text.strip() for text in found.positives] == [TEXTS[0].text]
    assert len(found.negatives) == MOST
    assert found.negatives[0].strip() == TEXTS[2].text


def test_what_says_the_same_as_an_answer_is_no_negative() -> None:
    (found,) = examples(QUESTION)
    assert TEXTS[1].text not in [text.strip() for text in found.negatives]
    (other,) = examples(JudgedQuestion("q", QUESTION.text, {"near": 1}))  # control: nothing like it answers this one
    assert TEXTS[1].text in [text.strip() for text in other.negatives]


def test_a_question_that_nothing_answers_makes_no_example() -> None:
    assert examples(JudgedQuestion("q", "火星移民", {"nowhere": 1})) == []
