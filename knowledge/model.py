"""What a policy document is: its metadata, its clauses, and when it is in force."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from knowledge.guides import ProcedureGuide


class Standing(StrEnum):
    """Whether a document's text may be cited as current on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REPEALED = "repealed"


class AmendmentKind(StrEnum):
    """What a document does to one article of another."""

    REPLACED = "replaced"  # 将第五条修改为：“…”
    CHANGED = "changed"  # a paragraph, an item or words of it: what it now says stands nowhere in full
    REPEALED = "repealed"  # 删去第七条; 《…》第七条废止
    ADDED = "added"  # 增加一条，作为第八条
    MOVED = "moved"  # 第九条改为第十条: its number only
    ORDERED = "ordered"  # 条文序号作相应调整: every article counts anew
    BEGINS = "begins"  # an article of its own that takes effect on a day of its own


class ClauseKind(StrEnum):
    """How a clause stood in its document."""

    ARTICLE = "article"  # 第…条
    OUTLINE = "outline"  # 一、（一）1.（1）
    QUESTION = "question"  # a question with its answer
    TABLE = "table"  # one table, each row readable with its header
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Clause:
    """A citable unit of a document (条款), never cut from its number.

    `number` is as printed ("第三条", "（二）", "" for none); `path` holds the headings above it, outermost first;
    `text` begins with the number where one is printed; `question` is set for a Q&A pair; `page` counts from 1. It
    stands at `start` to `end` in the document's text as read (`ParsedDocument.text`), 0 and 0 where that is unknown; a
    table or question taken out of it stands inside those bounds. A table has `rows`, `header_rows` of them names.
    """

    ordinal: int
    number: str
    path: tuple[str, ...]
    text: str
    kind: ClauseKind = ClauseKind.PARAGRAPH
    question: str = ""
    page: int | None = None
    start: int = 0
    end: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0

    @property
    def locator(self) -> str:
        """Where in the document: path and number, readable by a person ("第二章 许可 第十条")."""
        last = self.number or self.question
        parts = self.path if not last or (self.path and self.path[-1].startswith(last)) else (*self.path, last)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; None or "" where it does not say. Dates are inclusive days."""

    title: str
    issuer: str = ""
    document_number: str = ""
    published_on: date | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None  # last day in force
    repealed_on: date | None = None  # first day no longer in force
    region: str = ""
    url: str = ""
    topics: tuple[str, ...] = ()  # what it is about, from a short list


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a document does to one article of `document` (as printed; "" its own).

    `article` is in comparable form ("5", "162.1" for 第一百六十二条之一, "" where none is meant), `becomes` the number
    it has afterwards where that is said. `ordinal` is the clause that says so, `on` a day it names for it.
    """

    document: str
    article: str
    kind: AmendmentKind
    ordinal: int | None = None
    becomes: str = ""
    on: date | None = None


class PageStart(NamedTuple):
    """The character of the document's text at which a printed page begins; `page` counts from 1."""

    page: int
    start: int


class Heading(NamedTuple):
    """A heading's characters in the document's text, and how deep it stands (1 is outermost)."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's text as read, one line a paragraph or table row, with its pages and headings in order."""

    text: str = ""
    pages: tuple[PageStart, ...] = ()
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What a parser read out of one file.

    `repeals`: titles or 文号 of other documents it ends; `repeal_days` the day of those for which it names one of its
    own; `extensions` the documents whose validity it prolongs, with their new last day. `text`, `pages` and `headings`
    are as in `DocumentText`; `guide` is what it says where it is a service guide.
    """

    metadata: Metadata
    clauses: tuple[Clause, ...]
    media_type: str
    repeals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str = ""
    pages: tuple[PageStart, ...] = ()
    headings: tuple[Heading, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    repeal_days: tuple[tuple[str, date], ...] = ()
    extensions: tuple[tuple[str, date], ...] = ()
    guide: ProcedureGuide | None = None


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A stored document (政策文件). `version` rises when a changed file replaces it; `file` is a bare file name."""

    id: str
    version: int
    metadata: Metadata
    file: str
    source: str
    media_type: str
    content_hash: str
    clause_count: int
    added_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredClause:
    """A clause as stored: `id` is unique and changes when the document's version does."""

    id: str
    document_id: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class ClauseDays:
    """The days of a clause that differ from its document's; `amended_by` is the document that ended it."""

    effective_on: date | None = None
    repealed_on: date | None = None  # first day no longer in force
    amended_by: str = ""


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file that could not go in; `reason` is a sentence for the administrator, with what to do."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was read and stopped; `version` is what to release, "" in a dry run; `reasons` are sentences."""

    file: str
    version: str
    reasons: tuple[str, ...]


@dataclass
class IngestReport:
    """What one run of `ingest` did; `seconds` is wall time, `clauses` counts those of added and changed files.

    `cancelled`: somebody stopped it, and the files not named here were not looked at.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[FileFailure] = field(default_factory=list)
    held: list[HeldFile] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)  # the versions made that nobody has published yet
    clauses: int = 0
    seconds: float = 0.0
    cancelled: bool = False
