"""Works out which stored document ends which: by 文号 or title, and a law's newer version its older ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, or_, select, update

from knowledge.database import in_parts
from knowledge.law.validity import begins, same_place, version_day
from knowledge.model import Metadata, ParsedDocument
from knowledge.notation import document_kinds
from knowledge.notation.document_names import DocumentName, bare_number, bare_title, name_in, names_of
from knowledge.notation.patterns import pattern
from knowledge.store import clause_endings, confirmations
from knowledge.store.confirmations import Confirmation
from knowledge.tables import documents, extensions, names, repeals

_LAW = pattern(rf"({document_kinds.RULES})$", takes="老年助餐服务办法", leaves="老年助餐服务办法解读")
_CHANGES = pattern(
    r"(关于|作出)(修改|修正|修订|废止)", takes="关于修改《居住证条例》的决定", leaves="关于印发《居住证条例》的通知"
)  # each such decision is a text of its own, whatever its title
_ABOUT = [  # what decides between two documents
    documents.c[name]
    for name in ("id", "document_number", "region", "published_on", "issued_on", "effective_on", "added_at")
]


def write(connection: Connection, written: Mapping[str, tuple[ParsedDocument, Metadata]]) -> None:
    """Store the names of new documents, by id, and what they repeal, prolong and amend."""
    rows: dict[Table, list[dict[str, Any]]] = {names: [], repeals: [], extensions: []}
    for id_, (parsed, metadata) in written.items():
        rows[names] += _names_of(id_, metadata)
        days = dict(parsed.repeal_days)
        ended = {name_in(entry): days.get(entry) for entry in parsed.repeals}
        rows[repeals] += [_named(id_, name) | {"ends_on": day} for name, day in ended.items()]
        longer = [(name_in(entry), day) for entry, day in parsed.extensions]
        rows[extensions] += [_named(id_, name) | {"until_on": day} for name, day in longer]
    for table, its in rows.items():
        if its:
            connection.execute(insert(table), its)
    clause_endings.write(connection, {id_: parsed for id_, (parsed, _) in written.items()})


def _named(document_id: str, name: DocumentName) -> dict[str, Any]:
    return {"document_id": document_id, "title": name.title, "number": name.number}


def _names_of(document_id: str, metadata: Metadata) -> list[dict[str, Any]]:
    own = names_of(metadata.title, metadata.document_number)
    return [_named(document_id, name) for name in dict.fromkeys(own)]


def rename(connection: Connection, document_id: str, metadata: Metadata) -> set[str]:
    """Store what a document is called now; return the ids of documents whose standing that may change."""
    before = related(connection, {document_id})
    connection.execute(delete(names).where(names.c.document_id == document_id))
    if own := _names_of(document_id, metadata):
        connection.execute(insert(names), own)
    return {document_id} | before | related(connection, {document_id})


def related(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return the documents that these end, prolong, amend or outdate by their present entries."""
    found: set[str] = set()
    for part in in_parts(sorted(ids)):
        found |= clause_endings.related(connection, part)
        mine = names.alias()
        for said, by in ((mine, "title"), *product((repeals, extensions), ("title", "number"))):
            same = (said.c[by] == names.c[by]) & (said.c[by] != "")
            query = select(names.c.document_id).join(said, same).where(said.c.document_id.in_(part))
            found |= set(connection.scalars(query.distinct()))
    return found


def touched_by_removal(connection: Connection, document_id: str) -> set[str]:
    """Return the documents whose standing may change when this one goes."""
    return related(connection, {document_id}) - {document_id}


def settle(connection: Connection, ids: Iterable[str]) -> None:
    """Work out anew until when these documents and their clauses are in force, by what they and all others say.

    Where an administrator has set a day, only documents that came in later can still change it.
    """
    wanted = sorted(set(ids))
    for part in in_parts(wanted):
        _settle(connection, part)
    clause_endings.settle(connection, wanted)


def _settle(connection: Connection, ids: Sequence[str]) -> None:
    confirmed = confirmations.of(connection, ids)
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
    """Return the last day that a document gives itself, or that an administrator gave it."""
    if row.read is None:
        last: date | None = row.expires_on
        return last
    return confirmations.applied(confirmations.from_json(row.read), confirmations.values(set_)).expires_on


def prolongings(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list["Ending"]]:
    """Return who prolongs each of these documents, with the document's last day then."""
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
    """Return, for each of these documents, the other documents that mean it in a table of names."""
    own = {row.id: names_of(row.title, row.document_number) for row in rows}
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


def _under(by_word: Mapping[str, list[Row[Any]]], own: Sequence[DocumentName]) -> list[Row[Any]]:
    """Return those of the rows that mean one of these names."""
    near = dict.fromkeys(row for name in own for word in (name.title, name.number) for row in by_word.get(word, ()))
    return [row for row in near if any(DocumentName(row.named_title, row.named_number).means(name) for name in own)]


@dataclass(frozen=True, slots=True)
class Ending:
    """Another document ends one from `on`, or prolongs it until `on`. That other document came in at `added_at`."""

    on: date
    document_id: str
    added_at: datetime


def endings(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[Ending]]:
    """Return who ends each of these documents and from when: whoever names it, and a newer version of the same law."""
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
    """Return whether `row` is the older text that `other` means.

    A title alone may also be that of a newer text, which nothing ends, or that of a text of another place.
    """
    if other.named_number:
        return True
    if not same_place(row.region, other.region):
        return False
    mine, theirs = begins(row), begins(other)
    return not mine or not theirs or mine < theirs


def _outdated(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[Ending]]:
    """Return, for each law that has one, the newer version of the same place that first replaced it."""
    titles = {row.id: title for row in rows if _is_law(title := bare_title(row.title)) and version_day(row)}
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
    mine = version_day(row) or date.max
    newer = [
        Ending(day, other.id, other.added_at)
        for other in same
        if other.id != row.id and other.region == row.region and _same_kind(row, other)
        if (theirs := version_day(other)) and theirs > mine and (day := begins(other) or theirs)
    ]
    return min(newer, key=lambda ending: ending.on, default=None)


def _same_kind(one: Row[Any], other: Row[Any]) -> bool:
    """Return whether these are two texts of one law.

    Two notices of one title, each with a 文号 of its own, are two documents.
    """
    numbers = bare_number(one.document_number), bare_number(other.document_number)
    return not all(numbers) or numbers[0] == numbers[1] or all(number.startswith("令") for number in numbers)


def successors(connection: Connection, document_id: str) -> list[Ending]:
    """Return who ended a document, who ended that one, and so on. A circle is gone round once."""
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
