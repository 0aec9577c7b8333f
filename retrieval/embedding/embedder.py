"""Computes embeddings (向量) with an exported ONNX model, so that answering needs no torch."""

import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from retrieval.embedding.obtain import DEFAULT_MODEL, obtained
from retrieval.embedding.record import TOKEN_DIMENSIONS, no_tokens, packed

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 256
# The weight of the cosine beside the keywords, and the cosine of unrelated texts, for a model whose card does not say.
COSINE_WEIGHT = 0.35
UNRELATED = 0.6
BATCH_TOKENS = 2048  # padded tokens in one call of the model: bounds memory, keeps the cores busy


class Embedder:
    """One exported model. `name` tells model, revision and quantisation: vectors of two names never mix.

    `cosine_weight`, from 0 to 1, is the weight of its cosines beside the keywords; a tuned model has a higher one.
    `unrelated` is the cosine of texts that have nothing to do with each other.
    Vectors are normalised float32, so a dot product is the cosine. Safe to use from several threads.
    """

    def __init__(self, folder: Path) -> None:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.name: str = card["name"]
        self.dimensions: int = card["dimensions"]
        self.cosine_weight: float = card.get("cosine_weight", COSINE_WEIGHT)
        self.unrelated: float = card.get("unrelated", UNRELATED)
        self._tokens_too: bool = card.get("token_dimensions", 0) == TOKEN_DIMENSIONS
        self._query_prompt: str = card["query_prompt"]
        self._passage_prompt: str = card.get("passage_prompt", "")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._graph = folder / "model.onnx"
        self._one = _session(self._graph, threads=1)
        self._many: Any = None
        self._aside = ThreadPoolExecutor(1, "embed", _yield_to_others)

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimensions,), by one thread."""
        return self.read_query(text)[0]

    def read_query(self, text: str) -> tuple[Vectors, Vectors]:
        """Return the vector of a question (dimensions,), and those of its tokens (tokens, TOKEN_DIMENSIONS).

        A model without vectors of tokens gives none of them. One thread works; a small model takes some milliseconds.
        """
        encoding = self._tokenizer.encode((self._query_prompt + text).lower())
        vectors, tokens = self._run(self._one, [encoding.ids])
        return vectors[0], tokens[0]

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Return the vectors of `texts` in their order, shape (n, dimensions), using all cores.

        `on_progress(done, total)` is called after each batch.
        """
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for i, vector, _ in self._aside.submit(self._embedded, texts, on_progress).result():
            vectors[i] = vector
        return vectors

    def records(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> list[bytes]:
        """Return what is to be kept of each text, as `retrieval.embedding.record` reads it."""
        made = self._aside.submit(self._embedded, texts, on_progress).result()
        kept = {i: packed(vector, tokens) for i, vector, tokens in made}
        return [kept[i] for i in range(len(texts))]

    def token_spans(self, text: str, start_at: int = 0) -> list[tuple[int, int]]:
        """Return the characters of a passage that each of its token vectors stands for, counted from `start_at`.

        Those of the prompt and of marks end at 0 or before it.
        """
        before = len(self._passage_prompt) + start_at
        encoding = self._tokenizer.encode((self._passage_prompt + text).lower())
        return [(start - before, end - before) for start, end in encoding.offsets]

    def _embedded(
        self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None
    ) -> list[tuple[int, Vectors, Vectors]]:
        """Return place, vector and vectors of tokens of each text, in no order.

        This is done in a thread that lets whoever answers a question go first.
        """
        self._many = self._many or _session(self._graph, threads=0)
        prompted = [(self._passage_prompt + text).lower() for text in texts]
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(prompted)]
        made: list[tuple[int, Vectors, Vectors]] = []
        for batch in _batches(ids):
            vectors, tokens = self._run(self._many, [ids[i] for i in batch])
            made += zip(batch, vectors, tokens, strict=True)
            if on_progress:
                on_progress(len(made), len(ids))
        return made

    def _run(self, session: Any, ids: Sequence[Sequence[int]]) -> tuple[Vectors, list[Vectors]]:
        """Return the vectors of n texts (n, dimensions), and of each text those of its tokens."""
        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, sequence in enumerate(ids):
            tokens[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        if not self._tokens_too:
            return session.run(["embedding"], inputs)[0], [no_tokens()] * len(ids)
        vectors, of_tokens = session.run(["embedding", "tokens"], inputs)
        return vectors, [each[: len(sequence)] for each, sequence in zip(of_tokens, ids, strict=True)]


def connect_embedder(
    name_or_path: str = DEFAULT_MODEL, models_dir: Path | None = None, announce: Callable[[str], None] = print
) -> Embedder:
    """Open the shipped model, or one by its name on a hub or by its folder.

    A model that is not shipped is obtained and exported the first time, which takes minutes. `models_dir` is where
    exported models are kept. Raises retrieval.embedding.obtain.ModelUnavailable, which says what to do.
    """
    return Embedder(obtained(name_or_path, models_dir or default_models_dir(), announce))


def default_models_dir() -> Path:
    """Return the folder of exported models that all checkouts of this person share."""
    return Path.home() / ".cache" / "laofashi" / "models"


def _yield_to_others() -> None:
    """Lower the priority of this thread and of those it starts, where each thread has its own priority."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _session(graph: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = threads == 1  # the arena of long batches would never be given back
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _batches(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the indices of `ids` in batches of BATCH_TOKENS, longest first.

    This needs little padding, and memory peaks at the start.
    """
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(ids)), key=lambda i: -len(ids[i])):
        if room < len(ids[index]):
            batches.append([])
            room = max(BATCH_TOKENS, len(ids[index]))
            width = len(ids[index])
        batches[-1].append(index)
        room -= width
    return batches
