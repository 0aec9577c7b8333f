"""What is kept of an embedded text: its vector in half precision, then the vectors of its tokens in eight bits each."""

from typing import Any

import numpy as np
import numpy.typing as npt

TOKEN_DIMENSIONS = 64
TOKEN_SCALE = 127.0  # a number of 1 becomes this

TokenVectors = npt.NDArray[np.int8]


def no_tokens() -> npt.NDArray[np.float32]:
    """Return the vectors (0, TOKEN_DIMENSIONS) of the tokens of a text whose model gives none."""
    return np.empty((0, TOKEN_DIMENSIONS), dtype=np.float32)


def packed(vector: npt.NDArray[Any], tokens: npt.NDArray[Any]) -> bytes:
    """Return the record of a text: `vector` (d,), `tokens` (n, TOKEN_DIMENSIONS) of unit length; n may be 0."""
    eighths = np.rint(np.asarray(tokens, dtype=np.float32) * TOKEN_SCALE).astype(np.int8)
    kept: bytes = vector.astype("<f2").tobytes() + eighths.tobytes()
    return kept


def vector_of(record: bytes, dimensions: int) -> npt.NDArray[np.float16]:
    """Return the vector (dimensions,) of a record."""
    return np.frombuffer(record, dtype="<f2", count=dimensions)


def tokens_of(record: bytes, dimensions: int) -> TokenVectors:
    """Return the vectors (n, TOKEN_DIMENSIONS) of a record's tokens."""
    return np.frombuffer(record, dtype=np.int8, offset=2 * dimensions).reshape(-1, TOKEN_DIMENSIONS)
