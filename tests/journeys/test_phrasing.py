"""From a question to a phrased answer: the real index over a sample document, a scripted chat model."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.app import Helpdesk, build
from bot.backends import Replacements
from bot.operations.migrations import migrate
from bot.settings import load_settings
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.model import Answer, Question
from tests.support.claims import DOCUMENTS
from tests.support.fakes.openai_api import ChatApi, Says

QUESTION = Question.of("食品经营许可证的有效期是多久，到期怎么办？")
GOOD = "食品经营许可证的有效期为5年[1]。"


@pytest.fixture(scope="module")
def api() -> Iterator[ChatApi]:
    with ChatApi() as server:
        yield server


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, api: ChatApi) -> Iterator[Helpdesk]:
    """One sample guide indexed, and the chat model's address in the settings."""
    environment = {"LAOFASHI_LLM_URL": api.url, "LAOFASHI_LLM_MODEL": "small"}
    settings = load_settings(environment, home=tmp_path_factory.mktemp("home"))
    made = build(settings, parts=Replacements(embedder=embedder))
    migrate(made.engine)
    report = made.indexer.run([DOCUMENTS / "食品经营许可办事指南.md"], dry_run=False, on_progress=lambda _: None)
    assert len(report.added) == 1
    yield made
    made.close()


def asked(helpdesk: Helpdesk) -> Answer:
    outcome = helpdesk.answer(QUESTION)
    assert isinstance(outcome, Answer)
    return outcome


def test_a_sound_sentence_takes_the_place_of_the_clauses_words(helpdesk: Helpdesk, api: ChatApi) -> None:
    api.says(GOOD)
    answer = asked(helpdesk)
    assert answer.text.startswith(GOOD)
    assert len(answer.citations) == 1
    assert "有效期为 5 年" in answer.citations[0].quote


@pytest.mark.parametrize("said", [Says(GOOD.replace("5", "3")), Says(GOOD, status=500), Says(GOOD, cut=2)])
def test_else_the_answer_is_the_same_as_without_a_model(helpdesk: Helpdesk, api: ChatApi, said: Says) -> None:
    api.says(said)
    before = len(api.requests)
    phrased = asked(helpdesk)
    assert len(api.requests) == before + 1
    assert phrased == Answerer(helpdesk.index, helpdesk.store, date.today).answer(QUESTION)
