"""Which stored documents end which: by 文号 or title, and a law's newer version its older ones."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from knowledge import confirmation, standings
from knowledge import repeals as naming
from knowledge.model import Metadata, ParsedDocument
from knowledge.precedence import begins, same_place, version
from knowledge.repeals import Name
from knowledge.tables import documents, names, repeals

_LAW = re.compile(r"(法|条例|规定|办法|规则|细则|解释|决定)$")
_CHANGES = re.compile(
    r"(关于|作出)(修改|修正|修订|废止)"
)  # each such decision is a text of its own, whatever its title
_BATCH = 400  # bound parameters of one statement


def write(connection: Connection, document_id: str, metadata: Metadata, parsed: ParsedDocument) -> set[str]:
    """Store a document's names and what it repeals; returns the ids of documents whose standing that may change."""
    touched = _named_by(connection, document_id)
    connection.execute(delete(repeals).where(repeals.c.document_id == document_id))
    days = dict(parsed.repeal_days)
    ended = {naming.name_in(entry): days.get(entry) for entry in parsed.repeals}
    rows = [{"document_id": document_id, "title": n.title, "number": n.number, "ends_on": d} for n, d in ended.items()]
    if rows:
        connection.execute(insert(repeals), rows)
    standings.write(connection, document_id, parsed)
    return touched | rename(connection, document_id, metadata)


def rename(connection: Connection, document_id: str, metadata: Metadata) -> set[str]:
    """Store what a document is called now; returns the ids of documents whose standing that may change."""
    touched = _named_by(connection, document_id)
    connection.execute(delete(names).where(names.c.document_id == document_id))
    own = naming.names_of(metadata.title, metadata.document_number)
    rows = [{"document_id": document_id, "title": n.title, "number": n.number} for n in dict.fromkeys(own)]
    if rows:
        connection.execute(insert(names), rows)
    return {document_id} | touched | _named_by(connection, document_id)


def _named_by(connection: Connection, document_id: str) -> set[str]:
    """The documents this one ends or outdates by its present entries."""
    by_number = (
        select(names.c.document_id).join(repeals, repeals.c.number == names.c.number).where(repeals.c.number != "")
    )
    by_title = select(names.c.document_id).join(repeals, repeals.c.title == names.c.title).where(repeals.c.title != "")
    found = set(connection.scalars(by_number.where(repeals.c.document_id == document_id)))
    found |= set(connection.scalars(by_title.where(repeals.c.document_id == document_id)))
    return found | _same_title(connection, document_id) | standings.related(connection, document_id)


def _same_title(connection: Connection, document_id: str) -> set[str]:
    mine = names.alias()
    statement = (
        select(names.c.document_id).join(mine, mine.c.title == names.c.title).where(mine.c.document_id == document_id)
    )
    return set(connection.scalars(statement.where(names.c.title != "")))


def touched_by_removal(connection: Connection, document_id: str) -> set[str]:
    """The documents whose standing may change when this one goes."""
    return _named_by(connection, document_id) - {document_id}


def settle(connection: Connection, ids: Iterable[str]) -> None:
    """Work out `repealed_on` of these documents anew, from their own word and everybody else's, and of their clauses.

    Where an administrator set it, only what came in after that still counts.
    """
    wanted = sorted(set(ids))
    confirmed = confirmation.of(connection, wanted)
    for row in _rows(connection, wanted):
        set_at = [each.confirmed_at for each in confirmed.get(str(row.id), ()) if each.field == "repealed_on"]
        others = [ending for ending in endings(connection, row) if not set_at or ending.added_at > set_at[0]]
        day = min([day for day in (row.own_repealed_on, *(ending.on for ending in others)) if day], default=None)
        if day != row.repealed_on:
            connection.execute(update(documents).where(documents.c.id == row.id).values(repealed_on=day))
    standings.settle(connection, wanted)


def _rows(connection: Connection, wanted: Sequence[str]) -> Iterable[Row[Any]]:
    for start in range(0, len(wanted), _BATCH):
        yield from connection.execute(select(documents).where(documents.c.id.in_(wanted[start : start + _BATCH]))).all()


@dataclass(frozen=True, slots=True)
class Ending:
    """Another document ends one from `on`; it came in at `added_at`."""

    on: date
    document_id: str
    added_at: datetime


def endings(connection: Connection, row: Row[Any]) -> list[Ending]:
    """Who ends a document, from when: whoever names it, and a newer version of the same law."""
    own = naming.names_of(row.title, row.document_number)
    titles, numbers = [n.title for n in own if n.title], [n.number for n in own if n.number]
    naming_me = select(repeals.c.title.label("ended"), repeals.c.number, repeals.c.ends_on, documents).join(
        documents, documents.c.id == repeals.c.document_id
    )
    matching = naming_me.where(
        or_(repeals.c.title.in_(titles), repeals.c.number.in_(numbers)), documents.c.id != row.id
    )
    found = []
    for other in connection.execute(matching):
        ended = Name(other.ended, other.number)
        day = other.ends_on or begins(other)
        if any(ended.means(name) for name in own) and day and _is_earlier(row, other, ended):
            found.append(Ending(day, other.id, other.added_at))
    return found + _outdated_by(connection, row)


def _is_earlier(row: Row[Any], other: Row[Any], ended: Name) -> bool:
    """A title alone may also name the newer text of the same name, which nobody ends, or one of another place."""
    if ended.number:
        return True
    if not same_place(row.region, other.region):
        return False
    mine, theirs = begins(row), begins(other)
    return not mine or not theirs or mine < theirs


def _outdated_by(connection: Connection, row: Row[Any]) -> list[Ending]:
    """The newer version of the same law of the same place that took its place first."""
    title = naming.bare_title(row.title)
    mine = version(row)
    if not _LAW.search(title) or _CHANGES.search(title) or not mine:
        return []
    same = select(documents).join(names, names.c.document_id == documents.c.id).where(names.c.title == title)
    others = connection.execute(same.where(documents.c.id != row.id, documents.c.region == row.region)).all()
    newer = [
        Ending(day, other.id, other.added_at)
        for other in others
        if (theirs := version(other)) and theirs > mine and _same_kind(row, other)
        if (day := begins(other) or theirs)
    ]
    return sorted(newer, key=lambda ending: ending.on)[:1]


def _same_kind(one: Row[Any], other: Row[Any]) -> bool:
    """Two texts of one law; two notices of one title with 文号 of their own are two documents."""
    numbers = naming.bare_number(one.document_number), naming.bare_number(other.document_number)
    return not all(numbers) or numbers[0] == numbers[1] or all(number.startswith("令") for number in numbers)
