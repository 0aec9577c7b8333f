"""The tab golden: the golden questions, how each went, and a run that asks them now.

GET  /admin/golden/list               the questions, each with how it went, and the newest runs
GET  /admin/golden/of/{message id}    a golden question as a conversation proposes it
POST /admin/golden                    a new one; see `NewGoldenQuestion`
POST /admin/golden/run                ask them all now
POST /admin/golden/{id}/remove
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desk import errors
from desk.accounts.accounts import names
from desk.admin.frame import Frame
from desk.admin.version_json import golden_json, run_json, went
from desk.answers.given import proposed_golden
from desk.web.deps import Deps
from desk.web.guard import Me
from desk.web.statuses import Invalid
from knowledge.golden import Expected

ShortText = Annotated[str, Field(max_length=500)]


class NewGoldenQuestion(BaseModel):
    """A golden question and what is expected: a document with its clause, words, or a refusal."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    as_of: date | None = None
    document: ShortText = ""
    clause: ShortText = ""
    words: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    refused: bool = False


class GoldenRoutes:
    """Golden questions as JSON."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._golden, self._ask = deps, deps.publication.golden, deps.publication.ask

    def all(self) -> dict[str, Any]:
        """Return the questions, each with how it went, and the newest runs, newest first."""
        name_of, runs = names(self._deps.accounts), self._golden.runs()
        return {
            "questions": [golden_json(each, name_of) | {"went": went(each.id, runs)} for each in self._golden.all()],
            "runs": [run_json(each, name_of) for each in runs],
        }

    def proposed(self, message_id: int, me: Me) -> dict[str, Any]:
        """Propose a golden question from a message of a conversation; nothing is added."""
        self._deps.access.administration(me.account)
        return asdict(proposed_golden(self._deps.conversations, message_id))

    def add(self, given: NewGoldenQuestion, me: Me) -> dict[str, Any]:
        expected = Expected(given.document, given.clause, given.words, given.refused)
        try:
            made = self._golden.add(given.question, expected, me.account.id, given.as_of)
        except ValueError as error:
            raise Invalid(str(error)) from error
        self._deps.audit.record(me.account.id, "golden.add", f"golden:{made.id}", question=made.question)
        return golden_json(made, names(self._deps.accounts))

    def remove(self, question_id: str, me: Me) -> dict[str, bool]:
        if not self._golden.remove(question_id):
            raise errors.NotFound
        self._deps.audit.record(me.account.id, "golden.remove", f"golden:{question_id}")
        return {"removed": True}

    def run(self, me: Me) -> dict[str, Any]:
        """Ask all questions now and return how each went."""
        results = self._golden.ask(self._ask, self._golden.all())
        run = self._golden.record(results, me.account.id)
        return run_json(run, names(self._deps.accounts)) | {"results": [asdict(each) for each in results]}


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The page and the routes named above."""
    golden, tab = GoldenRoutes(deps), frame.tab("golden")
    tab.data.get("/list")(golden.all)
    tab.data.get("/of/{message_id}")(golden.proposed)
    tab.data.post("")(golden.add)
    tab.data.post("/run")(golden.run)
    tab.data.post("/{question_id}/remove")(golden.remove)
    return tab.routes
