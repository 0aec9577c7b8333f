"""Which words documents write at all."""

from collections.abc import Iterable

from sqlalchemy import Engine, or_, select

from knowledge.database import reading
from knowledge.tables import clauses, documents


def held(engine: Engine, words: Iterable[str]) -> set[str]:
    """Those of `words` that stand in any clause or title, in force or not; each that does not costs a full scan."""
    with reading(engine) as connection:
        found = set()
        for word in dict.fromkeys(words):
            in_clause = select(clauses.c.id).where(clauses.c.text.contains(word, autoescape=True)).exists()
            in_title = select(documents.c.id).where(documents.c.title.contains(word, autoescape=True)).exists()
            if connection.execute(select(or_(in_title, in_clause))).scalar_one():
                found.add(word)
        return found
