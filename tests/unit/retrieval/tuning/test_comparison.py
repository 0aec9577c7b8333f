"""Whether a tuned model is better is said by questions it has not seen, and by more than chance."""

import pytest

from retrieval.embedding.embedder import Vectors
from retrieval.evaluation.beir import JudgedQuestion, Text
from retrieval.evaluation.ranking_quality import indexed
from retrieval.tuning.comparison import Ranked, compared, judged, pool, weighed
from tests.support.fakes.hashing_model import HashingEmbedder

TEXTS = [
    Text(f"d{i}", "", f"第{i}号窗口办理{what}登记。") for i, what in enumerate(("婚姻", "户口", "车辆", "房屋", "宠物"))
]
ASKED = [JudgedQuestion("q0", "户口登记在哪", {"d1": 1}), JudgedQuestion("q1", "宠物登记在哪", {"d4": 1})]


def silent(_stage: str, _done: int, _total: int) -> None:
    pass


def test_the_gain_is_of_the_same_questions_and_has_bounds() -> None:
    before, after = Ranked((0.2, 0.4) * 50, (0.5,) * 100), Ranked((0.5, 0.6) * 50, (0.9,) * 100)
    found = compared(before, after)
    assert (found.questions, found.before, found.after) == (100, pytest.approx(0.3), pytest.approx(0.55))
    assert found.low < found.after - found.before < found.high
    assert found.better
    assert compared(before, after) == found


def test_what_may_be_chance_is_not_better() -> None:
    half = (0.5,) * 40
    swings = Ranked((0.0, 1.0) * 20, half), Ranked((1.0, 0.05) * 20, half)
    assert compared(*swings).after > compared(*swings).before
    assert not compared(*swings).better
    same = Ranked(half, half)
    assert not compared(same, same).better
    assert not compared(swings[1], swings[0]).better


def test_both_models_rank_what_answers_and_what_is_found() -> None:
    embedder = HashingEmbedder()
    snapshot = indexed(TEXTS, embedder, None, silent)  # type: ignore[arg-type]
    small = pool(snapshot, embedder, TEXTS, ASKED, 3)  # type: ignore[arg-type]
    assert len(small) == 3
    assert {"d1", "d4"} <= {text.id for text in small}
    assert pool(snapshot, embedder, TEXTS, ASKED, 5) == TEXTS  # type: ignore[arg-type]


def test_a_ranking_is_judged_by_the_code_that_serves() -> None:
    said: list[tuple[str, int, int]] = []
    embedder = HashingEmbedder()
    found = judged(TEXTS, ASKED, embedder, None, lambda *step: said.append(step))  # type: ignore[arg-type]
    assert found == {embedder.cosine_weight: Ranked((1.0, 1.0), (1.0, 1.0))}
    assert said[-1] == ("judging", 2, 2)
    wrong = [JudgedQuestion("q0", "户口登记在哪", {"d9": 1})]
    (failed,) = judged(TEXTS, wrong, embedder, None, silent).values()  # type: ignore[arg-type]
    assert (failed.ndcg, failed.recall) == (0.0, 0.0)


def test_each_weight_of_the_cosine_is_tried() -> None:
    """To this model all questions mean the same: only the keywords tell them apart."""

    class Deaf(HashingEmbedder):
        def read_query(self, text: str) -> tuple[Vectors, Vectors]:
            return super().read_query("窗口")

    asked = [JudgedQuestion(f"q{i}", text.text, {text.id: 1}) for i, text in enumerate(TEXTS)]
    found = judged(TEXTS, asked, Deaf(), None, silent, (0.0, 1.0))  # type: ignore[arg-type]
    assert list(found) == [0.0, 1.0]
    assert found[0.0].ndcg == 1.0
    assert found[1.0].ndcg < 1.0


def test_no_question_has_a_part_in_choosing_the_weight_it_is_judged_by() -> None:
    """Each weight is good for one half only: chosen by the other half it is the wrong one for every question."""
    nothing = (0.0,) * 10
    by_weight = {0.25: Ranked((1.0, 0.0) * 5, nothing), 0.65: Ranked((0.0, 0.9) * 5, nothing)}
    weight, found = weighed(by_weight)
    assert weight == 0.25
    assert found.ndcgs == nothing
    plainly = {0.25: Ranked((0.5, 0.4) * 5, nothing), 0.65: Ranked((0.7, 0.6) * 5, (1.0,) * 10)}
    assert weighed(plainly) == (0.65, plainly[0.65])
