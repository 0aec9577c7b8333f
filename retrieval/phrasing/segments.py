"""A text as the check of sentences sees it: sentences, the parts between commas, and the numbers in them."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from knowledge.notation import sentence_ends
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words
from retrieval.language.tokens import tokens
from retrieval.phrasing.quantities import Fact, facts, plain

_LINE_NUMBER = pattern(
    r"^(?:[-*•·#]+|第[一二三四五六七八九十百\d]+条|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、"
    r"|\d{1,2}[.、](?!\d)|[①-⑳])",
    takes="第十二条申请人应当",
    leaves="第十二届申请人",
)
_ASKS = pattern(
    r"\?|(?:什么|怎么|如何|哪|多久|多少|能不能|可不可以|要不要|是不是|有没有|吗|呢)[^,。]*$",
    takes="需要什么材料",
    leaves="什么材料都不需要,直接办理",
)
_MEANS_LITTLE = any_of(words(Path(__file__).with_name("little_words.txt")))
_NEAR = 8  # characters either side of a number that say what it counts
_FILLED = "◆"


class Stretch:
    """A piece of text with its numbers taken out: what it says (`features`) and what stands around each number."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def facts(self) -> list[Fact]:
        return facts(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Character pairs of the text, each number being one character."""
        return pairs(self.without_numbers)

    @cached_property
    def features(self) -> frozenset[object]:
        """`words`, and each number by kind, value and unit."""
        return self.words | {fact.amount for fact in self.facts}

    @cached_property
    def bare(self) -> str:
        """What is spoken of: the text without numbers, 可以, 不得, 的 and the like."""
        return _MEANS_LITTLE.sub(" ", self.without_numbers.replace(_FILLED, " "))

    @cached_property
    def matter(self) -> frozenset[str]:
        """Character pairs of what is spoken of."""
        return frozenset(pair for pair in pairs(self.bare) if " " not in pair)

    def around(self, fact: Fact) -> frozenset[tuple[int, object]]:
        """Character pairs before and after a number, and the numbers next to it."""
        text = self.without_numbers
        place = [i for i, character in enumerate(text) if character == _FILLED][self.facts.index(fact)]
        before, after = text[max(0, place - _NEAR) : place + 1], text[place : place + _NEAR + 1]
        i = self.facts.index(fact)
        numbers = {(k - i, self.facts[k].amount) for k in (i - 2, i - 1, i + 1, i + 2) if 0 <= k < len(self.facts)}
        return frozenset([*((-1, pair) for pair in pairs(before)), *((1, pair) for pair in pairs(after)), *numbers])

    @cached_property
    def without_numbers(self) -> str:
        """The text, each number being one character that is no letter."""
        text, end = "", 0
        for fact in self.facts:
            text, end = text + self.text[end : fact.start] + _FILLED, fact.end
        return text + self.text[end:]


class Segment(Stretch):
    """A sentence, a list item or a table row, with the parts between its commas.

    `lead` are the character pairs of the line that announced its list.
    """

    def __init__(self, text: str, pieces: list[str], lead: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.parts = tuple(map(Stretch, pieces))
        self.lead = lead


def segments(text: str) -> tuple[Segment, ...]:
    """Cut `text` at sentence ends, semicolons and lines. Questions are left out: they state nothing.

    A table row (名称：…；份数：…) stays whole.
    """
    return tuple(_cut(plain(text)))


def _cut(text: str) -> Iterator[Segment]:
    lead: frozenset[str] = frozenset()
    lines = text.split("\n")
    for i, line in enumerate(lines):
        bare = _LINE_NUMBER.sub("", line)
        if i == 0 and len(lines) > 1 and not re.search("[。!?;:,]", bare):
            continue  # a heading
        lead = lead if bare != line else frozenset()
        cells = bare.split(";")
        if len(cells) > 1 and all(":" in cell for cell in cells):
            yield Segment(bare, cells)
            continue
        for sentence in sentence_ends.runs(bare, "。!?;"):
            if not asks(sentence):
                yield Segment(sentence.rstrip("。!;"), parts(sentence.rstrip("。!;")), lead)
        if bare.endswith(":"):
            lead = Stretch(bare).matter


def asks(sentence: str) -> bool:
    """Return whether a sentence is a question, which states nothing."""
    return bool(_ASKS.search(sentence))


def parts(sentence: str) -> list[str]:
    """Cut a sentence at its commas and colons. Times and numbers stay whole."""
    return [part for part in re.split(r"(?<!\d)[,:]|[,:](?!\d)", sentence) if part]


def content(text: str) -> set[str]:
    """Return the words and character pairs of `text` that carry meaning, without numbers: those are checked apart."""
    return {token for token in tokens(Stretch(plain(text)).bare) if len(token) > 1}


def pairs(text: str) -> frozenset[str]:
    """Return every pair of neighbouring characters."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
