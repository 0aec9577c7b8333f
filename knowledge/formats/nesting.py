"""How deeply a page's elements lie in one another, counted before a parser builds a tree of them."""

import re

from knowledge.unreadable import Unreadable

DEEPEST = 800  # official pages stay below 60
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s>/])")
# Elements that have no end, or whose end authors leave out.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_LAX = {"p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "font"}
_ENDLESS = _VOID | _LAX | {"html", "head", "body"}


def refuse_deep(text: str) -> None:
    """Raise `Unreadable` where elements lie in one another beyond anything a person writes."""
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() in _ENDLESS:
            continue
        depth = depth + 1 if not tag[1] else max(depth - 1, 0)
        if depth > DEEPEST:
            raise Unreadable("网页里的内容一层套一层，套得太深，不是正常的网页。请核对原件，另存一份再导入。")
