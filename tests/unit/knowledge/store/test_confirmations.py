"""What an administrator sets of a document stands above what is read, now and after every reading."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from knowledge.model import Clause, Metadata, ParsedDocument, PolicyDocument
from knowledge.store import confirmations
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

TRIAL = Metadata("送餐试行办法", document_number="江府规〔2022〕6号", effective_on=date(2022, 3, 1), region="江湾区")
ENDS_TRIAL = ("《送餐试行办法》（江府规〔2022〕6号）",)


def put(store: DocumentStore, metadata: Metadata, source: str, repeals: tuple[str, ...] = ()) -> str:
    clause = Clause(0, "第一条", (), "第一条 甲。")
    return store.put(ParsedDocument(metadata, (clause,), "text/plain", repeals), "a.md", source, source)


def shown(store: DocumentStore, document_id: str) -> Metadata:
    return stored(store, document_id).metadata


def stored(store: DocumentStore, document_id: str) -> PolicyDocument:
    document = store.get(document_id)
    assert document
    return document


def test_what_was_set_survives_another_reading_and_the_rest_does_not(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    one = put(store, TRIAL, "/1")
    store.confirm(one, replace(TRIAL, effective_on=date(2022, 4, 1), topics=("养老",)), "林")
    assert shown(store, one) == replace(TRIAL, effective_on=date(2022, 4, 1), topics=("养老",))
    assert store.as_read(one) == TRIAL
    assert [(each.field, each.value, each.confirmed_by) for each in store.confirmed(one)] == [
        ("effective_on", date(2022, 4, 1), "林"),
        ("topics", ("养老",), "林"),
    ]
    changed = replace(TRIAL, issuer="江湾区民政局", effective_on=date(2022, 5, 1))
    assert put(store, changed, "/1") == one
    assert shown(store, one) == replace(changed, effective_on=date(2022, 4, 1), topics=("养老",))
    assert store.as_read(one) == changed


def test_setting_what_was_read_sets_nothing(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    one = put(store, TRIAL, "/1")
    store.confirm(one, replace(TRIAL, region="江湾市"), "林")
    store.confirm(one, TRIAL, "林")
    assert store.confirmed(one) == []
    assert store.confirm("none", TRIAL, "林") is None


def test_a_name_that_was_set_is_the_one_that_is_repealed(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    misread = put(store, replace(TRIAL, title="无标题", document_number=""), "/1")
    put(store, Metadata("送餐办法", effective_on=date(2026, 2, 1)), "/2", ENDS_TRIAL)
    assert shown(store, misread).repealed_on is None
    store.confirm(misread, TRIAL, "林")
    assert shown(store, misread).repealed_on == date(2026, 2, 1)
    assert stored(store, misread).version == 2  # its pieces are cut again, under the title


def test_the_day_that_was_set_is_the_day_others_end(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    old = put(store, TRIAL, "/1")
    new = put(store, Metadata("送餐办法", effective_on=date(2026, 2, 1)), "/2", ENDS_TRIAL)
    store.confirm(new, replace(shown(store, new), effective_on=date(2026, 7, 1)), "林")
    assert shown(store, old).repealed_on == date(2026, 7, 1)


def test_saving_what_is_shown_does_not_fix_what_others_said(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    old = put(store, TRIAL, "/1")
    new = put(store, Metadata("送餐办法", effective_on=date(2026, 2, 1)), "/2", ENDS_TRIAL)
    store.confirm(old, replace(shown(store, old), issuer="江湾区人民政府"), "林")
    store.remove(new)
    assert shown(store, old).repealed_on is None


def test_not_repealed_is_believed_until_another_document_comes_in(engine: Engine, clock: Clock) -> None:
    """A repeal that was misread can be undone; one nobody knew of yet cannot be undone beforehand."""
    store = DocumentStore(engine, clock)
    old = put(store, TRIAL, "/1")
    put(store, Metadata("送餐办法", effective_on=date(2026, 2, 1)), "/2", ENDS_TRIAL)
    clock.forward(days=1)
    store.confirm(old, replace(shown(store, old), repealed_on=None), "林")
    assert shown(store, old).repealed_on is None
    clock.forward(days=1)
    put(store, TRIAL, "/1")
    assert shown(store, old).repealed_on is None
    put(store, Metadata("新送餐办法", effective_on=date(2026, 9, 1)), "/3", ENDS_TRIAL)
    assert shown(store, old).repealed_on == date(2026, 9, 1)


days = st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))
documents = st.builds(
    Metadata,
    title=st.text(max_size=8),
    issuer=st.text(max_size=8),
    effective_on=days,
    repealed_on=days,
    region=st.text(max_size=4),
    topics=st.lists(st.text(max_size=4), max_size=3).map(tuple),
)


@given(documents, documents)
def test_what_differs_is_all_that_is_needed(one: Metadata, other: Metadata) -> None:
    assert confirmations.applied(one, confirmations.changes(one, other)) == other
    assert confirmations.from_json(confirmations.to_json(one)) == one
