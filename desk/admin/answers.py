"""The tab answers: answers given, each with the record of what it rests on, and the same question asked again.

GET /admin/answers/list?kind=answer&before=120    the newest answers, a page at a time
GET /admin/answers/{message id}                   the page of one answer
GET /admin/answers/{message id}/record            one answer, with the record of what it rests on
GET /admin/answers/{message id}/replay            the same question asked again today, and what differs
"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk.accounts.access import Access
from desk.admin.frame import Frame
from desk.answers.given import PastAnswers
from desk.answers.replay import Replay, Replays
from desk.web.deps import Deps
from desk.web.guard import Me

PAGE = 30
Kind = Literal["", "answer", "abstention", "clarification"]


class AnswerRoutes:
    """Answers given as JSON."""

    def __init__(self, past: PastAnswers, access: Access, replays: Replays) -> None:
        self._past, self._access, self._replays = past, access, replays

    def newest(self, me: Me, kind: Kind = "", before: Annotated[int, Query(ge=0, lt=2**31)] = 0) -> dict[str, Any]:
        """Return a page of answers. `next` is the `before` of the page after it, 0 where there is none."""
        self._access.administration(me.account)
        found = self._past.newest(kind, before, PAGE + 1)
        shown = found[:PAGE]
        return {
            "answers": [asdict(each) for each in shown],
            "next": shown[-1].message_id if len(found) > PAGE else 0,
        }

    def one(self, message_id: int, me: Me) -> dict[str, Any]:
        found = self._past.given(message_id)
        self._access.conversation_for(me.account, found.conversation_id)
        return asdict(found)

    def replay(self, message_id: int, me: Me) -> dict[str, Any]:
        """Ask the same question again now. Nothing is stored or sent."""
        self.one(message_id, me)
        return replay_json(self._replays.of(message_id))


def replay_json(replay: Replay) -> dict[str, Any]:
    """Return a replay as pages and commands read it."""
    return asdict(replay) | {"same": replay.same}


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The pages and the routes named above."""
    answers, tab = AnswerRoutes(PastAnswers(deps.store.engine), deps.access, deps.replays), frame.tab("answers")

    def one_page(request: Request, message_id: int) -> Response:
        return frame.show(request, "answers", "answer", {"message": message_id})

    tab.pages.get("/{message_id}")(one_page)
    tab.data.get("/list")(answers.newest)
    tab.data.get("/{message_id}/record")(answers.one)
    tab.data.get("/{message_id}/replay")(answers.replay)
    return tab.routes
