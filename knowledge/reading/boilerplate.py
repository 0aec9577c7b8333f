"""Removes the lines that belong to no rule: the title again, 文号, signature, date, 公开方式, 版记."""

import re
from collections.abc import Sequence

from knowledge.formats.blocks import Block
from knowledge.notation import dates, numbering
from knowledge.notation.document_names import NUMBER_LINE
from knowledge.notation.organs import organs
from knowledge.notation.patterns import pattern
from knowledge.reading import signature

HEAD = 10  # blocks at the top; lines of the title are looked for in them
_LINES = (
    pattern(r"^公开(方式|属性)\s?[：:]", takes="公开方式：主动公开", leaves="公开方式由受理机关决定"),
    pattern(
        r"^(主动公开|依申请公开|此件(主动|公开).{0,8}|（此件.{0,12}）)$",
        takes="主动公开",
        leaves="主动公开的范围包括收费标准",
    ),
    pattern(
        r"^.{0,40}20\d\d\s?年\s?\d+\s?月\s?\d+\s?日\s?印发$",
        takes="广州市民政局办公室 2024年5月1日印发",
        leaves="2024年5月1日印发的通知同时废止",
    ),
    pattern(r"^(抄送|主题词)\s?[：:]", takes="抄送：市财政局", leaves="抄送市财政局后办理"),
    pattern(r"^(点击|查看|扫码).{0,20}(政策解读|解读|原文)", takes="点击查看政策解读", leaves="请查看申请进度"),
    pattern(
        r"^([【\[]?\s?(打印本页|打印|关闭窗口|关闭|返回顶部|返回|分享)\s?[】\]]?[\s|]*)+$",
        takes="【打印】 【关闭】",
        leaves="打印申请表",
    ),
)


_CONTENTS = pattern(r"^目\s*[录次]$", takes="目\u3000录", leaves="目录清单")
_LEADER = pattern(
    r"\s?[.．。·…‥]{2,}\s?[（(]?\d{1,4}[）)]?$", takes="第一章 总则……………（3）", leaves="第一章 总则（3）"
)  # the dots before a page number
_ADOPTED = pattern(
    r"^[（(]?\s?(?:根据)?\s?\d{4}年", takes="（2015年3月1日市人大常委会通过）", leaves="本条例2015年3月1日通过"
)  # "（2015年3月1日某会议通过）" under a title
_COVER_WORDS = pattern(
    r"[\s《》〈〉“”\"]|关于|印发|重新发布|【[^】]*】",
    takes="关于印发《老年助餐方案》的通知",
    leaves="老年助餐方案的通知",
)


def without(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without such lines.

    A title line is dropped only where it heads the text or an attachment. The letterhead above the 文号 also goes.
    """
    dropped = {i for one in signature.find_all(blocks) for i in range(one.start, one.end)}
    numbered = next((i for i, b in enumerate(blocks[:HEAD]) if NUMBER_LINE.match(b.text)), 0)
    dropped |= {i for i, b in enumerate(blocks[:numbered]) if organs(b.text) or b.text.endswith("文件")}
    dropped |= _contents(blocks)
    wanted = _bare(title)
    return [b for i, b in enumerate(blocks) if i not in dropped and (b.rows or not _is_furniture(blocks, i, wanted))]


def _contents(blocks: Sequence[Block]) -> set[int]:
    """Return the indices of the lines that belong to a table of contents.

    Below 目录 these are the lines that stand again later. Anywhere else they are the lines that lead to a page number.
    Chapters listed at the head without the word 目录 are a table of contents, too, when the same chapters follow.
    """
    found = {i for i, b in enumerate(blocks) if len(b.text) < 100 and _LEADER.search(b.text) and numbering.read(b.text)}
    last: dict[str, int] = {_entry(block.text): i for i, block in enumerate(blocks)}
    for index, block in enumerate(blocks):
        named = bool(_CONTENTS.match(block.text))
        if not named and (index >= HEAD or not _is_division(block)):
            continue
        run = index + 1 if named else index
        while run < len(blocks) and (run in found or _again(blocks[run], run, last, named)):
            run += 1
        if named or run - index > 1:
            found |= set(range(index, run))
    return found


def _again(block: Block, index: int, last: dict[str, int], named: bool) -> bool:
    """Return whether a line is an entry of a table of contents: the same line stands again below."""
    entry = _entry(block.text)
    return 0 < len(entry) <= 60 and last[entry] > index and (named or _is_division(block))


def _entry(text: str) -> str:
    return re.sub(r"\s", "", re.sub(r"\s\d{1,4}$", "", _LEADER.sub("", text)))


def _is_division(block: Block) -> bool:
    marker = numbering.read(block.text)
    return marker is not None and numbering.VOLUME <= marker.rank <= numbering.SECTION


def _is_furniture(blocks: Sequence[Block], index: int, title: str) -> bool:
    block = blocks[index]
    text = block.text
    if NUMBER_LINE.match(text) or any(line.match(text) for line in _LINES):
        return True
    answers = index > 0 and not block.level and numbering.read(blocks[index - 1].text) is not None  # 一、事项名称
    if _is_title_line(block, index, title) and not (answers and _bare(text) != title):
        return True
    return index < 6 and dates.only(text) is not None


def _is_title_line(block: Block, index: int, title: str) -> bool:
    """Return whether a line is the title again, is a part of it or contains it.

    Only headings and first lines can be title lines.
    """
    bare = _bare(block.text)
    if not bare or not title or not (index < HEAD or block.bold or block.level) or block.text[-1] in "。；：":
        return False
    if _ADOPTED.match(block.text):
        return False
    if index < HEAD and (block.bold or block.level == 1) and organs(block.text):
        return True
    return (
        bare == title or (len(bare) >= 6 and bare in title) or (len(title) >= 8 and title in bare and len(bare) < 100)
    )


def _bare(text: str) -> str:
    """Return the text without spaces, quotation marks and the words of a cover notice.

    Example: 关于印发某方案的通知 -> 某方案的通知.
    """
    return _COVER_WORDS.sub("", text)
