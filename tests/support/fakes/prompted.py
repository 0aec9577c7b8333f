"""What a request to a chat model holds, as the far end reads it: the numbered passages, and their sentences."""

import re
from dataclasses import dataclass
from typing import Any

_PASSAGE = re.compile(r'<资料 编号="\d+">\n(.*?)\n</资料>', re.DOTALL)
_SENTENCE = re.compile(r"[^。；;！？!?\n]+")
_NUMBERED = re.compile(r"^(?:[\s\u3000*•·●-]|[(（]?[一二三四五六七八九十\d]{1,3}[)）.、．])+")


@dataclass(frozen=True)
class Held:
    """A passage as it was sent: the names it goes by, and its words."""

    names: str
    text: str


def passages(request: dict[str, Any]) -> list[Held]:
    """The passages of a request, in the order of their numbers."""
    human = request["messages"][-1]["content"]
    return [_held(block) for block in _PASSAGE.findall(human)]


def _held(block: str) -> Held:
    *names, text = block.split("\n", 3)
    return Held("\n".join(names), text)


def statements(text: str) -> list[str]:
    """Sentences of a passage that a model could repeat, without the numbers of a list before them."""
    said = (_NUMBERED.sub("", each).strip() for each in _SENTENCE.findall(text))
    return [each for each in said if 8 <= len(each) <= 150 and not re.search(r"[\[\]{}<>＜＞【】]|吗|什么|如何", each)]
