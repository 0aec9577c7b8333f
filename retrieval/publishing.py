"""Publishes versions of documents: what is stored and what a search shows change together."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from knowledge.model import StoredClause
from knowledge.version import Version, VersionError, VersionState
from knowledge.versions import Versions
from retrieval.chunks import chunked
from retrieval.index import Index
from retrieval.model import Chunk

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Publishing:
    """The acts that change what answers; one at a time, the next one waits. `turn` is shared with indexing."""

    def __init__(self, versions: Versions, index: Index, turn: threading.Lock) -> None:
        self._versions, self._index, self._turn = versions, index, turn

    def publish(self, version_ids: Sequence[str], by: str, on: date | None = None) -> list[Version]:
        """Publish versions now, or have them published on a day to come.

        Afterwards each is PUBLISHED, SCHEDULED, or a DRAFT that `awaits_approval`. Raises VersionError, and then none
        of them is published.
        """
        asked = [self._versions.ask(version_id, by, on) for version_id in version_ids]
        ready = [each.id for each in asked if each.state is VersionState.DRAFT and not each.awaits_approval]
        live = {each.id: each for each in self._shown(ready, by)}
        return [live.get(each.id, each) for each in asked]

    def approve(self, version_id: str, by: str) -> Version:
        """Agree as a second person; what was asked for happens."""
        approved = self._versions.approve(version_id, by)
        if not approved.asked_by or approved.state is not VersionState.DRAFT:
            return approved
        return self._shown([version_id], by)[0]

    def roll_back(self, document_id: str, by: str) -> Version | None:
        """The version before the live one answers again; None where the document was another's successor."""
        coming = [self._chunks(each.id) for each in self._versions.earlier(document_id)]
        return self._change(lambda c: self._versions.roll_back_within(c, document_id, by), coming)

    def remove(self, document_id: str, by: str) -> bool:
        """Take a document out of every answer; False if there is none."""
        return self._change(lambda c: self._versions.remove_within(c, document_id, by))

    def confirm(self, write: Callable[[Connection], bool]) -> bool:
        """Set what is said of a live document, and show it; whatever `write` returns."""
        return self._change(write)

    def publish_due(self) -> list[Version]:
        """Publish what was scheduled and whose day has come; what cannot be goes back to the drafts."""
        done = []
        for version_id in self._versions.due():
            try:
                done += self._shown([version_id], "system")
            except VersionError as error:
                _log.warning("version %s could not be published on its day: %s", version_id, error)
                self._versions.postpone(version_id, str(error))
        return done

    def _shown(self, version_ids: Sequence[str], by: str) -> list[Version]:
        if not version_ids:
            return []
        coming = [self._chunks(each) for each in version_ids]
        return self._change(lambda c: self._versions.publish_within(c, version_ids, by), coming)

    def _change(self, write: Callable[[Connection], T], coming: Sequence[Sequence[Chunk]] = ()) -> T:
        with self._turn:
            done = self._index.change(write, [chunk for chunks in coming for chunk in chunks])
            self._index.publish()
        return done

    def _chunks(self, version_id: str) -> list[Chunk]:
        """What will be embedded of a version; by content, so ids do not matter."""
        title, parsed = self._versions.metadata(version_id).title, self._versions.content(version_id)
        return chunked("", title, [StoredClause("", "", clause) for clause in parsed.clauses])
