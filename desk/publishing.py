"""Routes of publishing: drafts looked at, decided, compared, approved, published and rolled back; golden questions.

All below /admin and for administrators only; every change carries the session's token and is recorded.

    GET  /versions?state=draft&state=held      versions without their clauses, newest first
    GET  /versions/{id}                        one with its clauses, text, warnings, metadata as read and as it will be
    POST /versions/{id}/metadata               decide on its metadata
    POST /versions/{id}/of                     {kind: new|correction|successor, document}: confirm what it is
    GET  /versions/{id}/difference             clause by clause against the text before it
    GET  /versions/{id}/effects                golden questions, documents and past answers that would change
    POST /versions/{id}/publish                {on}: now, or on a day; may end in a draft that awaits approval
    POST /versions/publish                     {versions, on}: several, all or none
    POST /versions/{id}/approve                as a second person
    POST /versions/{id}/release                {reason}: let a held one go on
    POST /versions/{id}/withdraw               forget one that is not live, with its file
    GET  /documents/{id}/versions              a document's history
    POST /documents/{id}/roll-back             the version before the live one answers again
    GET  /golden, POST /golden, POST /golden/{id}/remove, POST /golden/run
    GET  /golden/of/{message id}               a golden question as a conversation proposes it
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk import errors
from desk.accounts import SignIn
from desk.guard import DeskRoute, Guard, Invalid, Me, refusal
from desk.model import Role
from desk.past_answers import proposed_golden, resting_on
from desk.people import names
from desk.rehearsal import rehearsed
from desk.versions_json import clause_json, difference_json, effect_json, golden_json, run_json, version_json, went
from desk.web import Deps, Publication
from knowledge.golden import Expected
from knowledge.model import Metadata
from knowledge.version import NoSuchVersion, Version, VersionError, VersionKind, VersionState
from knowledge.version_rows import metadata_json

Line = Annotated[str, Field(max_length=500)]


class Decided(BaseModel):
    """The metadata a version is to have; what is not said is empty."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    issuer: Line = ""
    document_number: Line = ""
    published_on: date | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    repealed_on: date | None = None
    region: Line = ""
    url: Annotated[str, Field(max_length=2000, pattern=r"^(https?://\S+)?$")] = ""
    topics: Annotated[tuple[Line, ...], Field(max_length=20)] = ()


class Belonging(BaseModel):
    """What a version is: `new`, or a `correction` or `successor` of a document."""

    kind: VersionKind
    document: str | None = None


class When(BaseModel):
    """When to publish; None is now."""

    on: date | None = None


class Several(When):
    versions: Annotated[list[str], Field(min_length=1, max_length=1000)]


