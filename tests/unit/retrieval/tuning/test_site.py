"""A site's own pairs: golden questions and questions that clauses answer, over what is in force."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from knowledge.golden import Expected, GoldenQuestion
from knowledge.model import Clause, Metadata, ParsedDocument
from knowledge.store.documents import DocumentStore
from retrieval.tuning.site import Site
from tests.support.clock import Clock
from tests.support.index_material import put_all

TODAY = date(2026, 11, 19)


def golden(question: str, **expected: object) -> GoldenQuestion:
    return GoldenQuestion(question, question, None, Expected(**expected), datetime.now(UTC), "cli:a")  # type: ignore[arg-type]


@pytest.fixture
def store(sqlite_engine: Engine, clock: Clock) -> DocumentStore:
    made = DocumentStore(sqlite_engine, clock)
    put_all(made)
    asked = Clause(
        1, "", ("常见问题", "问：加装电梯补多少？"), "答：每台补贴二十万元。", question="问：加装电梯补多少？"
    )
    for title, expires_on in (("电梯问答", None), ("旧电梯问答", date(2020, 1, 1))):
        parsed = ParsedDocument(Metadata(title, expires_on=expires_on), (asked,), "text/plain")
        made.put(parsed, f"{title}.txt", f"/in/{title}.txt", title)
    return made


def test_a_question_that_a_clause_answers_is_not_in_its_text(store: DocumentStore) -> None:
    found = Site(store, TODAY).benchmark([])
    (asked,) = found.questions
    assert asked.text == "加装电梯补多少？"
    (text,) = [text for text in found.corpus if text.id in asked.relevant]
    assert "补多少" not in text.title + text.text
    assert text.title.startswith("电梯问答")


def test_only_what_is_in_force_is_there(store: DocumentStore) -> None:
    titles = {text.title.split()[0] for text in Site(store, TODAY).texts}
    assert "旧电梯问答" not in titles
    assert "旧电梯问答" in {text.title.split()[0] for text in Site(store, date(2019, 1, 1)).texts}


def test_golden_questions_lead_to_their_clauses(store: DocumentStore) -> None:
    site = Site(store, TODAY)
    asked = [
        golden("签注要多早", document="居住证办法", clause="第2条"),
        golden("居住证", document="《居住证办法》"),
        golden("转租", document="食品经营许可办法", words=("书面同意",)),
        golden("不答", refused=True),
        golden("只看文字", words=("居住证",)),
        golden("没有这份", document="火星办法"),
    ]
    found = {each.text: each.relevant for each in site.benchmark(asked).questions}
    assert [len(found.get(each.question, ())) for each in asked] == [1, 2, 1, 0, 0, 0]
    texts = {text.id: text.text for text in site.texts}
    assert "第2条" in texts[next(iter(found["签注要多早"]))]
