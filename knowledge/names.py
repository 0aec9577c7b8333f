"""Which stored documents end which: by 文号 or title, and a law's newer version its older ones."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, or_, select, update

from knowledge import confirmation, standings
from knowledge import repeals as naming
from knowledge.confirmation import Confirmation
from knowledge.model import Metadata, ParsedDocument
from knowledge.precedence import begins, same_place, version
from knowledge.repeals import Name
from knowledge.tables import documents, extensions, names, repeals

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
    connection.execute(delete(extensions).where(extensions.c.document_id == document_id))
    longer = [(naming.name_in(entry), day) for entry, day in parsed.extensions]
    rows = [{"document_id": document_id, "title": n.title, "number": n.number, "until_on": d} for n, d in longer]
    if rows:
        connection.execute(insert(extensions), rows)
    standings.write(connection, document_id, parsed)
    return touched | _renamed(connection, document_id, metadata)


def rename(connection: Connection, document_id: str, metadata: Metadata) -> set[str]:
    """Store what a document is called now; returns the ids of documents whose standing that may change."""
    return _named_by(connection, document_id) | _renamed(connection, document_id, metadata)


def _renamed(connection: Connection, document_id: str, metadata: Metadata) -> set[str]:
    connection.execute(delete(names).where(names.c.document_id == document_id))
    own = naming.names_of(metadata.title, metadata.document_number)
    rows = [{"document_id": document_id, "title": n.title, "number": n.number} for n in dict.fromkeys(own)]
    if rows:
        connection.execute(insert(names), rows)
    return {document_id} | _named_by(connection, document_id)


def _named_by(connection: Connection, document_id: str) -> set[str]:
    """The documents this one ends, prolongs, amends or outdates by its present entries."""
    found = _same_title(connection, document_id) | standings.related(connection, document_id)
    for table in (repeals, extensions):
        for column, called in ((table.c.number, names.c.number), (table.c.title, names.c.title)):
            query = select(names.c.document_id).join(table, (called == column) & (column != ""))
            found |= set(connection.scalars(query.where(table.c.document_id == document_id)))
    return found


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
        set_at = {each.field: each.confirmed_at for each in confirmed.get(str(row.id), ())}
        others = [each for each in endings(connection, row) if _counts(each, set_at.get("repealed_on"))]
        day = min([day for day in (row.own_repealed_on, *(ending.on for ending in others)) if day], default=None)
        last = _own_last_day(row, confirmed.get(str(row.id), ()))
        longer = (
            [each for each in prolongings(connection, row) if _counts(each, set_at.get("expires_on"))] if last else []
        )
        last = max([last, *(each.on for each in longer)]) if last else None
        if (day, last) != (row.repealed_on, row.expires_on):
            values = {"repealed_on": day, "expires_on": last}
            connection.execute(update(documents).where(documents.c.id == row.id).values(values))
    standings.settle(connection, wanted)


def _counts(word: "Ending", set_at: datetime | None) -> bool:
    return set_at is None or word.added_at > set_at


def _own_last_day(row: Row[Any], set_: Sequence[Confirmation]) -> date | None:
    """The last day a document gives itself, or an administrator gave it."""
    if row.read is None:
        last: date | None = row.expires_on
        return last
    return confirmation.applied(confirmation.from_json(row.read), confirmation.values(set_)).expires_on


def prolongings(connection: Connection, row: Row[Any]) -> list["Ending"]:
    """Who prolongs a document, with its last day then."""
    own = naming.names_of(row.title, row.document_number)
    found = []
    for other in _naming(connection, extensions, row):
        said = Name(other.named_title, other.named_number)
        placed = bool(said.number) or same_place(row.region, other.region)
        if any(said.means(name) for name in own) and placed:
            found.append(Ending(other.until_on, other.id, other.added_at))
    return found


def _naming(connection: Connection, table: Table, row: Row[Any]) -> Sequence[Row[Any]]:
    """The other documents that name this one in a table of names."""
    own = naming.names_of(row.title, row.document_number)
    titles, numbers = [n.title for n in own if n.title], [n.number for n in own if n.number]
    named = [column for column in table.c if column.name.endswith("_on")]
    columns: tuple[Any, ...] = (
        table.c.title.label("named_title"),
        table.c.number.label("named_number"),
        *named,
        documents,
    )
    query = select(*columns).join(documents, documents.c.id == table.c.document_id)
    matching = or_(table.c.title.in_(titles), table.c.number.in_(numbers))
    return connection.execute(query.where(matching, documents.c.id != row.id)).all()


def _rows(connection: Connection, wanted: Sequence[str]) -> Iterable[Row[Any]]:
    for start in range(0, len(wanted), _BATCH):
        yield from connection.execute(select(documents).where(documents.c.id.in_(wanted[start : start + _BATCH]))).all()


@dataclass(frozen=True, slots=True)
class Ending:
    """Another document ends one from `on`, or prolongs it until then; it came in at `added_at`."""

    on: date
    document_id: str
    added_at: datetime


def endings(connection: Connection, row: Row[Any]) -> list[Ending]:
    """Who ends a document, from when: whoever names it, and a newer version of the same law."""
    own = naming.names_of(row.title, row.document_number)
    found = []
    for other in _naming(connection, repeals, row):
        ended = Name(other.named_title, other.named_number)
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


def successors(connection: Connection, document_id: str) -> list[Ending]:
    """Who ended a document, who ended that one, and so on; a circle is gone round once."""
    chain: list[Ending] = []
    seen = {document_id}
    current = connection.execute(select(documents).where(documents.c.id == document_id)).first()
    while current is not None and current.repealed_on:
        ended = [each for each in endings(connection, current) if each.on == current.repealed_on]
        following = next(
            (each for each in sorted(ended, key=lambda e: e.document_id) if each.document_id not in seen), None
        )
        if following is None:
            break
        seen.add(following.document_id)
        chain.append(following)
        current = connection.execute(select(documents).where(documents.c.id == following.document_id)).first()
    return chain
