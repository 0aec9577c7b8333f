"""Tells by headings, labels and table cells which part of a document speaks of which field of a service guide."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.formats.blocks import Block
from knowledge.notation import numbering
from knowledge.notation.patterns import pattern
from knowledge.reading import table_text
from knowledge.reading.outline import Node

_FIELDS = (
    ("name", pattern(r"^(事项|项目|服务事项|办理事项|审批事项|服务)名称$", takes="事项名称", leaves="事项名称变更")),
    (
        "scope",
        pattern(r"^(本指南)?(适用|服务|办理|申请|受理|申报)(范围|对象|主体)$", takes="申请对象", leaves="申请对象须知"),
    ),
    (
        "acceptor",
        pattern(r"^(受理|实施|办理|主管|经办)(机构|机关|部门|单位|主体)$", takes="受理机构", leaves="受理机构电话"),
    ),
    ("decider", pattern(r"^(决定|审批)(机构|机关|部门|单位)$", takes="决定机关", leaves="决定机关联系人")),
    (
        "refusals",
        pattern(
            r"^禁止性(要求|规定|情形)$|^不予?(受理|批准|许可|办理|登记|发放).{0,6}$",
            takes="不予受理的情形",
            leaves="应予受理的情形",
        ),
    ),
    (
        "fee",
        pattern(r"^(是否)?收费|^(收费|费用)(标准|情况|依据)?$|^要(花|交)?多少钱", takes="收费标准", leaves="补贴标准"),
    ),
    (
        "basis",
        pattern(r"(设定|办理|法律|审批|许可|政策|实施|法规|受理)的?依据$|^依据$", takes="设定依据", leaves="依据材料"),
    ),
    ("statutory_limit", pattern(r"^法定(的)?(办结|办理|审批)?(时限|期限)", takes="法定办结时限", leaves="法定代表人")),
    ("promised_limit", pattern(r"^承诺(的)?(办结|办理|审批)?(时限|期限)", takes="承诺办结时限", leaves="承诺书")),
    (
        "limit",
        pattern(
            r"(时限|办理期限|办结期限|审批期限)$|^(要)?(多久|多长时间|几天)(能|可以)?(办|拿|领)",
            takes="办理时限",
            leaves="有效期限",
        ),
    ),
    (
        "receipt",
        pattern(r"材料的?(接收|提交|递交|受理|送交)(方式|地点)?$", takes="材料接收方式", leaves="材料领取方式"),
    ),
    (
        "materials",
        pattern(
            r"材料(目录|清单|准备|要求|一览表?|名称)?$"
            r"|^(申请|办理|办|要|需要?|应)(带|准备|提交|提供|交)?(什么|哪些)(材料|证件|东西)",
            takes="申请材料清单",
            leaves="材料接收窗口",
        ),
    ),
    (
        "conditions",
        pattern(
            r"(受理|办理|申请|申报|申领|许可|准予|审批|享受|准入|登记|办证|认定|补贴).{0,2}(条件|资格|要求)$"
            r"|^(基本)?条件$|^(什么人|哪些人|谁)(可以|能|可|有资格)(办|申|领|享)",
            takes="申请条件",
            leaves="工作条件",
        ),
    ),
    (
        "steps",
        pattern(
            r"(流程|程序|步骤|环节)(图|说明)?$|^(怎么|如何)(办理?|申请|申领|申报)$", takes="办理流程", leaves="步骤一"
        ),
    ),
    ("hours", pattern(r"^(办公|办理|受理|工作|服务|对外办公|接待|窗口)?时间$", takes="办公时间", leaves="发证时间")),
    (
        "phones",
        pattern(
            r"^(业务|政策)?(咨询|联系|办公|服务)?(电话|热线)$|^(咨询|联系)(方式|途径|渠道)?$",
            takes="咨询电话",
            leaves="联系人电话",
        ),
    ),
    (
        "complaints",
        pattern(
            r"^(监督|投诉|举报|监督投诉|投诉举报|投诉监督)(电话|方式|途径|渠道|热线)?$",
            takes="监督投诉电话",
            leaves="投诉处理结果",
        ),
    ),
    (
        "places",
        pattern(
            r"^(办理|受理|办公|接收|窗口|联系|现场|咨询|邮寄|申请)?(地点|地址|窗口|网点|受理点)$"
            r"|^(到|去|在)?(哪里|哪儿|什么地方)(可以|能)?办",
            takes="办理地点",
            leaves="办理地点变更",
        ),
    ),
    ("result", pattern(r"^(审批|办理|许可|办结)结果(名称|类型)?$", takes="审批结果", leaves="审批结果送达")),
    ("delivery", pattern(r"^(结果|证件|证照)?(送达|领取)(方式|途径)?$", takes="证件领取方式", leaves="申请表领取方式")),
    (
        "remedy",
        pattern(
            r"^(救济|法律救济|权利救济)(途径|方式|渠道)?$|^行政复议(与|和|或)?", takes="法律救济途径", leaves="申请途径"
        ),
    ),
)
_LISTS = {"steps", "conditions", "refusals", "materials", "basis"}  # their numbered entries are no labels
_GROUPS = pattern(
    r"^(必备|必要|必须|基本|其他|其它|补充|申请|共同|可选|附加|特殊|所需|需)?(提交的?)?材料(清单|目录)?$",
    takes="其他材料清单",
    leaves="其他材料要求",
)
_AND = pattern(r"[、及与和]|以及", takes="条件与材料", leaves="条件材料")
_BRACKETS = pattern(r"[（(【\[][^）)】\]]*[）)】\]]", takes="申请材料（一式两份）", leaves="申请材料：一式两份")
_FAQ = pattern(
    r"(常见|热点)?问题(解答|问答|汇总)?$|问答$|答疑|错误示例|^(样表|示例|填写说明)",
    takes="常见问题解答",
    leaves="申请条件",
)
_INLINE = pattern(
    r"(?<=[；;。：:\s])(?=(?:\d{1,2}[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]))",
    takes="材料：1.身份证；2.户口簿",
    leaves="补贴：1.5倍；2.0倍",
)
_LABEL = 20  # characters


@dataclass(slots=True)
class Piece:
    """A numbered entry without its number, or a paragraph. `below` holds what stands under it."""

    text: str
    start: int
    numbered: bool = False
    below: "list[Piece]" = field(default_factory=list)

    def whole(self) -> str:
        return "\n".join([self.text, *(part.whole() for part in self.below)])


@dataclass(slots=True)
class Section:
    """A part that speaks of `fields`.

    `value` stands behind the label on the same line. `pieces` and `tables` stand below.
    """

    fields: tuple[str, ...]
    label: str
    start: int
    value: str = ""
    pieces: list[Piece] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)

    def entries(self) -> list[Piece]:
        """Return the value, cut where it numbers its entries, then the pieces."""
        return [*_inline(self.value, self.start), *self.pieces] if self.value else self.pieces


def fields_of(label: str) -> tuple[str, ...]:
    """Return the fields that a heading or label names, in its order: "办理流程和时限" names two."""
    bare = re.sub(r"\s", "", _BRACKETS.sub("", label)).rstrip("：:？?")
    if not bare or len(bare) > _LABEL or re.search("[。；，,]", bare):
        return ()
    found = [_field(bare)] if _field(bare) and not _AND.search(bare) else [_field(part) for part in _AND.split(bare)]
    if not any(found):
        found = [_field(bare)]
    return tuple(dict.fromkeys(name for name in found if name))


def _field(part: str) -> str:
    return next((name for name, labels in _FIELDS if labels.search(part)), "")


def sections(root: Node) -> list[Section]:
    """Return the sections of a document's tree in reading order. Questions, examples and annexes are passed over."""
    found: list[Section] = []
    _walk(root.units, None, found)
    return found


