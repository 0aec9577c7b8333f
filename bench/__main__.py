"""The command: `python -m bench [--quick] [--json]`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.places import CACHE, NoData
from bench.results import Results
from retrieval.obtain import ModelUnavailable

_QUESTIONS, _ROUNDS, _SERVED = 376, 5, 400
_QUICK_QUESTIONS, _QUICK_ROUNDS, _QUICK_SERVED = 120, 3, 200


def main() -> None:
    """Measure, print, draw."""
    options = _options()
    results = measured(options.quick, set(options.only or PARTS), _Progress())
    if options.json:
        print(json.dumps(results.as_json(), ensure_ascii=False))
    else:
        print(*results.lines(), sep="\n")
    if not options.no_chart:
        from bench.chart import draw

        print("drawn:", *draw(results, options.chart), file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures one question answered against the bare model call plus vector query (the floor) and "
        "against LangChain's stock pipeline on the same documents, what both find, and the memory of the service with "
        "100 000 clauses. Needs the real documents beside the checkout; a part whose documents are missing is skipped. "
        "The first run builds indexes under .cache/bench, which takes up to half an hour.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--quick", action="store_true", help="fewer questions and rounds; build nothing large")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part (may be repeated)")
    parser.add_argument("--chart", type=Path, default=CACHE, metavar="DIR", help="folder of bench.svg and bench.png")
    parser.add_argument("--no-chart", action="store_true", help="draw nothing")
    return parser.parse_args()


class _Progress:
    """One line on standard error, rewritten at most five times a second; nothing where nobody looks."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._told > 0.2:
            self._told = time.monotonic()
            print(f"\r\033[K{stage} {done}/{total}", end="\r", file=sys.stderr, flush=True)


def measured(quick: bool, parts: set[str], report: Callable[[str, int, int], None]) -> Results:
    """The parts asked for, one after the other; one that cannot be measured says why."""
    results = Results()
    for name in PARTS:
        if name in parts:
            try:
                _MEASURES[name](results, quick, report)
            except (NoData, ModelUnavailable) as error:
                results.skipped[name] = str(error)
    return results


def _speed(results: Results, quick: bool, report: Callable[[str, int, int], None]) -> None:
    from bench.houses import small_house
    from bench.quality import our_quality, stock_quality
    from bench.questions import mixed
    from bench.speed import OURS, STOCK, documents_for_stock, speed
    from bench.stock import Stock

    home = small_house(report)
    stock = Stock(CACHE / "stock")
    stock.fill(documents_for_stock(home), report)
    questions = mixed(_QUICK_QUESTIONS if quick else _QUESTIONS)
    results.speed = speed(home, questions, _QUICK_ROUNDS if quick else _ROUNDS, stock)
    results.quality = {OURS: our_quality(home, report), STOCK: stock_quality(stock, report)}


def _large(results: Results, quick: bool, report: Callable[[str, int, int], None]) -> None:
    from bench.houses import large_house
    from bench.questions import legal
    from bench.speed import speed

    questions = legal(_QUICK_QUESTIONS if quick else _QUESTIONS)
    results.large = speed(large_house(report, build=not quick), questions, _QUICK_ROUNDS if quick else _ROUNDS)


def _memory(results: Results, quick: bool, report: Callable[[str, int, int], None]) -> None:
    from bench.houses import large_house
    from bench.memory import memory
    from bench.questions import legal

    results.memory = memory(large_house(report, build=not quick), legal(_QUICK_SERVED if quick else _SERVED))


_MEASURES = {"speed": _speed, "large": _large, "memory": _memory}
PARTS = tuple(_MEASURES)

if __name__ == "__main__":
    main()
