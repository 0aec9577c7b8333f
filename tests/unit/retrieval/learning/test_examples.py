"""What stands against an answer: passages of its own document and of others by turns, never what answers, too."""

from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text
from retrieval.learning.examples import contrasted

FEE = "犬只登记每只每年收费一百六十元，由饲养人交到街道服务窗口。"
TEXTS = [
    Text("a#0", "养犬办法", FEE),
    Text("a#1", "养犬办法", "犬只登记应当带免疫证明到街道服务窗口办理。"),
    Text("a#2", "养犬办法", "犬只走失的，饲养人应当十日内办理注销登记。"),
    Text("b#0", "养犬办法（旧）", FEE.replace("一百六十", "一百八十")),
    Text("b#1", "", "船舶登记每艘每年收费三百元，到港务窗口交。"),
    Text("b#2", "", "车辆登记收费标准由市价格部门公布。"),
]


def mined(answer: str = "") -> tuple[str, ...]:
    asked = JudgedQuestion("q", "犬只登记一年收费多少", {"a#0": 1}, answer)
    (example,) = contrasted(Benchmark(TEXTS, [asked]), lambda *_: None)
    assert example.positives == (f"养犬办法\n{FEE}",)
    return example.negatives


def test_the_answer_and_its_near_copy_are_no_negatives() -> None:
    assert not any("一百六十元" in each or "一百八十元" in each for each in mined())
    assert any("免疫证明" in each for each in mined())


def test_own_and_other_documents_come_by_turns() -> None:
    first, second = mined()[:2]
    assert {"养犬办法" in first, "养犬办法" in second} == {True, False}


def test_what_holds_the_answers_words_is_left_out() -> None:
    assert any("三百元" in each for each in mined())
    assert not any("三百元" in each for each in mined(answer="三百元"))
