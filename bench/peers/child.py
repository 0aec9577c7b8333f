"""Runs one peer in a process of its own: reads a line of JSON, does what it says, writes a line of JSON.

`python -m bench.peers.child MODULE:CLASS MODEL FOLDER`. It takes two messages. `{"index": PATH}` names a corpus in
BEIR form. `{"ask": [question…], "k": passages, "threads": 0}` asks the questions one after the other and times them;
with `threads` above 0, so many threads ask together.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from bench.peers.peer import Document, Make, Peer


def main() -> None:
    """Serve one peer until standard input ends."""
    replies = _own_stdout()
    path, model, folder = sys.argv[1:4]
    module, _, name = path.partition(":")
    make: Make = getattr(importlib.import_module(module), name)
    peer = make(Path(model), Path(folder))
    for line in sys.stdin:
        try:
            reply = answered(peer, json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply, ensure_ascii=False), file=replies, flush=True)


def answered(peer: Peer, message: Mapping[str, Any]) -> dict[str, Any]:
    """Do what the message says and return the reply."""
    if "index" in message:
        return _indexed(peer, Path(message["index"]))
    if message["threads"]:
        return _together(peer, message["ask"], message["k"], message["threads"])
    return _in_turn(peer, message["ask"], message["k"])


def _indexed(peer: Peer, corpus: Path) -> dict[str, Any]:
    documents = [_document(json.loads(line)) for line in corpus.read_text(encoding="utf-8").splitlines() if line]
    start = time.perf_counter()
    passages = peer.index(documents)
    return {"seconds": time.perf_counter() - start, "passages": passages}


def _document(read: Mapping[str, str]) -> Document:
    return Document(read["_id"], read.get("title") or "", read["text"])


def _in_turn(peer: Peer, questions: list[str], k: int) -> dict[str, Any]:
    found, milliseconds = [], []
    for question in questions:
        start = time.perf_counter()
        found.append(peer.search(question, k))
        milliseconds.append(1000 * (time.perf_counter() - start))
    return {"found": found, "milliseconds": milliseconds}


def _together(peer: Peer, questions: list[str], k: int, threads: int) -> dict[str, Any]:
    start = time.perf_counter()
    peer.search_all(questions, k, threads)
    return {"seconds": time.perf_counter() - start}


def _own_stdout() -> IO[str]:
    """Return standard output, kept for replies only. Whatever else is printed goes to standard error."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


if __name__ == "__main__":
    main()
