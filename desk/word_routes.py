"""Routes of the words in use: /admin/wording, and the JSON below /admin/words; for administrators only.

GET  /admin/words                 every entry, and what people say in proposals that were turned down
GET  /admin/words/proposals       what resolved conversations propose
POST /admin/words                 {said, written, mined}: a new entry
POST /admin/words/try             {said, written, id}: golden questions that would be answered otherwise
POST /admin/words/reject          {said, written}: a proposal that is not made again
POST /admin/words/{id}            {said, written}: other words
POST /admin/words/{id}/switch     {on}
POST /admin/words/{id}/remove
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.admin import AdminPages
from desk.guard import DeskRoute, Guard, Me
from desk.model import Role
from desk.people import names
from desk.versions_json import golden_effect_json
from desk.web import Deps, Wording
from desk.wording import Origin, WordEntry

Side = Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(min_length=1, max_length=20)]


class Said(BaseModel):
    """What people say and what documents write; words may also stand together, with blanks or 、 between."""

    said: Side
    written: Side
    mined: bool = False
    id: str = ""


class Switching(BaseModel):
    on: bool


class WordRoutes:
    """The entries as JSON; each change is in effect when it is answered."""

    def __init__(self, deps: Deps, parts: Wording) -> None:
        self._deps, self._parts, self._words = deps, parts, parts.words
        self._frame = AdminPages(deps)

    def page(self, request: Request, me: Me) -> Response:
        return self._frame.page(request, me, "admin_wording.html", "wording", {})

    def all(self) -> dict[str, Any]:
        name_of = names(self._deps.accounts)
        return {"entries": [entry_json(each, name_of) for each in self._words.all()]}

    def proposals(self) -> dict[str, Any]:
        """Read anew from the conversations each time; nothing of them is kept."""
        return {"proposals": [asdict(each) for each in self._parts.proposals()]}

    def add(self, given: Said, me: Me) -> dict[str, Any]:
        origin = Origin.MINED if given.mined else Origin.SITE
        return self._told(self._words.add(given.said, given.written, me.account.id, origin))

    def trial(self, given: Said) -> dict[str, Any]:
        """What the entry would change; nothing does."""
        lexicon = self._words.tried(given.said, given.written, given.id)
        asked, changed = self._parts.effects(lexicon)
        return golden_effect_json(asked, changed)

    def reject(self, given: Said, me: Me) -> dict[str, Any]:
        return self._told(self._words.reject(given.said, given.written, me.account.id))

    def edit(self, entry_id: str, given: Said, me: Me) -> dict[str, Any]:
        return self._told(self._words.edit(entry_id, given.said, given.written, me.account.id))

    def switch(self, entry_id: str, given: Switching, me: Me) -> dict[str, Any]:
        return self._told(self._words.switch(entry_id, given.on, me.account.id))

    def remove(self, entry_id: str, me: Me) -> dict[str, bool]:
        self._words.remove(entry_id, me.account.id)
        return {"removed": True}

    def _told(self, entry: WordEntry) -> dict[str, Any]:
        """Also which of the documents' words no document holds: they would bring nothing."""
        held = self._parts.held(entry.written)
        unheld = [word for word in entry.written if word not in held]
        return entry_json(entry, names(self._deps.accounts)) | {"unheld": unheld}


def entry_json(entry: WordEntry, name_of: Callable[[str], str]) -> dict[str, Any]:
    """An entry as pages and commands read it."""
    return asdict(entry) | {"changed_by": name_of(entry.changed_by) if entry.changed_by else ""}


def router(deps: Deps) -> APIRouter:
    """The routes named above."""
    routes = APIRouter(prefix="/admin", route_class=DeskRoute, include_in_schema=False)
    if deps.wording is None:
        return routes
    guard, words = Guard(deps.accounts, Role.ADMINISTRATOR), WordRoutes(deps, deps.wording)
    routes.get("/wording", dependencies=[Depends(guard.page)])(words.page)
    data = APIRouter(prefix="/words", route_class=DeskRoute, dependencies=[Depends(guard.api)])
    data.get("")(words.all)
    data.get("/proposals")(words.proposals)
    data.post("")(words.add)
    data.post("/try")(words.trial)
    data.post("/reject")(words.reject)
    data.post("/{entry_id}")(words.edit)
    data.post("/{entry_id}/switch")(words.switch)
    data.post("/{entry_id}/remove")(words.remove)
    routes.include_router(data)
    return routes
