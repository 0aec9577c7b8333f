"""A finder over three invented documents, which notes what was looked up; it needs no index."""

from dataclasses import fields
from datetime import UTC, datetime

import numpy as np

from knowledge.model import Metadata, PolicyDocument
from retrieval.answering.evidence import Evidence
from retrieval.answering.finding import Finder
from retrieval.answering.rerank import AskedQuestion, RankedPassage
from retrieval.model import Chunk, Passage
from retrieval.reader.matches import TokenMatches

NOW = datetime(2026, 11, 19, tzinfo=UTC)
SURE, UNSURE = (Evidence(**dict.fromkeys([field.name for field in fields(Evidence)], each)) for each in (0.8, 0.1))
NO_MATCHES = TokenMatches(np.empty((0, 0), dtype=np.float32))
DOCUMENTS = {
    "居住证申领办法": "居住证 申领 签注 受理 监护人 代办 派出所 满半年",
    "积分制入学指引": "积分 入学 志愿 学位 公办 民办 注册 名额",
    "长者饭堂管理办法": "长者饭堂 老年人 补贴 送餐 每餐 居住证",
}


class Library(Finder):
    """Finds documents by how many of their words a turn says, and notes what was looked up."""

    def __init__(self) -> None:
        self.looked: list[str] = []

    def found(self, asked: AskedQuestion) -> list[RankedPassage]:
        what = asked.what
        if asked.dead:
            return []
        self.looked.append(what.text)
        said = {title: sum(word in what.search_text for word in words.split()) for title, words in DOCUMENTS.items()}
        best = sorted(DOCUMENTS, key=lambda title: -said[title])
        return [self.ranked(title, said[title]) for title in best if said[title]]

    def ranked(self, title: str, said: int) -> RankedPassage:
        document = PolicyDocument(title, 1, Metadata(title), "a.txt", "a.txt", "text/plain", "0", 1, NOW, NOW)
        passage = Passage(Chunk("1", title, f"clause of {title}", title, DOCUMENTS[title], "0"), 1.0, {})
        evidence = SURE if said > 1 else UNSURE
        return RankedPassage(
            passage, document, evidence, float(said), True, lambda _word: 1.0, DOCUMENTS[title].__contains__, NO_MATCHES
        )
