"""What people say and what documents say: colloquial words bring the official ones into the search."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.tokens import normalised

_FOLDER = Path(__file__).parent
_FILE = _FOLDER / "lexicon.txt"
_LATIN = re.compile(r"[a-z][a-z' -]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """What people say for one thing (normalised), and what documents write for it."""

    said: tuple[str, ...]
    written: tuple[str, ...]


class Lexicon:
    """Entries made ready to be looked up; never changes, so threads share it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._patterns = [_pattern(entry.said) for entry in self.entries]
        self._by_first: dict[str, list[tuple[str, int]]] = {}  # words by their first character, with their entry
        for place, entry in enumerate(self.entries):
            for word in entry.said:
                self._by_first.setdefault(word[0], []).append((word, place))

    def concepts(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """Each colloquial expression in `text` (normalised) with the documents' words for it, longest ones first."""
        near = {
            place
            for start, first in enumerate(text)
            for word, place in self._by_first.get(first, ())
            if text.startswith(word, start)
        }  # far faster than the patterns
        found = [
            (match.group(), self.entries[place].written)
            for place in sorted(near)
            for match in self._patterns[place].finditer(text)
        ]
        return sorted(dict.fromkeys(found), key=lambda pair: -len(pair[0]))

    def official(self, text: str) -> list[str]:
        """The words documents use for what `text` says colloquially; those it says already are left out."""
        plain = normalised(text)
        words = (word for _, written in self.concepts(plain) for word in written)
        return [word for word in dict.fromkeys(words) if word not in plain]

    def spared(self, text: str, corrected: str) -> str:
        """`corrected`, or `text` (normalised) itself where a correction would lose what people say."""
        lost = text != corrected and any(said not in corrected for said, _ in self.concepts(text))
        return text if lost else corrected

    def words(self) -> list[str]:
        """Every word of either side."""
        return [word for entry in self.entries for word in (*entry.said, *entry.written)]


def word_list(name: str) -> frozenset[str]:
    """The words of a file beside this module, without its comments."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


@cache
def shipped() -> Lexicon:
    """The entries that come with the program."""
    entries = []
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        said, equals, written = line.partition("=")
        if not equals or not said.split() or not written.split():
            raise ValueError(f"{_FILE.name}, line {number}: not 'said … = written …': {line!r}")
        words = sorted((normalised(word.replace("_", " ")) for word in said.split()), key=len, reverse=True)
        entries.append(Entry(tuple(words), tuple(written.split())))
    return Lexicon(entries)


def _pattern(said: Iterable[str]) -> re.Pattern[str]:
    """Words where they begin and end, the longest first."""
    return re.compile("|".join(map(_bounded, sorted(said, key=len, reverse=True))))


def _bounded(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" if _LATIN.fullmatch(word) else re.escape(word)
