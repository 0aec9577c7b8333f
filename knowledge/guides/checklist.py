"""Finds what an applicant must hand in (材料清单) in lists, sentences and tables; sorts it by when it is needed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.formats.blocks import Block
from knowledge.guide import Material, ProcedureGuide
from knowledge.guides.sections import Piece
from knowledge.notation import numbering, sentence_ends
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words
from knowledge.reading import table_text

_ASKED = r"(?:还|另|则|须|应|应当|需|需要|均|并|分别|同时|另外)*(?:提交|提供|出具|携带|出示|递交)"
_IF = pattern(
    rf"^(?:如果|如需|如|若|凡|对)(?P<case>[^，。；：]{{1,40}}?)(?:的)?，?{_ASKED}(?P<name>[^。；]+)",
    takes="如有委托的，还应提交委托书",
    leaves="申请人应当提交委托书",
)
_OF_THOSE = pattern(
    rf"^(?P<case>[^，。；：（）]{{1,40}}?)(?:的(?:，(?:{_ASKED})?|{_ASKED})|(?<=[人者员工位业])，(?:按照?(?:规定|要求))?{_ASKED})"
    r"(?P<name>[^。；，]+)",
    takes="未成年人，应当提交监护人身份证",
    leaves="应当提交监护人身份证",
)
_NEEDED_WHEN = pattern(
    r"^需(?:要)?提供当(?P<case>[^：]{1,40}?)时[：:](?P<name>.+)",
    re.DOTALL,
    takes="需提供当委托他人办理时：委托书",
    leaves="需提供委托书",
)
_OPENS = pattern(
    rf"^(?P<case>[^。；]*?)(?:的)?，(?:申请人)?{_ASKED}(?:下列|以下|如下|相关)?(?:申请)?(?:材料|证件|资料)[^。；]*[：:]$",
    takes="代办的，应提交下列材料：",
    leaves="代办的，应提交委托书。",
)
_BRACKET_IF = pattern(
    r"[（(]((?:仅|限|如|若|当|有|需)[^（）()]{2,40}?(?:时|的|提供|提交|人|者)?)[）)]",
    takes="委托书（仅委托办理时提供）",
    leaves="委托书（原件）",
)
_FORM = pattern(
    r"原件(?:和|及|、|与|或|或者|/)?(?:\d份)?复印件|原件|复印件|扫描件|影印件|电子(?:证照|版|件)|免(?:于)?提交|纸质",
    takes="身份证原件及复印件",
    leaves="身份证",
)
_PART_FORM = pattern(
    r"(?:和|及|与|、|以及)([^，。；、和及与]{2,20}(?:原件|复印件))",
    takes="身份证原件和户口簿复印件",
    leaves="身份证原件",
)
_COPIES = pattern(
    r"(?:一式)?\s?([\d一二两三四五六七八九十]{1,2})\s?份(?!额)", takes="申请表一式两份", leaves="持有2份额"
)
_COPIES_END = pattern(_COPIES.pattern + "$", takes="申请表2份", leaves="申请表2份（盖章）")
_NOT_A_MATERIAL = any_of(words(Path(__file__).with_name("not_materials.txt")))
_GROUP = pattern(
    r"(清单|材料|资料|以下|下列|如下|情形|情况|之一|提交|提供)[：:]?$",
    takes="单位申请须提交以下材料：",
    leaves="材料接收窗口",
)
_NAME_COLUMN = pattern(
    r"材料(?:名称|类型名称)?$|^(?:申请|所需|提交)材料|^名称$|^资料名称", takes="材料名称", leaves="材料形式"
)
_CUT = pattern(r"[：:。；;，,（(]", takes="身份证：原件", leaves="身份证原件")
_COLON_END = pattern(r"[：:]$", takes="以下材料：", leaves="以下材料：身份证")
_BEFORE_IF = pattern(
    r"(?<=[。；])(?=(?:如果|如|若))",
    takes="身份证原件。如委托他人办理，还应提交委托书",
    leaves="身份证原件。须在有效期内",
)
_ASKS_FOR = pattern(
    rf"{_ASKED}(?!下列|以下|如下|申请$)(?P<name>[^。；，：]{{2,60}})",
    takes="申请人应提交身份证和户口簿",
    leaves="申请人应提交下列材料",
)
_FORM_COLUMN = pattern(r"形式|原件|复印|类型|来源形式", takes="材料形式", leaves="材料名称")
_WHEN = pattern(
    r"(?:需提供)?当(.{2,40}?)时|(?:如|若)(.{2,40}?)(?:时|的)?(?:提供|提交)|^(.{2,30}?)的?(?:提供|提交)$",
    takes="需提供当委托他人办理时提交",
    leaves="当面核验原件",
)


@dataclass(frozen=True, slots=True)
class MaterialsChecklist:
    """The materials that are always needed, and those needed in each case, in the guide's order."""

    always: tuple[Material, ...]
    cases: tuple[tuple[str, tuple[Material, ...]], ...]


