"""Works out the standing of single clauses in the database, anew whenever a document that matters comes or goes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from knowledge.database import in_parts
from knowledge.law import amendments as articles
from knowledge.law.validity import begins
from knowledge.model import Amendment, AmendmentKind, ClauseKind, ParsedDocument
from knowledge.notation import numbering
from knowledge.notation.document_names import DocumentName, name_in
from knowledge.store.families import Family, Law, standing
from knowledge.tables import amendments, clause_standings, clauses, documents, names, repeals


def write(connection: Connection, parsed: Mapping[str, ParsedDocument]) -> None:
    """Store which articles these documents amend; `parsed` holds them by id."""
    rows = [_row(id_, one) for id_, each in parsed.items() for one in each.amendments]
    if rows:
        connection.execute(insert(amendments), rows)


def _row(document_id: str, one: Amendment) -> dict[str, Any]:
    name = name_in(one.document) if one.document else DocumentName("")
    return {
        "document_id": document_id,
        "ordinal": one.ordinal,
        "title": name.title,
        "number": name.number,
        "article": one.article,
        "kind": one.kind.value,
        "becomes": one.becomes,
        "begins_on": one.on,
    }


def related(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return the documents whose clauses may stand differently when these few come, change or go."""
    found: set[str] = set()
    pairs = ((amendments, amendments), (names, amendments), (repeals, amendments), (amendments, names))
    for said, about in pairs:  # a decision's own words also end with the name it amends, whichever text has it
        mine = said.alias()
        for name in ("title", "number"):
            entries = select(mine.c[name]).where(mine.c.document_id.in_(ids), mine.c[name] != "")
            found |= set(connection.scalars(select(about.c.document_id).where(about.c[name].in_(entries)).distinct()))
    return found


def settle(connection: Connection, ids: Iterable[str]) -> None:
    """Work out anew the standing of every clause of these documents and of those they depend on."""
    touched = set(ids)
    families = _families(connection, touched)
    wanted: dict[str, dict[str, Any]] = {}
    for family in families:
        touched |= family.ids
        for each in family.standings():
            _earliest(wanted, each)
    for each in _beginnings(connection, touched):
        known = wanted.get(each["clause_id"], {})
        wanted[each["clause_id"]] = each | {key: value for key, value in known.items() if value is not None}
    for part in in_parts(sorted(touched)):
        connection.execute(delete(clause_standings).where(clause_standings.c.document_id.in_(part)))
    if wanted:
        connection.execute(insert(clause_standings), list(wanted.values()))


def _earliest(wanted: dict[str, dict[str, Any]], each: dict[str, Any]) -> None:
    known = wanted.get(each["clause_id"])
    if known is None or each["repealed_on"] < known["repealed_on"]:
        wanted[each["clause_id"]] = each


def _families(connection: Connection, ids: set[str]) -> list[Family]:
    """Return the families of these documents, and the families with which their decisions share clauses."""
    waiting = _names_about(connection, ids)
    seen: set[DocumentName] = set()
    found: list[Family] = []
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        family, alike = _family(connection, name)
        seen |= alike
        found.append(family)
        waiting |= _names_about(connection, family.changes) - seen
    return found


def _names_about(connection: Connection, ids: Iterable[str]) -> set[DocumentName]:
    """Return the names that these documents amend, and their own names where a document amends those."""
    found: set[DocumentName] = set()
    either = or_(
        (names.c.title == amendments.c.title) & (names.c.title != ""),
        (names.c.number == amendments.c.number) & (names.c.number != ""),
    )
    for part in in_parts(sorted(ids)):
        said = select(amendments.c.title, amendments.c.number).where(amendments.c.document_id.in_(part))
        about = select(amendments.c.title, amendments.c.number).join(names, either).where(names.c.document_id.in_(part))
        for query in (said, about):
            found |= {DocumentName(*row) for row in connection.execute(query.distinct()) if any(row)}
    return found


def _family(connection: Connection, name: DocumentName) -> tuple[Family, set[DocumentName]]:
    """Return everything about the documents of this name, and the names under which they are amended."""
    named = set(connection.scalars(select(names.c.document_id).where(_named(names, [name]))))
    called = _called(connection, named)
    all_names = {name, *(one for its in called.values() for one in its)}
    rows = connection.execute(select(amendments).where(_named(amendments, all_names))).all()
    changes: dict[str, list[Row[Any]]] = {}
    for row in rows:
        changes.setdefault(row.document_id, []).append(row)
    ids = {*named, *changes}
    laws = {
        row.id: Law(row, tuple(called.get(row.id, ())), *_places(connection, row.id))
        for part in in_parts(sorted(ids))
        for row in connection.execute(select(documents).where(documents.c.id.in_(part)))
    }
    ended = select(documents).join(repeals, repeals.c.document_id == documents.c.id).where(_named(repeals, all_names))
    days = tuple(day for row in connection.execute(ended) if (day := begins(row)))
    family = Family(laws, tuple(sorted(named & set(laws))), changes, days)
    return family, {name, *(DocumentName(row.title, row.number) for row in rows)}


def _called(connection: Connection, ids: Iterable[str]) -> dict[str, list[DocumentName]]:
    found: dict[str, list[DocumentName]] = {}
    for part in in_parts(sorted(ids)):
        for row in connection.execute(select(names).where(names.c.document_id.in_(part))):
            found.setdefault(row.document_id, []).append(DocumentName(row.title, row.number))
    return found


def _named(table: Any, wanted: Iterable[DocumentName]) -> Any:
    """Return the condition for rows of a table of names that may mean one of these names."""
    titles = sorted({name.title for name in wanted if name.title})
    numbers = sorted({name.number for name in wanted if name.number})
    return or_(table.c.title.in_(titles), table.c.number.in_(numbers))


def _places(connection: Connection, document_id: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the places in a document, and the texts of its clauses by clause id.

    The places are clause ids by article and by #ordinal, and articles by chapter.
    """
    columns = (clauses.c.id, clauses.c.ordinal, clauses.c.number, clauses.c.path, clauses.c.kind, clauses.c.text)
    rows = connection.execute(select(*columns).where(clauses.c.document_id == document_id)).all()
    by_article = any(row.kind == ClauseKind.ARTICLE for row in rows)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(f"#{row.ordinal}", []).append(row.id)
        place = [*row.path, row.number]
        keys = [articles.article(part) if by_article else _item(part) for part in place]
        for number in {key for key in keys if key and not key.startswith("c")}:
            found.setdefault(number, []).append(row.id)
            for chapter in {key for key in keys if key.startswith("c")}:
                if number not in found.setdefault(chapter, []):
                    found[chapter].append(number)
    return found, {row.id: row.text for row in rows}


def _item(part: str) -> str:
    """Return the number of 三、 in a notice without articles; others call that item its 第三条."""
    marker = numbering.read(part)
    return str(marker.ordinal) if marker and marker.rank == numbering.OUTLINE and marker.ordinal else ""


def _beginnings(connection: Connection, ids: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Yield the standings of articles that take effect on a day of their own."""
    for part in in_parts(sorted(ids)):
        mine = amendments.c.document_id.in_(part) & (amendments.c.kind == AmendmentKind.BEGINS.value)
        for row in connection.execute(select(amendments).where(mine)).all():
            for clause_id in _places(connection, row.document_id)[0].get(row.article, []):
                yield standing(clause_id, row.document_id, None) | {"effective_on": row.begins_on}
