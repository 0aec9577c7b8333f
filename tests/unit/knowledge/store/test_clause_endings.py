"""Single clauses in the database: replaced, repealed, beginning later, whichever document comes first."""

from datetime import date

import pytest
from sqlalchemy import Engine

from knowledge.law.amendments import read
from knowledge.law.validity import clause_standing_on
from knowledge.model import Clause, ClauseDays, ClauseKind, Metadata, ParsedDocument, Standing
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

TITLE = "江湾区送餐办法"
DECISION = f"江湾区人民政府关于修改《{TITLE}》的决定"
OLD, FIRST, SECOND, THIRD = date(2020, 1, 1), date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1)


def parsed(title: str, day: date, *texts: str, repeals: tuple[str, ...] = ()) -> ParsedDocument:
    articles = "条例" in title or "办法" in title[-2:]
    clauses = tuple(
        Clause(i, f"第{i + 1}条" if articles else "", (), text, ClauseKind.ARTICLE if articles else ClauseKind.OUTLINE)
        for i, text in enumerate(texts)
    )
    metadata = Metadata(title, issued_on=day, effective_on=day, region="江湾区")
    return ParsedDocument(metadata, clauses, "text/plain", repeals, amendments=read(clauses, title))


MEASURES = parsed(TITLE, OLD, "每餐三元。", "每月两次。", "凭证办理。")
REPLACING = parsed(DECISION, FIRST, "一、将第1条修改为：“每餐五元。”", "二、删去第2条。")
AGAIN = parsed(DECISION, SECOND, "一、将第1条修改为：“每餐八元。”")


def put(store: DocumentStore, document: ParsedDocument, source: str = "") -> str:
    return store.put(document, "a.md", source or f"/{document.metadata.title}/{document.metadata.issued_on}", "hash")


def in_force(store: DocumentStore, day: date, *ids: str) -> list[str]:
    """The words in force on `day`."""
    days = store.clause_days()
    found = store.get_many(ids)
    return [
        stored.clause.text
        for id_ in ids
        if id_ in found
        for stored in store.clauses(id_)
        if clause_standing_on(found[id_].metadata, days.get(stored.id), day) is Standing.IN_FORCE
    ]


@pytest.mark.parametrize("measures_first", [True, False])
def test_a_decision_ends_single_articles_from_its_day_on(engine: Engine, clock: Clock, measures_first: bool) -> None:
    store = DocumentStore(engine, clock)
    order = [MEASURES, REPLACING] if measures_first else [REPLACING, MEASURES]
    ids = {document.metadata.title: put(store, document) for document in order}
    old, new = ids[TITLE], ids[DECISION]
    assert in_force(store, date(2024, 2, 29), old, new) == ["每餐三元。", "每月两次。", "凭证办理。"]
    assert in_force(store, FIRST, old, new) == ["凭证办理。", "一、将第1条修改为：“每餐五元。”", "二、删去第2条。"]
    ((document, ended),) = store.of_clauses([f"{old}.1.0", "none"]).values()
    assert (document, ended) == (store.get(old), ClauseDays(None, FIRST, new))
    ((_, same),) = store.of_clauses([f"{old}.1.2"]).values()
    assert same == ClauseDays()
    assert store.remove(new)
    assert in_force(store, FIRST, old) == ["每餐三元。", "每月两次。", "凭证办理。"]


def test_an_amended_article_amended_again_ends_the_first_amendment(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    ids = [put(store, document) for document in (AGAIN, MEASURES, REPLACING)]
    assert in_force(store, FIRST, ids[2])[0] == "一、将第1条修改为：“每餐五元。”"
    assert in_force(store, SECOND, ids[2]) == ["二、删去第2条。"]
    assert in_force(store, SECOND, ids[0]) == ["一、将第1条修改为：“每餐八元。”"]
    store.remove(ids[0])
    assert in_force(store, SECOND, ids[2])[0] == "一、将第1条修改为：“每餐五元。”"


def test_two_decisions_agree_without_the_text_they_amend(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    first, second = put(store, REPLACING), put(store, AGAIN)
    assert in_force(store, SECOND, first, second) == ["二、删去第2条。", "一、将第1条修改为：“每餐八元。”"]


def test_what_a_decision_words_ends_with_the_document(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    put(store, MEASURES)
    decision = put(store, REPLACING)
    ending = put(store, parsed("江湾区助餐办法", THIRD, "新。", repeals=(f"《{TITLE}》",)))
    assert in_force(store, SECOND, decision)[0] == "一、将第1条修改为：“每餐五元。”"
    assert in_force(store, THIRD, decision) == ["二、删去第2条。"]
    store.remove(ending)
    assert len(in_force(store, THIRD, decision)) == 2


def test_a_text_published_anew_is_not_amended_again_and_takes_the_decisions_place(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    anew = parsed(TITLE, FIRST, "每餐五元。", "凭证办理。")
    ids = [put(store, MEASURES), put(store, REPLACING), put(store, anew, "/anew")]
    assert in_force(store, FIRST, *ids) == ["二、删去第2条。", "每餐五元。", "凭证办理。"]


def test_another_place_s_measures_of_the_same_name_are_not_amended(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    elsewhere = ParsedDocument(Metadata(TITLE, issued_on=OLD, effective_on=OLD, region="海滨市"), MEASURES.clauses, "")
    there = put(store, elsewhere, "/there")
    put(store, REPLACING)
    assert len(in_force(store, FIRST, there)) == 3


def test_articles_repealed_by_the_way_and_articles_that_begin_later(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    last = f"本办法自2024年3月1日起施行，其中第1条自2025年3月1日起施行。《{TITLE}》第2条自2026年3月1日起废止。"
    ids = [put(store, MEASURES), put(store, parsed("江湾区助餐办法", FIRST, "甲。", last))]
    assert in_force(store, FIRST, *ids) == ["每餐三元。", "每月两次。", "凭证办理。", last]
    assert in_force(store, SECOND, *ids) == ["每餐三元。", "每月两次。", "凭证办理。", "甲。", last]
    assert in_force(store, THIRD, *ids) == ["每餐三元。", "凭证办理。", "甲。", last]


def test_a_changed_text_is_amended_as_before(engine: Engine, clock: Clock) -> None:
    """A corrected file has clauses of new ids; what is dead stays dead."""
    store = DocumentStore(engine, clock)
    old = put(store, MEASURES, "/1")
    put(store, REPLACING)
    put(store, parsed(TITLE, OLD, "每餐三元！", "每月两次！", "凭证办理！"), "/1")
    assert in_force(store, FIRST, old) == ["凭证办理！"]
