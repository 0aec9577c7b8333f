"""Write a cell's value as the spreadsheet shows it: dates, percentages, separators, leading zeros."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.[#0?]*)?")


def cell_text(value: Any, number_format: str = "General") -> str:
    """Return the text of a cell that holds `value` in an Excel number format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}"
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value)


def _moment(value: datetime | date | time, number_format: str) -> str:
    form = number_format.lower()
    clock = ""
    at_midnight = isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0)
    if isinstance(value, datetime | time) and not at_midnight and ("h" in form or isinstance(value, time)):
        clock = value.strftime("%H:%M:%S" if "ss" in form and value.second else "%H:%M")
    if isinstance(value, time):
        return clock
    chinese = "年" in number_format or "[$-804]" in form or "[dbnum" in form
    days = "d" in _QUOTED.sub(" ", form)
    if chinese:
        day = f"{value.year}年{value.month}月" + (f"{value.day}日" if days or "年" not in number_format else "")
    else:
        day = f"{value:%Y-%m-%d}" if days or "General" in number_format else f"{value:%Y-%m}"
    return f"{day} {clock}" if clock else day


def _number(value: int | float, number_format: str) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return ""
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    plain = _QUOTED.sub(lambda found: next((each for each in found.groups() if each), ""), section)
    pattern = _NUMBER.search(plain)
    if section.strip() in ("", "General", "@") or pattern is None or "e+" in section.lower() or "/" in section:
        return _general(value)
    percent = plain.count("%")
    form, number = pattern.group(), abs(value) * 100**percent
    whole, _, part = form.partition(".")
    digits = f"{number:,.{len(part)}f}" if "," in whole else f"{number:.{len(part)}f}"
    before, point, behind = _without_optional(digits, part).partition(".")
    digits = before.zfill(whole.count("0")) + point + behind
    minus = "-" if value < 0 and len(sections) == 1 else ""
    return f"{minus}{plain[: pattern.start()]}{digits}{plain[pattern.end() :]}".strip()


def _without_optional(digits: str, part: str) -> str:
    """Remove the trailing zeros of decimals that the format marks as optional (#)."""
    spare = len(part) - len(part.rstrip("#"))
    while spare and digits.endswith("0"):
        digits, spare = digits[:-1], spare - 1
    return digits.rstrip(".") if digits.endswith(".") else digits


def _general(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value) if isinstance(value, int) else f"{value:.10g}"
