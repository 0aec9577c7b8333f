"""Routes of answers given: /admin/answers and one of them, its record, and the same asked again; administrators only.

GET /admin/given?kind=answer&before=120    the newest answers, a page at a time
GET /admin/given/{message id}              one, with the record of what it rests on
GET /admin/given/{message id}/replay       the same asked again today, and what differs
"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.admin import AdminPages
from desk.errors import NotFound
from desk.guard import DeskRoute, Guard, Me
from desk.model import Role
from desk.past_answers import PastAnswers
from desk.replay import Replay
from desk.web import Deps

PAGE = 30
Kind = Literal["", "answer", "abstention", "clarification"]


class Answers:
    """Answers given, as pages and JSON."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._frame = deps, AdminPages(deps)
        self._past = PastAnswers(deps.store.engine)

    def page(self, request: Request, me: Me) -> Response:
        return self._frame.page(request, me, "admin_answers.html", "answers", {})

    def one_page(self, request: Request, message_id: int, me: Me) -> Response:
        return self._frame.page(request, me, "admin_answer.html", "answers", {"message": message_id})

    def newest(self, me: Me, kind: Kind = "", before: Annotated[int, Query(ge=0, lt=2**31)] = 0) -> dict[str, Any]:
        """`next` is what to give as `before` for the page after, 0 where there is none."""
        self._deps.access.administration(me.account)
        found = self._past.newest(kind, before, PAGE + 1)
        shown = found[:PAGE]
        return {
            "answers": [asdict(each) for each in shown],
            "next": shown[-1].message_id if len(found) > PAGE else 0,
        }

    def one(self, message_id: int, me: Me) -> dict[str, Any]:
        found = self._past.given(message_id)
        self._deps.access.conversation_for(me.account, found.conversation_id)
        return asdict(found)

    def replay(self, message_id: int, me: Me) -> dict[str, Any]:
        """Asked again now; nothing is stored or sent."""
        if self._deps.replays is None:
            raise NotFound("这里没有接上回答功能。")
        self.one(message_id, me)
        return replay_json(self._deps.replays.of(message_id))


def replay_json(replay: Replay) -> dict[str, Any]:
    """A replay as pages and commands read it."""
    return asdict(replay) | {"same": replay.same}


def router(deps: Deps) -> APIRouter:
    """The routes named above."""
    answers, guard = Answers(deps), Guard(deps.accounts, Role.ADMINISTRATOR)
    routes = APIRouter(prefix="/admin", route_class=DeskRoute, include_in_schema=False)
    routes.get("/answers", dependencies=[Depends(guard.page)])(answers.page)
    routes.get("/answers/{message_id}", dependencies=[Depends(guard.page)])(answers.one_page)
    data = APIRouter(prefix="/given", route_class=DeskRoute, dependencies=[Depends(guard.api)])
    data.get("")(answers.newest)
    data.get("/{message_id}")(answers.one)
    data.get("/{message_id}/replay")(answers.replay)
    routes.include_router(data)
    return routes
