"""The tab words: the words in use, what conversations propose, and what an entry would change.

GET  /admin/words/list            every entry, and what people say in proposals that were turned down
GET  /admin/words/proposals       what resolved conversations propose
POST /admin/words                 {said, written, mined}: a new entry
POST /admin/words/try             {said, written, id}: golden questions that would be answered otherwise
POST /admin/words/reject          {said, written}: turn a proposal down; it is not made again
POST /admin/words/{id}            {said, written}: other words
POST /admin/words/{id}/switch     {on}
POST /admin/words/{id}/remove
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desk.accounts.accounts import Accounts, names
from desk.admin.frame import Frame
from desk.admin.version_json import golden_effect_json
from desk.web.deps import Deps, Wording
from desk.web.guard import Me
from desk.words.entry import Origin, WordEntry

WordsSaid = Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(min_length=1, max_length=20)]


class NewWords(BaseModel):
    """What people say and what documents write. One string may hold several words with blanks or 、 between."""

    said: WordsSaid
    written: WordsSaid
    mined: bool = False
    id: str = ""


class Switching(BaseModel):
    on: bool


class WordRoutes:
    """The entries as JSON; each change is in effect when it is answered."""

    def __init__(self, parts: Wording, accounts: Accounts) -> None:
        self._parts, self._words, self._accounts = parts, parts.words, accounts

    def all(self) -> dict[str, Any]:
        name_of = names(self._accounts)
        return {"entries": [entry_json(each, name_of) for each in self._words.all()]}

    def proposals(self) -> dict[str, Any]:
        """Return the proposals, read anew from the conversations each time; nothing of them is kept."""
        return {"proposals": [asdict(each) for each in self._parts.proposals()]}

    def add(self, given: NewWords, me: Me) -> dict[str, Any]:
        origin = Origin.MINED if given.mined else Origin.SITE
        return self._told(self._words.add(given.said, given.written, me.account.id, origin))

    def trial(self, given: NewWords) -> dict[str, Any]:
        """Return what the entry would change; this changes nothing."""
        lexicon = self._words.tried(given.said, given.written, given.id)
        asked, changed = self._parts.effects(lexicon)
        return golden_effect_json(asked, changed)

    def reject(self, given: NewWords, me: Me) -> dict[str, Any]:
        return self._told(self._words.reject(given.said, given.written, me.account.id))

    def edit(self, entry_id: str, given: NewWords, me: Me) -> dict[str, Any]:
        return self._told(self._words.edit(entry_id, given.said, given.written, me.account.id))

    def switch(self, entry_id: str, given: Switching, me: Me) -> dict[str, Any]:
        return self._told(self._words.switch(entry_id, given.on, me.account.id))

    def remove(self, entry_id: str, me: Me) -> dict[str, bool]:
        self._words.remove(entry_id, me.account.id)
        return {"removed": True}

    def _told(self, entry: WordEntry) -> dict[str, Any]:
        """Return an entry; `unheld` are its written words that no document holds: they would bring nothing."""
        held = self._parts.held(entry.written)
        unheld = [word for word in entry.written if word not in held]
        return entry_json(entry, names(self._accounts)) | {"unheld": unheld}


def entry_json(entry: WordEntry, name_of: Callable[[str], str]) -> dict[str, Any]:
    """Return an entry as pages and commands read it."""
    return asdict(entry) | {"changed_by": name_of(entry.changed_by) if entry.changed_by else ""}


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The page and the routes named above."""
    words, tab = WordRoutes(deps.wording, deps.accounts), frame.tab("words")
    tab.data.get("/list")(words.all)
    tab.data.get("/proposals")(words.proposals)
    tab.data.post("")(words.add)
    tab.data.post("/try")(words.trial)
    tab.data.post("/reject")(words.reject)
    tab.data.post("/{entry_id}")(words.edit)
    tab.data.post("/{entry_id}/switch")(words.switch)
    tab.data.post("/{entry_id}/remove")(words.remove)
    return tab.routes
