"""The part of the index in SQL: chunks staged from clauses, vectors by content, and which versions are shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, func, insert, or_, select, update

from knowledge.database import in_parts, reading, writing
from knowledge.model import StoredClause
from knowledge.store.documents import DocumentStore
from knowledge.store.rows import clause_of
from knowledge.tables import clauses, documents
from retrieval.embedding.embedder import Embedder
from retrieval.index.chunks import chunked, embedded_text
from retrieval.model import Chunk
from retrieval.tables import chunks, generations, index_state, indexed, vectors

Report = Callable[[str, int, int], None]  # what is being done, how many are done, of how many
_DOCUMENTS = 50  # staged in one transaction
_TEXTS = 256  # embedded between two commits
_PUBLISHER = 0x1AF5  # the advisory lock's number


@dataclass(frozen=True, slots=True)
class Published:
    """The pointer row: `revision` rises with every publish, `generation` is None until one is built."""

    revision: int = 0
    generation: str | None = None
    model: str | None = None
    chunk_count: int = 0
    published_at: datetime | None = None


def published(connection: Connection) -> Published:
    """Return what is published now; this reads one row."""
    columns = (index_state.c[name] for name in ("revision", "generation", "model", "chunk_count", "published_at"))
    row = connection.execute(select(*columns)).first()
    return Published(*row) if row else Published()


def stage(engine: Engine, store: DocumentStore, report: Report) -> None:
    """Cut every document whose version is not staged yet into chunks; what is shown does not change."""
    with reading(engine) as connection:
        waiting = _waiting(connection)
    for start in range(0, len(waiting), _DOCUMENTS):
        part = waiting[start : start + _DOCUMENTS]
        made = {(id_, version): chunked(id_, title, store.clauses(id_)) for id_, version, title in part}
        with writing(engine) as connection:
            for (id_, version), its in made.items():
                _stage_one(connection, id_, version, its)
        report("staging", start + len(part), len(waiting))


def stage_within(connection: Connection) -> None:
    """Do what `stage` does within the caller's transaction, for the few documents that it changes."""
    for id_, version, title in _waiting(connection):
        rows = connection.execute(select(clauses).where(clauses.c.document_id == id_).order_by(clauses.c.ordinal))
        its = [StoredClause(row.id, id_, clause_of(row)) for row in rows]
        _stage_one(connection, id_, version, chunked(id_, title, its))


def _waiting(connection: Connection) -> list[tuple[str, int, str]]:
    """Return id, version and title of every document whose version is not staged yet."""
    join = documents.outerjoin(indexed, indexed.c.document_id == documents.c.id)
    stale = or_(indexed.c.staged.is_(None), indexed.c.staged != documents.c.version)
    columns = (documents.c.id, documents.c.version, documents.c.title)
    return [
        (row.id, row.version, row.title) for row in connection.execute(select(*columns).select_from(join).where(stale))
    ]


def _stage_one(connection: Connection, document_id: str, version: int, made: Sequence[Chunk]) -> None:
    row = connection.execute(select(documents.c.version).where(documents.c.id == document_id)).first()
    if not row or row.version != version:
        return  # changed or removed meanwhile: the next publish sees to it
    mine = and_(chunks.c.document_id == document_id, chunks.c.document_version == version)
    connection.execute(delete(chunks).where(mine))
    if made:
        connection.execute(insert(chunks), [_row(chunk, version) for chunk in made])
    known = update(indexed).where(indexed.c.document_id == document_id).values(staged=version)
    if not connection.execute(known).rowcount:
        connection.execute(insert(indexed).values(document_id=document_id, staged=version))


def _row(chunk: Chunk, version: int) -> dict[str, object]:
    names = ("id", "document_id", "clause_id", "heading", "text", "content_hash")
    return {name: getattr(chunk, name) for name in names} | {"document_version": version}


def embed_missing(engine: Engine, embedder: Embedder, report: Report) -> None:
    """Embed every staged text that has no vector of this model; it commits in parts and resumes where it stopped."""
    known = exists().where(vectors.c.content_hash == chunks.c.content_hash, vectors.c.model == embedder.name)
    columns = (chunks.c.content_hash, chunks.c.heading, chunks.c.text)
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).join(indexed, _staged()).where(~known))
        missing = {hash_: embedded_text(heading, text) for hash_, heading, text in rows}
    _embed(engine, embedder, missing, report)


def embed_ahead(engine: Engine, embedder: Embedder, coming: Sequence[Chunk]) -> None:
    """Embed the texts of chunks that are not staged yet, so that staging them takes no time."""
    known = stored_vectors(engine, embedder.name, coming)
    texts = {
        chunk.content_hash: embedded_text(chunk.heading, chunk.text)
        for chunk in coming
        if chunk.content_hash not in known
    }
    _embed(engine, embedder, texts, lambda _stage, _done, _total: None)


