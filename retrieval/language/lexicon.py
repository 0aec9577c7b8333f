"""The lexicon: it adds to a search the official words for what people say colloquially."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.notation.word_lists import lines, words
from retrieval.language.tokens import normalised

_FOLDER = Path(__file__).parent
_FILE = _FOLDER / "lexicon.txt"
_LATIN = re.compile(r"[a-z][a-z' -]*")


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """What people say for one thing (normalised), and what documents write for it."""

    said: tuple[str, ...]
    written: tuple[str, ...]


class Lexicon:
    """Entries ready for look-up. A lexicon never changes, so threads may share it."""

    def __init__(self, entries: Iterable[LexiconEntry]) -> None:
        self.entries = tuple(entries)
        self._patterns = [_pattern(entry.said) for entry in self.entries]
        self._by_first: dict[str, list[tuple[str, int]]] = {}  # words by first character, with their entry's place
        for place, entry in enumerate(self.entries):
            for word in entry.said:
                self._by_first.setdefault(word[0], []).append((word, place))

    def concepts(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return each colloquial expression in `text` (normalised) with the documents' words for it, longest first."""
        near = {
            place
            for start, first in enumerate(text)
            for word, place in self._by_first.get(first, ())
            if text.startswith(word, start)
        }  # far faster than trying every pattern
        found = [
            (match.group(), self.entries[place].written)
            for place in sorted(near)
            for match in self._patterns[place].finditer(text)
        ]
        return sorted(dict.fromkeys(found), key=lambda pair: -len(pair[0]))

    def official(self, text: str) -> list[str]:
        """Return the documents' words for what `text` says colloquially, without those that `text` already holds."""
        plain = normalised(text)
        words = (word for _, written in self.concepts(plain) for word in written)
        return [word for word in dict.fromkeys(words) if word not in plain]

    def spared(self, text: str, corrected: str) -> str:
        """Return `corrected`, or `text` (normalised) where the correction would lose a colloquial expression."""
        lost = text != corrected and any(said not in corrected for said, _ in self.concepts(text))
        return text if lost else corrected

    def words(self) -> list[str]:
        """Return every word of both sides."""
        return [word for entry in self.entries for word in (*entry.said, *entry.written)]


def word_list(name: str) -> frozenset[str]:
    """Return the words of a file beside this module, without its comments."""
    return frozenset(words(_FOLDER / name))


@cache
def shipped() -> Lexicon:
    """Return the lexicon that comes with the program. Raises ValueError where a line of its file is malformed."""
    entries = []
    for number, line in lines(_FILE):
        said, equals, written = line.partition("=")
        if not equals or not said.split() or not written.split():
            raise ValueError(f"{_FILE.name}, line {number}: not 'said … = written …': {line!r}")
        longest_first = sorted((normalised(word.replace("_", " ")) for word in said.split()), key=len, reverse=True)
        entries.append(LexiconEntry(tuple(longest_first), tuple(written.split())))
    return Lexicon(entries)


def _pattern(said: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for the words, the longest first; it matches Latin words only where they begin and end."""
    return re.compile("|".join(map(_bounded, sorted(said, key=len, reverse=True))))


def _bounded(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" if _LATIN.fullmatch(word) else re.escape(word)
