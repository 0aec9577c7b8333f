"""Cut texts into sentences: all readers do it here, and each names the marks that end a sentence for it."""

import re
from collections.abc import Iterator
from functools import cache

RULE = "。；\n"  # in official prose a semicolon, too, ends a rule
SAID = "。！？!?；;\n"  # what applicants and models write

_CLOSED = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”」』）)]*|[^。！？；!?;]+$")


def split(text: str, ends: str = RULE, *, keep: bool = False) -> list[str]:
    """Split `text` at the marks `ends`. With `keep`, each mark stays with the part before it. Parts may be ""."""
    return _at(ends, keep).split(text)


def runs(text: str, ends: str = SAID, breaks: str = "") -> list[str]:
    """Return the sentences of `text`, each with all marks after it. `breaks` also end a sentence but belong to none."""
    found: list[str] = _run(ends, breaks).findall(text)
    return found


def spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of `text[start:end]` stands, without gaps. It includes closing quotes and brackets."""
    return (found.span() for found in _CLOSED.finditer(text, start, end))


@cache
def _at(ends: str, keep: bool) -> re.Pattern[str]:
    return re.compile(f"(?<=[{ends}])" if keep else f"[{ends}]")


@cache
def _run(ends: str, breaks: str) -> re.Pattern[str]:
    return re.compile(f"[^{ends}{breaks}]+[{ends}]*")
