"""What an applicant has to hand in (材料清单), out of lists, sentences and tables, sorted by when it is needed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge import grids, numbering
from knowledge.blocks import Block
from knowledge.guide_sections import Piece
from knowledge.guides import Material, ProcedureGuide

_ASKED = r"(?:还|另|则|须|应|应当|需|需要|均|并|分别|同时|另外)*(?:提交|提供|出具|携带|出示|递交)"
_IF = re.compile(rf"^(?:如果|如需|如|若|凡|对)(?P<case>[^，。；：]{{1,40}}?)(?:的)?，?{_ASKED}(?P<name>[^。；]+)")
_OF_THOSE = re.compile(
    rf"^(?P<case>[^，。；：（）]{{1,40}}?)(?:的(?:，(?:{_ASKED})?|{_ASKED})|(?<=[人者员工位业])，(?:按照?(?:规定|要求))?{_ASKED})"
    r"(?P<name>[^。；，]+)"
)
_NEEDED_WHEN = re.compile(r"^需(?:要)?提供当(?P<case>[^：]{1,40}?)时[：:](?P<name>.+)", re.DOTALL)
_OPENS = re.compile(
    rf"^(?P<case>[^。；]*?)(?:的)?，(?:申请人)?{_ASKED}(?:下列|以下|如下|相关)?(?:申请)?(?:材料|证件|资料)[^。；]*[：:]$"
)
_BRACKET_IF = re.compile(r"[（(]((?:仅|限|如|若|当|有|需)[^（）()]{2,40}?(?:时|的|提供|提交|人|者)?)[）)]")
_FORM = re.compile(
    r"原件(?:和|及|、|与|或|或者|/)?(?:\d份)?复印件|原件|复印件|扫描件|影印件|电子(?:证照|版|件)|免(?:于)?提交|纸质"
)
_PART_FORM = re.compile(r"(?:和|及|与|、|以及)([^，。；、和及与]{2,20}(?:原件|复印件))")
_COPIES = re.compile(r"(?:一式)?\s?([\d一二两三四五六七八九十]{1,2})\s?份(?!额)")
_COPIES_END = re.compile(_COPIES.pattern + "$")
_NOT_A_MATERIAL = re.compile(r"下载|官网|领取|窗口(可|会)|扫描上传|注意|备注|以上材料|上述材料|提醒|真实性|责任")
_GROUP = re.compile(r"(清单|材料|资料|以下|下列|如下|情形|情况|之一|提交|提供)[：:]?$")
_NAME_COLUMN = re.compile(r"材料(?:名称|类型名称)?$|^(?:申请|所需|提交)材料|^名称$|^资料名称")
_CUT = re.compile(r"[：:。；;，,（(]")


@dataclass(frozen=True, slots=True)
class MaterialsChecklist:
    """What is always needed, and what is needed in which case, in the guide's order."""

    always: tuple[Material, ...]
    cases: tuple[tuple[str, tuple[Material, ...]], ...]


def checklist(guide: ProcedureGuide) -> MaterialsChecklist:
    """The guide's materials by the case they are needed in."""
    cases: dict[str, list[Material]] = {}
    for material in guide.materials:
        cases.setdefault(material.required_if, []).append(material)
    always = tuple(cases.pop("", ()))
    return MaterialsChecklist(always, tuple((case, tuple(found)) for case, found in cases.items()))


Found = tuple[Material, int]  # with the character it begins at


def from_pieces(pieces: Sequence[Piece], case: str = "") -> Iterator[Found]:
    """The materials of a section's entries; a paragraph counts only where it asks for something."""
    numbered = any(piece.numbered for piece in pieces)
    for piece in pieces:
        if opened := _OPENS.match(piece.text):
            case = opened["case"]
            yield from from_pieces(piece.below, case)
        elif piece.numbered or not numbered:
            yield from _entry(piece, case, sure=piece.numbered)
        else:
            yield from _sentences(piece.text, piece.start)


def _entry(piece: Piece, case: str, sure: bool) -> Iterator[Found]:
    if any(part.numbered for part in piece.below) and _GROUP.search(piece.text):
        group = re.sub(r"[：:]$", "", piece.text)
        own = _OF_THOSE.match(group + "的") if group.endswith(("情形", "情况")) else None
        yield from from_pieces(piece.below, own["case"] if own else case)
        return
    lines = piece.text.split("\n")
    if sure and len(lines) == 1 and not _NOT_A_MATERIAL.search(_CUT.split(piece.text)[0]):
        first, *rest = re.split(r"(?<=[。；])(?=(?:如果|如|若))", piece.text)
        below = [part.whole() for part in piece.below if part.numbered or not _speaks_of_others(part.text)]
        yield _material(first, "\n".join(below), case), piece.start
        for sentence in rest:
            yield from _sentences(sentence, piece.start)
        for part in piece.below:
            if not part.numbered:
                yield from _sentences(part.text, part.start, only_if=True)
    elif not sure:
        yield from _sentences(piece.text, piece.start)


