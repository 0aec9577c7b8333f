"""Draws the results: the share of questions answered within so many milliseconds, quality, and memory."""

from pathlib import Path
from typing import Any

import numpy as np

from bench.drawing import saved
from bench.memory import LIMIT_MB
from bench.results import Results
from bench.speed import FLOOR, OURS, STOCK

_COLOURS = {FLOOR: "#8a8f98", OURS: "#0b6e4f", STOCK: "#c8553d"}
_NAMES = {
    FLOOR: "floor: model + vector query",
    OURS: "laofashi: answer with citation",
    STOCK: "stock: LangChain, top 4",
}


def draw(results: Results, folder: Path) -> list[Path]:
    """Write bench.svg and bench.png into `folder`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(13, 4.2), width_ratios=(3, 1, 1), layout="constrained")
    _times(axes[0], results)
    _quality(axes[1], results)
    _memory(axes[2], results)
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
    return saved(figure, folder, "bench")


def _times(panel: Any, results: Results) -> None:
    panel.set_title("One question, in process", loc="left")
    if not results.speed:
        return
    for name, times in results.speed.times.items():
        ordered = np.sort(times.wall.min(axis=0))
        share = 100 * np.arange(1, len(ordered) + 1) / len(ordered)
        panel.step(ordered, share, where="post", color=_COLOURS[name], label=_NAMES[name], linewidth=2)
    panel.set_xscale("log")
    panel.xaxis.set_major_formatter("{x:g}")
    panel.set_xlabel("milliseconds (each question's fastest round)")
    panel.set_ylabel("% of questions answered")
    panel.set_ylim(0, 101)
    panel.grid(alpha=0.25, which="both")
    panel.legend(frameon=False, loc="lower right")


def _quality(panel: Any, results: Results) -> None:
    panel.set_title("nDCG@10, notices", loc="left")
    found = {name: float(figures["ndcg@10"]) for name, figures in results.quality.items()}
    bars = panel.bar(list(found), list(found.values()), color=[_COLOURS[name] for name in found], width=0.6)
    panel.bar_label(bars, fmt="%.3f")
    panel.set_ylim(0, 1)


def _memory(panel: Any, results: Results) -> None:
    panel.set_title("Serving, RSS in MB", loc="left")
    if not results.memory:
        return
    label = f"{results.memory.clauses // 1000}k clauses" + (",\nrandom vectors" if results.synthetic else "")
    bars = panel.bar([label], [results.memory.peak_mb], color=_COLOURS[OURS], width=0.4)
    panel.bar_label(bars, fmt="%.0f")
    panel.axhline(LIMIT_MB, color=_COLOURS[STOCK], linestyle="--", linewidth=1)
    panel.set_xlim(-0.8, 0.8)
    panel.set_ylim(0, max(LIMIT_MB, results.memory.peak_mb) * 1.12)
