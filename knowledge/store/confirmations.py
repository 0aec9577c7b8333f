"""Keeps the metadata that an administrator has set for a document; it stands above whatever is read, now and later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from knowledge.database import in_parts
from knowledge.model import Metadata
from knowledge.tables import confirmations

FIELDS = tuple(field.name for field in fields(Metadata))

Values = Mapping[str, Any]  # of some fields of Metadata, by their names


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One value that an administrator set: the `field` of Metadata, its value, by whom and when."""

    field: str
    value: Any
    confirmed_by: str
    confirmed_at: datetime


def changes(shown: Metadata, wanted: Metadata) -> dict[str, Any]:
    """Return the fields in which `wanted` differs from what was shown.

    Only these were set. The others were merely left alone.
    """
    return {name: getattr(wanted, name) for name in FIELDS if getattr(wanted, name) != getattr(shown, name)}


def applied(read: Metadata, values: Values) -> Metadata:
    """Return what was read, with the set values above it."""
    return replace(read, **values)


def to_json(metadata: Metadata) -> dict[str, Any]:
    """Return the metadata as JSON has it: days in ISO form, topics as a list."""
    return {name: _written(getattr(metadata, name)) for name in FIELDS}


def from_json(stored: Mapping[str, Any]) -> Metadata:
    """Return the metadata that `to_json` wrote; a field that is missing there keeps its default."""
    return Metadata(**{name: _value(name, stored[name]) for name in FIELDS if name in stored})


def of(connection: Connection, document_ids: Iterable[str]) -> dict[str, list[Confirmation]]:
    """Return what is set for each of these documents. Documents for which nothing is set are left out."""
    found: dict[str, list[Confirmation]] = {}
    for part in in_parts(sorted(document_ids)):
        among = confirmations.c.document_id.in_(part)
        for row in connection.execute(select(confirmations).where(among).order_by(confirmations.c.field)):
            one = Confirmation(row.field, _value(row.field, row.value), row.confirmed_by, row.confirmed_at)
            found.setdefault(row.document_id, []).append(one)
    return found


def standing_above(connection: Connection, document_id: str, read: Metadata) -> Metadata:
    """Return what was read of a document, with what is set for it above."""
    return applied(read, values(of(connection, [document_id]).get(document_id, ())))


def values(set_: Sequence[Confirmation]) -> dict[str, Any]:
    """Return the fields that are set and their values."""
    return {each.field: each.value for each in set_}


def write(connection: Connection, document_id: str, read: Metadata, set_: Values, signed: tuple[str, datetime]) -> None:
    """Store the values that `signed` (who, when) has set. A value equal to what was read is no longer set."""
    mine = confirmations.c.document_id == document_id
    connection.execute(delete(confirmations).where(mine, confirmations.c.field.in_(list(set_))))
    rows = [
        {
            "document_id": document_id,
            "field": name,
            "value": _written(value),
            "confirmed_by": signed[0],
            "confirmed_at": signed[1],
        }
        for name, value in set_.items()
        if name == "repealed_on" or value != getattr(read, name)  # "not repealed" also answers what others say
    ]
    if rows:
        connection.execute(insert(confirmations), rows)


def as_json(connection: Connection, document_id: str) -> list[dict[str, Any]]:
    """Return what is set for a document as JSON, for `put_back`."""
    return [
        {
            "field": each.field,
            "value": _written(each.value),
            "confirmed_by": each.confirmed_by,
            "confirmed_at": each.confirmed_at.isoformat(),
        }
        for each in of(connection, [document_id]).get(document_id, ())
    ]


def put_back(connection: Connection, document_id: str, stored: Sequence[Mapping[str, Any]]) -> None:
    """Set for a document what was set for it when `as_json` was called, and nothing else."""
    connection.execute(delete(confirmations).where(confirmations.c.document_id == document_id))
    rows = [
        {**each, "document_id": document_id, "confirmed_at": datetime.fromisoformat(each["confirmed_at"])}
        for each in stored
    ]
    if rows:
        connection.execute(insert(confirmations), rows)


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(name: str, written: Any) -> Any:
    if name.endswith("_on"):
        return date.fromisoformat(written) if written else None
    return tuple(written) if isinstance(written, list) else written
