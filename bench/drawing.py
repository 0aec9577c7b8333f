"""Saves a drawn figure as SVG, which scales, and as PNG, which every program shows."""

from pathlib import Path
from typing import Any


def saved(figure: Any, folder: Path, name: str) -> list[Path]:
    """Write NAME.svg and NAME.png into `folder`, made if missing, and close the figure."""
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.{kind}" for kind in ("svg", "png")]
    for path in paths:
        figure.savefig(path, dpi=150)
    pyplot.close(figure)
    return paths
