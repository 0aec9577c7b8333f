"""The peers part of the benchmark: runs all contestants over each corpus asked for."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.houses import Report
from bench.peers.contest import Contest, Contestants, Terms, contest
from bench.peers.kinds import KINDS, check_installed
from bench.peers.task import task
from bench.places import CACHE
from bench.stock import model_folder

_TERMS = Terms(questions=200, rounds=5, threads=os.cpu_count() or 1)
_QUICK = Terms(questions=40, rounds=2, threads=os.cpu_count() or 1)


def peers(corpora: Sequence[str], quick: bool, report: Report) -> Iterator[Contest]:
    """Yield one contest for each corpus. Raises bench.places.NoData, retrieval.embedding.obtain.ModelUnavailable."""
    check_installed()
    model, terms = model_folder(), _QUICK if quick else _TERMS
    for name in corpora:
        with tempfile.TemporaryDirectory(prefix="contest-", dir=CACHE) as folder:
            contestants = Contestants(model, Path(folder), report)
            yield contest(task(name, Path(folder), quick=quick), KINDS, terms, contestants)