def stored_vectors(engine: Engine, model: str, its: Sequence[Chunk]) -> dict[str, bytes]:
    """Return the stored vectors of these chunks' texts by content hash; some may be missing."""
    found: dict[str, bytes] = {}
    with reading(engine) as connection:
        for part in in_parts(sorted(chunk.content_hash for chunk in its)):
            among = vectors.c.content_hash.in_(part)
            query = select(vectors.c.content_hash, vectors.c.vector).where(among, vectors.c.model == model)
            found |= {row.content_hash: row.vector for row in connection.execute(query)}
    return found


def _embed(engine: Engine, embedder: Embedder, missing: Mapping[str, str], report: Report) -> None:
    """Embed texts by their content hash, the longest first."""
    texts = sorted(missing.items(), key=lambda item: -len(item[1]))
    for start in range(0, len(texts), _TEXTS):
        part = texts[start : start + _TEXTS]
        made = embedder.records([text for _, text in part])
        rows_ = [
            {"content_hash": hash_, "model": embedder.name, "vector": record}
            for (hash_, _), record in zip(part, made, strict=True)
        ]
        with writing(engine) as connection:
            connection.execute(insert(vectors), rows_)
        report("embedding", start + len(part), len(texts))


def staged_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return the staged version and number of chunks of each document."""
    columns = (indexed.c.document_id, indexed.c.staged, func.count(chunks.c.id))
    query = select(*columns).outerjoin(chunks, _staged()).group_by(indexed.c.document_id, indexed.c.staged)
    return {id_: (version, count) for id_, version, count in connection.execute(query)}


def shown_versions(connection: Connection) -> dict[str, int]:
    """Return the version of each document that a search shows."""
    query = select(indexed.c.document_id, indexed.c.shown).where(indexed.c.shown.is_not(None))
    return {row.document_id: row.shown for row in connection.execute(query)}


def staged_rows(connection: Connection, model: str) -> Iterator[tuple[int, Chunk, bytes | None]]:
    """Yield version, chunk and vector of everything staged."""
    yield from _rows(connection, model, _staged())


def shown_rows(connection: Connection, model: str, document_ids: Iterable[str]) -> Iterator[tuple[Chunk, bytes | None]]:
    """Yield chunk and vector of what is shown of `document_ids`, document after document."""
    shown = and_(indexed.c.document_id == chunks.c.document_id, indexed.c.shown == chunks.c.document_version)
    for part in in_parts(sorted(document_ids)):
        among = chunks.c.document_id.in_(part)
        yield from ((chunk, vector) for _, chunk, vector in _rows(connection, model, and_(shown, among)))


def _rows(connection: Connection, model: str, on: ColumnElement[bool]) -> Iterator[tuple[int, Chunk, bytes | None]]:
    names = ("id", "document_id", "clause_id", "heading", "text", "content_hash")
    match = and_(vectors.c.content_hash == chunks.c.content_hash, vectors.c.model == model)
    join = chunks.join(indexed, on).outerjoin(vectors, match)
    columns = (chunks.c.document_version, vectors.c.vector, *(chunks.c[name] for name in names))
    query = select(*columns).select_from(join).order_by(chunks.c.document_id)
    for version, vector, *words in connection.execution_options(yield_per=2000).execute(query):
        yield version, Chunk(*words), vector


def built_with(connection: Connection, name: str) -> str | None:
    """Return the model that a generation was begun with; None if it is unknown."""
    return connection.execute(select(generations.c.model).where(generations.c.name == name)).scalar()


def promote(connection: Connection, after: Published) -> None:
    """Show what is staged and write `after` as the pointer row, within the caller's transaction: all or nothing."""
    replaced = indexed.c.shown != indexed.c.staged
    changed = chunks.c.document_id.in_(select(indexed.c.document_id).where(replaced))
    connection.execute(delete(chunks).where(changed, ~exists().where(_staged())))
    connection.execute(update(indexed).where(or_(indexed.c.shown.is_(None), replaced)).values(shown=indexed.c.staged))
    values = asdict(after)
    if not connection.execute(update(index_state).values(values)).rowcount:
        connection.execute(insert(index_state).values(id=1, **values))


def drop_orphans(engine: Engine) -> None:
    """Delete the vectors of texts that no chunk has any more."""
    used = exists().where(chunks.c.content_hash == vectors.c.content_hash)
    with writing(engine) as connection:
        connection.execute(delete(vectors).where(~used))


def _staged() -> ColumnElement[bool]:
    return and_(indexed.c.document_id == chunks.c.document_id, indexed.c.staged == chunks.c.document_version)


@contextmanager
def one_publisher(engine: Engine) -> Iterator[None]:
    """Let one publisher at a time work among all machines of a PostgreSQL database; SQLite has one machine anyway."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(_PUBLISHER)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_PUBLISHER)))
