"""Weights of an exported model: they come back as what eight bits kept of them, by the network's own names."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.obtain import exported, local_source
from retrieval.embedding.weights import NETWORK, assembled, read_head, restored, write_head
from tests.support.fakes.letters_model import save_letters_model

PROMPTS = {"query": "a ", "passage": "b ", "document": "b "}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    folder = tmp_path_factory.mktemp("source")
    (save_letters_model(folder / "letters").parent / "inner").rename(folder / NETWORK)
    assembled(folder, PROMPTS)
    torch.manual_seed(2)
    write_head(torch.nn.Linear(32, 8), folder)
    return folder


@pytest.fixture(scope="module")
def shipped(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(local_source(source), tmp_path_factory.mktemp("shipped"), lambda _: None)


def encoded(folder: Path, texts: list[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return np.asarray(SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True))


def test_what_was_shipped_can_be_trained_on(source: Path, shipped: Path, tmp_path: Path) -> None:
    texts = ["a b c", "子 丑 d", "玄"]
    back = restored(shipped, tmp_path / "back")
    assert (encoded(source, texts) * encoded(back, texts)).sum(axis=1).min() > 0.995
    assert np.allclose(read_head(back).weight.detach(), read_head(source).weight.detach(), atol=0.01)


def test_without_the_names_nothing_is_restored(shipped: Path, tmp_path: Path) -> None:
    import onnx

    for path in shipped.rglob("*"):
        if path.is_file():
            (tmp_path / "other" / path.relative_to(shipped)).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "other" / path.relative_to(shipped)).write_bytes(path.read_bytes())
    graph = onnx.load(str(tmp_path / "other" / "model.onnx"))
    for each in graph.graph.initializer:
        each.name = each.name.replace("query", "asked")
    onnx.save(graph, str(tmp_path / "other" / "model.onnx"))
    with pytest.raises(KeyError, match="query"):
        restored(tmp_path / "other", tmp_path / "back")


def test_token_vectors_are_of_unit_length_and_the_questions_prompt_is_another(shipped: Path) -> None:
    embedder = Embedder(shipped)
    asked = embedder.embed_query("c d")
    written = embedder.embed_passages(["c d"])[0]
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-3)
    assert float(asked @ written) < 0.9999
