"""Words mined from resolved conversations: what several say, what answers it, nothing by chance."""

import pytest
from sqlalchemy import Engine

from desk.words.mining import Case, expressions, likelihood_ratio, proposals, resolved_cases
from knowledge.model import Clause, Metadata, ParsedDocument
from knowledge.store.documents import DocumentStore
from knowledge.store.shelves import words_in_documents
from retrieval.language.lexicon import Lexicon, LexiconEntry
from tests.support.clock import Clock
from tests.support.desk_parts import House

NONE = Lexicon([])
HELD = {"不动产权证书", "登记", "社保"}


def holding(words: object) -> set[str]:
    return HELD & set(words)  # type: ignore[call-overload]


def case(said: str, told: str) -> Case:
    return Case(set(said.split()), set(told.split()))


ABOUT = [case("绿本本 补办", "不动产权证书 登记")] * 3
OTHERS = [case("社保卡", "社保 登记"), case("看病", "社保"), case("报到", "登记")] * 2


def test_what_several_say_and_no_document_writes_is_proposed_with_what_answers_it() -> None:
    (found,) = proposals(ABOUT + OTHERS, holding, NONE)[:1]
    assert (found.said, found.written[0], found.applicants) == ("绿本本", "不动产权证书", 3)


def test_a_word_told_to_everybody_is_no_answer() -> None:
    """登记 is told to half of all others, too; 不动产权证书 to nobody else."""
    assert all("登记" not in each.written for each in proposals(ABOUT + OTHERS, holding, NONE))


@pytest.mark.parametrize("cases", [ABOUT[:2] + OTHERS, ABOUT, [case("绿本本", "社保"), *ABOUT[:2], *OTHERS]])
def test_too_few_or_nothing_to_compare_with_or_different_answers_propose_nothing(cases: list[Case]) -> None:
    assert [each for each in proposals(cases, holding, NONE) if each.said == "绿本本"] == []


def test_what_documents_write_is_known_or_was_turned_down_is_not_proposed() -> None:
    cases = ABOUT + OTHERS
    known = Lexicon([LexiconEntry(("绿本本",), ("不动产权证书",))])
    assert "绿本本" not in [each.said for each in proposals(cases, holding, known)]
    assert "绿本本" not in [each.said for each in proposals(cases, holding, NONE, ["绿本本"])]
    assert "绿本本" not in [e.said for e in proposals(cases, lambda words: HELD | set(words) & {"绿本本"}, NONE)]


def test_a_part_of_a_longer_word_is_not_proposed_beside_it() -> None:
    cases = [case("绿本 绿本本", "不动产权证书")] * 3 + OTHERS
    assert [each.said for each in proposals(cases, holding, NONE)] == ["绿本本"]
    known = Lexicon([LexiconEntry(("绿本本",), ("不动产权证书",))])
    assert proposals(cases, holding, known) == [], "nor once the longer one is known"


def test_expressions_are_chinese_words_and_what_two_of_them_make() -> None:
    found = expressions("请问绿本本丢了怎么补办？我的电话13800138000，叫我Anna")
    assert "绿本本" in found
    assert not any(character.isascii() for word in found for character in word)
    assert not found & {"请问", "怎么", "电话是"}


def test_the_likelihood_ratio_is_nought_for_what_is_independent() -> None:
    assert likelihood_ratio(1, 2, 2, 4) == pytest.approx(0)
    assert likelihood_ratio(3, 3, 3, 6) > likelihood_ratio(2, 3, 3, 6)


def test_real_conversations_propose_and_unresolved_or_badly_rated_ones_do_not(
    emptied_engine: Engine, clock: Clock
) -> None:
    house = House(emptied_engine, clock)
    zhang = house.account()
    lost = ["绿本本丢了", "绿本本怎么补", "哪里能补绿本本", "绿本本要换吗"]
    matters = [(each, "请申请补发不动产权证书") for each in lost] + [("社保断缴了", "社保可以补缴")] * 4
    for key, (said, told) in enumerate(matters):
        asked = house.asked(said, key=f"a{key}")
        ticket = house.claimed(zhang, key=f"a{key}")
        house.tickets.post(ticket.id, zhang, ticket.epoch, told, f"answer-{key}")
        if key != 0:  # the first one is still open
            house.tickets.resolve(ticket.id, zhang, ticket.epoch, "")
        if key == 5:
            house.tickets.rate(asked.conversation_id, 1)
    cases = resolved_cases(emptied_engine)
    assert len(cases) == 6, "one is open, one was rated badly and is in the queue again"
    store = DocumentStore(emptied_engine, clock)
    clause = Clause(ordinal=0, number="第一条", path=(), text="不动产权证书遗失的，可以申请补发。")
    store.put(ParsedDocument(Metadata(title="不动产登记办法"), (clause,), "text/markdown"), "a.md", "a.md", "0" * 64)
    found = proposals(cases, lambda words: words_in_documents(emptied_engine, words), NONE)
    (proposal,) = [each for each in found if each.said == "绿本本"]
    assert (proposal.written[0], proposal.applicants) == ("不动产权证书", 3)


def test_a_word_is_held_by_a_clause_or_a_title(sqlite_engine: Engine, clock: Clock) -> None:
    store = DocumentStore(sqlite_engine, clock)
    clause = Clause(ordinal=0, number="第一条", path=(), text="申领居住证。100%_有效")
    store.put(ParsedDocument(Metadata(title="流动人口办法"), (clause,), "text/markdown"), "a.md", "a.md", "0" * 64)
    assert words_in_documents(sqlite_engine, ["居住证", "暂住证", "流动人口", "住证", "%居", "0%_"]) == {
        "居住证",
        "流动人口",
        "住证",
        "0%_",
    }
