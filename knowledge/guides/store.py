"""Stores service guides in the database, one for each live document that is a guide."""

from collections.abc import Mapping
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, Row, Select, insert, select

from knowledge.database import reading
from knowledge.guide import ProcedureGuide, StoredGuide
from knowledge.tables import documents, guides


@cache
def _adapter() -> TypeAdapter[ProcedureGuide]:
    return TypeAdapter(ProcedureGuide)


def write(connection: Connection, written: Mapping[str, ProcedureGuide]) -> None:
    """Store guides by document id; none of these documents may have a guide yet."""
    rows = [{"document_id": id_, "content": as_json(guide)} for id_, guide in written.items()]
    if rows:
        connection.execute(insert(guides), rows)


def read(connection: Connection, document_id: str) -> ProcedureGuide | None:
    """Return a live document's guide; None where the document is no guide."""
    row = connection.execute(select(guides.c.content).where(guides.c.document_id == document_id)).first()
    return _adapter().validate_python(row.content) if row else None


class GuideStore:
    """The guides of the live documents, by document or by words of the title."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, document_id: str) -> StoredGuide | None:
        found = self._read(_query().where(documents.c.id == document_id))
        return found[0] if found else None

    def titled(self, words: str) -> list[StoredGuide]:
        """Return the guides whose title has all of these words, by title."""
        query = _query()
        for word in words.split():
            query = query.where(documents.c.title.contains(word, autoescape=True))
        return self._read(query)

    def all(self) -> list[StoredGuide]:
        """Return every guide, by title."""
        return self._read(_query())

    def _read(self, query: Select[tuple[object, ...]]) -> list[StoredGuide]:
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(documents.c.title, documents.c.id)).all()
        return [_stored(row) for row in rows]


def _query() -> Select[tuple[object, ...]]:
    columns = (documents.c.id, documents.c.version, documents.c.title, guides.c.content)
    return select(*columns).join_from(documents, guides, guides.c.document_id == documents.c.id)


def _stored(row: Row[tuple[object, ...]]) -> StoredGuide:
    return StoredGuide(row.id, row.version, row.title, _adapter().validate_python(row.content))


def as_json(guide: ProcedureGuide) -> dict[str, object]:
    """Return a guide as plain JSON, field by field."""
    plain: dict[str, object] = _adapter().dump_python(guide, mode="json")
    return plain
