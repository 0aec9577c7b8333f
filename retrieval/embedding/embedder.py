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

from retrieval import sentences
from retrieval.embedding.obtain import DEFAULT_MODEL, obtained

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 256
# The weight of the cosine beside the keywords, for a model that was not tuned to the documents. `laofashi evaluate`
# measured nDCG@10 with m3e-small on the dev questions of three sets (citizens' messages, notices, statutes): .745,
# .912, .400. Keywords alone had .715, .902, .363, and rank fusion .711, .815, .378. Weights of .3 to .45 are within
# .003 of it.
COSINE_WEIGHT = 0.35
BATCH_TOKENS = 2048  # padded tokens in one call of the model: bounds memory, keeps the cores busy


class Embedder:
    """One exported model. `name` tells model, revision and quantisation: vectors of two names never mix.

    `cosine_weight`, from 0 to 1, is the weight of its cosines beside the keywords; a tuned model has a higher one.
    Vectors are normalised float32, so a dot product is the cosine. Safe to use from several threads.
    """

    def __init__(self, folder: Path) -> None:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.name: str = card["name"]
        self.dimensions: int = card["dimensions"]
        self.evaluation_only: bool = card["evaluation_only"]
        self.cosine_weight: float = card.get("cosine_weight", COSINE_WEIGHT)
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
        """Return the vector of a question, shape (dimensions,), by one thread; a small model takes under 1 ms."""
        encoding = self._tokenizer.encode((self._query_prompt + text).lower())
        vector: Vectors = _run(self._one, [encoding.ids])[0]
        return vector

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Return the vectors of `texts` in their order, shape (n, dimensions), using all cores.

        `on_progress(done, total)` is called after each batch.
        """
        return self._aside.submit(self._embedded, texts, on_progress).result()

    def _embedded(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None) -> Vectors:
        """Do the work of `embed_passages`, in a thread that lets whoever answers a question go first."""
        self._many = self._many or _session(self._graph, threads=0)
        prompted = [(self._passage_prompt + text).lower() for text in texts]
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(prompted)]
        vectors = np.empty((len(ids), self.dimensions), dtype=np.float32)
        done = 0
        for batch in _batches(ids):
            vectors[batch] = _run(self._many, [ids[i] for i in batch])
            done += len(batch)
            if on_progress:
                on_progress(done, len(ids))
        return vectors


def connect_embedder(
    name_or_path: str = DEFAULT_MODEL, models_dir: Path | None = None, announce: Callable[[str], None] = print
) -> Embedder:
    """Open a model by its name on a hub or by its folder.

    The first time the model is obtained and exported, which takes minutes. `models_dir` is where exported models are
    kept. Raises retrieval.embedding.obtain.ModelUnavailable, which says what to do.
    """
    embedder = Embedder(obtained(name_or_path, models_dir or default_models_dir(), announce))
    if embedder.evaluation_only:
        announce(sentences.EVALUATION_ONLY.format(name=embedder.name))
    return embedder


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


def _run(session: Any, ids: Sequence[Sequence[int]]) -> Vectors:
    longest = max(map(len, ids))
    tokens = np.zeros((len(ids), longest), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, sequence in enumerate(ids):
        tokens[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
    vectors: Vectors = session.run(None, inputs)[0]
    return vectors


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
