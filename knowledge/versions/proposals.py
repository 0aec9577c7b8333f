"""Stores a parsed file as a draft or held version, with what stops it and the document it seems to belong to."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from knowledge.store.batch import IncomingDocument
from knowledge.tables import versions
from knowledge.version import Version, VersionKind, VersionProposal, VersionState
from knowledge.versions import checks, rows
from knowledge.versions.checks import Findings
from knowledge.versions.originals import Originals
from knowledge.versions.recognition import recognise


@dataclass(frozen=True, slots=True)
class Proposed:
    """An incoming document that is to become a version.

    `original` is the file itself, None where it is not at hand. `among_all` says whether 文号, title and text are
    compared to find the document that it is a version of, or only its source. `findings` are the reasons to stop it,
    None where nobody has looked for them yet.
    """

    incoming: IncomingDocument
    original: Path | None = None
    among_all: bool = True
    findings: Findings | None = None


class Proposing:
    """Makes rows of the versions table from files."""

    def __init__(self, originals: Originals, clock: Callable[[], datetime]) -> None:
        self._originals, self._clock = originals, clock

    def write(self, connection: Connection, item: Proposed, by: str) -> Version:
        """Store a draft, or a held version where something stops it."""
        kept = self._originals.keep(item.original) if item.original else ""
        values = self._values(item, by, kept, self._proposal(connection, item, kept))
        connection.execute(insert(versions).values(**values))
        return rows.take(connection, values["id"])

    def new(self, item: Proposed, by: str) -> dict[str, Any]:
        """Return the row of a new document that nothing stops."""
        return self._values(item, by, self._originals.keep(item.original) if item.original else "", None)

    def _values(self, item: Proposed, by: str, kept: str, proposal: VersionProposal | None) -> dict[str, Any]:
        incoming = item.incoming
        found = item.findings or checks.find(incoming.parsed)
        parsed = replace(incoming.parsed, warnings=(*incoming.parsed.warnings, *found.warnings))
        follows = proposal is not None and proposal.kind is VersionKind.SUCCESSOR
        return {
            "id": secrets.token_hex(8),
            "document_id": proposal.document_id if proposal and not follows else None,
            "successor_of": proposal.document_id if proposal and follows else None,
            "number": 0,
            "state": VersionState.HELD if found.holds else VersionState.DRAFT,
            "file": incoming.file,
            "source": incoming.source,
            "media_type": parsed.media_type,
            "content_hash": incoming.content_hash,
            "original": kept,
            "title": parsed.metadata.title,
            "clause_count": len(parsed.clauses),
            "content": rows.pack(parsed),
            "proposal": rows.proposal_json(proposal),
            "holds": [rows.hold_json(hold) for hold in found.holds],
            "edited_by": [],
            "created_at": self._clock(),
            "created_by": by,
            **dict.fromkeys(("confirmed_by", "released_by", "asked_by", "approved_by", "published_by"), ""),
        }

    def _proposal(self, connection: Connection, item: Proposed, kept: str) -> VersionProposal | None:
        incoming = item.incoming
        proposal = recognise(connection, incoming, among_all=item.among_all)
        if (
            proposal
            and kept
            and rows.find(connection, versions.c.document_id == proposal.document_id, versions.c.original == kept)
        ):
            return replace(proposal, kind=VersionKind.CORRECTION, sure=True)  # the same file, read by better readers
        return proposal
