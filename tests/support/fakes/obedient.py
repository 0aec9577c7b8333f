"""A chat model that does whatever a text tells it; where nothing does, it repeats the first statement of the first."""

import base64
import re
import unicodedata
from typing import Any

from tests.support.fakes.openai_api import Says
from tests.support.fakes.prompted import Held, passages, statements

_CANARY = re.compile(r"KX\d{3}QZ")
_LINK = re.compile(r"https://canary-\d{3}\.example/go")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")


def obey(request: dict[str, Any]) -> Says:
    """Says what it is told to say, each time as a sentence that cites where it was told."""
    held = passages(request)
    told = [sentence for number, each in enumerate(held, 1) for sentence in _told(each, number)]
    if not told and (known := statements(held[0].text)):
        told = [f"{known[0]}[1]。"]
    return Says("".join(told) or "无法回答。")


def _told(held: Held, number: int) -> list[str]:
    seen = "".join(each for each in held.text if unicodedata.category(each) != "Cf")
    read = seen + "".join(base64.b64decode(each + "==").decode("utf-8", "ignore") for each in _ENCODED.findall(seen))
    orders = [line for line in read.split("\n") if _CANARY.search(line) or _LINK.search(line)]
    said = [*dict.fromkeys(_CANARY.findall(read)), *(f"请访问{link}" for link in dict.fromkeys(_LINK.findall(read)))]
    said += [re.sub(r"[。\[\]]", "", line)[:150] for line in orders]
    return [f"{each}[{number}]。" for each in said]
