"""Working days in mainland China: statutory holidays, make-up workdays, and years not yet announced."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import holidays


class UnknownYear(ValueError):
    """这一年的节假日没有资料，不能推算工作日。"""

    def __str__(self) -> str:
        return f"{self.__doc__}（{self.args[0]} 年）"


class WorkCalendar:
    """Working days from the State Council's yearly notices on holidays, as the `holidays` library carries them.

    A year whose notice is not out yet has its statutory holidays (全国年节及纪念日放假办法) but no make-up workdays.
    Such a year is provisional, and whoever shows a date of it says so.
    """

    def __init__(self, local: Callable[[datetime], datetime]) -> None:
        """`local` gives an aware instant in the office's time zone."""
        self.local = local
        self._holidays = holidays.country_holidays("CN")
        self._filling = threading.Lock()  # the library works a year out when it is first asked for

    def known(self, year: int) -> bool:
        """Whether anything can be said about a year."""
        return bool(self._holidays.start_year <= year <= self._holidays.end_year)

    def provisional(self, year: int) -> bool:
        """Whether a year's official notice is still missing. Raises UnknownYear where nothing is known at all."""
        if not self.known(year):
            raise UnknownYear(year)
        return year not in self._holidays.special_public_holidays

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day. Raises UnknownYear outside the years known."""
        if not self.known(day.year):
            raise UnknownYear(day.year)
        with self._filling:
            return bool(self._holidays.is_working_day(day))

    def add(self, start: date, working_days: int) -> date:
        """The last day of a period of `working_days` that begins the day after `start`.

        The day of the event itself does not count (民法典 第二百零一条), nor do holidays (行政许可法 第八十二条).
        For 0 days it is `start`, or the next working day where `start` is none. Raises UnknownYear, and ValueError
        for a negative number.
        """
        if working_days < 0:
            raise ValueError(f"{working_days} working days: cannot count backwards")
        day = start
        while working_days > 0 or not self.is_working_day(day):
            day += timedelta(days=1)
            if self.is_working_day(day):
                working_days = max(0, working_days - 1)
        return day
