"""Many files stored at once: the same rows as one after another, in a number of statements that does not grow."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from knowledge.database import connect_database, metadata
from knowledge.law.amendments import read
from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TITLES = ("江湾区早餐办法", "江湾区晚餐办法", "江湾区人民政府关于修改《江湾区早餐办法》的决定")


def item(title: str, year: int, source: str, document_id: str = "", ends: str = "") -> IncomingDocument:
    texts = ("一、将第1条修改为：“每餐六元。”",) if "决定" in title else ("每餐三元。", f"自{year}年起每月一次。")
    kind = ClauseKind.OUTLINE if "决定" in title else ClauseKind.ARTICLE
    clauses = tuple(Clause(i, "" if "决定" in title else f"第{i}条", (), text, kind) for i, text in enumerate(texts, 1))
    stated = Metadata(title, issued_on=date(year, 1, 1), effective_on=date(year, 3, 1), region="江湾区")
    ended = (f"《{ends}》",) if ends else ()
    parsed = ParsedDocument(stated, clauses, "text/plain", ended, text="".join(texts), amendments=read(clauses, title))
    return IncomingDocument(parsed, source, source, f"{title}{year}", document_id)


def account(store: DocumentStore) -> dict[str, Any]:
    """All that holds, whatever ids were given by chance; of several documents of one row each stands for itself."""
    days = store.clause_days()
    found = {}
    for each in store.documents():
        source = each.source.partition("#")[0] + "#" * ("#" in each.source)
        clauses = [
            (stored.clause, (own := days.get(stored.id)) and (own.effective_on, own.repealed_on, bool(own.amended_by)))
            for stored in store.clauses(each.id)
        ]
        found[f"{source} {each.version} {each.metadata.title} {each.metadata.issued_on}"] = (
            each.metadata,
            each.content_hash,
            clauses,
            store.text(each.id),
        )
    return found


def fresh() -> DocumentStore:
    engine = connect_database("sqlite:///:memory:")
    metadata.create_all(engine)
    return DocumentStore(engine, Clock(NOW))


ITEMS = st.lists(
    st.builds(
        item,
        st.sampled_from(TITLES),
        st.integers(1990, 2025),
        st.sampled_from(("/1", "/2", "/3")),
        st.sampled_from(("", "", "甲", "乙")),
        st.sampled_from(("", *TITLES[:2])),
    ),
    max_size=8,
    unique_by=lambda each: each.parsed.metadata.issued_on,  # of two decisions of one day chance says which is first
)


@settings(max_examples=25, deadline=None)
@given(ITEMS, st.integers(0, 4))
def test_a_batch_is_what_its_files_are_one_after_another(items: list[IncomingDocument], stored: int) -> None:
    """Documents that come twice, change their source or push each other out of it included."""
    at_once, singly = fresh(), fresh()
    for one in items[:stored]:
        at_once.put_many([one])
    ids = at_once.put_many(items[stored:])
    assert len(ids) == len(items[stored:])
    for one in items:
        singly.put_many([one])
    assert account(at_once) == account(singly)
    at_once.engine.dispose()
    singly.engine.dispose()


def test_a_repeal_of_what_is_not_stored_reaches_the_decision_that_amends_it(
    sqlite_engine: Engine, clock: Clock
) -> None:
    decision, ending = item(TITLES[2], 2020, "/1"), item(TITLES[1], 2021, "/2", ends=TITLES[0])
    for order in ((decision, ending), (ending, decision)):
        store = DocumentStore(sqlite_engine, clock)
        ids = {one.source: store.put_many([one])[0] for one in order}
        (days,) = store.clause_days().values()
        assert days.repealed_on == date(2021, 3, 1)
        assert [store.remove(id_) for id_ in ids.values()] == [True, True]


@pytest.mark.parametrize("known", [False, True])
def test_statements_do_not_grow_with_the_files(sqlite_engine: Engine, clock: Clock, known: bool) -> None:
    """But for one each where a file takes the place of the one before it."""

    def stored(count: int, round_: str) -> int:
        items = [item(f"江湾区第{n}号{round_}办法", 2024, f"/{round_}/{n}") for n in range(count)]
        store = DocumentStore(sqlite_engine, clock)
        if known:
            store.put_many(items)
        statements.clear()
        store.put_many(items)
        return len(statements) - (count if known else 0)

    statements: list[str] = []
    event.listen(sqlite_engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    assert stored(2, "甲") == stored(40, "乙") < 60
