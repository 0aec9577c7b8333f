"""What a policy document is: its metadata, its clauses, and when it is in force."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from knowledge.guide import ProcedureGuide


class Standing(StrEnum):
    """Whether a document's text may be cited as current on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REPEALED = "repealed"


class AmendmentKind(StrEnum):
    """What a document does to one article of another."""

    REPLACED = "replaced"  # 将第五条修改为：“…”
    CHANGED = "changed"  # only a paragraph, an item or words of it: the new article stands nowhere in full
    REPEALED = "repealed"  # 删去第七条; 《…》第七条废止
    ADDED = "added"  # 增加一条，作为第八条
    MOVED = "moved"  # 第九条改为第十条: only its number changes
    ORDERED = "ordered"  # 条文序号作相应调整: every article counts anew
    BEGINS = "begins"  # one of the document's own articles takes effect on a day of its own


class ClauseKind(StrEnum):
    """In what form a clause stands in its document."""

    ARTICLE = "article"  # 第…条
    OUTLINE = "outline"  # 一、（一）1.（1）
    QUESTION = "question"  # a question with its answer
    TABLE = "table"  # one table, each row readable with its header
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Clause:
    """A citable unit of a document (条款). It always keeps its number.

    `number` is as printed ("第三条", "（二）"), "" for none. `path` holds the headings above the clause, outermost
    first. `text` begins with the number where one is printed. `question` is set for a Q&A pair. `page` counts from 1.
    `start` and `end` give its place in the document's text as read (`ParsedDocument.text`); both are 0 where the place
    is unknown. A table or question taken out of the clause stands inside those bounds. A table has `rows`; the first
    `header_rows` of them hold the names of the columns.
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
        """The clause's place in the document for a person to read: path and number ("第二章 许可 第十条")."""
        last = self.number or self.question
        parts = self.path if not last or (self.path and self.path[-1].startswith(last)) else (*self.path, last)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself. A field is None or "" where the document does not say. Dates are inclusive."""

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
    topics: tuple[str, ...] = ()  # subjects from a short list


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a document does to one article of another, or of its own.

    `document` is the amended document's name as printed; "" means the amending document itself. `article` is the number
    in comparable form: "5", "162.1" for 第一百六十二条之一, "" where no article is meant. `becomes` is the number the
    article has afterwards, where the text says so. `ordinal` is the clause that makes the amendment. `on` is the day
    it names for the amendment.
    """

    document: str
    article: str
    kind: AmendmentKind
    ordinal: int | None = None
    becomes: str = ""
    on: date | None = None


class PageStart(NamedTuple):
    """Where a printed page begins: `start` is a character of the document's text, `page` counts from 1."""

    page: int
    start: int


class Heading(NamedTuple):
    """Where a heading stands, in characters of the document's text. `depth` 1 is outermost."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's text as read, one line per paragraph or table row, with its pages and headings in order."""

    text: str = ""
    pages: tuple[PageStart, ...] = ()
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What a parser read out of one file.

    `repeals` holds the titles or 文号 of other documents that it ends. `repeal_days` gives the day for those that end
    on a day of their own. `extensions` holds the documents whose validity it prolongs, each with its new last day.
    `text`, `pages` and `headings` are as in `DocumentText`. `guide` is set if the document is a service guide.
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
    """A stored document (政策文件). `version` rises when a changed file replaces it. `file` is a bare file name."""

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
    """A clause as stored. `id` is unique and changes with the document's version."""

    id: str
    document_id: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class ClauseDays:
    """A clause's own days, where they differ from its document's. `amended_by` is the document that ended it."""

    effective_on: date | None = None
    repealed_on: date | None = None  # first day no longer in force
    amended_by: str = ""


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file that could not go in. `reason` is a sentence that tells the administrator why and what to do."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was read and held back. `version` is the one to release, "" in a dry run. `reasons` are sentences."""

    file: str
    version: str
    reasons: tuple[str, ...]


@dataclass
class IngestReport:
    """What one run of `ingest` did.

    `seconds` is wall time. `clauses` counts the clauses of added and changed files. `cancelled` means that somebody
    stopped the run; it did not look at the files that are not named here.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[FileFailure] = field(default_factory=list)
    held: list[HeldFile] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)  # the versions that this run made and nobody has published yet
    clauses: int = 0
    seconds: float = 0.0
    cancelled: bool = False
