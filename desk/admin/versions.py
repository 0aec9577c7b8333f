"""Versions as JSON: the routes that show, decide, compare, approve, publish and roll back versions.

All are below /admin and for administrators only. Every change carries the session's token and is recorded.

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
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from desk.accounts.accounts import SignIn, names
from desk.admin.frame import Frame
from desk.admin.golden import ShortText
from desk.admin.version_json import clause_json, difference_json, effect_json, run_json, version_json
from desk.answers.given import resting_on
from desk.answers.rehearsal import rehearsed
from desk.web.deps import Deps
from desk.web.guard import Me
from knowledge.model import Metadata
from knowledge.version import Version, VersionError, VersionKind, VersionState
from knowledge.versions.rows import metadata_json


class Decided(BaseModel):
    """The metadata a version is to have; a field left out is empty."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    issuer: ShortText = ""
    document_number: ShortText = ""
    published_on: date | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    repealed_on: date | None = None
    region: ShortText = ""
    url: Annotated[str, Field(max_length=2000, pattern=r"^(https?://\S+)?$")] = ""
    topics: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()


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


class VersionRoutes:
    """Versions as JSON. Where an act is not allowed, the answer is the error's sentence."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._parts, self._versions = deps, deps.publication, deps.publication.versions

    def versions(self, state: Annotated[list[VersionState] | None, Query()] = None) -> dict[str, Any]:
        return {"versions": self._all(self._versions.in_states(*(state or ())))}

    def version(self, version_id: str) -> dict[str, Any]:
        """Return one version with all that was read of it. A withdrawn one has no clauses any more."""
        found = self._versions.get(version_id)
        plain = self._json(found)
        try:
            read = self._versions.content(version_id)
        except VersionError:  # its content is forgotten
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
        """Return what publishing the version now would change; this changes nothing."""
        effect = self._parts.effects.of([version_id], self._parts.golden.all())
        return effect_json(effect, resting_on(self._deps.store, self._versions, version_id))

    def publish(self, version_id: str, given: When, me: Me) -> dict[str, Any]:
        """Publish a version. `golden` is how the golden questions go with it, null where there are none."""
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
        """Roll back. `version` is the one that answers again, null where the document was the successor of another."""
        before = self._parts.publishing.roll_back(document_id, me.account.id)
        self._deps.bus.publish("documents", {"document": document_id})
        return {"version": self._json(before) if before else None}

    def _told(self, version: Version) -> dict[str, Any]:
        """Return a version, and tell open pages: it answers now, or waits for somebody who has his page open."""
        self._deps.bus.publish("documents", {"version": version.id, "document": version.document_id})
        return self._json(version)

    def _json(self, version: Version) -> dict[str, Any]:
        return self._all([version])[0]

    def _all(self, found: Sequence[Version]) -> list[dict[str, Any]]:
        name_of = names(self._deps.accounts)
        return [version_json(each, name_of) for each in found]


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The routes named above."""
    versions, data, documents = VersionRoutes(deps), frame.data("versions"), frame.data("documents")
    data.get("")(versions.versions)
    data.post("/publish")(versions.publish_several)
    data.get("/{version_id}")(versions.version)
    data.get("/{version_id}/difference")(versions.difference)
    data.get("/{version_id}/effects")(versions.effects)
    data.post("/{version_id}/metadata")(versions.metadata)
    data.post("/{version_id}/of")(versions.of)
    data.post("/{version_id}/publish")(versions.publish)
    data.post("/{version_id}/approve")(versions.approve)
    data.post("/{version_id}/release")(versions.release)
    data.post("/{version_id}/withdraw")(versions.withdraw)
    documents.get("/{document_id}/versions")(versions.history)
    documents.post("/{document_id}/roll-back")(versions.roll_back)
    routes = APIRouter()
    routes.include_router(data)
    routes.include_router(documents)
    return routes
