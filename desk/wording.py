"""An entry of the words in use: what people say, what documents write, where it comes from, whether it is used."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from desk.errors import InvalidWords
from knowledge.privacy import mask
from retrieval.fusion import STOP_WORDS
from retrieval.lexicon import Entry, shipped, word_list
from retrieval.tokens import normalised

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
    def entry(self) -> Entry:
        return Entry(self.said, self.written)


@cache
def shipped_entries() -> tuple[WordEntry, ...]:
    """The entries that come with the program; an id lasts while what people say in it does."""
    return tuple(
        WordEntry(_id(each.said), each.said, each.written, Origin.SHIPPED, WordState.ON) for each in shipped().entries
    )


def _id(said: Iterable[str]) -> str:
    return f"shipped-{hashlib.sha256(' '.join(said).encode()).hexdigest()[:16]}"


def checked(said: Sequence[str], written: Sequence[str]) -> Entry:
    """These words as an entry. Raises InvalidWords with what is wrong.

    One character, or a word of every other question, would bring its official words into most searches.
    """
    entry = Entry(_words(said), _words(written))
    if not entry.said or not entry.written:
        raise InvalidWords
    for word in entry.said:
        if len(word) < 2:
            raise InvalidWords(f"“{word}”只有一个字，很多问题里都会有，请写两个字以上的说法。")
        if word in STOP_WORDS or word in word_list("chatter.txt"):
            raise InvalidWords(f"“{word}”几乎每个问题里都有，不能作为一种说法。")
    return entry


def _words(given: Sequence[str]) -> tuple[str, ...]:
    words = [word for text in given for word in _BETWEEN.split(normalised(text)) if word]
    if len(words) > MOST:
        raise InvalidWords(f"一条里每边最多 {MOST} 个词，请分成几条。")
    for word in words:
        if len(word) > LONGEST:
            raise InvalidWords(f"“{word[:LONGEST]}…”太长了，一个词最多 {LONGEST} 个字。")
        if mask(word) != word:
            raise InvalidWords("用词里不能有证件号码、银行卡号或手机号码。")
    return tuple(dict.fromkeys(words))
