"""Embedding: the exported model answers alone, and is obtained once."""

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import obtain
from retrieval.embedding.embedder import BATCH_TOKENS, Embedder, _batches, connect_embedder

QUESTION = "房东不给办居住证怎么办"


def test_vectors_are_unit_and_say_what_is_near(embedder: Embedder) -> None:
    texts = ["申领居住证需要房屋租赁合同备案证明。", "违规燃放烟花爆竹的，处五百元罚款。", "短"]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (3, embedder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    cosines = vectors @ embedder.embed_query(QUESTION)
    assert cosines[0] > cosines[1]


def test_case_and_batch_do_not_change_what_is_said(embedder: Embedder) -> None:
    alone = embedder.embed_passages(["办理ABC许可"])[0]
    together = embedder.embed_passages(["办理abc许可", "很长的一段话" * 60])[0]
    assert float(alone @ together) > 0.98
    assert np.array_equal(embedder.embed_query("办理ABC许可"), embedder.embed_query("办理abc许可"))


def test_progress_reaches_the_total_and_no_text_is_too_long(embedder: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(["长" * 10_000, "短"] * 20, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40, 40)
    assert embedder.embed_passages([]).shape == (0, embedder.dimensions)


def test_answering_needs_no_torch() -> None:
    code = "import retrieval.embedding, sys; assert not {'torch', 'sentence_transformers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_batches_hold_every_text_once_within_the_bound() -> None:
    ids = [[1] * n for n in (3, 256, 1, 256, 90, 255, 256, 256, 256, 256, 256, 256)]
    batches = _batches(ids)
    assert sorted(i for batch in batches for i in batch) == list(range(len(ids)))
    assert all(max(len(ids[i]) for i in batch) * len(batch) <= BATCH_TOKENS for batch in batches)


def test_a_folder_without_weights_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(obtain.ModelUnavailable, match="没有模型权重"):
        connect_embedder(str(tmp_path / "empty"), tmp_path / "models", announce=lambda _: None)


def test_another_model_is_not_silently_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(obtain.ModelUnavailable, match="some/other"):
        connect_embedder("some/other", tmp_path / "models", announce=lambda _: None)


def test_the_shipped_model_is_there_without_a_hub_or_a_folder_of_models(tmp_path: Path) -> None:
    shipped = connect_embedder(models_dir=tmp_path / "none", announce=pytest.fail)
    assert not (tmp_path / "none").exists()
    assert obtain.present(obtain.DEFAULT_MODEL, tmp_path) == obtain.SHIPPED
    assert sum(path.stat().st_size for path in obtain.SHIPPED.rglob("*") if path.is_file()) < 45_000_000
    assert shipped.name.startswith("laofashi-e5-small@")


@pytest.mark.soak
def test_the_weights_of_the_shipped_model_are_exported_once_and_say_the_same(
    embedder: Embedder, tmp_path: Path
) -> None:
    folder = obtain.obtained_source(obtain.DEFAULT_MODEL, tmp_path, announce=pytest.fail).folder
    told: list[str] = []
    own = connect_embedder(str(folder), tmp_path / "models", announce=told.append)
    again = connect_embedder(str(folder), tmp_path / "models", announce=told.append)
    assert own.name == again.name
    assert own.name != embedder.name
    assert len(told) == 1
    assert float(own.embed_query(QUESTION) @ embedder.embed_query(QUESTION)) > 0.99


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux only")
def test_passages_are_embedded_at_a_lower_priority_than_questions(embedder: Embedder) -> None:
    seen: list[int] = []
    embedder.embed_passages(["短"], on_progress=lambda _done, _total: seen.append(_priority()))
    embedder.embed_query("短")
    assert seen[0] > _priority()


def _priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_other_models_without_torch_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "model.safetensors").write_bytes(b"weights")
    monkeypatch.setattr(obtain, "EXPORTER", "no_such_package.export")  # as where the packages are not installed
    with pytest.raises(obtain.ModelUnavailable, match="make models"):
        connect_embedder(str(tmp_path / "own"), tmp_path / "models", announce=lambda _: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(obtain.ModelUnavailable, match="make models"):
        obtain.obtained_source(obtain.DEFAULT_MODEL, tmp_path, announce=lambda _: None)