class Releasing(BaseModel):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Asked(BaseModel):
    """A golden question and what is expected: a document with its clause, words, or a refusal."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    as_of: date | None = None
    document: Line = ""
    clause: Line = ""
    words: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    refused: bool = False


class VersionRoutes:
    """Versions as JSON; what may not be done is told by its sentence."""

    def __init__(self, deps: Deps, parts: Publication) -> None:
        self._deps, self._parts, self._versions = deps, parts, parts.versions

    def versions(self, state: Annotated[list[VersionState] | None, Query()] = None) -> dict[str, Any]:
        return {"versions": self._all(self._versions.in_states(*(state or ())))}

    def version(self, version_id: str) -> dict[str, Any]:
        """One version with all that was read of it; a withdrawn one has no clauses any more."""
        found = self._versions.get(version_id)
        plain = self._json(found)
        try:
            read = self._versions.content(version_id)
        except VersionError:  # forgotten
            return plain
        return plain | {
            "read": metadata_json(read.metadata),
            "metadata": metadata_json(self._versions.metadata(version_id)),
            "warnings": read.warnings,
            "repeals": read.repeals,
            "clauses": [clause_json(clause) for clause in read.clauses],
            "text": read.text,
            "pages": [page._asdict() for page in read.pages],
            "headings": [heading._asdict() for heading in read.headings],
        }

    def metadata(self, version_id: str, given: Decided, me: Me) -> dict[str, Any]:
        return self._json(self._versions.edit(version_id, Metadata(**given.model_dump()), me.account.id))

    def of(self, version_id: str, given: Belonging, me: Me) -> dict[str, Any]:
        return self._json(self._versions.of(version_id, given.document, given.kind, me.account.id))

    def difference(self, version_id: str) -> dict[str, Any]:
        return difference_json(self._versions.difference(version_id))

    def effects(self, version_id: str) -> dict[str, Any]:
        """What publishing it now would change; nothing does."""
        effect = self._parts.effects.of([version_id], self._parts.golden.all())
        return effect_json(effect, resting_on(self._deps.store, self._versions, version_id))

    def publish(self, version_id: str, given: When, me: Me) -> dict[str, Any]:
        """`golden` is how the golden questions go with it, null where there are none."""
        run = self._rehearsed([version_id], me)
        (done,) = self._parts.publishing.publish([version_id], me.account.id, given.on)
        return self._told(done) | run

    def publish_several(self, given: Several, me: Me) -> dict[str, Any]:
        run = self._rehearsed(given.versions, me)
        done = self._parts.publishing.publish(given.versions, me.account.id, given.on)
        return {"versions": [self._told(each) for each in done]} | run

    def approve(self, version_id: str, me: Me) -> dict[str, Any]:
        run = self._rehearsed([version_id], me)
        return self._told(self._parts.publishing.approve(version_id, me.account.id)) | run

    def _rehearsed(self, version_ids: Sequence[str], me: SignIn) -> dict[str, Any]:
        run = rehearsed(self._parts.effects, self._parts.golden, version_ids, me.account.id)
        return {"golden": run and run_json(run, names(self._deps.accounts))}

    def release(self, version_id: str, given: Releasing, me: Me) -> dict[str, Any]:
        return self._json(self._versions.release(version_id, me.account.id, given.reason))

    def withdraw(self, version_id: str, me: Me) -> dict[str, Any]:
        return self._json(self._versions.withdraw(version_id, me.account.id))

    def history(self, document_id: str) -> dict[str, Any]:
        return {"versions": self._all(self._versions.history(document_id))}

    def roll_back(self, document_id: str, me: Me) -> dict[str, Any]:
        """`version` is the one that answers again, null where the document was the successor of another."""
        before = self._parts.publishing.roll_back(document_id, me.account.id)
        self._deps.bus.publish("documents", {"document": document_id})
        return {"version": self._json(before) if before else None}

    def _told(self, version: Version) -> dict[str, Any]:
        """Also tell open pages: it answers now, or waits for somebody who has his page open."""
        self._deps.bus.publish("documents", {"version": version.id, "document": version.document_id})
        return self._json(version)

    def _json(self, version: Version) -> dict[str, Any]:
        return self._all([version])[0]

    def _all(self, found: Sequence[Version]) -> list[dict[str, Any]]:
        name_of = names(self._deps.accounts)
        return [version_json(each, name_of) for each in found]


class GoldenRoutes:
    """Golden questions as JSON."""

    def __init__(self, deps: Deps, parts: Publication) -> None:
        self._deps, self._parts, self._golden = deps, parts, parts.golden

    def all(self) -> dict[str, Any]:
        """The questions, each with how it went, and the newest runs, newest first."""
        name_of, runs = names(self._deps.accounts), self._golden.runs()
        return {
            "questions": [golden_json(each, name_of) | {"went": went(each.id, runs)} for each in self._golden.all()],
            "runs": [run_json(each, name_of) for each in runs],
        }

    def proposed(self, message_id: int, me: Me) -> dict[str, Any]:
        """A golden question as a message of a conversation proposes it; nothing is added."""
        self._deps.access.administration(me.account)
        return asdict(proposed_golden(self._deps.conversations, message_id))

    def add(self, given: Asked, me: Me) -> dict[str, Any]:
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
        """Ask them all now; how each went."""
        results = self._golden.ask(self._parts.ask, self._golden.all())
        run = self._golden.record(results, me.account.id)
        return run_json(run, names(self._deps.accounts)) | {"results": [asdict(each) for each in results]}


class PublishingRoute(DeskRoute):
    """A route that also answers what may not be done with a version."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except NoSuchVersion as error:
                return refusal(errors.NotFound(str(error)))
            except VersionError as error:
                return refusal(errors.WrongState(str(error)))

        return answer


def router(deps: Deps) -> APIRouter:
    """The routes named above."""
    guard = Guard(deps.accounts, Role.ADMINISTRATOR)
    guarded = [Depends(guard.api)]
    routes = APIRouter(prefix="/admin", route_class=PublishingRoute, dependencies=guarded, include_in_schema=False)
    if deps.publication is None:
        return routes
    of_versions, of_golden = VersionRoutes(deps, deps.publication), GoldenRoutes(deps, deps.publication)
    routes.get("/versions")(of_versions.versions)
    routes.post("/versions/publish")(of_versions.publish_several)
    routes.get("/versions/{version_id}")(of_versions.version)
    for name in ("difference", "effects"):
        routes.get(f"/versions/{{version_id}}/{name}")(getattr(of_versions, name))
    for name in ("metadata", "of", "publish", "approve", "release", "withdraw"):
        routes.post(f"/versions/{{version_id}}/{name}")(getattr(of_versions, name))
    routes.get("/documents/{document_id}/versions")(of_versions.history)
    routes.post("/documents/{document_id}/roll-back")(of_versions.roll_back)
    routes.get("/golden")(of_golden.all)
    routes.get("/golden/of/{message_id}")(of_golden.proposed)
    routes.post("/golden")(of_golden.add)
    routes.post("/golden/run")(of_golden.run)
    routes.post("/golden/{question_id}/remove")(of_golden.remove)
    return routes
