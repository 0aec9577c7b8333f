"""Which turn of a conversation follows which, told from what the documents say."""

from datetime import date

import pytest

from retrieval.answering.follow_ups import Dialogues
from retrieval.answering.understanding import Understanding, Wanted
from tests.support.fakes.library import Library

TODAY = date(2026, 11, 19)


def understood(*turns: str) -> Understanding:
    return Dialogues(Library(), TODAY).understood(turns)


def about(*turns: str) -> set[str]:
    return set(understood(*turns).about)


@pytest.mark.parametrize(
    "turn", ["要带啥", "多久能下来", "那我老公呢", "监护人可以吗", "咁細路呢", "代办行吗", "派出所能办不"]
)
def test_a_turn_of_sides_or_of_the_documents_words_follows(turn: str) -> None:
    assert about("居住证怎么申领", turn) == {"居住证申领办法"}


def test_the_matter_is_carried_over_several_turns() -> None:
    assert about("居住证怎么申领", "多久能下来", "监护人可以代办吗") == {"居住证申领办法"}


@pytest.mark.parametrize("turn", ["积分入学有多少个名额", "对了积分入学几号填志愿", "那积分入学的志愿要怎么填"])
def test_a_turn_that_names_its_own_matter_does_not_follow(turn: str) -> None:
    asked = understood("2025年深圳居住证怎么申领", "多久能下来", turn)
    assert not asked.context
    assert not asked.about
    assert not asked.years
    assert not asked.places


def test_a_matter_named_by_the_way_is_another() -> None:
    assert not about("居住证怎么申领", "另外我想问下怎么领驾照")
    assert about("居住证怎么申领", "另外监护人可以代办吗") == {"居住证申领办法"}  # the control
    assert about("居住证怎么申领", "另外要多久") == {"居住证申领办法"}


def test_what_follows_a_change_of_subject_is_of_the_new_subject() -> None:
    assert about("居住证怎么申领", "积分入学有多少个名额", "公办的呢") == {"积分制入学指引"}


def test_the_place_and_the_year_meant_are_the_last_ones_named() -> None:
    asked = understood("2025年广州居住证怎么申领", "那深圳的呢", "要多久")
    assert {place.name for place in asked.places} == {"深圳"}
    assert asked.years == {2025}
    assert understood("2025年广州居住证怎么申领", "那2026年的呢").years == {2026}


def test_a_year_or_place_of_its_own_takes_the_place_of_the_one_before() -> None:
    asked = understood("2025年广州居住证补贴多少钱", "那2026年深圳的呢")
    assert "2025" not in asked.search_text
    assert "广州" not in asked.search_text
    assert "居住证" in asked.search_text


def test_the_same_asked_of_something_else_wants_the_same_kind() -> None:
    asked = understood("长者饭堂每餐补贴多少钱", "送餐的呢")
    assert asked.wanted is Wanted.AMOUNT
    assert asked.again
    assert asked.clause == "clause of 长者饭堂管理办法"
    other = understood("长者饭堂每餐补贴多少钱", "要多久")
    assert other.wanted is Wanted.DURATION
    assert not other.again
    whether = understood("长者饭堂每餐补贴多少钱", "那她78岁走不动,饭能送上门吗")
    assert whether.wanted is Wanted.ANY
    assert not whether.again
    assert not understood("长者饭堂每餐补贴多少钱", "要是人在外地没去吃呢").again
    assert understood("长者饭堂每餐补贴多少钱", "那低保可以吗").again
    assert understood("长者饭堂每餐补贴多少钱", "送餐的呢,比例是多少").about


def test_what_was_asked_before_is_not_asked_again() -> None:
    assert "带什么证" not in understood("居住证申领要带什么证", "要多久").search_text
    assert "申领" in understood("居住证申领要带什么证", "要多久").search_text


def test_a_greeting_or_nothing_is_no_matter() -> None:
    assert understood("你好", "", "要带什么").vague
    assert about("居住证怎么申领", "", "要带什么") == {"居住证申领办法"}
    assert not understood("居住证怎么申领", "。。。").context


def test_a_single_question_is_not_looked_up() -> None:
    library = Library()
    assert not Dialogues(library, TODAY).understood(("居住证怎么申领",)).about
    assert library.looked == []


def test_only_the_last_turns_are_looked_up() -> None:
    library = Library()
    Dialogues(library, TODAY).understood(("积分入学有多少个名额",) * 50)
    assert len(library.looked) <= 10


def test_turns_of_any_length_are_taken() -> None:
    library = Library()
    Dialogues(library, TODAY).understood(("居住证" * 5_000, "要多久"))
    assert all(len(text) <= 4_000 for text in library.looked)
