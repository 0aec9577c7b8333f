"""Publishes versions of documents: what is stored and what a search shows change together."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from knowledge.model import StoredClause
from knowledge.version import Version, VersionError, VersionState
from knowledge.versions.workflow import Versions
from retrieval.index.chunks import chunked
from retrieval.index.index import Index
from retrieval.model import Chunk

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Publishing:
    """The acts that change what answers. One runs at a time, the next one waits; `turn` is shared with indexing."""

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
        """Approve a version as a second person; then what was asked for happens."""
        approved = self._versions.approve(version_id, by)
        if not approved.asked_by or approved.state is not VersionState.DRAFT:
            return approved
        return self._shown([version_id], by)[0]

    def roll_back(self, document_id: str, by: str) -> Version | None:
        """Let the version before the live one answer again; return None where the document was another's successor."""
        coming = [self._chunks(each.id) for each in self._versions.earlier(document_id)]
        return self._change(lambda c: self._versions.roll_back_within(c, document_id, by), coming)

    def remove(self, document_id: str, by: str) -> bool:
        """Take a document out of every answer; False if there is none."""
        return self._change(lambda c: self._versions.remove_within(c, document_id, by))

    def confirm(self, write: Callable[[Connection], bool]) -> bool:
        """Set by `write` what is said of a live document, and show it. Returns what `write` returns."""
        return self._change(write)

    def publish_due(self) -> list[Version]:
        """Publish the scheduled versions whose day has come; one that cannot be published becomes a draft again."""
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
        """Return the chunks of a version that will be embedded; embedding goes by content, so ids do not matter."""
        title, parsed = self._versions.metadata(version_id).title, self._versions.content(version_id)
        return chunked("", title, [StoredClause("", "", clause) for clause in parsed.clauses])
