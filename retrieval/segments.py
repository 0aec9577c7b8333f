"""A text as the check of sentences sees it: sentences, the parts between commas, and the numbers in them."""

import re
from collections.abc import Iterator
from functools import cached_property

from retrieval.quantities import Fact, facts, plain
from retrieval.tokens import tokens

_LINE_NUMBER = re.compile(
    r"^(?:[-*•·#]+|第[一二三四五六七八九十百\d]+条|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、"
    r"|\d{1,2}[.、](?!\d)|[①-⑳])"
)
_ASKS = re.compile(r"\?|(?:什么|怎么|如何|哪|多久|多少|能不能|可不可以|要不要|是不是|有没有|吗|呢)[^,。]*$")
_MEANS_LITTLE = re.compile(
    "没有|如果|需要|可以|应当|禁止|免于|免予|必须|不得|不能|不可|均可|即可|无须|无需|允许|根据|按照|规定|进行|以及|或者|办理"
    "|[的了您你请和或与在是也就会要则等及并吗呢把被由为对该其不未无没需须还且即,:()]"
)
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
        place = [m.start() for m in re.finditer(_FILLED, text)][self.facts.index(fact)]
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
    """A sentence, a list item or a table row, with the parts between its commas; `lead` is what announced its list."""

    def __init__(self, text: str, pieces: list[str], lead: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.parts = tuple(map(Stretch, pieces))
        self.lead = lead


def segments(text: str) -> tuple[Segment, ...]:
    """`text` cut at sentence ends, semicolons and lines, questions left out: they state nothing.

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
        for sentence in re.findall("[^。!?;]+[。!?;]*", bare):
            if not asks(sentence):
                yield Segment(sentence.rstrip("。!;"), parts(sentence.rstrip("。!;")), lead)
        if bare.endswith(":"):
            lead = Stretch(bare).matter


def asks(sentence: str) -> bool:
    """Whether it is a question, which states nothing."""
    return bool(_ASKS.search(sentence))


def parts(sentence: str) -> list[str]:
    """What stands between the commas and colons of a sentence, times and numbers left whole."""
    return [part for part in re.split(r"(?<!\d)[,:]|[,:](?!\d)", sentence) if part]


def content(text: str) -> set[str]:
    """Words and character pairs of `text` that carry meaning, numbers left out: they are looked at by themselves."""
    return {token for token in tokens(Stretch(plain(text)).bare) if len(token) > 1}


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring characters."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
