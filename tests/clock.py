"""A clock that stands still until a test moves it."""

from datetime import datetime, timedelta


class Clock:
    """A clock tests move: `clock()` reads it, `clock.forward(minutes=5)` moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)
