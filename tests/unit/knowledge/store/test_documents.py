"""Documents in the database: versions, removal, and who repeals whom."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from knowledge.model import Clause, DocumentText, FileFailure, Heading, Metadata, PageStart, ParsedDocument
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock


def parsed(title: str, *clauses: str, repeals: tuple[str, ...] = (), **said: object) -> ParsedDocument:
    found = tuple(Clause(i, "", (), clause) for i, clause in enumerate(clauses or ("第一条 甲。",)))
    return ParsedDocument(Metadata(title, **said), found, "text/plain", repeals)  # type: ignore[arg-type]


def put(store: DocumentStore, document: ParsedDocument, source: str) -> str:
    return store.put(document, source.rsplit("/", 1)[-1], source, f"hash of {source} {len(document.clauses)}")


def repealed_on(store: DocumentStore, document_id: str) -> date | None:
    document = store.get(document_id)
    assert document
    return document.metadata.repealed_on


def test_a_changed_file_is_a_new_version_and_takes_its_old_clauses_with_it(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    first = put(store, parsed("办法", "旧一", "旧二"), "/a/办法.md")
    old = store.clauses(first)
    clock.forward(days=1)
    assert put(store, parsed("办法", "新一"), "/a/办法.md") == first
    document = store.get(first)
    assert document
    assert (document.version, document.clause_count, document.file) == (2, 1, "办法.md")
    assert document.added_at < document.updated_at
    assert [c.clause.text for c in store.clauses(first)] == ["新一"]
    assert all(store.clause(c.id) is None for c in old)


def test_lookups(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    one, two = put(store, parsed("甲"), "/a/甲.md"), put(store, parsed("乙"), "/a/乙.md")
    assert set(store.get_many([one, two, "none", one])) == {one, two}
    assert store.hashes() == {"/a/甲.md": "hash of /a/甲.md 1", "/a/乙.md": "hash of /a/乙.md 1"}
    assert [d.metadata.title for d in store.documents()] == ["乙", "甲"]
    assert store.remove(one)
    assert not store.remove(one)
    assert store.clauses(one) == []


def test_a_new_document_repeals_the_old_one_whichever_comes_first(engine: Engine, clock: Clock) -> None:
    old = parsed("助餐试行办法", document_number="江府规〔2022〕6号", effective_on=date(2022, 3, 1))
    new = parsed("助餐办法", repeals=("《助餐试行办法》（江府规〔2022〕6号）",), effective_on=date(2026, 2, 1))
    store = DocumentStore(engine, clock)
    first, second = put(store, old, "/1"), put(store, new, "/2")
    assert (repealed_on(store, first), repealed_on(store, second)) == (date(2026, 2, 1), None)
    assert store.remove(second)
    assert repealed_on(store, first) is None  # and it stands again when its repeal goes
    second = put(store, new, "/2")
    assert store.remove(first)
    assert repealed_on(store, put(store, old, "/1")) == date(2026, 2, 1)
    put(
        store, parsed("助餐办法", "改了", "又改", effective_on=date(2026, 2, 1)), "/2"
    )  # a version that repeals nothing
    assert [each.metadata.repealed_on for each in store.documents() if each.source == "/1"] == [None]


def test_another_document_of_the_same_title_is_not_repealed_with_it(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    kept = put(store, parsed("助餐办法", document_number="江府规〔2025〕1号", effective_on=date(2025, 1, 1)), "/kept")
    gone = put(store, parsed("助餐办法", document_number="江府规〔2020〕1号", effective_on=date(2020, 1, 1)), "/gone")
    put(store, parsed("新办法", repeals=("《助餐办法》（江府规〔2020〕1号）",), effective_on=date(2026, 1, 1)), "/new")
    assert (repealed_on(store, kept), repealed_on(store, gone)) == (None, date(2026, 1, 1))


def test_a_document_that_ends_its_own_namesake_stays_in_force(engine: Engine, clock: Clock) -> None:
    """A law revised under its old name repeals the old text by that name: never itself, nor a mirror of itself."""
    store = DocumentStore(engine, clock)
    new = parsed("会计法", "新", repeals=("《会计法》",), effective_on=date(2024, 7, 1), issued_on=date(2024, 6, 28))
    old = parsed("会计法", "旧", effective_on=date(1985, 5, 1), issued_on=date(1985, 1, 21))
    ids = [put(store, new, "/new"), put(store, old, "/old"), put(store, new, "/mirror")]
    assert [repealed_on(store, one) for one in ids] == [None, date(2024, 7, 1), None]


def test_the_newer_version_of_a_law_ends_the_older_ones(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    days = [date(2014, 8, 31), date(2017, 11, 4), date(2024, 6, 28)]
    ids = [put(store, parsed("会计法", issued_on=day, effective_on=day), f"/{day}") for day in reversed(days)]
    assert [repealed_on(store, one) for one in ids] == [None, days[2], days[1]]
    other = put(store, parsed("会计法", issued_on=days[0], effective_on=days[0], region="某市"), "/other place")
    assert repealed_on(store, other) is None


def test_failures_are_replaced_and_forgotten(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    store.record_failure("/a", FileFailure("a.pdf", "损坏。"), "h1")
    store.record_failure("/a", FileFailure("a.pdf", "加密。"), "h2")
    assert store.failures() == [FileFailure("a.pdf", "加密。")]
    assert store.failed_before() == {"/a": ("h2", FileFailure("a.pdf", "加密。"))}
    put(store, parsed("好了"), "/a")
    assert store.failures() == []


def test_several_documents_are_one_transaction(sqlite_engine: Engine, clock: Clock) -> None:
    """If one cannot be written, none is."""
    store = DocumentStore(sqlite_engine, clock)
    with sqlite_engine.begin() as connection:
        connection.execute(text("CREATE UNIQUE INDEX one_title ON documents (title)"))
    with pytest.raises(IntegrityError):
        store.put_many([IncomingDocument(parsed("甲"), "1", "/1", "a"), IncomingDocument(parsed("甲"), "2", "/2", "b")])
    assert store.documents() == []


def test_places_and_the_text_they_are_in_come_back_and_change_with_the_file(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    rows = (("材料", "份数"), ("申请表", "1份"))
    table = Clause(0, "", ("附件1",), "材料：申请表；份数：1份", page=2, start=4, end=16, rows=rows, header_rows=1)
    first = ParsedDocument(
        Metadata("办法"), (table,), "text/plain", text="附件1\n材料：申请表；份数：1份",
        pages=(PageStart(2, 0),), headings=(Heading(0, 3, 1),),
    )  # fmt: skip
    document_id = put(store, first, "/a/办法.md")
    assert [stored.clause for stored in store.clauses(document_id)] == [table]
    assert store.text(document_id) == DocumentText(first.text, first.pages, first.headings)
    put(store, replace(first, text="改了"), "/a/办法.md")
    assert store.text(document_id).text == "改了"
    store.remove(document_id)
    assert store.text(document_id) == DocumentText()


def test_the_whole_chain_of_what_came_after(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    ids = [
        put(
            store, parsed(f"助餐办法{n}", repeals=(f"《助餐办法{n - 1}》",), effective_on=date(2020 + n, 1, 1)), f"/{n}"
        )
        for n in (3, 1, 2)
    ]
    chain = store.replaced_by(ids[1])
    assert [(day.year, document.metadata.title) for day, document in chain] == [
        (2022, "助餐办法2"),
        (2023, "助餐办法3"),
    ]
    assert store.replaced_by(ids[0]) == []
    put(
        store, parsed("助餐办法1", repeals=("《助餐办法3》（江府规〔2023〕1号）",), effective_on=date(2024, 1, 1)), "/1"
    )
    put(
        store,
        parsed(
            "助餐办法3",
            document_number="江府规〔2023〕1号",
            repeals=("《助餐办法2》", "《助餐办法1》"),
            effective_on=date(2025, 1, 1),
        ),
        "/3",
    )
    assert len(store.replaced_by(ids[1])) <= 2  # one repeals the other and the other way round: it ends


def test_a_document_may_be_prolonged_by_another(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    old = put(store, parsed("助餐办法", effective_on=date(2020, 1, 1), expires_on=date(2024, 12, 31)), "/old")
    longer = replace(parsed("关于延长助餐办法有效期的通知"), extensions=(("《助餐办法》", date(2027, 12, 31)),))
    notice = put(store, longer, "/notice")
    assert store.get(old).metadata.expires_on == date(2027, 12, 31)  # type: ignore[union-attr]
    store.remove(notice)
    assert store.get(old).metadata.expires_on == date(2024, 12, 31)  # type: ignore[union-attr]


def test_a_repeal_from_a_day_of_its_own(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    old = put(store, parsed("甲办法", effective_on=date(2020, 1, 1)), "/old")
    new = parsed("乙办法", repeals=("《甲办法》",), effective_on=date(2026, 1, 1))
    put(store, replace(new, repeal_days=(("《甲办法》", date(2027, 1, 1)),)), "/new")
    assert repealed_on(store, old) == date(2027, 1, 1)
