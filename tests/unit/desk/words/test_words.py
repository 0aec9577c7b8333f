"""The words in use: a site's own beside the shipped ones, in effect at once in every process, each change recorded."""

import pytest
from sqlalchemy import Engine

from desk.audit import Audit
from desk.bus import MemoryBus
from desk.errors import InvalidWords, NotFound, WrongState
from desk.words.entry import Origin, WordState, checked, shipped_entries
from desk.words.words import Words
from retrieval.language.lexicon import Lexicon, shipped
from tests.support.clock import Clock


class Heard(MemoryBus):
    """Remembers the topics announced."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: list[str] = []

    def publish(self, topic: str, payload: object) -> None:
        self.topics.append(topic)


@pytest.fixture
def bus() -> Heard:
    return Heard()


@pytest.fixture
def words(emptied_engine: Engine, clock: Clock, bus: Heard) -> Words:
    return Words(emptied_engine, bus, clock)


def test_without_entries_of_its_own_a_site_has_the_shipped_ones(words: Words) -> None:
    assert words.lexicon().entries == shipped().entries


def test_an_entry_is_in_effect_at_once_recorded_and_announced(
    words: Words, emptied_engine: Engine, clock: Clock, bus: Heard
) -> None:
    assert words.lexicon().official("随申碼怎么领") == []
    made = words.add(["隨申码、随身码"], ["健康信息码"], "anna")
    assert made.said == ("随申码", "随身码"), "normalised, and taken apart"
    assert "健康信息码" in words.lexicon().official("随申碼怎么领")
    assert bus.topics == ["words"]
    (act,) = Audit(emptied_engine, clock).of(f"words:{made.id}")
    assert (act["actor"], act["action"], act["detail"]["said"]) == ("anna", "words.add", ["随申码", "随身码"])


def test_another_process_has_it_once_it_looks(words: Words, emptied_engine: Engine, clock: Clock) -> None:
    other = Words(emptied_engine, MemoryBus(), clock)
    assert other.lexicon().official("随申码") == []
    words.add(["随申码"], ["健康信息码"], "anna")
    assert other.lexicon().official("随申码") == [], "the control: nothing came by itself"
    assert other.refresh()
    assert not other.refresh()
    assert other.lexicon().official("随申码") == ["健康信息码"]


def test_entries_are_edited_switched_off_and_removed_and_the_clock_need_not_move(words: Words) -> None:
    """Two changes within one tick of the clock are two."""
    made = words.add(["随申码"], ["健康码"], "anna")
    words.edit(made.id, ["随申码"], ["健康信息码"], "bert")
    assert words.lexicon().official("随申码") == ["健康信息码"]
    assert words.switch(made.id, False, "bert").state is WordState.OFF
    assert words.lexicon().official("随申码") == []
    assert words.switch(made.id, True, "bert").state is WordState.ON
    words.remove(made.id, "bert")
    assert words.lexicon().entries == shipped().entries
    for gone in (lambda: words.remove(made.id, "bert"), lambda: words.edit(made.id, ["随申码"], ["码"], "bert")):
        with pytest.raises(NotFound, match="没有这一条"):
            gone()


def test_a_shipped_entry_is_switched_off_and_on_but_not_removed(words: Words) -> None:
    entry = next(each for each in shipped_entries() if "暂住证" in each.said)
    assert "居住证" in words.lexicon().official("暂住证怎么办")
    words.switch(entry.id, False, "anna")
    assert "居住证" not in words.lexicon().official("暂住证怎么办")
    assert [each.id for each in words.all() if each.state is WordState.OFF] == [entry.id]
    with pytest.raises(WrongState, match="停用"):
        words.remove(entry.id, "anna")
    words.switch(entry.id, True, "anna")
    assert words.lexicon().entries == shipped().entries


def test_one_word_has_one_entry_of_the_sites_own(words: Words) -> None:
    first = words.add(["随申码"], ["健康信息码"], "anna")
    with pytest.raises(WrongState, match="随申码"):
        words.add(["别的", "随申码"], ["健康码"], "anna")
    assert words.edit(first.id, ["随申码", "绿码"], ["健康信息码"], "anna").said == ("随申码", "绿码")


def test_a_proposal_turned_down_is_remembered_and_never_in_use(words: Words) -> None:
    words.reject(["绿本本"], ["不动产权证书"], "anna")
    assert words.rejected() == {"绿本本"}
    assert [each for each in words.all() if each.origin is not Origin.SHIPPED] == []
    assert words.lexicon().official("绿本本") == []
    assert words.add(["绿本本"], ["不动产权证书"], "anna", Origin.MINED).origin is Origin.MINED, "a mind may change"


def test_words_are_tried_without_changing_anything(words: Words) -> None:
    made = words.add(["随申码"], ["健康码"], "anna")
    tried = words.tried(["随申码"], ["健康信息码"], made.id)
    assert tried.official("随申码") == ["健康信息码"]
    assert words.lexicon().official("随申码") == ["健康码"]


@pytest.mark.parametrize(
    ("said", "written", "sentence"),
    [
        ([""], ["居住证"], "请写明"),
        (["暂住证"], [" 、"], "请写明"),
        (["证"], ["居住证"], "只有一个字"),
        (["怎么"], ["居住证"], "几乎每个问题"),
        (["暂" * 21], ["居住证"], "太长"),
        ([" ".join(f"说法{n}" for n in range(21))], ["居住证"], "最多 20 个词"),
        (["13800138000"], ["居住证"], "手机号码"),
    ],
)
def test_what_would_harm_most_questions_is_refused_with_its_reason(
    said: list[str], written: list[str], sentence: str
) -> None:
    with pytest.raises(InvalidWords, match=sentence):
        checked(said, written)


def test_ids_of_shipped_entries_are_their_own() -> None:
    ids = [each.id for each in shipped_entries()]
    assert len(set(ids)) == len(ids)
    assert all(len(each) <= 32 for each in ids)
    assert Lexicon(each.entry for each in shipped_entries()).entries == shipped().entries
