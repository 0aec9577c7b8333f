"""Which part of a document speaks of which field of a service guide: by headings, labels and table cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge import grids, numbering
from knowledge.blocks import Block
from knowledge.outline import Node

_FIELDS = (
    ("name", r"^(事项|项目|服务事项|办理事项|审批事项|服务)名称$"),
    ("scope", r"^(本指南)?(适用|服务|办理|申请|受理|申报)(范围|对象|主体)$"),
    ("acceptor", r"^(受理|实施|办理|主管|经办)(机构|机关|部门|单位|主体)$"),
    ("decider", r"^(决定|审批)(机构|机关|部门|单位)$"),
    ("refusals", r"^禁止性(要求|规定|情形)$|^不予?(受理|批准|许可|办理|登记|发放).{0,6}$"),
    ("fee", r"^(是否)?收费|^(收费|费用)(标准|情况|依据)?$|^要(花|交)?多少钱"),
    ("basis", r"(设定|办理|法律|审批|许可|政策|实施|法规|受理)的?依据$|^依据$"),
    ("statutory_limit", r"^法定(的)?(办结|办理|审批)?(时限|期限)"),
    ("promised_limit", r"^承诺(的)?(办结|办理|审批)?(时限|期限)"),
    ("limit", r"(时限|办理期限|办结期限|审批期限)$|^(要)?(多久|多长时间|几天)(能|可以)?(办|拿|领)"),
    ("receipt", r"材料的?(接收|提交|递交|受理|送交)(方式|地点)?$"),
    ("materials", r"材料(目录|清单|准备|要求|一览表?|名称)?$"
                  r"|^(申请|办理|办|要|需要?|应)(带|准备|提交|提供|交)?(什么|哪些)(材料|证件|东西)"),
    ("conditions", r"(受理|办理|申请|申报|申领|许可|准予|审批|享受|准入|登记|办证|认定|补贴).{0,2}(条件|资格|要求)$"
                   r"|^(基本)?条件$|^(什么人|哪些人|谁)(可以|能|可|有资格)(办|申|领|享)"),
    ("steps", r"(流程|程序|步骤|环节)(图|说明)?$|^(怎么|如何)(办理?|申请|申领|申报)$"),
    ("hours", r"^(办公|办理|受理|工作|服务|对外办公|接待|窗口)?时间$"),
    ("phones", r"^(业务|政策)?(咨询|联系|办公|服务)?(电话|热线)$|^(咨询|联系)(方式|途径|渠道)?$"),
    ("complaints", r"^(监督|投诉|举报|监督投诉|投诉举报|投诉监督)(电话|方式|途径|渠道|热线)?$"),
    ("places", r"^(办理|受理|办公|接收|窗口|联系|现场|咨询|邮寄|申请)?(地点|地址|窗口|网点|受理点)$"
               r"|^(到|去|在)?(哪里|哪儿|什么地方)(可以|能)?办"),
    ("result", r"^(审批|办理|许可|办结)结果(名称|类型)?$"),
    ("delivery", r"^(结果|证件|证照)?(送达|领取)(方式|途径)?$"),
    ("remedy", r"^(救济|法律救济|权利救济)(途径|方式|渠道)?$|^行政复议(与|和|或)?"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _FIELDS)
_LISTS = {"steps", "conditions", "refusals", "materials", "basis"}  # their numbered entries are no labels
_GROUPS = re.compile(
    r"^(必备|必要|必须|基本|其他|其它|补充|申请|共同|可选|附加|特殊|所需|需)?(提交的?)?材料(清单|目录)?$"
)
_AND = re.compile(r"[、及与和]|以及")
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_FAQ = re.compile(r"(常见|热点)?问题(解答|问答|汇总)?$|问答$|答疑|错误示例|^(样表|示例|填写说明)")
_INLINE = re.compile(r"(?<=[；;。：:\s])(?=(?:\d{1,2}[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]))")
_LABEL = 20  # characters


@dataclass(slots=True)
class Piece:
    """A numbered entry or a paragraph without its number; `below` is what stands under it."""

    text: str
    start: int
    numbered: bool = False
    below: "list[Piece]" = field(default_factory=list)

    def whole(self) -> str:
        return "\n".join([self.text, *(part.whole() for part in self.below)])


@dataclass(slots=True)
class Section:
    """A part that speaks of `fields`; `value` stands behind its label on the same line, `pieces` and `tables` below."""

    fields: tuple[str, ...]
    label: str
    start: int
    value: str = ""
    pieces: list[Piece] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)

    def entries(self) -> list[Piece]:
        """The value, cut where it numbers its entries, then the pieces."""
        return [*_inline(self.value, self.start), *self.pieces] if self.value else self.pieces


def fields_of(label: str) -> tuple[str, ...]:
    """The fields a heading or label names, in its order: "办理流程和时限" names two."""
    bare = re.sub(r"\s", "", _BRACKETS.sub("", label)).rstrip("：:？?")
    if not bare or len(bare) > _LABEL or re.search("[。；，,]", bare):
        return ()
    found = [_field(bare)] if _field(bare) and not _AND.search(bare) else [_field(part) for part in _AND.split(bare)]
    if not any(found):
        found = [_field(bare)]
    return tuple(dict.fromkeys(name for name in found if name))


def _field(part: str) -> str:
    return next((name for name, pattern in _PATTERNS if pattern.search(part)), "")


def sections(root: Node) -> list[Section]:
    """The sections of a document's tree in reading order; questions, examples and annexes are passed over."""
    found: list[Section] = []
    _walk(root.units, None, found)
    return found


