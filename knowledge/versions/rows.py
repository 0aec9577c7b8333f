"""Writes versions as rows, reads them back, and packs their content."""

import zlib
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, func, select

from knowledge.model import Metadata, ParsedDocument
from knowledge.tables import documents, versions
from knowledge.version import Hold, NoSuchVersion, Version, VersionKind, VersionProposal, VersionState

_LISTED = [column for column in versions.c if column.name not in ("content", "confirmed")]
_PLAIN = [
    column.name for column in _LISTED if column.name not in ("decided", "proposal", "holds", "edited_by", "state")
]


@cache
def _parsed() -> TypeAdapter[ParsedDocument]:
    return TypeAdapter(ParsedDocument)


@cache
def _metadata() -> TypeAdapter[Metadata]:
    return TypeAdapter(Metadata)


def pack(parsed: ParsedDocument) -> bytes:
    """Return a parsed document as it is kept. Fields it gains later read back as their defaults."""
    return zlib.compress(_parsed().dump_json(parsed), 1)


def unpack(content: bytes) -> ParsedDocument:
    return _parsed().validate_json(zlib.decompress(content))


def metadata_json(metadata: Metadata) -> dict[str, Any]:
    """Return metadata as JSON: dates as 2026-01-31."""
    plain: dict[str, Any] = _metadata().dump_python(metadata, mode="json")
    return plain


def metadata_from(plain: dict[str, Any]) -> Metadata:
    """Return the metadata that `metadata_json` wrote; raise ValueError where a value is not possible."""
    return _metadata().validate_python(plain)


def proposal_json(proposal: VersionProposal | None) -> dict[str, Any] | None:
    return asdict(proposal) if proposal else None


def hold_json(hold: Hold) -> dict[str, Any]:
    return asdict(hold)


def find(connection: Connection, *where: Any, order: Any = None) -> list[Version]:
    """Return the versions for which all of `where` holds; newest first unless `order` says otherwise."""
    query = select(*_LISTED).where(*where)
    newest = (versions.c.created_at.desc(), (versions.c.number > 0), versions.c.number.desc(), versions.c.id)
    return [version_of(row) for row in connection.execute(query.order_by(*(newest if order is None else order)))]


def take(connection: Connection, version_id: str) -> Version:
    """Return one version and lock its row until the transaction ends; raise NoSuchVersion for an unknown id."""
    row = connection.execute(select(*_LISTED).where(versions.c.id == version_id).with_for_update()).first()
    if row is None:
        raise NoSuchVersion
    return version_of(row)


def content(connection: Connection, version_id: str) -> ParsedDocument | None:
    """Return what was read of a version; None where it is forgotten."""
    packed = connection.execute(select(versions.c.content).where(versions.c.id == version_id)).scalar_one_or_none()
    return unpack(packed) if packed else None


def highest_number(connection: Connection, document_id: str) -> int:
    """Return the highest number that any version of the document has had, live or not; 0 for none."""
    kept = select(func.max(versions.c.number)).where(versions.c.document_id == document_id)
    live = select(documents.c.version).where(documents.c.id == document_id)
    return max(connection.execute(kept).scalar() or 0, connection.execute(live).scalar() or 0)


def version_of(row: Row[Any]) -> Version:
    """Return a version from its row."""
    proposal = row.proposal and VersionProposal(**{**row.proposal, "kind": VersionKind(row.proposal["kind"])})
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Version(
        **plain,
        state=VersionState(row.state),
        decided=metadata_from(row.decided) if row.decided else None,
        proposal=proposal or None,
        holds=tuple(Hold(**each) for each in row.holds),
        edited_by=tuple(row.edited_by),
    )
