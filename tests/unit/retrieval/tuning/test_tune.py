"""Tuning from end to end, with a tiny model: what is learnt holds for questions never seen, or nothing is kept."""

import itertools
import json
import os
import random
import time
from pathlib import Path

import pytest

from retrieval.embedding import obtain
from retrieval.embedding.embedder import Embedder, connect_embedder
from retrieval.embedding.obtain import Source
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text
from retrieval.tuning.training import Recipe
from retrieval.tuning.tune import TooFewPairs, Tuned, TuningTerms, tune
from tests.support.fakes.hashing_model import HashingEmbedder
from tests.support.fakes.letters_model import ANSWERING, ASKING, save_letters_model

RECIPE = Recipe(epochs=12, batch=16, rate=3e-3)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The weights of a model of letters whose licence allows evaluation only."""
    return Source(save_letters_model(tmp_path_factory.mktemp("letters")), "letters@1")


@pytest.fixture(scope="module")
def base(source: Source) -> Embedder:
    """That model, exported."""
    return Embedder(obtain.exported(source, source.folder.parent, lambda _: None))


def benchmark(dealt: list[int] | None = None) -> Benchmark:
    """Each text is two signs, each question the letters that stand for them; no word is shared."""
    signs = list(itertools.combinations(ANSWERING, 2))
    texts = [Text(f"d{i}", "", "，".join(pair)) for i, pair in enumerate(signs)]
    letters = dict(zip(ANSWERING, ASKING, strict=True))
    right = dealt or range(len(texts))
    asked = [
        JudgedQuestion(f"q{i}", f"{letters[a]} {letters[b]}", {f"d{j}": 1})
        for i, ((a, b), j) in enumerate(zip(signs, right, strict=True))
    ]
    return Benchmark(texts, asked)


def tuned(made: Benchmark, base: Embedder, source: Source, models: Path) -> Tuned:
    return tune(made, base, source, TuningTerms("better", models, recipe=RECIPE), lambda *_: None, lambda _: None)


@pytest.mark.soak  # exports twice
@pytest.mark.timeout(900)
def test_what_is_learnt_holds_for_questions_never_seen(base: Embedder, source: Source, tmp_path: Path) -> None:
    found = tuned(benchmark(), base, source, tmp_path)
    assert found.comparison.before < 0.3
    assert found.comparison.after > 0.6
    assert found.folder is not None
    opened = connect_embedder(str(found.folder), tmp_path, lambda _: None)
    assert opened.name.startswith("better@")
    assert opened.cosine_weight == found.cosine_weight
    assert json.loads((found.folder / "tuning.json").read_text())["after"] == found.comparison.after
    assert {each.name for each in tmp_path.iterdir()} == {"evaluation", found.folder.name}


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_what_cannot_be_learnt_is_not_kept(base: Embedder, source: Source, tmp_path: Path) -> None:
    """Negative control: the same questions with answers dealt out by chance."""
    found = tuned(benchmark(random.Random(1).sample(range(120), 120)), base, source, tmp_path)
    assert not found.comparison.better
    assert found.folder is None
    assert [each.name for each in tmp_path.iterdir()] == ["evaluation"]


def test_interrupted_it_leaves_no_model(source: Source, tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, _total: int) -> None:
        if stage == "training" and done == 3:
            raise KeyboardInterrupt

    embedder: Embedder = HashingEmbedder()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        tune(benchmark(), embedder, source, TuningTerms("better", tmp_path, recipe=RECIPE), interrupt, lambda _: None)
    assert [each.name for each in tmp_path.iterdir()] == ["evaluation"]


def test_what_a_killed_tuning_left_is_swept_up_when_it_is_old(tmp_path: Path) -> None:
    old, new = tmp_path / ".tuning-abc", tmp_path / ".base-def"
    for left in (old, new):
        (left / "weights").mkdir(parents=True)
    then = time.time() - 2 * obtain.LEFT_SECONDS
    os.utime(old, (then, then))
    (tmp_path / ".note-ghi").write_text("not a folder")
    obtain.sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [".base-def", ".note-ghi"]


def test_too_little_is_said_before_anything_is_done(tmp_path: Path) -> None:
    made, embedder = benchmark(), HashingEmbedder()
    with pytest.raises(TooFewPairs, match="at least 20 are wanted"):
        tuned(Benchmark(made.corpus, made.questions[:30]), embedder, Source(tmp_path, ""), tmp_path)  # type: ignore[arg-type]
