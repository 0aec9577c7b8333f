"""Finds single facts in the sentences of a service guide: time limits, fees, telephone numbers, addresses and hours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.formats.blocks import Block
from knowledge.guide import DayKind
from knowledge.guides.sections import is_aside, promise
from knowledge.notation import numbering, sentence_ends
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words
from knowledge.reading import table_text
from knowledge.reading.outline import Node

_DAYS = pattern(
    r"(?<![\d年月])(\d{1,3}|[一二三四五六七八九十]{1,3})\s?[（(]?\s?个?\s?(工作日|自然日|日历日|日|天|个月)(?!前|期间|以前)",
    takes="自受理之日起20个工作日内办结",
    leaves="届满20日前申请",
)
_BARE_DAYS = pattern(r"^\s*(\d{1,3})\s*$", takes="20", leaves="20个")
_DONE = pattern(
    r"(受理|(收到|递交|提交).{0,4}(申请|材料|资料)|材料齐全).{0,12}之日起|办结|作出.{0,12}决定|内(核发|发放|颁发|制发|发证|出证)|办理时限|审批时限",
    takes="自受理之日起20日内",
    leaves="自领证之日起20日内",
)
_PART = any_of(words(Path(__file__).with_name("other_days.txt")))
_ON_THE_SPOT = pattern(r"(当场|即时|立即)(办结|登记|办理|发放|领取)|即办(件)?", takes="当场办结", leaves="当场告知")
_FEE = pattern(
    r"(不|免)(予)?收(取)?(任何)?费|不需要?交费|免费(办|发|申|领|提供)|收取?工本费|不收取.{0,6}费用",
    takes="本事项不收费",
    leaves="本事项收费标准另行公布",
)
_PHONE = pattern(
    r"(?<![\d.\-－])((?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[-－—\s]?)\d{7,8}(?:[-－转]\d{1,5})?|1[3-9]\d{9}|400[-－]?\d{3}[-－]?\d{4}|[2-9]\d{7}"
    r"|1[12]\d{3})(?![\d\-－])",
    takes="咨询电话：020-12345678",
    leaves="统一社会信用代码：914401012345678901",
)
_PURPOSE = pattern(
    r"([\u4e00-\u9fff]{0,8}(?:电话|热线|传真|专线))\s?(?:号码)?\s?[：:为是]?\s?$",
    takes="窗口咨询电话：",
    leaves="窗口咨询地址：",
)
_CALLED = pattern(
    r"(?:咨询|监督|投诉|举报|联系|办公|服务|预约|值班|受理|查询|报名|业务)*(?:电话|热线|传真|专线)$",
    takes="咨询电话",
    leaves="电话簿",
)
_SHORT = pattern(r"热线|电话|拨打|专线|致电", takes="拨打12345", leaves="邮编510000")
_PLACE_LABEL = pattern(
    r"^(?:\S{0,6}(?:地址|地点|窗口|网点|大厅)|(?:窗口|现场)(?:接收|咨询|办理|领取)|窗口现场咨询)\s?[：:]\s?(?P<value>.+)$",
    re.DOTALL,
    takes="办理地点：天河区某路1号",
    leaves="办理地点另行通知",
)
_ADDRESS = pattern(
    r"(路|街|道|巷|弄|大厦|广场|中心|大厅|大楼|服务站|窗口).{0,12}(\d+\s?(号|层|楼|室|弄|窗口)|[一二三四五六七八九十]楼|中心|大厅|窗口)",
    takes="天河区天府路1号3楼",
    leaves="沿路设置指示牌",
)
_HOURS = pattern(r"\d{1,2}\s?[：:]\s?\d{2}", takes="周一至周五9:00至12:00", leaves="每日9时至12时")
_HOURS_LABEL = pattern(r"^\S{0,6}时间\s?[：:]\s?", takes="办公时间：周一至周五", leaves="办公时间为周一至周五")
_DAY_UNIT = pattern(r"工作日|日|天", takes="法定时限（日）", leaves="法定时限")
_LEAD = pattern(r"^.*(?:拨打|请|的|或|在|可)(?=.{2})", takes="请拨打咨询电话", leaves="咨询电话")
_PHONE_TAIL = pattern(
    r"[，,；。]?[^，。；]{0,8}(电话|热线).*$",
    re.DOTALL,
    takes="天河区天府路1号，咨询电话020-12345678",
    leaves="天河区天府路1号",
)
_WEEK = pattern(r"周|星期|工作日|上午|下午|每天", takes="周一至周五9:00至12:00", leaves="开放9:00至12:00")


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A paragraph or table row, the character it begins at, and the heading it stands under."""

    text: str
    start: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as found, and the character it begins at; see `knowledge.guide.TimeLimit`."""

    text: str
    days: int
    kind: DayKind
    start: int


def lines(node: Node, heading: str = "") -> Iterator[GuideLine]:
    """Yield everything a guide says itself, line by line.

    Questions, examples and annexes are left out. Promises are not.
    """
    for unit in node.units:
        if isinstance(unit, Node):
            if is_aside(unit):
                continue
            below = promise(unit) or unit.heading or heading
            if unit.block:
                yield GuideLine(unit.block.text.removeprefix(unit.number).strip(), unit.block.start, below)
            yield from lines(unit, below if "承诺" not in heading else heading)
        elif unit.rows:
            start = unit.start
            for row in table_text.text(unit).split("\n"):
                yield GuideLine(row, start, heading)
                start += len(row) + 1
        else:
            yield GuideLine(unit.text, unit.start, heading)


def limits(spoken: Sequence[GuideLine], labelled: Mapping[str, GuideLine]) -> dict[str, Limit]:
    """Return the statutory, the promised and any other time limit, by field name.

    What stands under the field's label comes first, else the first sentence that states such a limit.
    """
    found: dict[str, Limit] = {}
    for name, line in labelled.items():
        if limit := _days(line.text, line.start) or _bare_days(line):
            found[name] = limit
    for line in spoken:
        for sentence in sentence_ends.split(line.text, "。\n", keep=True):
            for part in re.split(r"[，,；;]", sentence):
                limit = _days(part, line.start, sentence.strip())
                name = _whose(part, sentence, line.heading)
                if limit and name:
                    found.setdefault(name, limit)
    return found


def _whose(part: str, sentence: str, heading: str) -> str:
    if "法定" in part and "法定节假日" not in part:
        return "statutory_limit"
    if "承诺" in part and not _PART.search(part.partition("承诺")[2]):
        return "promised_limit"
    if _ON_THE_SPOT.search(part) and "不能当场" not in part:
        return "limit" if "承诺" not in heading else ""
    if not _DONE.search(part) or _PART.search(part):
        return ""
    return "promised_limit" if "承诺" in heading else "limit"


def _days(text: str, start: int, shown: str = "") -> Limit | None:
    shown = (shown or text).strip()
    if found := _DAYS.search(text):
        unit = DayKind.WORKING_DAYS if found[2] == "工作日" else DayKind.MONTHS if found[2] == "个月" else DayKind.DAYS
        return Limit(shown, numbering.value(found[1]), unit, start)
    if _ON_THE_SPOT.search(text) and "不能当场" not in text:
        return Limit(shown, 0, DayKind.WORKING_DAYS, start)
    return None


def _bare_days(line: GuideLine) -> Limit | None:
    found = _BARE_DAYS.match(line.text)
    if not found or not _DAY_UNIT.search(line.heading):
        return None
    kind = DayKind.WORKING_DAYS if "工作日" in line.heading else DayKind.DAYS
    return Limit(f"{line.heading.rstrip('：:')}：{line.text.strip()}", int(found[1]), kind, line.start)


def fee(text: str) -> str:
    """Return the sentence that says what the service costs; "" where none does."""
    return next((part.strip() for part in sentence_ends.split(text, "。\n", keep=True) if _FEE.search(part)), "")


def phones(text: str, heading: str = "") -> Iterator[tuple[str, str]]:
    """Yield telephone numbers, each with its purpose as printed. A short one counts only where the text calls it so."""
    before = 0
    for found in _PHONE.finditer(text):
        lead = text[before : found.start()]
        short = len(re.sub(r"\D", "", found[1])) <= 8
        if short and not _SHORT.search(text[max(0, found.start() - 12) : found.end() + 4]) and "电话" not in heading:
            continue
        purpose = _PURPOSE.search(lead)
        yield found[1], _called(lead, purpose) if purpose else _called_above(heading)
        before = found.end()


def _called(lead: str, purpose: re.Match[str]) -> str:
    """Return what a number is called: the words before it, or the last of them where they are a longer phrase."""
    phrase = purpose.start() > 0 and "\u4e00" <= lead[purpose.start() - 1] <= "\u9fff"
    if phrase and (known := _CALLED.search(purpose[1])):
        return known[0]
    return _LEAD.sub("", purpose[1])


def _called_above(heading: str) -> str:
    """Return what the heading calls the number under it: "九、咨询电话"."""
    marker = numbering.read(heading)
    label = re.sub(r"[：:\s]", "", marker.rest if marker else heading)
    return label if len(label) <= 8 and _CALLED.fullmatch(label) else ""


def places(text: str, fields: Sequence[str]) -> Iterator[str]:
    """Yield the addresses in an entry of a section about whereabouts."""
    if found := _PLACE_LABEL.match(text):
        if "://" not in found["value"]:
            yield found["value"].strip()
        return
    if not set(fields) & {"places", "phones"} or _HOURS_LABEL.match(text):
        return
    for sentence in sentence_ends.split(text, keep=True):
        kept = _without_phone(sentence)
        named = _ADDRESS.search(kept) or tuple(fields) == ("places",)
        if kept and named and "://" not in kept and not _HOURS.search(kept):
            yield kept


def _without_phone(sentence: str) -> str:
    return _PHONE_TAIL.sub("", sentence).strip().rstrip("。；，")


def hours(text: str, fields: Sequence[str]) -> Iterator[str]:
    """Yield the hours in an entry of a section about whereabouts."""
    if _HOURS_LABEL.match(text) or tuple(fields) == ("hours",):
        yield _HOURS_LABEL.sub("", text).strip()
        return
    for sentence in sentence_ends.split(text, "。\n", keep=True):
        if _HOURS.search(sentence) and _WEEK.search(sentence):
            yield _without_phone(sentence)


_OFFICE = (  # columns of a table of offices
    pattern(r"点|名称|单位|中心|窗口|机构|街", takes="网点名称", leaves="序号"),
    pattern(r"地址|地点", takes="详细地址", leaves="所在区"),
    pattern(r"时间", takes="办公时间", leaves="办理时限"),
    pattern(r"电话|联系方式", takes="咨询电话", leaves="联系人"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """A row of a table of offices and the character it begins at. A field is "" where its column is missing."""

    name: str
    address: str
    hours: str
    phone: str
    start: int


def offices(table: Block) -> Iterator[Office]:
    """Yield the rows of a table that has a column of addresses; nothing from any other table."""
    caption, body = table_text.caption_of(table)
    place = table.start + (len(caption) + 1 if caption else 0)
    for group in table_text.groups(body):
        header = group.rows[: group.header_rows]
        columns = [" ".join(dict.fromkeys(cells)) for cells in zip(*header, strict=True)] if header else []
        found = [_column(columns, names) for names in _OFFICE]
        if found[1] is None:
            return
        start = place + group.start
        for row, line in zip(group.rows[group.header_rows :], group.text.split("\n"), strict=False):
            name, address, open_, phone = (row[at] if at is not None else "" for at in found)
            yield Office(name if found[0] != found[1] else "", address, open_, phone, start)
            start += len(line) + 1


def _column(columns: Sequence[str], names: re.Pattern[str]) -> int | None:
    return next((i for i, column in enumerate(columns) if names.search(column)), None)
