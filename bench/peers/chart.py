"""Draws the contest: a panel for each figure, a bar for each contestant."""

from pathlib import Path
from typing import Any

from bench.drawing import saved
from bench.peers.contest import Contest
from bench.peers.kinds import OURS
from bench.peers.table import COLUMNS, Column

_OURS, _THEIRS = "#0b6e4f", "#b9bec6"


def draw_peers(contest: Contest, folder: Path) -> list[Path]:
    """Write peers-CORPUS.svg and .png into `folder`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    height = 1.1 + 0.3 * len(contest.figures)
    figure, axes = pyplot.subplots(1, len(COLUMNS), figsize=(16, height), sharey=True, layout="constrained")
    for panel, column in zip(axes, COLUMNS, strict=True):
        _bars(panel, column, contest)
    axes[0].invert_yaxis()  # inverts all panels, as they share the axis
    figure.suptitle(
        f"{contest.documents} documents of {contest.corpus}/, {contest.questions} questions", x=0.01, ha="left"
    )
    return saved(figure, folder, f"peers-{contest.corpus}")


def _bars(panel: Any, column: Column, contest: Contest) -> None:
    names = list(contest.figures)
    values = [getattr(contest.figures[name], column.field) for name in names]
    bars = panel.barh(names, values, color=[_OURS if name == OURS else _THEIRS for name in names], height=0.7)
    panel.bar_label(bars, fmt=f"{{:{column.form}}}", padding=2, fontsize=8)
    panel.set_title(f"{column.heading} ({'more' if column.more else 'less'} is better)", loc="left", fontsize=9)
    panel.set_xlim(0, 1.28 * max(values, default=1))
    panel.set_xticks([])
    panel.spines[["top", "right", "bottom"]].set_visible(False)
