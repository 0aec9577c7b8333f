"""A service guide (办事指南) field by field: who may apply, with what, how, how soon, for how much, and where."""

from dataclasses import dataclass, replace
from enum import StrEnum


class DayKind(StrEnum):
    """How the days of a time limit are counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


class LinkKind(StrEnum):
    """What a link of a guide leads to."""

    PICTURE = "picture"
    VIDEO = "video"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Stated:
    """Words of the document. `clauses` holds the ordinals of their clauses; it is empty for words of the title."""

    text: str
    clauses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """One thing to hand in (申请材料), as the document words it. A field is "" or None where the document does not say.

    `required_if` is the case in which the material is required, "" if it always is. `quote` is the whole entry.
    """

    name: str
    original_or_copy: str = ""
    copies: int | None = None
    required_if: str = ""
    note: str = ""
    quote: str = ""
    clauses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long the procedure takes: `text` as printed, `days` as a number of `kind`. 0 means on the spot (当场办结)."""

    text: str
    days: int
    kind: DayKind
    clauses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number and its purpose as printed ("咨询电话"). The purpose is "" where the document names none."""

    number: str
    purpose: str = ""
    clauses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideLink:
    """A picture, video or page the guide points to. `text` is what the guide calls it."""

    text: str
    url: str
    kind: LinkKind
    clauses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureGuide:
    """What a service guide says. A field stays empty where the guide does not say.

    `missing` names the wanted fields that are empty, in Chinese (see `WANTED`). `limit` is a time limit that the
    document calls neither statutory (法定) nor promised (承诺).
    """

    name: Stated
    scope: Stated | None = None
    acceptor: Stated | None = None
    decider: Stated | None = None
    conditions: tuple[Stated, ...] = ()
    refusals: tuple[Stated, ...] = ()
    materials: tuple[Material, ...] = ()
    steps: tuple[Stated, ...] = ()
    statutory_limit: TimeLimit | None = None
    promised_limit: TimeLimit | None = None
    limit: TimeLimit | None = None
    fee: Stated | None = None
    places: tuple[Stated, ...] = ()
    hours: tuple[Stated, ...] = ()
    phones: tuple[Phone, ...] = ()
    basis: tuple[Stated, ...] = ()
    result: Stated | None = None
    delivery: Stated | None = None
    remedy: Stated | None = None
    links: tuple[GuideLink, ...] = ()
    missing: tuple[str, ...] = ()


WANTED = {
    "conditions": "受理条件",
    "materials": "申请材料",
    "steps": "办理流程",
    "statutory_limit": "法定时限",
    "promised_limit": "承诺时限",
    "fee": "收费",
    "places": "办理地点",
    "hours": "办理时间",
    "phones": "电话",
    "basis": "法律依据",
}


def with_missing(guide: ProcedureGuide) -> ProcedureGuide:
    """Return the guide with `missing` filled in: the fields that an applicant needs and the document does not give."""
    return replace(guide, missing=tuple(name for field, name in WANTED.items() if not getattr(guide, field)))


@dataclass(frozen=True, slots=True)
class StoredGuide:
    """The guide of a stored document. It also holds the parts from which the ids of its clauses are made."""

    document_id: str
    version: int
    title: str
    guide: ProcedureGuide

    def clause_ids(self, ordinals: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(f"{self.document_id}.{self.version}.{ordinal}" for ordinal in ordinals)


def materials_clause_ids(stored: StoredGuide) -> tuple[str, ...]:
    """Return the ids of all clauses that say what to hand in, in reading order. Together they hold the whole list."""
    return stored.clause_ids(tuple(sorted({n for material in stored.guide.materials for n in material.clauses})))
