"""What is offered: the likeliest clauses, of more than one document, each once; what is elsewhere is not."""

from dataclasses import dataclass
from typing import cast

from retrieval.answering.choices import MOST, choices
from retrieval.answering.rerank import RankedPassage
from retrieval.model import Citation


@dataclass(frozen=True)
class Signals:
    year: float = 0.5
    words: float = 0.2
    cosine: float = 0.2


@dataclass(frozen=True)
class Document:
    id: str


@dataclass(frozen=True)
class Found:
    """As much of a ranked passage as counts here."""

    document: Document
    clause: str
    rank: float
    here: bool = True
    evidence: Signals = Signals()


def found(document: str, clause: str, rank: float, here: bool = True, **signals: float) -> RankedPassage:
    return cast(RankedPassage, Found(Document(document), clause, rank, here, Signals(**signals)))


def cite(passage: RankedPassage) -> Citation | None:
    its = cast(Found, passage)
    if its.clause == "gone":
        return None
    return Citation(
        f"《{its.document.id}办法》",
        "",
        f"第{its.clause}条",
        f"第{its.clause}条的话",
        None,
        "",
        "",
        its.document.id,
        its.clause,
    )


def clauses(*given: RankedPassage) -> list[str]:
    return [choice.citations[0].clause_id for choice in choices(given, cite)]


def test_the_likeliest_come_first_and_no_more_than_three() -> None:
    assert clauses(*(found(f"d{n}", f"{n}", 1 - n / 100) for n in range(5))) == ["0", "1", "2"]
    assert MOST == 3


def test_one_document_leaves_room_for_another() -> None:
    rows = [found("a", "1", 1.0), found("a", "2", 0.9), found("a", "3", 0.8), found("b", "4", 0.7)]
    assert clauses(*rows) == ["1", "2", "4"]
    assert clauses(*rows[:3]) == ["1", "2", "3"], "alone it may have all three"


def test_a_clause_is_offered_once_and_one_that_is_gone_not_at_all() -> None:
    assert clauses(found("a", "1", 1.0), found("a", "1", 0.9), found("b", "gone", 0.9), found("c", "2", 0.8)) == [
        "1",
        "2",
    ]


def test_other_places_other_years_and_what_is_far_behind_are_not_offered() -> None:
    rows = [
        found("a", "1", 1.0),
        found("b", "2", 0.9, here=False),
        found("c", "3", 0.9, year=0.0),
        found("d", "4", 0.4),
    ]
    assert clauses(*rows) == ["1"]
    assert clauses() == []


def test_what_shares_no_word_has_to_be_near_in_meaning() -> None:
    rows = [found("a", "1", 1.0, words=0.0), found("b", "2", 0.9, words=0.0, cosine=0.4), found("c", "3", 0.8)]
    assert clauses(*rows) == ["2", "3"]


def test_a_choice_is_labelled_by_its_document_or_by_the_place_in_it() -> None:
    offered = choices([found("甲", "一", 1.0), found("甲", "二", 0.9), found("乙" * 30, "三", 0.8)], cite)
    assert [each.label for each in offered] == ["甲办法", "第二条", "乙" * 23 + "…"]
    assert offered[0].text == "第一条的话"
