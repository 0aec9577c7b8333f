"""Laws of which several versions are at hand: on each day the newest that has begun, and no other."""

import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.law.validity import standing_on
from knowledge.load import load
from knowledge.model import Metadata, Standing
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

pytestmark = pytest.mark.data
_DATED = re.compile(r"^(?P<name>.+)\((?P<day>\d{4}-\d{2}-\d{2})\)$")


def groups(data: Path) -> dict[str, list[Path]]:
    """Files of one folder and name that differ in the date of their version."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((data / "laws").rglob("*.md")):
        if dated := _DATED.match(path.stem):
            found[f"{path.parent.name}/{dated['name']}"].append(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_one_version_of_a_law_is_in_force_on_a_day(sqlite_engine: Engine, clock: Clock, data: Path) -> None:
    """The days are the versions' own: each one's first, the day before, and today."""
    store = DocumentStore(sqlite_engine, clock)
    several = groups(data)
    assert several
    for name, paths in several.items():
        items = [IncomingDocument(load(path, path.name), path.name, str(path), str(path)) for path in reversed(paths)]
        documents = list(store.get_many(store.put_many(items)).values())
        if len({(each.metadata.title, each.metadata.region) for each in documents}) > 1:
            continue  # renamed in between: another law
        for day in _days([each.metadata for each in documents]):
            current = [each.metadata for each in documents if standing_on(each.metadata, day) is Standing.IN_FORCE]
            begun = [each.metadata for each in documents if _begins(each.metadata) <= day]
            assert len(current) <= 1, (name, day, [each.issued_on for each in current])
            if current:
                assert current[0].issued_on == max(each.issued_on or date.min for each in begun), (name, day)


def _begins(metadata: Metadata) -> date:
    return metadata.effective_on or metadata.issued_on or date.min


def _days(versions: list[Metadata]) -> set[date]:
    first = {_begins(each) for each in versions} - {date.min}
    return first | {day - timedelta(days=1) for day in first} | {date(2026, 11, 20)}
