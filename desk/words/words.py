"""The words in use: the shipped lexicon, what a site adds to it and what it switches off; in effect at once.

A change is stored in the database first and then announced on the topic `words`. Every process looks into the database
by itself as well.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from desk import sentences
from desk.audit import record
from desk.bus import Bus
from desk.errors import NotFound, WrongState
from desk.tables import word_entries
from desk.words.entry import Origin, WordEntry, WordState, checked, shipped_entries
from knowledge.database import reading, writing
from retrieval.language.lexicon import Lexicon, LexiconEntry


class Words:
    """Reads and changes the entries; every change is recorded."""

    def __init__(self, engine: Engine, bus: Bus, clock: Callable[[], datetime]) -> None:
        self._engine, self._bus, self._clock = engine, bus, clock
        self._used: tuple[list[WordEntry], Lexicon] | None = None
        self._loading = threading.Lock()

    def lexicon(self) -> Lexicon:
        """Return the words in use. Only the first call makes a query."""
        if self._used is None:
            self.refresh()
        assert self._used is not None  # noqa: S101  (refresh sets it)
        return self._used[1]

    def refresh(self) -> bool:
        """Use what is stored now; return whether that was new."""
        with self._loading:
            entries = self.all()
            if self._used is not None and self._used[0] == entries:
                return False
            self._used = entries, Lexicon(each.entry for each in entries if each.state is WordState.ON)
            return True

    def all(self) -> list[WordEntry]:
        """Return the shipped entries, then the site's own in the order of their last change; no rejected ones."""
        stored = {each.id: each for each in self._stored()}
        shipped = [_set(each, stored.get(each.id)) for each in shipped_entries()]
        return shipped + [each for each in stored.values() if _own(each) and each.state is not WordState.REJECTED]

    def rejected(self) -> set[str]:
        """Return what people say in proposals that were turned down."""
        return {word for each in self._stored() if each.state is WordState.REJECTED for word in each.said}

    def tried(self, said: Sequence[str], written: Sequence[str], instead_of: str = "") -> Lexicon:
        """Return the words as they would be with this entry; `instead_of` names an entry it replaces, if any."""
        new = checked(said, written)
        return Lexicon([*(e.entry for e in self.all() if e.state is WordState.ON and e.id != instead_of), new])

    def add(self, said: Sequence[str], written: Sequence[str], by: str, origin: Origin = Origin.SITE) -> WordEntry:
        """Add an entry of the site's own. Raises InvalidWords, and WrongState where it has one for such a word."""
        entry = checked(said, written)
        with self._changing("words.add", by) as change:
            change.is_new(entry)
            return change.put(secrets.token_hex(8), entry, origin, WordState.ON)

    def edit(self, entry_id: str, said: Sequence[str], written: Sequence[str], by: str) -> WordEntry:
        """Give an entry of the site's own other words. Raises InvalidWords, NotFound, WrongState."""
        entry = checked(said, written)
        with self._changing("words.edit", by) as change:
            old = change.own(entry_id)
            change.is_new(entry, entry_id)
            return change.put(entry_id, entry, old.origin, old.state)

    def remove(self, entry_id: str, by: str) -> None:
        """Delete an entry of the site's own. Raises NotFound, and WrongState for a shipped one."""
        if any(each.id == entry_id for each in shipped_entries()):
            raise WrongState(sentences.SHIPPED_ENTRY)
        with self._changing("words.remove", by) as change:
            change.forget(change.own(entry_id))

    def switch(self, entry_id: str, on: bool, by: str) -> WordEntry:
        """Switch an entry on or off; shipped ones, too. Raises NotFound."""
        with self._changing("words.on" if on else "words.off", by) as change:
            old = next((each for each in shipped_entries() if each.id == entry_id), None) or change.own(entry_id)
            return change.put(entry_id, old.entry, old.origin, WordState.ON if on else WordState.OFF)

    def reject(self, said: Sequence[str], written: Sequence[str], by: str) -> WordEntry:
        """Turn a proposal down, for good."""
        entry = checked(said, written)
        with self._changing("words.reject", by) as change:
            return change.put(secrets.token_hex(8), entry, Origin.MINED, WordState.REJECTED)

    def _stored(self) -> list[WordEntry]:
        with reading(self._engine) as connection:
            return _stored(connection)

    @contextmanager
    def _changing(self, act: str, by: str) -> Iterator["_Change"]:
        with writing(self._engine) as connection:
            yield _Change(connection, self._clock(), act, by)
        self.refresh()
        self._bus.publish("words", {})


@dataclass(frozen=True, slots=True)
class _Change:
    """A change within its transaction."""

    connection: Connection
    at: datetime
    act: str
    by: str

    def own(self, entry_id: str) -> WordEntry:
        found = [each for each in _stored(self.connection) if each.id == entry_id and _own(each)]
        if not found:
            raise NotFound(sentences.NO_SUCH_ENTRY)
        return found[0]

    def is_new(self, entry: LexiconEntry, but: str = "") -> None:
        """Raise WrongState where another entry of the site's own has one of these words."""
        others = [e for e in _stored(self.connection) if _own(e) and e.state is not WordState.REJECTED and e.id != but]
        for word in (word for each in others for word in each.said if word in entry.said):
            raise WrongState(sentences.WORD_KNOWN.format(word=word))

    def put(self, entry_id: str, entry: LexiconEntry, origin: Origin, state: WordState) -> WordEntry:
        made = WordEntry(entry_id, entry.said, entry.written, origin, state, self.at, self.by)
        values: dict[str, Any] = {"said": list(made.said), "written": list(made.written)}
        values |= {"origin": origin, "state": state, "changed_at": self.at, "changed_by": self.by}
        mine = word_entries.c.id == entry_id
        if not self.connection.execute(update(word_entries).where(mine).values(values)).rowcount:
            self.connection.execute(insert(word_entries).values(id=entry_id, **values))
        self._record(made)
        return made

    def forget(self, entry: WordEntry) -> None:
        self.connection.execute(delete(word_entries).where(word_entries.c.id == entry.id))
        self._record(entry)

    def _record(self, entry: WordEntry) -> None:
        about = {"said": list(entry.said), "written": list(entry.written)}
        record(self.connection, self.at, self.by, self.act, f"words:{entry.id}", **about)


def _own(entry: WordEntry) -> bool:
    return entry.origin is not Origin.SHIPPED


def _set(shipped: WordEntry, row: WordEntry | None) -> WordEntry:
    """Return a shipped entry as it comes with this release, used or not as somebody has set it."""
    if row is None:
        return shipped
    return replace(shipped, state=row.state, changed_at=row.changed_at, changed_by=row.changed_by)


def _stored(connection: Connection) -> list[WordEntry]:
    rows = connection.execute(select(word_entries).order_by(word_entries.c.changed_at, word_entries.c.id))
    return [
        WordEntry(
            row.id,
            tuple(row.said),
            tuple(row.written),
            Origin(row.origin),
            WordState(row.state),
            row.changed_at,
            row.changed_by,
        )
        for row in rows
    ]
