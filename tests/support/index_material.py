"""A few small documents and how to put them in, for the suites of the index."""

from datetime import date
from typing import Any

from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument
from knowledge.store.documents import DocumentStore
from retrieval.index.index import Index

RESIDENCE = ("申领居住证应当提交房屋租赁合同备案证明。", "居住证有效期一年，持有人应当在到期前三十日内办理签注。")
FOOD = ("申请食品经营许可，应当有与经营规模相适应的固定场所。", "转租场所从事食品经营的，应当取得房东的书面同意。")
ELDERLY = ("年满六十五周岁的本市户籍老年人可以领取老年综合津贴。",)
QUESTIONS = ("居住证快到期了怎么签注", "二房东转租的店面能办食品经营许可吗", "六十五岁老人有什么津贴")


def put(store: DocumentStore, name: str, *texts: str, **metadata: Any) -> str:
    """Store a document `name` of numbered articles; the same name again is its next version."""
    articles = tuple(
        Clause(i, f"第{i}条", ("第一章 总则",), f"第{i}条 {text}", ClauseKind.ARTICLE)
        for i, text in enumerate(texts, 1)
    )
    stated = Metadata(**({"title": f"{name}办法", "effective_on": date(2024, 1, 1)} | metadata))
    return store.put(ParsedDocument(stated, articles, "text/plain"), f"{name}.txt", f"/in/{name}.txt", "".join(texts))


def put_all(store: DocumentStore) -> dict[str, str]:
    """The three documents above, and their ids by name."""
    return {
        "居住证": put(store, "居住证", *RESIDENCE),
        "食品经营许可": put(store, "食品经营许可", *FOOD),
        "老年津贴": put(store, "老年津贴", *ELDERLY),
    }


def answers(index: Index, k: int = 3) -> list[list[tuple[str, str, str, float]]]:
    """What the index says to the three questions: id, heading, text and rounded score of the best passages."""
    found = [index.search(question, k) for question in QUESTIONS]
    return [[(p.chunk.id, p.chunk.heading, p.chunk.text, round(p.score, 3)) for p in each] for each in found]
