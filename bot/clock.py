"""What day it is where the service is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def today(timezone: str, now: datetime) -> date:
    """The day at `now` (aware) in the IANA zone `timezone`.

    >>> from datetime import UTC
    >>> today("Asia/Shanghai", datetime(2026, 11, 19, 17, tzinfo=UTC))
    datetime.date(2026, 11, 20)
    """
    return now.astimezone(ZoneInfo(timezone)).date()
