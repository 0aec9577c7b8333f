"""Training: batches in which no passage is wrongly a negative, and a real, if small, model that learns."""

from itertools import pairwise
from pathlib import Path

import pytest

from retrieval.tuning.hard_negatives import Example
from retrieval.tuning.training import Checkpoint, Recipe, _slope, batches, train
from tests.support.fakes.letters_model import ANSWERING, ASKING, save_letters_model

NEGATIVES = ("n0", "n1", "n2")


def example(number: int, document: str = "", positives: tuple[str, ...] = ()) -> Example:
    return Example(f"q{number}", positives or (f"p{number}",), NEGATIVES, frozenset({document or f"d{number}"}))


def test_every_question_comes_once_an_epoch() -> None:
    recipe = Recipe(epochs=2, batch=4)
    made = list(batches([example(i) for i in range(10)], recipe))
    assert [len(batch) for batch in made] == [4, 4, 2] * 2
    asked = [row.question for batch in made for row in batch]
    assert sorted(asked[:10]) == sorted(asked[10:]) == sorted(f"q{i}" for i in range(10))
    assert asked[:10] != asked[10:]


def test_questions_with_the_same_answer_do_not_meet() -> None:
    examples = [example(i, f"d{i % 5}") for i in range(50)]
    for batch in batches(examples, Recipe(epochs=3, batch=8)):
        assert len({int(row.question[1:]) % 5 for row in batch}) == len(batch)


def test_negatives_take_turns_from_epoch_to_epoch() -> None:
    made = list(batches([example(0), example(1)], Recipe(epochs=3, negatives=2)))
    rows = [next(row for row in batch if row.question == "q0") for batch in made]
    assert [row.negatives for row in rows] == [("n0", "n1"), ("n2", "n0"), ("n1", "n2")]


def test_each_passage_that_answers_has_its_turn_in_an_epoch() -> None:
    examples = [example(0, positives=("a", "b")), *(example(i) for i in range(1, 9))]
    made = list(batches(examples, Recipe(epochs=1, batch=4)))
    assert sorted(row.positive for batch in made for row in batch if row.question == "q0") == ["a", "b"]
    assert max(sum(row.question == "q0" for row in batch) for batch in made) == 1


def test_a_question_without_negatives_is_left_out() -> None:
    bare = Example("bare", ("p",), (), frozenset({"d"}))
    asked = [row.question for batch in batches([bare, example(1), example(2)], Recipe(epochs=1)) for row in batch]
    assert sorted(asked) == ["q1", "q2"]


def test_the_learning_rate_rises_and_falls_to_nothing() -> None:
    rates = [_slope(step, 100) for step in range(101)]
    assert rates[0] == 0.1
    assert max(rates) == rates[9] == 1.0
    assert all(later < earlier for earlier, later in pairwise(rates[10:]))
    assert rates[100] == 0.0


def test_an_interrupted_training_goes_on_where_it_was_and_comes_to_the_same_model(tmp_path: Path) -> None:
    source, examples = save_letters_model(tmp_path / "letters"), letters()
    recipe, path = Recipe(epochs=2, batch=4, rate=3e-3), tmp_path / "state.pt"
    train(source, tmp_path / "whole", examples, recipe, lambda *_: None)

    def stopped(_stage: str, done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(source, tmp_path / "broken", examples, recipe, stopped, Checkpoint(path, "these", every=0.0))
    assert not (tmp_path / "broken").exists()
    steps: list[int] = []
    train(
        source, tmp_path / "again", examples, recipe, lambda _, done, __: steps.append(done), Checkpoint(path, "these")
    )
    assert steps[0] == 5
    assert weights(tmp_path / "again") == pytest.approx(weights(tmp_path / "whole"), abs=1e-6)


def test_the_state_of_another_training_is_not_taken_up(tmp_path: Path) -> None:
    source, recipe, path = save_letters_model(tmp_path / "letters"), Recipe(epochs=1, batch=4), tmp_path / "state.pt"
    train(source, tmp_path / "one", letters(), recipe, lambda *_: None, Checkpoint(path, "these", every=0.0))
    steps: list[int] = []
    train(
        source, tmp_path / "two", letters(), recipe, lambda _, done, __: steps.append(done), Checkpoint(path, "those")
    )
    assert steps[0] == 1


class Steps(list[int]):
    """The steps that a training has reported."""

    def __call__(self, _stage: str, done: int, _total: int) -> None:
        self.append(done)


def letters() -> list[Example]:
    pairs = list(zip(ASKING, ANSWERING, strict=True))
    return [
        Example(asked, (answer,), (pairs[place - 1][1],), frozenset({answer}))
        for place, (asked, answer) in enumerate(pairs)
    ]


def weights(folder: Path) -> list[float]:
    from sentence_transformers import SentenceTransformer

    tensors = SentenceTransformer(str(folder), device="cpu").state_dict()
    return [float(value) for name in sorted(tensors) for value in tensors[name].flatten()[:50]]
