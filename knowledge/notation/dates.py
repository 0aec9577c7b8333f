"""Read dates as Chinese documents write them."""

from calendar import monthrange
from datetime import date, timedelta

from knowledge.notation.numbering import value
from knowledge.notation.patterns import pattern

_NUMERAL = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
DAY = rf"(\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s?[年\-./]\s?{_NUMERAL}\s?[月\-./]\s?{_NUMERAL}\s?日?"
_DAY = pattern(DAY, takes="本办法自二〇二四年三月四日起施行", leaves="本办法自2024年3月起施行")
_ONLY = pattern(rf"^[（(]?{DAY}[）)]?$", takes="（2024年3月4日）", leaves="2024年3月4日印发")


def first(text: str) -> date | None:
    """Return the first whole date in `text` ("2024年3月4日", "2024-03-04 10:00", "二〇二四年三月四日")."""
    return next(iter(every(text)), None)


def every(text: str) -> list[date]:
    """Return all whole dates in `text`, in order. Impossible dates are skipped."""
    found = (_date(*match.groups()) for match in _DAY.finditer(text))
    return [day for day in found if day]


def only(text: str) -> date | None:
    """Return the date if the line holds nothing else."""
    found = _ONLY.match(text)
    return _date(*found.groups()) if found else None


def months_later(day: date, months: int) -> date:
    """Return the last day of a period of `months` that begins on `day`."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    same = date(year, month, min(day.day, monthrange(year, month)[1]))
    return same - timedelta(days=1)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(value(year.replace("○", "〇")), value(month), value(day))
    except ValueError:
        return None
