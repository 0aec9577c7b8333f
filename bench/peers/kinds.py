"""The contestants: each one's name in the table, and where its class is."""

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.places import CACHE, NoData

OURS = "laofashi"
_VENV = CACHE / "peers" / "venv"  # made by `make bench`: their versions clash with this program's
_THEIRS = str(_VENV / "bin" / "python")


@dataclass(frozen=True, slots=True)
class Kind:
    """A contestant. `path` is MODULE:CLASS, run by `python`; `settings` describes it in a few words."""

    name: str
    path: str
    settings: str
    python: str = _THEIRS

    def command(self, model: Path, folder: Path) -> list[str]:
        """Return the command that starts its process."""
        return [self.python, "-m", "bench.peers.child", self.path, str(model), str(folder)]


KINDS = (
    Kind(OURS, "bench.peers.ours:Laofashi", "all that serves, up to the ranking", sys.executable),
    Kind("langchain", "bench.peers.with_langchain:Vectors", "splitter 1000/200, Chroma"),
    Kind("langchain ensemble", "bench.peers.with_langchain:Ensemble", "Chroma and BM25 over words at white space"),
    Kind("langchain ensemble, jieba", "bench.peers.with_langchain:SegmentedEnsemble", "Chroma and BM25 over words"),
    Kind("llamaindex", "bench.peers.with_llamaindex:Fusion", "Chroma and BM25, rank fusion"),
    Kind("haystack", "bench.peers.with_haystack:Hybrid", "vectors and BM25 in memory, rank fusion"),
    Kind("txtai", "bench.peers.with_txtai:Hybrid", "hybrid: Faiss and BM25, whole documents"),
    Kind("bm25s", "bench.peers.with_bm25s:Words", "its own tokenizer, whole documents"),
    Kind("bm25s, jieba", "bench.peers.with_bm25s:SegmentedWords", "words, whole documents"),
)


def check_installed() -> None:
    """Raise NoData where the other frameworks are not installed."""
    if not Path(_THEIRS).exists():
        raise NoData("the other frameworks are not installed: make bench ARGS='--only peers' does it")
