"""The whole service without an embedding model: everything real but the answers, which are canned."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

from bot.app import Helpdesk, build
from bot.backends import Replacements
from bot.operations.migrations import migrate
from bot.settings import load_settings
from bot.web import create_app
from knowledge.model import Standing
from retrieval.index.chunk_store import Published
from retrieval.index.index import Index
from retrieval.model import (
    Abstention,
    AbstentionReason,
    Answer,
    Choice,
    Citation,
    Clarification,
    Outcome,
    Question,
    RuleNotInForce,
)
from retrieval.publishing.files import Indexer
from tests.support.serving import serving

QUOTE = "（二）经营场所使用证明。转租的，应当同时提交产权人同意转租的书面材料。"
CITATION = Citation(
    "江湾区食品经营许可办事指南",
    "江湾市监〔2025〕12号",
    "三、申请材料 （二）",
    QUOTE,
    date(2025, 3, 1),
    "https://www.jiangwan.example/guides/food.html",
    "food-permit.md",
)
CHOICES = tuple(
    Choice(label, f"{label}按月发放。", (CITATION,))
    for label in ("老年人就餐补贴", "租房补贴", "在本区创办小微企业、招用登记失业人员的一次性创业带动就业补贴")
)


def canned(question: Question) -> Outcome:
    """What this bot knows: food permits; it asks back about subsidies, breaks on 坏, and knows nothing else."""
    if "坏" in question.text:
        raise RuntimeError("the answerer broke")
    if "食品" in question.text:
        return Answer("转租的店面，还要交产权人同意转租的书面材料。", 0.93, (CITATION,))
    if "补贴" in question.text:
        return Clarification(CHOICES)
    if "天气" in question.text:
        return Abstention(AbstentionReason.NOT_OUR_BUSINESS)
    if "旧" in question.text or "old" in question.text:
        return Abstention(AbstentionReason.EXPIRED, rule=RuleNotInForce("摊位办法", Standing.REPEALED))
    if "律师" in question.text:
        return Abstention(AbstentionReason.NEEDS_PERSON)
    return Abstention(AbstentionReason.NOTHING_FOUND)


class NoIndex:
    """An index that has nothing to refresh."""

    published = Published()

    def refresh(self) -> bool:
        return False

    def publish(self) -> None: ...

    def close(self) -> None: ...


class NoIndexer:
    """An indexer that nobody asks for anything."""


CANNED = Replacements(index=cast(Index, NoIndex()), indexer=cast(Indexer, NoIndexer()), answer=canned)


def light(home: Path, parts: Replacements = CANNED, **settings: Any) -> Helpdesk:
    """The house over an empty SQLite database in `home`."""
    helpdesk = build(load_settings({}, home=home, **settings), parts=parts)
    migrate(helpdesk.engine)
    return helpdesk


@contextmanager
def served(helpdesk: Helpdesk) -> Iterator[str]:
    """The service on loopback, its background work running; its address."""
    try:
        with serving(create_app(helpdesk)) as url:
            yield url
    finally:
        helpdesk.close()
