"""A file of many pages says that it is getting on, so that its time limit counts from the last page."""

from collections.abc import Callable

_listeners: list[Callable[[], object]] = []


def listen(listener: Callable[[], object]) -> None:
    """Call `listener` at every beat from now on; a process that parses one file listens once."""
    _listeners.append(listener)


def beat() -> None:
    """Another page is done."""
    for listener in _listeners:
        listener()
