"""Which stored documents end which: by 文号 or title, and a law's newer version its older ones."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
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
_ABOUT = [  # what decides between two documents
    documents.c[name]
    for name in ("id", "document_number", "region", "published_on", "issued_on", "effective_on", "added_at")
]


def write(connection: Connection, written: Mapping[str, tuple[ParsedDocument, Metadata]]) -> None:
    """Store the names of documents, by id, and what they repeal, prolong and amend; nothing is stored of them yet."""
    rows: dict[Table, list[dict[str, Any]]] = {names: [], repeals: [], extensions: []}
    for id_, (parsed, metadata) in written.items():
        rows[names] += _names_of(id_, metadata)
        days = dict(parsed.repeal_days)
        ended = {naming.name_in(entry): days.get(entry) for entry in parsed.repeals}
        rows[repeals] += [_named(id_, name) | {"ends_on": day} for name, day in ended.items()]
        longer = [(naming.name_in(entry), day) for entry, day in parsed.extensions]
        rows[extensions] += [_named(id_, name) | {"until_on": day} for name, day in longer]
    for table, its in rows.items():
        if its:
            connection.execute(insert(table), its)
    standings.write(connection, {id_: parsed for id_, (parsed, _) in written.items()})


def _named(document_id: str, name: Name) -> dict[str, Any]:
    return {"document_id": document_id, "title": name.title, "number": name.number}


def _names_of(document_id: str, metadata: Metadata) -> list[dict[str, Any]]:
    own = naming.names_of(metadata.title, metadata.document_number)
    return [_named(document_id, name) for name in dict.fromkeys(own)]


def rename(connection: Connection, document_id: str, metadata: Metadata) -> set[str]:
    """Store what a document is called now; returns the ids of documents whose standing that may change."""
    before = related(connection, {document_id})
    connection.execute(delete(names).where(names.c.document_id == document_id))
    if own := _names_of(document_id, metadata):
        connection.execute(insert(names), own)
    return {document_id} | before | related(connection, {document_id})


def related(connection: Connection, ids: Iterable[str]) -> set[str]:
    """The documents that these end, prolong, amend or outdate by their present entries."""
    found: set[str] = set()
    for part in _parts(sorted(ids)):
        found |= standings.related(connection, part)
        mine = names.alias()
        for said, by in ((mine, "title"), *product((repeals, extensions), ("title", "number"))):
            same = (said.c[by] == names.c[by]) & (said.c[by] != "")
            query = select(names.c.document_id).join(said, same).where(said.c.document_id.in_(part))
            found |= set(connection.scalars(query.distinct()))
    return found


def touched_by_removal(connection: Connection, document_id: str) -> set[str]:
    """The documents whose standing may change when this one goes."""
    return related(connection, {document_id}) - {document_id}


def settle(connection: Connection, ids: Iterable[str]) -> None:
    """Work out `repealed_on` of these documents anew, from their own word and everybody else's, and of their clauses.

    Where an administrator set it, only what came in after that still counts.
    """
    wanted = sorted(set(ids))
    for part in _parts(wanted):
        _settle(connection, part)
    standings.settle(connection, wanted)


def _settle(connection: Connection, ids: Sequence[str]) -> None:
    confirmed = confirmation.of(connection, ids)
    rows = connection.execute(select(documents).where(documents.c.id.in_(ids))).all()
    ended, prolonged = endings(connection, rows), prolongings(connection, rows)
    for row in rows:
        set_at = {each.field: each.confirmed_at for each in confirmed.get(str(row.id), ())}
        others = [each.on for each in ended[row.id] if _counts(each, set_at.get("repealed_on"))]
        day = min([day for day in (row.own_repealed_on, *others) if day], default=None)
        last = _own_last_day(row, confirmed.get(str(row.id), ()))
        longer = [each.on for each in prolonged[row.id] if _counts(each, set_at.get("expires_on"))] if last else []
        last = max([last, *longer]) if last else None
        if (day, last) != (row.repealed_on, row.expires_on):
            values = {"repealed_on": day, "expires_on": last}
            connection.execute(update(documents).where(documents.c.id == row.id).values(values))


def _counts(word: "Ending", set_at: datetime | None) -> bool:
    return set_at is None or word.added_at > set_at


def _own_last_day(row: Row[Any], set_: Sequence[Confirmation]) -> date | None:
    """The last day a document gives itself, or an administrator gave it."""
    if row.read is None:
        last: date | None = row.expires_on
        return last
    return confirmation.applied(confirmation.from_json(row.read), confirmation.values(set_)).expires_on


def prolongings(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list["Ending"]]:
    """Who prolongs each of these documents, with its last day then."""
    found = _naming(connection, extensions, rows)
    return {
        row.id: [
            Ending(other.until_on, other.id, other.added_at)
            for other in found[row.id]
            if other.named_number or same_place(row.region, other.region)
        ]
        for row in rows
    }


def _naming(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
    """The other documents that mean each of these in a table of names."""
    own = {row.id: naming.names_of(row.title, row.document_number) for row in rows}
    titles = {name.title for its in own.values() for name in its if name.title}
    numbers = {name.number for its in own.values() for name in its if name.number}
    named = (table.c.title.label("named_title"), table.c.number.label("named_number"))
    days = [column for column in table.c if column.name.endswith("_on")]
    query = select(*named, *days, *_ABOUT).join(documents, documents.c.id == table.c.document_id)
    by_word: dict[str, list[Row[Any]]] = {}
    for other in connection.execute(query.where(or_(table.c.title.in_(titles), table.c.number.in_(numbers)))):
        for word in {other.named_title, other.named_number} - {""}:
            by_word.setdefault(word, []).append(other)
    return {id_: [other for other in _under(by_word, its) if other.id != id_] for id_, its in own.items()}


def _under(by_word: Mapping[str, list[Row[Any]]], own: Sequence[Name]) -> list[Row[Any]]:
    """Those of the rows that mean one of these names."""
    near = dict.fromkeys(row for name in own for word in (name.title, name.number) for row in by_word.get(word, ()))
    return [row for row in near if any(Name(row.named_title, row.named_number).means(name) for name in own)]


@dataclass(frozen=True, slots=True)
class Ending:
    """Another document ends one from `on`, or prolongs it until then; it came in at `added_at`."""

    on: date
    document_id: str
    added_at: datetime


def endings(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[Ending]]:
    """Who ends each of these documents, from when: whoever names it, and a newer version of the same law."""
    found, outdated = _naming(connection, repeals, rows), _outdated(connection, rows)
    return {
        row.id: [
            Ending(day, other.id, other.added_at)
            for other in found[row.id]
            if (day := other.ends_on or begins(other)) and _is_earlier(row, other)
        ]
        + outdated.get(row.id, [])
        for row in rows
    }


def _is_earlier(row: Row[Any], other: Row[Any]) -> bool:
    """A title alone may also name the newer text of the same name, which nobody ends, or one of another place."""
    if other.named_number:
        return True
    if not same_place(row.region, other.region):
        return False
    mine, theirs = begins(row), begins(other)
    return not mine or not theirs or mine < theirs


def _outdated(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[Ending]]:
    """The newer version of the same law of the same place that took its place first, of those that have one."""
    titles = {row.id: title for row in rows if _is_law(title := naming.bare_title(row.title)) and version(row)}
    called = names.c.title.label("called")
    query = select(called, *_ABOUT).join(names, names.c.document_id == documents.c.id)
    same: dict[str, list[Row[Any]]] = {}
    for other in connection.execute(query.where(names.c.title.in_(set(titles.values())))):
        same.setdefault(other.called, []).append(other)
    found = {row.id: _first_newer(row, same.get(titles[row.id], ())) for row in rows if row.id in titles}
    return {id_: [newer] for id_, newer in found.items() if newer}


def _is_law(title: str) -> bool:
    return bool(_LAW.search(title)) and not _CHANGES.search(title)


def _first_newer(row: Row[Any], same: Iterable[Row[Any]]) -> Ending | None:
    mine = version(row) or date.max
    newer = [
        Ending(day, other.id, other.added_at)
        for other in same
        if other.id != row.id and other.region == row.region and _same_kind(row, other)
        if (theirs := version(other)) and theirs > mine and (day := begins(other) or theirs)
    ]
    return min(newer, key=lambda ending: ending.on, default=None)


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
        ended = [each for each in endings(connection, [current])[current.id] if each.on == current.repealed_on]
        following = next(
            (each for each in sorted(ended, key=lambda e: e.document_id) if each.document_id not in seen), None
        )
        if following is None:
            break
        seen.add(following.document_id)
        chain.append(following)
        current = connection.execute(select(documents).where(documents.c.id == following.document_id)).first()
    return chain


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
