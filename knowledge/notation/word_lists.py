"""Read lists of words from text files beside the code that uses them; anything after # is a comment."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a list that are not empty, each with its number in the file, counted from 1."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if said := line.partition("#")[0].strip():
            yield number, said


def words(path: Path) -> tuple[str, ...]:
    """Return the words of a list in their order. White space separates them."""
    return tuple(word for _, line in lines(path) for word in line.split())


def any_of(listed: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of these words. If two begin alike, it finds the longer one."""
    return re.compile("|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True)))