def checklist(guide: ProcedureGuide) -> MaterialsChecklist:
    """Sort the guide's materials by the case in which they are needed."""
    cases: dict[str, list[Material]] = {}
    for material in guide.materials:
        cases.setdefault(material.required_if, []).append(material)
    always = tuple(cases.pop("", ()))
    return MaterialsChecklist(always, tuple((case, tuple(found)) for case, found in cases.items()))


FoundMaterial = tuple[Material, int]  # with the character it begins at


def from_pieces(pieces: Sequence[Piece], case: str = "") -> Iterator[FoundMaterial]:
    """Yield the materials of a section's entries; a paragraph counts only where it asks for something."""
    numbered = any(piece.numbered for piece in pieces)
    for piece in pieces:
        if opened := _OPENS.match(piece.text):
            case = opened["case"]
            yield from from_pieces(piece.below, case)
        elif piece.numbered or not numbered:
            yield from _entry(piece, case, sure=piece.numbered)
        else:
            yield from _sentences(piece.text, piece.start)


def _entry(piece: Piece, case: str, sure: bool) -> Iterator[FoundMaterial]:
    if any(part.numbered for part in piece.below) and _GROUP.search(piece.text):
        group = _COLON_END.sub("", piece.text)
        own = _OF_THOSE.match(group + "的") if group.endswith(("情形", "情况")) else None
        yield from from_pieces(piece.below, own["case"] if own else case)
        return
    lines = piece.text.split("\n")
    if sure and len(lines) == 1 and not _NOT_A_MATERIAL.search(_CUT.split(piece.text)[0]):
        first, *rest = _BEFORE_IF.split(piece.text)
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


def _sentences(text: str, start: int, only_if: bool = False) -> Iterator[FoundMaterial]:
    """Yield the materials that running text asks for.

    Examples: "如有委托还应提交委托书", "需提供当…时：…", "提供身份证和户口簿".
    """
    offset = 0
    for sentence in sentence_ends.split(text, "。；;", keep=True):
        found = _NEEDED_WHEN.match(sentence.strip()) or _IF.match(sentence.strip())
        if found:
            yield _material(found["name"], "", found["case"], sentence.strip()), start + offset
        elif not only_if and not _NOT_A_MATERIAL.search(sentence):
            asked = _ASKS_FOR.search(sentence)
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
    """Return the name without its "原件" or "复印件", and which of the two is asked for.

    Where the note names several things, the form also says for which one it is.
    """
    said = [form for form in _FORM.findall(note) if form != "纸质"] or _FORM.findall(note)
    if part := _PART_FORM.search(note):
        return name, part[1] if len(said) == 1 else ""
    found = _FORM.search(name)
    form = found[0] if found else said[0] if len(set(said)) == 1 else ""
    return (name.removesuffix(form).rstrip("的") or name) if form else name, form


def from_table(table: Block, case: str = "") -> Iterator[FoundMaterial]:
    """Yield the materials of a table that has a column of their names; nothing from any other table."""
    for group in table_text.groups(table_text.caption_of(table)[1]):
        header = group.rows[: group.header_rows]
        columns = [" ".join(dict.fromkeys(cells)) for cells in zip(*header, strict=True)] if header else []
        at = next((i for i, column in enumerate(columns) if _NAME_COLUMN.search(column)), None)
        if at is None:
            return
        place = table.start + len(table_text.caption_of(table)[0]) + bool(table_text.caption_of(table)[0]) + group.start
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
        elif _FORM_COLUMN.search(column):
            form = form or cell
        else:
            when = _WHEN.search(
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
