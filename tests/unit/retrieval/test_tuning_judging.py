"""Whether a tuned model is better is said by questions it has not seen, and by more than chance."""

import pytest
from fakes.hashing_model import HashingEmbedder

from retrieval.beir import Asked, Text
from retrieval.evaluate import indexed
from retrieval.tuning_judging import Ranked, compared, judged, pool

TEXTS = [
    Text(f"d{i}", "", f"第{i}号窗口办理{what}登记。") for i, what in enumerate(("婚姻", "户口", "车辆", "房屋", "宠物"))
]
ASKED = [Asked("q0", "户口登记在哪", {"d1": 1}), Asked("q1", "宠物登记在哪", {"d4": 1})]


def silent(_stage: str, _done: int, _total: int) -> None:
    pass


def test_the_gain_is_of_the_same_questions_and_has_bounds() -> None:
    before, after = Ranked((0.2, 0.4) * 50, 0.5), Ranked((0.5, 0.6) * 50, 0.9)
    found = compared(before, after)
    assert (found.questions, found.before, found.after) == (100, pytest.approx(0.3), pytest.approx(0.55))
    assert found.low < found.after - found.before < found.high
    assert found.better
    assert compared(before, after) == found


def test_what_may_be_chance_is_not_better() -> None:
    swings = Ranked((0.0, 1.0) * 20, 0.5), Ranked((1.0, 0.05) * 20, 0.5)
    assert compared(*swings).after > compared(*swings).before
    assert not compared(*swings).better
    same = Ranked((0.5,) * 40, 0.5)
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
    found = judged(TEXTS, ASKED, HashingEmbedder(), None, lambda *step: said.append(step))  # type: ignore[arg-type]
    assert found == Ranked((1.0, 1.0), 1.0)
    assert said[-1] == ("judging", 2, 2)
    wrong = [Asked("q0", "户口登记在哪", {"d9": 1})]
    assert judged(TEXTS, wrong, HashingEmbedder(), None, silent).ndcg == 0.0  # type: ignore[arg-type]
