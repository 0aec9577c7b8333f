"""Documents that a question names in 《》: no other may answer for them."""

import re
from collections.abc import Callable

import rjieba

_TITLE = re.compile(r"《([^《》]{2,100})》")
_ENOUGH = 0.8  # share of a title's words that is enough: people shorten titles, and write 规定 for 办法


def titles(text: str) -> tuple[str, ...]:
    """The titles named in a text."""
    return tuple(_TITLE.findall(text))


def speaks_of(named: tuple[str, ...], holds: Callable[[str], bool]) -> bool:
    """Whether a document is or speaks of one of the titles `named`; any document does if none is named.

    `holds` tells whether the document has a word.
    """
    return not named or any(_held(title, holds) >= _ENOUGH for title in named)


def _held(title: str, holds: Callable[[str], bool]) -> float:
    words = [word for word in rjieba.cut(title, False) if len(word) > 1] or [title]
    return sum(map(holds, words)) / len(words)
