"""Evaluation: a small benchmark through the code that serves, and the real ones where they are beside this checkout."""

import json
from pathlib import Path

import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.ranking_quality import evaluate
from tests.support.index_material import ELDERLY, FOOD, QUESTIONS, RESIDENCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = ["。".join(RESIDENCE), "。".join(FOOD), ELDERLY[0], "江湾区公园每日六时开放。" * 60]
    corpus = [json.dumps({"_id": f"d{i}", "title": "", "text": text}) for i, text in enumerate(texts)]
    queries = [json.dumps({"_id": f"q{i}", "text": text}) for i, text in enumerate([*QUESTIONS, "公园几点开门"])]
    qrels = ["query-id\tcorpus-id\tscore", *(f"q{i}\td{i}\t1" for i in range(4))]
    (tmp_path / "qrels").mkdir()
    for name, lines in {"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels/test.tsv": qrels}.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_a_small_benchmark_is_measured(folder: Path, embedder: Embedder) -> None:
    said: list[tuple[str, int, int]] = []
    figures = evaluate(folder, "test", embedder, on_progress=lambda *step: said.append(step))
    assert (figures["documents"], figures["questions"]) == (4, 4)
    assert {name: figures[name] for name in ("ndcg@10", "recall@1", "recall@100", "mrr@10")} == {
        "ndcg@10": 1.0,
        "recall@1": 1.0,
        "recall@100": 1.0,
        "mrr@10": 1.0,
    }
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert {stage for stage, _, _ in said} == {"embedding", "keywords", "asking"}
    assert said[-1] == ("asking", 4, 4)


def test_what_answers_wrongly_measures_less(folder: Path, embedder: Embedder) -> None:
    """Negative control of the figures above."""
    qrels = folder / "qrels" / "test.tsv"
    qrels.write_text(qrels.read_text(encoding="utf-8").replace("q0\td0", "q0\td1"), encoding="utf-8")
    assert evaluate(folder, "test", embedder)["recall@1"] == 0.75


def test_two_runs_may_fill_the_cache_at_once(folder: Path, embedder: Embedder, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    others = []

    def meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage == "embedding" and not others:
            others.append(evaluate(folder, "test", embedder, cache))

    assert evaluate(folder, "test", embedder, cache, meanwhile)["recall@1"] == others[0]["recall@1"]


def test_the_second_time_nothing_is_embedded(
    folder: Path, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = evaluate(folder, "test", embedder, cache)
    with monkeypatch.context() as patched:
        patched.setattr(embedder, "records", lambda *_: pytest.fail("embedded again"))
        second = evaluate(folder, "test", embedder, cache)
    assert {name: value for name, value in first.items() if not name.endswith("_ms")} == {
        name: value for name, value in second.items() if not name.endswith("_ms")
    }
