"""Stores the documents' texts as read, one row for each live document; clauses have their places in them."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from knowledge.model import DocumentText, Heading, PageStart, ParsedDocument
from knowledge.tables import document_texts


def write(connection: Connection, parsed: Mapping[str, ParsedDocument]) -> None:
    """Store texts by document id; none of these documents may have a text yet."""
    rows = [
        {"document_id": id_, "text": each.text, "pages": each.pages, "headings": each.headings}
        for id_, each in parsed.items()
    ]
    if rows:
        connection.execute(insert(document_texts), rows)


def read(connection: Connection, document_id: str) -> DocumentText:
    """Return a document's text; it is empty where the document was stored before texts were."""
    row = connection.execute(select(document_texts).where(document_texts.c.document_id == document_id)).first()
    if row is None:
        return DocumentText()
    pages, headings = (PageStart(*each) for each in row.pages), (Heading(*each) for each in row.headings)
    return DocumentText(row.text, tuple(pages), tuple(headings))