def _speaks_of_others(text: str) -> bool:
    return bool(_IF.match(text) or _NEEDED_WHEN.match(text) or _NOT_A_MATERIAL.search(text))


def _sentences(text: str, start: int, only_if: bool = False) -> Iterator[Found]:
    """Materials that running text asks for: "如有委托还应提交委托书", "需提供当…时：…", "提供身份证和户口簿"."""
    offset = 0
    for sentence in re.split(r"(?<=[。；;])", text):
        found = _NEEDED_WHEN.match(sentence.strip()) or _IF.match(sentence.strip())
        if found:
            yield _material(found["name"], "", found["case"], sentence.strip()), start + offset
        elif not only_if and not _NOT_A_MATERIAL.search(sentence):
            asked = re.search(rf"{_ASKED}(?!下列|以下|如下|申请$)(?P<name>[^。；，：]{{2,60}})", sentence)
            if asked and not asked["name"].startswith(("材料", "申请")):
                yield _material(asked["name"], "", "", sentence.strip()), start + offset
        offset += len(sentence)


def _material(text: str, below: str, case: str, quote: str = "") -> Material:
    quote = quote or "\n".join(part for part in (text, below) if part)
    if (found := _NEEDED_WHEN.match(text)) or (found := _IF.match(text)) or (found := _OF_THOSE.match(text)):
        case, text = found["case"], found["name"]
    elif found := _BRACKET_IF.search(text):
        case = found[1]
    text = text.strip()
    name = _CUT.split(text, maxsplit=1)[0].strip()
    if len(name) < 2:  # 国（境）外学历: the bracket is inside the word
        name = re.split(r"[：:。；;，,]", text, maxsplit=1)[0].strip() or text
    note = text[len(name) :].lstrip("：:，,。；").rstrip("；;。 ")
    name, form = _form_of(_COPIES_END.sub("", name) or name, note)
    copies = _COPIES.search(text)
    note = "\n".join(part for part in (note, below) if part)
    return Material(name.rstrip("；;。 "), form, numbering.value(copies[1]) if copies else None, case, note, quote)


def _form_of(name: str, note: str) -> tuple[str, str]:
    """The name without its "原件" or "复印件", and which of them is asked for; of several things, of which one."""
    said = [form for form in _FORM.findall(note) if form != "纸质"] or _FORM.findall(note)
    if part := _PART_FORM.search(note):
        return name, part[1] if len(said) == 1 else ""
    found = _FORM.search(name)
    form = found[0] if found else said[0] if len(set(said)) == 1 else ""
    return (name.removesuffix(form).rstrip("的") or name) if form else name, form


def from_table(table: Block, case: str = "") -> Iterator[Found]:
    """The materials of a table with a column of their names; nothing from any other table."""
    for group in grids.groups(grids.caption_of(table)[1]):
        header = group.rows[: group.header_rows]
        columns = [" ".join(dict.fromkeys(cells)) for cells in zip(*header, strict=True)] if header else []
        at = next((i for i, column in enumerate(columns) if _NAME_COLUMN.search(column)), None)
        if at is None:
            return
        place = table.start + len(grids.caption_of(table)[0]) + bool(grids.caption_of(table)[0]) + group.start
        for row, line in zip(group.rows[group.header_rows :], group.text.split("\n"), strict=False):
            if row[at] and len(set(row)) > 1:
                yield _row(columns, row, at, case, line), place
            place += len(line) + 1


def _row(columns: Sequence[str], row: Sequence[str], at: int, case: str, quote: str) -> Material:
    copies, form, notes = None, "", []
    for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if index == at or not cell or "序号" in column:
            continue
        count = re.search(r"\d+", cell) if "份" in column or "数量" in column else None
        if count:
            copies = int(count[0])
            form = form or (found[0] if (found := _FORM.search(cell)) else "")
        elif re.search(r"形式|原件|复印|类型|来源形式", column):
            form = form or cell
        else:
            when = re.search(
                r"(?:需提供)?当(.{2,40}?)时|(?:如|若)(.{2,40}?)(?:时|的)?(?:提供|提交)|^(.{2,30}?)的?(?:提供|提交)$",
                cell,
            )
            case = next(filter(None, when.groups()), case) if when else case
            notes.append(cell)
    bare = _material(row[at], "", case)
    return Material(
        bare.name,
        form or bare.original_or_copy,
        copies or bare.copies,
        bare.required_if,
        "；".join([*filter(None, [bare.note]), *notes]),
        quote,
    )
