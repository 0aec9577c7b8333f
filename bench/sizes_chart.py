"""Draws the cost of one question and the questions per second against the size of the corpus."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.drawing import saved
from bench.sizes import CORES, PER_SECOND, Sized
from bench.speed import FLOOR, OURS

_OURS, _FLOOR, _AIM = "#0b6e4f", "#8a8f98", "#c8553d"


def draw_sizes(measured: Sequence[Sized], folder: Path) -> list[Path]:
    """Write sizes.svg and sizes.png into `folder`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, (cost, rate) = pyplot.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    _cost(cost, measured)
    _rate(rate, measured)
    for panel in (cost, rate):
        panel.set_xscale("log")
        panel.set_xlabel("clauses")
        panel.set_ylim(bottom=0)
        panel.grid(alpha=0.25)
        panel.legend(frameon=False)
        panel.spines[["top", "right"]].set_visible(False)
    return saved(figure, folder, "sizes")


def _cost(panel: Any, measured: Sequence[Sized]) -> None:
    panel.set_title("One question, in process: milliseconds", loc="left")
    clauses = [each.clauses for each in measured]
    for name, colour, told in ((OURS, _OURS, "laofashi"), (FLOOR, _FLOOR, "model + vector + keyword query")):
        for share, style in ((50, "-"), (99, ":")):
            times = [each.times[name].percentile(share) for each in measured]
            panel.plot(clauses, times, style, marker="o", color=colour, label=f"{told}, p{share}")


def _rate(panel: Any, measured: Sequence[Sized]) -> None:
    panel.set_title(f"Questions a second on {CORES} cores", loc="left")
    clauses = [each.clauses for each in measured]
    panel.plot(clauses, [each.by_processes for each in measured], marker="o", color=_OURS, label=f"{CORES} processes")
    panel.plot(
        clauses, [each.by_threads for each in measured], "--", marker="o", color=_OURS, label=f"{CORES} threads of one"
    )
    panel.axhline(PER_SECOND, color=_AIM, linestyle="--", linewidth=1, label="aim")
