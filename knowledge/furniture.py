"""Lines that are no part of any rule: the title again, 文号, signature, date, 公开方式, 版记."""

import re
from collections.abc import Sequence

from knowledge import dates, numbering, signature
from knowledge.blocks import Block

NUMBER_LINE = re.compile(r"^[\u4e00-\u9fff]{1,16}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\s?\d+\s?号$")
HEAD = 10  # blocks at the top among which lines of the title are looked for
_LINES = (
    re.compile(r"^公开(方式|属性)\s?[：:]"),
    re.compile(r"^(主动公开|依申请公开|此件(主动|公开).{0,8}|（此件.{0,12}）)$"),
    re.compile(r"^.{0,40}20\d\d\s?年\s?\d+\s?月\s?\d+\s?日\s?印发$"),
    re.compile(r"^(抄送|主题词)\s?[：:]"),
    re.compile(r"^(点击|查看|扫码).{0,20}(政策解读|解读|原文)"),
    re.compile(r"^([【\[]?\s?(打印本页|打印|关闭窗口|关闭|返回顶部|返回|分享)\s?[】\]]?[\s|]*)+$"),
)


_CONTENTS = re.compile(r"^目\s*[录次]$")
_LEADER = re.compile(r"\s?[.．。·…‥]{2,}\s?[（(]?\d{1,4}[）)]?$")  # the dots before a page number
_ADOPTED = re.compile(r"^[（(]?\s?(?:根据)?\s?\d{4}年")  # "（2015年3月1日某会议通过）" under a title


def without(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks without such lines. A title line is dropped only where it heads the text or what is attached;
    so is the letterhead above the 文号."""
    dropped = {i for one in signature.find_all(blocks) for i in range(one.start, one.end)}
    numbered = next((i for i, b in enumerate(blocks[:HEAD]) if NUMBER_LINE.match(b.text)), 0)
    dropped |= {i for i, b in enumerate(blocks[:numbered]) if signature.organs(b.text) or b.text.endswith("文件")}
    dropped |= _contents(blocks)
    wanted = _bare(title)
    return [b for i, b in enumerate(blocks) if i not in dropped and (b.rows or not _is_furniture(blocks, i, wanted))]


def _contents(blocks: Sequence[Block]) -> set[int]:
    """The lines of tables of contents: below 目录 what stands again later, anywhere what leads to a page number.

    Chapters listed at the head without the word 目录 are one, too, when the same chapters follow.
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
    """Whether a line is an entry of a table of contents: it stands again below."""
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
    if NUMBER_LINE.match(text) or any(pattern.match(text) for pattern in _LINES):
        return True
    answers = index > 0 and not block.level and numbering.read(blocks[index - 1].text) is not None  # 一、事项名称
    if _is_title_line(block, index, title) and not (answers and _bare(text) != title):
        return True
    return index < 6 and dates.only(text) is not None


def _is_title_line(block: Block, index: int, title: str) -> bool:
    """A line that is the title again, or a part of it, or that contains it; only headings and first lines can be."""
    bare = _bare(block.text)
    if not bare or not title or not (index < HEAD or block.bold or block.level) or block.text[-1] in "。；：":
        return False
    if _ADOPTED.match(block.text):
        return False
    if index < HEAD and (block.bold or block.level == 1) and signature.organs(block.text):
        return True
    return (
        bare == title or (len(bare) >= 6 and bare in title) or (len(title) >= 8 and title in bare and len(bare) < 100)
    )


def _bare(text: str) -> str:
    """Without spaces, quotation marks and the words of a cover notice: 关于印发某方案的通知 -> 某方案的通知."""
    return re.sub(r"[\s《》〈〉“”\"]|关于|印发|重新发布|【[^】]*】", "", text)