def is_aside(node: Node) -> bool:
    """Questions with answers, filled-in examples and annexes; an annex of promises (服务承诺) is none."""
    if node.rank == numbering.ANNEX:
        return not promise(node)
    return bool(_FAQ.search(_bare(node))) or bool(node.question and not fields_of(node.question))


def promise(node: Node) -> str:
    """The title of an annex of promises, "" of anything else."""
    first = list(node.blocks())[:3] if node.rank == numbering.ANNEX else []
    return next((block.text for block in first if "承诺" in block.text[:30]), "")


def _walk(units: Sequence[Block | Node], current: Section | None, found: list[Section]) -> None:
    for unit in units:
        if isinstance(unit, Node):
            _node(unit, current, found)
        elif unit.rows:
            _table(unit, current, found)
        elif opened := _opened(unit.text, unit.start, current):
            found.append(opened)
            current = opened if not opened.value else current
        elif current:
            current.pieces.append(Piece(unit.text, unit.start))


def _node(node: Node, current: Section | None, found: list[Section]) -> None:
    block = node.block
    if not block or is_aside(node) or node.rank == numbering.ANNEX:
        return
    text = _bare(node)
    opened = _opened(text, block.start, current)
    if opened:
        found.append(opened)
        _walk(node.units, opened, found)
    elif current is None:
        _walk(node.units, None, found)
    else:
        below: list[Section] = []
        inner = Section(current.fields, "", block.start)
        _walk(node.units, inner, below)
        found.extend(below)
        current.pieces.append(Piece(text, block.start, bool(node.number), inner.pieces))
        current.tables.extend(inner.tables)


def _opens_inside(label: str, names: tuple[str, ...], current: Section) -> bool:
    """Whether a label among numbered entries begins something of its own: another field, or a list of materials."""
    if "materials" in names:
        return "materials" not in current.fields or bool(_GROUPS.match(_BRACKETS.sub("", label)))
    return not set(names) <= set(current.fields)


def _bare(node: Node) -> str:
    return node.block.text.removeprefix(node.number).strip() if node.block else ""


def _opened(text: str, start: int, current: Section | None) -> Section | None:
    """The section that a line opens: a label alone, or a label with its value behind a colon."""
    label, colon, value = (
        (part.strip() for part in re.split(r"([：:])", text, maxsplit=1))
        if "：" in text or ":" in text
        else (text.strip(), "", "")
    )
    if not (names := fields_of(label)):
        return None
    inside = current is not None and bool(_LISTS & set(current.fields))
    if inside and current is not None and (value or not _opens_inside(label, names, current)):
        return None
    return Section(names, label + colon, start, value)


def _inline(value: str, start: int) -> list[Piece]:
    parts = [part.strip() for part in _INLINE.split(value) if part.strip()]
    return [
        Piece(marker.rest if marker else part, start, numbered=marker is not None)
        for part in parts
        for marker in [numbering.read(part)]
    ]


def _table(table: Block, current: Section | None, found: list[Section]) -> None:
    """A form's labels open sections; any other table belongs to the section it stands in."""
    pairs = list(_pairs(table))
    named = [(fields_of(label), label, value) for label, value in pairs if not fields_of(value)]
    if sum(bool(names) for names, _, _ in named) >= 2:
        for names, label, value in named:
            if names and value:
                found.append(Section(names, label, table.start, value))
        return
    if current is None:
        current = Section((), "", table.start)
        found.append(current)
    current.tables.append(table)


def _pairs(table: Block) -> Iterator[tuple[str, str]]:
    _, body = grids.caption_of(table)
    for row in body.rows:
        cells = [cell for i, cell in enumerate(row) if cell and (i == 0 or cell != row[i - 1])]
        if len(cells) == 3 and not fields_of(cells[0]) and fields_of(cells[1]):
            cells = cells[1:]
        if len(cells) >= 2 and len(cells) % 2 == 0:
            yield from zip(cells[::2], cells[1::2], strict=True)
