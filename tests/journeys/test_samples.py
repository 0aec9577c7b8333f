"""The sample documents of a district no standard knows: who is answered from them, and who is not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import knowledge
from bot.app import Helpdesk
from bot.dialogue.wording import worded_for
from bot.operations.migrations import migrate
from bot.settings import load_settings
from knowledge.model import Standing
from retrieval.embedding.embedder import Embedder
from retrieval.model import Abstention, AbstentionReason, Answer, Question, RuleNotInForce
from tests.support.clock import Clock

SAMPLES = Path(knowledge.__path__[0]) / "documents"
NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def helpdesk(embedder: Embedder, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    helpdesk = Helpdesk(load_settings({}, home=tmp_path_factory.mktemp("samples"), models_dir=models_dir), Clock(NOW))
    migrate(helpdesk.engine)
    assert len(helpdesk.indexer.run([SAMPLES]).added) == len(list(SAMPLES.iterdir()))
    yield helpdesk
    helpdesk.close()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("江湾区老年助餐补贴多少", "每餐补贴"),
        ("上海老人助餐一餐补贴多少元", "每餐补贴"),
        ("居住证要带什么材料", "居民身份证"),
        ("我是湖南人，江湾区的居住证多久办好", "15日"),
        ("转租的店面能办食品经营许可吗", "产权人"),
        ("2022年老年助餐补贴多少", "试行办法"),
    ],
)
def test_the_district_is_answered(helpdesk: Helpdesk, question: str, fact: str) -> None:
    asked = Question.of(question)
    outcome = helpdesk.answer(asked)
    assert isinstance(outcome, Answer)
    assert fact in worded_for(asked, outcome)


def test_who_asks_what_to_bring_gets_the_whole_list(helpdesk: Helpdesk) -> None:
    outcome = helpdesk.answer(Question.of("办食品经营许可证要带什么材料"))
    assert isinstance(outcome, Answer)
    for material in ("食品经营许可申请书", "经营场所平面布局图", "经营场所使用证明", "委托书"):
        assert material in outcome.text


@pytest.mark.parametrize("where", ["杭州", "浦东", "上海浦东新区", "徐汇区", "北京朝阳区", "广东", "香港"])
@pytest.mark.parametrize("what", ["老年助餐补贴多少", "居住证在哪里办", "食品经营许可要什么材料"])
def test_other_places_are_not(helpdesk: Helpdesk, where: str, what: str) -> None:
    outcome = helpdesk.answer(Question.of(where + what))
    assert isinstance(outcome, Abstention)
    assert outcome.reason is AbstentionReason.OTHER_REGION


def test_what_has_ended_is_not_cited_for_today(helpdesk: Helpdesk) -> None:
    outcome = helpdesk.answer(Question.of("江湾区夏季夜市占道经营几点到几点"))
    assert isinstance(outcome, Abstention)
    assert outcome.reason is AbstentionReason.EXPIRED
    assert outcome.rule == RuleNotInForce(
        "江湾区夏季夜市占道经营临时管理措施", Standing.EXPIRED, turns_on=date(2025, 10, 31)
    )
