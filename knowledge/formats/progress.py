"""Report progress on a file of many pages, so that its time limit counts from the last page read."""

from collections.abc import Callable

_listeners: list[Callable[[], object]] = []


def listen(listener: Callable[[], object]) -> None:
    """Call `listener` at every beat from now on. A process that parses one file calls this once."""
    _listeners.append(listener)


def beat() -> None:
    """Tell the listeners that another page is done."""
    for listener in _listeners:
        listener()
