"""A document's standing on a day."""

from datetime import date, timedelta

import pytest

from knowledge.law.validity import standing_on
from knowledge.model import Metadata, Standing

DAY = date(2026, 11, 20)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.IN_FORCE),
        ({"effective_on": DAY}, Standing.IN_FORCE),
        ({"effective_on": AFTER}, Standing.NOT_YET),
        ({"published_on": AFTER}, Standing.NOT_YET),
        ({"issued_on": AFTER}, Standing.NOT_YET),
        ({"published_on": AFTER, "effective_on": BEFORE}, Standing.IN_FORCE),
        ({"expires_on": DAY}, Standing.IN_FORCE),  # its last day
        ({"expires_on": BEFORE}, Standing.EXPIRED),
        ({"repealed_on": DAY}, Standing.REPEALED),  # its first day out of force
        ({"repealed_on": AFTER}, Standing.IN_FORCE),
        ({"repealed_on": BEFORE, "expires_on": BEFORE}, Standing.REPEALED),
    ],
)
def test_standing(said: dict[str, date], standing: Standing) -> None:
    assert standing_on(Metadata("某办法", **said), DAY) == standing
