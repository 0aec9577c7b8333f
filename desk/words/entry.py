"""An entry of the words in use: what people say, what documents write, where it comes from, whether it is used."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from desk import sentences
from desk.errors import InvalidWords
from knowledge.privacy import mask
from retrieval.language.lexicon import LexiconEntry, shipped, word_list
from retrieval.language.question_words import STOP_WORDS
from retrieval.language.tokens import normalised

LONGEST, MOST = 20, 20  # characters of a word, words on a side
_BETWEEN = re.compile(r"[\s、,，;；=＝#]+")


class Origin(StrEnum):
    """Where an entry comes from."""

    SHIPPED = "shipped"
    SITE = "site"
    MINED = "mined"  # proposed from resolved conversations, decided by an administrator


class WordState(StrEnum):
    """Whether an entry is used; REJECTED is a proposal that is not made again."""

    ON = "on"
    OFF = "off"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class WordEntry:
    """What people say (normalised) and what documents write; who changed it last, where anybody did."""

    id: str
    said: tuple[str, ...]
    written: tuple[str, ...]
    origin: Origin
    state: WordState
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def entry(self) -> LexiconEntry:
        return LexiconEntry(self.said, self.written)


@cache
def shipped_entries() -> tuple[WordEntry, ...]:
    """Return the entries that come with the program. An id stays while what people say in its entry stays."""
    return tuple(
        WordEntry(_id(each.said), each.said, each.written, Origin.SHIPPED, WordState.ON) for each in shipped().entries
    )


def _id(said: Iterable[str]) -> str:
    return f"shipped-{hashlib.sha256(' '.join(said).encode()).hexdigest()[:16]}"


def checked(said: Sequence[str], written: Sequence[str]) -> LexiconEntry:
    """Return these words as an entry. Raises InvalidWords with what is wrong.

    A single character, or a word of every other question, would bring its official words into most searches.
    """
    entry = LexiconEntry(_words(said), _words(written))
    if not entry.said or not entry.written:
        raise InvalidWords
    for word in entry.said:
        if len(word) < 2:
            raise InvalidWords(sentences.WORD_TOO_SHORT.format(word=word))
        if word in STOP_WORDS or word in word_list("chatter.txt"):
            raise InvalidWords(sentences.WORD_TOO_COMMON.format(word=word))
    return entry


def _words(given: Sequence[str]) -> tuple[str, ...]:
    words = [word for text in given for word in _BETWEEN.split(normalised(text)) if word]
    if len(words) > MOST:
        raise InvalidWords(sentences.TOO_MANY_WORDS.format(most=MOST))
    for word in words:
        if len(word) > LONGEST:
            raise InvalidWords(sentences.WORD_TOO_LONG.format(word=word[:LONGEST], most=LONGEST))
        if mask(word) != word:
            raise InvalidWords(sentences.WORD_WITH_NUMBERS)
    return tuple(dict.fromkeys(words))
