"""What people say and what documents say: colloquial words bring the official ones into the search."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.tokens import normalised

_FOLDER = Path(__file__).parent
_FILE = _FOLDER / "lexicon.txt"
_LATIN = re.compile(r"[a-z-]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What people say, a pattern of it where words begin and end, and what documents write."""

    said: tuple[str, ...]
    pattern: re.Pattern[str]
    written: tuple[str, ...]


def word_list(name: str) -> frozenset[str]:
    """The words of a file beside this module, without its comments."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


@cache
def _entries() -> tuple[_Entry, ...]:
    entries = []
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        said, equals, written = line.partition("=")
        if not equals or not said.split() or not written.split():
            raise ValueError(f"{_FILE.name}, line {number}: not 'said … = written …': {line!r}")
        words = sorted((normalised(word) for word in said.split()), key=len, reverse=True)
        entries.append(_Entry(tuple(words), re.compile("|".join(map(_bounded, words))), tuple(written.split())))
    return tuple(entries)


def _bounded(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" if _LATIN.fullmatch(word) else re.escape(word)


def concepts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each colloquial expression in `text` (normalised) with the documents' words for it, longest expressions first."""
    near = (entry for entry in _entries() if any(map(text.__contains__, entry.said)))  # far faster than the patterns
    found = [(match.group(), entry.written) for entry in near for match in entry.pattern.finditer(text)]
    return sorted(dict.fromkeys(found), key=lambda pair: -len(pair[0]))


def official(text: str) -> list[str]:
    """The words documents use for what `text` says colloquially; those it says already are left out."""
    plain = normalised(text)
    words = (word for _, written in concepts(plain) for word in written)
    return [word for word in dict.fromkeys(words) if word not in plain]


def spoken_words() -> list[str]:
    """Every word of either side."""
    return [word for entry in _entries() for word in (*entry.said, *entry.written)]
