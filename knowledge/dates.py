"""Dates as Chinese documents write them."""

import re
from calendar import monthrange
from datetime import date, timedelta

from knowledge.numbering import value

_NUMERAL = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
DAY = rf"(\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s?[年\-./]\s?{_NUMERAL}\s?[月\-./]\s?{_NUMERAL}\s?日?"
_DAY = re.compile(DAY)
_ONLY = re.compile(rf"^[（(]?{DAY}[）)]?$")


def first(text: str) -> date | None:
    """The first whole date in `text` ("2024年3月4日", "2024-03-04 10:00", "二〇二四年三月四日")."""
    return next(iter(every(text)), None)


def every(text: str) -> list[date]:
    """All whole dates in `text`, in order; impossible ones are passed over."""
    found = (_date(*match.groups()) for match in _DAY.finditer(text))
    return [day for day in found if day]


def only(text: str) -> date | None:
    """The date a line consists of and nothing else."""
    found = _ONLY.match(text)
    return _date(*found.groups()) if found else None


def years_later(day: date, years: int) -> date:
    """The last day of a validity of `years` that begins on `day`: 2024-03-04 and 5 years -> 2029-03-03."""
    return months_later(day, 12 * years)


def months_later(day: date, months: int) -> date:
    """The last day of a validity of `months` that begins on `day`."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    same = date(year, month, min(day.day, monthrange(year, month)[1]))
    return same - timedelta(days=1)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(value(year.replace("○", "〇")), value(month), value(day))
    except ValueError:
        return None
