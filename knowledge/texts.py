"""Documents' texts as read, one row for each live document; clauses have their places in them."""

from sqlalchemy import Connection, delete, insert, select

from knowledge.model import DocumentText, Heading, PageStart, ParsedDocument
from knowledge.tables import document_texts


def write(connection: Connection, document_id: str, parsed: ParsedDocument) -> None:
    """Keep a document's text in the place of the one before it."""
    connection.execute(delete(document_texts).where(document_texts.c.document_id == document_id))
    values = {"text": parsed.text, "pages": parsed.pages, "headings": parsed.headings}
    connection.execute(insert(document_texts).values(document_id=document_id, **values))


def read(connection: Connection, document_id: str) -> DocumentText:
    """A document's text, empty where it was stored before texts were."""
    row = connection.execute(select(document_texts).where(document_texts.c.document_id == document_id)).first()
    if row is None:
        return DocumentText()
    pages, headings = (PageStart(*each) for each in row.pages), (Heading(*each) for each in row.headings)
    return DocumentText(row.text, tuple(pages), tuple(headings))
