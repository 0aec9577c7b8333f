"""Whitening (白化): spread the vectors of a corpus evenly, so that cosine tells its texts apart.

Sentence vectors crowd into a narrow cone: unrelated texts score 0.6–0.7. The method is that of Su et al. 2021,
"Whitening Sentence Representations for Better Semantics and Faster Retrieval" (arXiv 2103.15316), with two changes:
it whitens only partly (STRENGTH), and it has two means.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.embedding.embedder import Embedder, Vectors

ENOUGH = 500  # vectors; with fewer, the spread is mostly chance
STRENGTH = 0.4  # 0 leaves the spread as it is, 1 makes it even; .2 to .5 are within .002 nDCG@10 of each other
FLOOR = 0.5  # this part of the mean variance is added to each: hardly used directions are mostly noise
SAMPLE = 20_000  # passages examined
SNIPPETS = 1000  # so many of them have a snippet embedded
_BLOCK = 8192  # rows at a time
_ENDS = re.compile(r"[，。；！？：、\s]+")
_SHORT, _LONG = 8, 40  # characters of a snippet, as many as questions have


@dataclass(frozen=True, slots=True)
class Whitening:
    """A change of coordinates: v ↦ normalise((v − mean) · matrix); without a matrix it changes nothing.

    `passage_mean` and `question_mean` (d,), `matrix` (d, d), float32. Questions have their own mean, because short
    texts lie elsewhere (nDCG@10 by vectors alone on citizens' messages: .607 before, .666 after).
    """

    passage_mean: Vectors = field(default_factory=lambda: np.empty(0, np.float32))
    question_mean: Vectors = field(default_factory=lambda: np.empty(0, np.float32))
    matrix: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def changes(self) -> bool:
        """Whether it changes vectors at all."""
        return bool(self.matrix.size)

    def passages(self, vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return vectors (n, d) as they are to be indexed, of the same type; a zero one (not embedded) stays zero."""
        if not self.changes:
            return vectors
        changed = np.zeros_like(vectors)
        for start in range(0, len(vectors), _BLOCK):
            part = np.asarray(vectors[start : start + _BLOCK], dtype=np.float32)
            known = part.any(axis=1)
            changed[start : start + _BLOCK][known] = _unit((part[known] - self.passage_mean) @ self.matrix)
        return changed

    def question(self, vector: Vectors) -> Vectors:
        """Return the vector (d,) of a question as the search uses it."""
        return _unit((vector - self.question_mean) @ self.matrix) if self.changes else vector

    def to_bytes(self) -> bytes:
        """Return the bytes that `from_bytes` reads; a megabyte for 512 dimensions."""
        written = io.BytesIO()
        np.savez(written, passage_mean=self.passage_mean, question_mean=self.question_mean, matrix=self.matrix)
        return written.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes | None) -> "Whitening":
        """Read what `to_bytes` wrote; None gives the one that changes nothing. Raises ValueError if unreadable."""
        if written is None:
            return cls()
        try:
            with np.load(io.BytesIO(written)) as stored:
                return cls(**{name: stored[name] for name in ("passage_mean", "question_mean", "matrix")})
        except Exception as error:  # zipfile, numpy and zlib each raise their own
            raise ValueError(f"the whitening cannot be read: {error}") from error


def fitted(texts: Sequence[str], vectors: npt.NDArray[Any], embedder: Embedder) -> Whitening:
    """Fit the whitening to passages with their vectors (n, d), and to questions such as the passages' snippets.

    Fewer than ENOUGH vectors, or texts without snippets, give one that changes nothing. This takes about a second.
    """
    if len(vectors) < ENOUGH:
        return Whitening()
    asked = question_mean(texts[:SNIPPETS], embedder)
    return spread_evenly(np.asarray(vectors, dtype=np.float32), asked) if asked is not None else Whitening()


def spread_evenly(vectors: Vectors, question_mean: Vectors) -> Whitening:
    """Fit the whitening to passages' vectors (n, d) and to questions that lie about `question_mean` (d,)."""
    mean = vectors.mean(axis=0)
    spread = vectors - mean
    variances, directions = np.linalg.eigh(spread.T @ spread / len(vectors))
    floor = FLOOR * float(variances.mean())
    matrix = directions * (np.maximum(variances, 0) + floor) ** (-STRENGTH / 2)
    return Whitening(mean, question_mean, matrix.astype(np.float32))


def snippets(texts: Iterable[str]) -> list[str]:
    """Return one phrase, as long as questions are, from the middle of each text; none of a text that has none."""
    found = []
    for text in texts:
        phrases = [phrase for phrase in _ENDS.split(text) if _SHORT <= len(phrase) <= _LONG]
        if phrases:
            found.append(phrases[len(phrases) // 2])
    return found


def question_mean(texts: Iterable[str], embedder: Embedder) -> Vectors | None:
    """Return where questions about `texts` lie: the mean vector (d,) of their snippets, embedded as questions are."""
    vectors = [embedder.embed_query(snippet) for snippet in snippets(texts)]
    return np.mean(vectors, axis=0, dtype=np.float32) if vectors else None


def _unit(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: npt.NDArray[Any] = vectors / np.maximum(lengths, 1e-12)
    return unit
