"""A clock that stands still until a test moves it, and the office's time zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")


def in_office(at: datetime) -> datetime:
    """An aware instant as the office's clocks show it."""
    return at.astimezone(OFFICE)


class Clock:
    """A clock tests move: `clock()` reads it, `clock.forward(minutes=5)` moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        return in_office(self.now).date()

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)
