"""The tab trial: the answer that a question would get, with every passage behind it.

POST /admin/trial/ask    {question, as_of}: what an applicant would be told by the law of a day
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desk.admin.frame import Frame
from desk.web.deps import Deps
from desk.web.outcome_json import outcome_json
from retrieval.model import Outcome, Question, Worded


class Asking(BaseModel):
    """A question to try by the law of the day `as_of`; None is today."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    as_of: date | None = None


class TrialRoutes:
    """Tries questions; nothing is stored or sent."""

    def __init__(self, answer: Callable[[Question], Outcome], worded: Worded) -> None:
        self._answer, self._worded = answer, worded

    def ask(self, given: Asking) -> dict[str, Any]:
        """Return what an applicant would be told, and every passage behind it with its scores."""
        asked = Question.of(given.question, given.as_of)
        outcome = self._answer(asked)
        return outcome_json(outcome, self._worded(asked, outcome))


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The page and the routes named above."""
    trial, tab = TrialRoutes(deps.answer, deps.worded), frame.tab("trial")
    tab.data.post("/ask")(trial.ask)
    return tab.routes
