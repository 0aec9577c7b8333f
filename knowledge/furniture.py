"""Lines that are no part of any rule: the title again, 文号, signature, date, 公开方式, 版记."""

import re
from collections.abc import Sequence

from knowledge import dates, signature
from knowledge.blocks import Block

NUMBER_LINE = re.compile(r"^[\u4e00-\u9fff]{1,16}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\s?\d+\s?号$")
_LINES = (
    re.compile(r"^公开(方式|属性)\s?[：:]"),
    re.compile(r"^(主动公开|依申请公开|此件(主动|公开).{0,8}|（此件.{0,12}）)$"),
    re.compile(r"^.{0,40}20\d\d\s?年\s?\d+\s?月\s?\d+\s?日\s?印发$"),
    re.compile(r"^(抄送|主题词)\s?[：:]"),
    re.compile(r"^目\s*录$"),
    re.compile(r"^(点击|查看|扫码).{0,20}(政策解读|解读|原文)"),
    re.compile(r"^(【?(打印|关闭|返回|分享)】?\s?)+$"),
)


def without(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks without such lines. A title line is dropped only where it heads the text or what is attached."""
    dropped = {i for one in signature.find_all(blocks) for i in range(one.start, one.end)}
    wanted = _bare(title)
    return [b for i, b in enumerate(blocks) if i not in dropped and (b.rows or not _is_furniture(b, i, wanted))]


def _is_furniture(block: Block, index: int, title: str) -> bool:
    text = block.text
    if NUMBER_LINE.match(text) or any(pattern.match(text) for pattern in _LINES):
        return True
    if _is_title_line(block, index, title):
        return True
    return index < 6 and dates.only(text) is not None


def _is_title_line(block: Block, index: int, title: str) -> bool:
    bare = _bare(block.text)
    if not bare or not title:
        return False
    heads = index < 8 or block.bold or block.level
    return bool(heads and (bare == title or (len(bare) >= 6 and bare in title) or (len(title) >= 6 and title == bare)))


def _bare(text: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"]", "", text)
