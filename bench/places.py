"""Where the benchmark finds the real documents, and where it keeps data that takes long to build."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = CHECKOUT.parent / "shared" / "data"  # beside the checkout
CACHE = CHECKOUT / ".cache" / "bench"


class NoData(Exception):
    """Something that a part of the benchmark needs is missing. The message says what."""


def material(*names: str) -> list[Path]:
    """Return folders of the real documents. Raises NoData."""
    folders = [DATA / name for name in names]
    for folder in folders:
        if not folder.exists():
            raise NoData(f"no {folder.relative_to(DATA.parent.parent)} beside the checkout")
    return folders
