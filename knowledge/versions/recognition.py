"""Recognises which stored document a file is a new version of: by its source, 文号, title or likeness of text."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process, utils
from sqlalchemy import ColumnElement, Connection, or_, select

from knowledge import sentences
from knowledge.law.validity import begins
from knowledge.model import Metadata, ParsedDocument
from knowledge.notation.document_names import names_of
from knowledge.notation.patterns import pattern
from knowledge.store.batch import IncomingDocument
from knowledge.tables import clauses, documents, names, versions
from knowledge.version import VersionKind, VersionProposal
from knowledge.versions.difference import likeness

_TITLES_ALIKE = 75.0  # of 100; where two titles are at least this alike, their texts are worth comparing
_TEXTS_ALIKE = 0.5  # of 1; where two texts are at least this alike, they are versions of one document
_COMPARED = 5  # documents whose texts are compared
_QUOTED = 60  # clauses that are looked for word for word in every document
_PASSING = pattern(
    r"\d{4}年?度?|第?[一二三四五六七八九十]+次?(修订|修正)|试行|暂行|修订|修正|征求意见稿|[（）()《》\s]",
    takes="老年助餐服务办法（2024年修订）",
    leaves="老年助餐服务办法",
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


LiveRow = Any  # a row of these columns


def recognise(connection: Connection, coming: IncomingDocument, *, among_all: bool = True) -> VersionProposal | None:
    """Find the live document that `coming` is a version of, with the reason as a sentence; None where there is none.

    The same source is a sure sign. With `among_all` the 文号, the title and the text are compared, too; somebody has to
    confirm what they suggest.
    """
    if row := _of_source(connection, coming.source):
        same = sentences.SAME_SOURCE.format(file=coming.source.rsplit("/", 1)[-1])
        return _proposed(coming, row, same, sure=True)
    if not among_all:
        return None
    if found := _of_name(connection, coming.parsed.metadata):
        return _proposed(coming, *found)
    found = _of_text(connection, coming.parsed)
    return _proposed(coming, *found) if found else None


def kind_between(old: date | None, new: date | None) -> VersionKind:
    """A text that takes effect later than the one before it is its successor. Any other corrects it."""
    return VersionKind.SUCCESSOR if old and new and new > old else VersionKind.CORRECTION


def _proposed(coming: IncomingDocument, row: LiveRow, reason: str, sure: bool = False) -> VersionProposal:
    kind = kind_between(begins(row), begins(coming.parsed.metadata))
    return VersionProposal(row.id, row.title, reason, kind, sure)


def _of_source(connection: Connection, source: str) -> LiveRow | None:
    live = connection.execute(select(*_COLUMNS).where(documents.c.source == source)).first()
    if live:
        return live
    once = select(versions.c.document_id).where(versions.c.source == source, versions.c.document_id.is_not(None))
    newest = once.order_by(versions.c.created_at.desc()).limit(1)
    return connection.execute(select(*_COLUMNS).where(documents.c.id == newest.scalar_subquery())).first()


def _of_name(connection: Connection, about: Metadata) -> tuple[LiveRow, str] | None:
    own = names_of(about.title, about.document_number)
    numbers, titles = {n.number for n in own} - {""}, {n.title for n in own} - {""}
    if numbers and (row := _named(connection, names.c.number.in_(numbers), about)):
        return row, sentences.SAME_NUMBER.format(number=row.document_number)
    if row := _named(connection, names.c.title.in_(titles), about):
        return row, sentences.SAME_TITLE.format(title=row.title)
    return None


def _named(connection: Connection, named: ColumnElement[bool], about: Metadata) -> LiveRow | None:
    """Find the newest document of that name. A document of another place is not taken."""
    query = select(*_COLUMNS).join(names, names.c.document_id == documents.c.id).where(named)
    if about.region:
        query = query.where(or_(documents.c.region == about.region, documents.c.region == ""))
    rows: Sequence[LiveRow] = connection.execute(query.distinct()).all()
    return max(rows, key=lambda row: (begins(row) or date.min, row.id), default=None)


def _of_text(connection: Connection, parsed: ParsedDocument) -> tuple[LiveRow, str] | None:
    own = "\n".join(clause.text for clause in parsed.clauses)
    best: tuple[float, LiveRow] | None = None
    for row in _worth_comparing(connection, parsed):
        texts = connection.scalars(select(clauses.c.text).where(clauses.c.document_id == row.id))
        alike = likeness("\n".join(texts), own)
        if alike >= _TEXTS_ALIKE and (best is None or alike > best[0]):
            best = alike, row
    return (best[1], sentences.SAME_TEXT.format(title=best[1].title, share=best[0])) if best else None


def _worth_comparing(connection: Connection, parsed: ParsedDocument) -> Iterable[LiveRow]:
    """Find the documents with the most similar titles and those that contain clauses of this one word for word."""
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
