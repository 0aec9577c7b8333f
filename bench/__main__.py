"""The command: `python -m bench [--quick] [--json]`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.houses import Report, large_house, small_house
from bench.memory import memory
from bench.peers.task import CORPORA
from bench.places import CACHE, NoData
from bench.questions import legal, mixed
from bench.results import Results
from bench.speed import OURS, STOCK, speed
from retrieval.embedding.obtain import ModelUnavailable

_QUESTIONS, _ROUNDS, _SERVED = 376, 5, 400
_SIZES, _QUICK_SIZES = (1_000, 10_000, 100_000), (1_000, 5_000)  # clauses
_QUICK_QUESTIONS, _QUICK_ROUNDS, _QUICK_SERVED = 120, 3, 200


def main() -> None:
    """Measure, print, draw."""
    options = _options()
    run = Run(options.quick, options.synthetic, _Progress(), options.corpus or CORPORA[:1])
    results = measured(set(options.only or PARTS), run)
    if options.json:
        print(json.dumps(results.as_json(), ensure_ascii=False))
    else:
        print(*results.lines(), sep="\n")
    if not options.no_chart:
        from bench.chart import draw

        print("drawn:", *draw(results, options.chart), file=sys.stderr)
    if results.sizes and not options.no_chart:
        from bench.sizes_chart import draw_sizes

        print("drawn:", *draw_sizes(results.sizes, options.chart), file=sys.stderr)
    if results.contests and not options.no_chart:
        from bench.peers.chart import draw_peers

        for each in results.contests:
            print("drawn:", *draw_peers(each, options.chart), file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures one question answered against the bare model call plus vector query (the floor) and "
        "against LangChain's stock pipeline on the same documents, what both find, the memory of the service with "
        "100 000 clauses, what a question costs in corpora of 1 000 to 147 000, and beside other frameworks what "
        "each finds, how fast, and at what cost. Needs the real documents beside the checkout; a part whose documents "
        "are missing is skipped. "
        "The first run builds indexes under .cache/bench, which takes up to half an hour.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--quick", action="store_true", help="fewer questions and rounds; build nothing large")
    parser.add_argument(
        "--synthetic",
        action="store_true",
        help="give the 100 000 clauses random vectors: minutes to build instead of an hour; memory is what it would be",
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part (may be repeated)")
    parser.add_argument(
        "--corpus", action="append", choices=CORPORA, help="what `peers` find (may be repeated); stard takes hours"
    )
    parser.add_argument("--chart", type=Path, default=CACHE, metavar="DIR", help="folder of bench.svg and bench.png")
    parser.add_argument("--no-chart", action="store_true", help="draw nothing")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class Run:
    """How to measure. `quick` asks fewer questions and builds nothing large. `synthetic` embeds nothing large.

    `corpora` names the corpora that the other frameworks are measured on.
    """

    quick: bool
    synthetic: bool
    report: Report
    corpora: Sequence[str] = CORPORA[:1]

    @property
    def rounds(self) -> int:
        return _QUICK_ROUNDS if self.quick else _ROUNDS

    @property
    def questions(self) -> int:
        return _QUICK_QUESTIONS if self.quick else _QUESTIONS

    def large_house(self, results: Results) -> Path:
        """Return the home with a hundred thousand clauses; note in the results whether its vectors are random."""
        home = large_house(self.report, build=not self.quick, synthetic=self.synthetic)
        results.synthetic = self.synthetic
        return home


class _Progress:
    """Shows one line on standard error, rewritten at most five times a second. Without a terminal it shows nothing."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._told > 0.2:
            self._told = time.monotonic()
            print(f"\r\033[K{stage} {done}/{total}", end="\r", file=sys.stderr, flush=True)


def measured(parts: set[str], run: Run) -> Results:
    """Measure the given parts one after the other. Note the reason for a part that cannot be measured."""
    results = Results()
    for name in PARTS:
        if name in parts:
            try:
                _MEASURES[name](results, run)
            except (NoData, ModelUnavailable) as error:
                results.skipped[name] = str(error)
    return results


def _speed(results: Results, run: Run) -> None:
    from bench.quality import our_quality, stock_quality
    from bench.speed import documents_for_stock
    from bench.stock import Stock

    home = small_house(run.report)
    stock = Stock(CACHE / "stock")
    stock.fill(documents_for_stock(home), run.report)
    results.speed = speed(home, mixed(run.questions), run.rounds, stock)
    results.quality = {OURS: our_quality(home, run.report), STOCK: stock_quality(stock, run.report)}


def _large(results: Results, run: Run) -> None:
    results.large = speed(run.large_house(results), legal(run.questions), run.rounds)


def _publishing(results: Results, run: Run) -> None:
    from bench.publishing import publishing

    results.publishing, results.meanwhile = publishing(_QUICK_SIZES if run.quick else _SIZES, run.report)


def _loading(results: Results, run: Run) -> None:
    from bench.loading import loading

    results.loading = loading(run.quick, run.report)


def _memory(results: Results, run: Run) -> None:
    results.memory = memory(run.large_house(results), legal(_QUICK_SERVED if run.quick else _SERVED))


def _corpora(results: Results, run: Run) -> None:
    from bench.sizes import QUICK_SIZES, SIZES, sizes

    results.sizes = sizes(QUICK_SIZES if run.quick else SIZES, run.questions, run.rounds, run.report)


def _peers(results: Results, run: Run) -> None:
    from bench.peers.part import peers

    results.contests.extend(peers(run.corpora, run.quick, run.report))


_MEASURES = {
    "speed": _speed,
    "large": _large,
    "memory": _memory,
    "publishing": _publishing,
    "loading": _loading,
    "sizes": _corpora,
    "peers": _peers,
}
PARTS = tuple(_MEASURES)

if __name__ == "__main__":
    main()