def is_aside(node: Node) -> bool:
    """Return whether a node is a question with its answer, a filled-in example or an annex.

    An annex of promises (服务承诺) is no aside.
    """
    if node.rank == numbering.ANNEX:
        return not promise(node)
    return bool(_FAQ.search(_bare(node))) or bool(node.question and not fields_of(node.question))


def promise(node: Node) -> str:
    """Return the title of an annex of promises; "" for anything else."""
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
    """Return whether a label among numbered entries begins a part of its own: another field or a material list."""
    if "materials" in names:
        return "materials" not in current.fields or bool(_GROUPS.match(_BRACKETS.sub("", label)))
    return not set(names) <= set(current.fields)


def _bare(node: Node) -> str:
    return node.block.text.removeprefix(node.number).strip() if node.block else ""


def _opened(text: str, start: int, current: Section | None) -> Section | None:
    """Return the section that a line opens: a label alone, or a label with its value behind a colon."""
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
    """Open sections by a form's labels; add any other table to the section in which it stands."""
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
    _, body = table_text.caption_of(table)
    for row in body.rows:
        cells = [cell for i, cell in enumerate(row) if cell and (i == 0 or cell != row[i - 1])]
        if len(cells) == 3 and not fields_of(cells[0]) and fields_of(cells[1]):
            cells = cells[1:]
        if len(cells) >= 2 and len(cells) % 2 == 0:
            yield from zip(cells[::2], cells[1::2], strict=True)
