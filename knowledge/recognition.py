"""Recognises which stored document a file is a new version of: by its source, 文号, title or likeness of text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process, utils
from sqlalchemy import ColumnElement, Connection, or_, select

from knowledge import repeals as naming
from knowledge.difference import likeness
from knowledge.model import Metadata, ParsedDocument
from knowledge.tables import clauses, documents, names
from knowledge.version import Proposal, VersionKind
from knowledge.version_tables import versions

_TITLES_ALIKE = 75.0  # of 100, from which two titles are worth comparing the texts for
_TEXTS_ALIKE = 0.5  # share of the text found again, from which two documents are versions of one
_COMPARED = 5  # documents whose texts are compared
_QUOTED = 60  # clauses looked for word for word in every document
_PASSING = re.compile(
    r"\d{4}年?度?|第?[一二三四五六七八九十]+次?(修订|修正)|试行|暂行|修订|修正|征求意见稿|[（）()《》\s]"
)
_COLUMNS = (
    documents.c.id,
    documents.c.title,
    documents.c.document_number,
    documents.c.effective_on,
    documents.c.issued_on,
    documents.c.published_on,
    documents.c.region,
)


Live = Any  # a row of these columns


@dataclass(frozen=True, slots=True)
class Coming:
    """A file just read: what is in it and where it came from."""

    parsed: ParsedDocument
    source: str


def recognise(connection: Connection, coming: Coming, *, among_all: bool = True) -> Proposal | None:
    """The live document this is a version of, with the reason as a sentence, or None.

    A file of the same source is sure. `among_all` also looks for the 文号, the title and likeness of text, which
    somebody has to confirm.
    """
    if row := _of_source(connection, coming.source):
        return _proposed(coming, row, f"与现有文件来自同一个文件名“{coming.source.rsplit('/', 1)[-1]}”", sure=True)
    if not among_all:
        return None
    if found := _of_name(connection, coming.parsed.metadata):
        return _proposed(coming, *found)
    found = _of_text(connection, coming.parsed)
    return _proposed(coming, *found) if found else None


def kind_between(old: date | None, new: date | None) -> VersionKind:
    """A text that takes effect later than the one before is its successor; anything else mends it."""
    return VersionKind.SUCCESSOR if old and new and new > old else VersionKind.CORRECTION


def begins(about: Live | Metadata) -> date | None:
    """From when a document says that it holds."""
    found: date | None = about.effective_on or about.issued_on or about.published_on
    return found


def _proposed(coming: Coming, row: Live, reason: str, sure: bool = False) -> Proposal:
    kind = kind_between(begins(row), begins(coming.parsed.metadata))
    return Proposal(row.id, row.title, reason, kind, sure)


def _of_source(connection: Connection, source: str) -> Live | None:
    live = connection.execute(select(*_COLUMNS).where(documents.c.source == source)).first()
    if live:
        return live
    once = select(versions.c.document_id).where(versions.c.source == source, versions.c.document_id.is_not(None))
    newest = once.order_by(versions.c.created_at.desc()).limit(1)
    return connection.execute(select(*_COLUMNS).where(documents.c.id == newest.scalar_subquery())).first()


def _of_name(connection: Connection, about: Metadata) -> tuple[Live, str] | None:
    own = naming.names_of(about.title, about.document_number)
    numbers, titles = {n.number for n in own} - {""}, {n.title for n in own} - {""}
    if numbers and (row := _named(connection, names.c.number.in_(numbers), about)):
        return row, f"文号相同：{row.document_number}"
    if row := _named(connection, names.c.title.in_(titles), about):
        return row, f"标题相同：《{row.title}》"
    return None


def _named(connection: Connection, named: ColumnElement[bool], about: Metadata) -> Live | None:
    """The newest document so named; of two places' documents of one name, that of the same place."""
    query = select(*_COLUMNS).join(names, names.c.document_id == documents.c.id).where(named)
    if about.region:
        query = query.where(or_(documents.c.region == about.region, documents.c.region == ""))
    rows = connection.execute(query.distinct()).all()
    return max(rows, key=lambda row: (begins(row) or date.min, row.id), default=None)


def _of_text(connection: Connection, parsed: ParsedDocument) -> tuple[Live, str] | None:
    own = "\n".join(clause.text for clause in parsed.clauses)
    best: tuple[float, Live] | None = None
    for row in _worth_comparing(connection, parsed):
        texts = connection.scalars(select(clauses.c.text).where(clauses.c.document_id == row.id))
        alike = likeness("\n".join(texts), own)
        if alike >= _TEXTS_ALIKE and (best is None or alike > best[0]):
            best = alike, row
    return (best[1], f"与《{best[1].title}》的正文有 {best[0]:.0%} 相同") if best else None


def _worth_comparing(connection: Connection, parsed: ParsedDocument) -> Iterable[Live]:
    """The documents with the likest titles, and those that hold clauses of this one word for word."""
    rows = {row.id: row for row in connection.execute(select(*_COLUMNS))}
    titles = {id_: _bare(row.title) for id_, row in rows.items()}
    likest = process.extract(
        _bare(parsed.metadata.title),
        titles,
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_TITLES_ALIKE,
        limit=_COMPARED,
    )
    long = sorted({clause.text for clause in parsed.clauses}, key=len, reverse=True)[:_QUOTED]
    quoting = select(clauses.c.document_id).where(clauses.c.text.in_(long)).distinct().limit(_COMPARED)
    ids = dict.fromkeys([*(id_ for _, _, id_ in likest), *connection.scalars(quoting)])
    return [rows[id_] for id_ in ids if id_ in rows]


def _bare(title: str) -> str:
    return _PASSING.sub("", title)
