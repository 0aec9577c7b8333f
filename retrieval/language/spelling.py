"""Corrects typing errors by pinyin: what no document writes becomes the documents' word that sounds the same."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import rjieba

from retrieval.language.lexicon import shipped

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 4  # characters of a word at most
_WORDS = 60_000  # so many words are kept, the most frequent ones
_PAIR = 3  # two words in a row with so many characters together count as one word
_OFTEN = 3  # if they stand together in at least so many texts
_FILE = "words.json"
_LITTLE = frozenset(
    "的了吗呢什么怎可以能否有是在和与及对于为我你他她它您们请问多少几吧啊被把给都就要会这那去来到得地不没也还又再很太更最"
    "上下里外前后中从向让叫说想看做用没个些只已将并或但因所其此该之而则者等每各先才只全自己又跟同过着何由"
    "省市县区镇乡村街路巷组队氏"  # proper names stand beside these
)

IsWritten = Callable[[str], bool]  # whether any document writes a pair of characters


class Spelling:
    """Corrects words by their sound."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        """`words` are those of the documents, by toneless pinyin with spaces between syllables, most frequent first."""
        self._words = words

    def corrected(self, text: str, written: IsWritten) -> str:
        """Return `text` (normalised) with typing errors put right.

        A word is examined only if it holds a pair of characters that no document writes, by `written`.
        """
        parts: list[str] = list(rjieba.cut(text, False))
        for size in range(_LONGEST, 1, -1):
            parts = list(self._put_right(parts, size, written))
        return "".join(parts)

    def _put_right(self, parts: list[str], size: int, written: IsWritten) -> Iterator[str]:
        place = 0
        while place < len(parts):
            end = _run(parts, place, size)
            word = self._meant("".join(parts[place:end]), written) if end else None
            if word:
                yield word
                place = end
            else:
                yield parts[place]
                place += 1

    def _meant(self, typed: str, written: IsWritten) -> str | None:
        if all(written(a + b) for a, b in pairwise(typed)):
            return None
        alike = self._words.get(sound(typed), [])
        if typed in alike:
            return None
        shared, word = max(((len({*typed} & {*each}), each) for each in alike), key=itemgetter(0), default=(0, None))
        return word if shared >= len(typed) - 1 else None


def _run(parts: list[str], place: int, size: int) -> int:
    """Return the end of the words that start at `place` and together have `size` characters, all Chinese; else 0.

    A typing error falls apart into words of one character, or into a longer word beside such a one, or it is a long
    word itself. 的 and the like are part of no typing error.
    """
    length = 0
    for end in range(place, len(parts)):
        part = parts[end]
        length += len(part)
        if length > size or not _HAN.fullmatch(part) or (len(part) == 1 and part in _LITTLE):
            return 0
        if length == size:
            alone = end == place and size > 2
            single = end > place and any(len(each) == 1 for each in parts[place : end + 1])
            return end + 1 if alone or single else 0
    return 0


def sound(word: str) -> str:
    """Return toneless pinyin with a space between syllables; a character has one reading, in whatever word."""
    return " ".join(map(_reading, word))


@cache
def _reading(character: str) -> str:
    from pypinyin import lazy_pinyin  # reads a dictionary of a third of a second, which a start need not wait for

    reading: str = lazy_pinyin(character)[0]
    return reading


class Vocabulary:
    """Counts the words of texts: dictionary words, and pairs that stand together often enough to be a word."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, words: Iterable[str]) -> None:
        """Count the words of one text, given in order."""
        its = [word for word in words if _HAN.fullmatch(word)]
        seen = {word for word in its if 2 <= len(word) <= _LONGEST}
        pairs = (one + other for one, other in pairwise(its) if len(one + other) == _PAIR)
        seen |= {pair for pair in pairs if _LITTLE.isdisjoint(pair)}
        self._counts.update(seen)

    def finish(self) -> dict[str, list[str]]:
        """Return the most frequent words, and those of the lexicon, by their sound."""
        often = [word for word, count in self._counts.most_common(_WORDS) if count >= (_OFTEN if len(word) > 2 else 1)]
        found: dict[str, list[str]] = {}
        for word in dict.fromkeys([*often, *shipped().words()]):
            if 2 <= len(word) <= _LONGEST and _HAN.fullmatch(word):
                found.setdefault(sound(word), []).append(word)
        return found


def save_words(folder: Path, words: Mapping[str, list[str]]) -> None:
    """Keep the words of a partition in its folder."""
    (folder / _FILE).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def load_words(folder: Path) -> dict[str, list[str]]:
    """Return what `save_words` kept. Raises OSError or ValueError where it cannot be read."""
    found: dict[str, list[str]] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return found
