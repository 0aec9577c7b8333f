"""A message's body: what is stored can be read again, whichever version stored it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from desk.bus import MemoryBus
from desk.conversations.conversations import Conversations
from desk.message_body import Button, CitedClause, MessageBody, MessageLink
from desk.model import DeliveryState, Sender
from desk.tables import messages

BUTTONS = st.builds(Button, st.text(), st.text()).map(lambda each: (each,))
CITATION = {"title": "办法", "document_number": "江府〔2026〕1号", "locator": "第一条", "quote": "六十岁以上"}
OLD = [  # bodies as they lie in databases of earlier versions, and what is read out of them
    ({}, MessageBody()),
    ({"kind": "notice"}, MessageBody("notice")),
    (
        {"kind": "abstention", "buttons": [], "citations": [], "confidence": 0.0, "reason": "nothing_found"},
        MessageBody("abstention", confidence=0.0, reason="nothing_found"),
    ),
    (
        {"kind": "answer", "citations": [CITATION | {"effective_on": None, "url": "", "file": "a.md"}]},
        MessageBody("answer", citations=(CitedClause("办法", "江府〔2026〕1号", "第一条", "六十岁以上", file="a.md"),)),
    ),
    ({"kind": "queued", "buttons": [], "citations": [], "place": 0}, MessageBody("queued", place=0)),
    (
        {"kind": "share", "links": [{"label": "去看", "url": "https://a.example/room/1"}]},
        MessageBody("share", links=(MessageLink("去看", "https://a.example/room/1"),)),
    ),
    ({"label": "有帮助"}, MessageBody(label="有帮助")),
    ({"unreadable": "photosize"}, MessageBody(unreadable="photosize")),
    ({"cut": 9000}, MessageBody(cut=9000)),
    ({"kind": "of a newer version", "buttons": None, "more": {"a": 1}}, MessageBody()),
    ({"citations": [CITATION | {"url": None, "page": 7}]}, MessageBody(citations=(CitedClause(**CITATION),))),
]


@pytest.mark.parametrize(("stored", "body"), OLD)
def test_what_any_version_stored_is_read(stored: dict[str, Any], body: MessageBody) -> None:
    assert MessageBody.from_json(stored) == body


@pytest.mark.parametrize(("stored", "body"), OLD)
def test_old_rows_of_the_database_are_read(sqlite_engine: Engine, stored: dict[str, Any], body: MessageBody) -> None:
    conversations = Conversations(sqlite_engine, MemoryBus(), lambda: datetime(2026, 11, 19, tzinfo=UTC))
    accepted = conversations.accept(conversations.applicant("web", "k"), "你好", "m1")
    row = {
        "conversation_id": accepted.conversation.id,
        "applicant_id": accepted.conversation.applicant_id,
        "sender": Sender.BOT,
        "author": "",
        "text": "旧的",
        "body": stored,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        "delivery": DeliveryState.NONE,
    }
    with sqlite_engine.begin() as connection:
        connection.execute(insert(messages).values(row))
    assert conversations.messages(accepted.conversation.id)[-1].body == body


@given(
    st.builds(
        MessageBody,
        kind=st.sampled_from([None, "answer", "queued"]),
        buttons=BUTTONS,
        citations=st.builds(CitedClause, title=st.text(), link=st.text()).map(lambda each: (each, each)),
        links=st.builds(MessageLink, st.text(), st.text()).map(lambda each: (each,)),
        confidence=st.none() | st.floats(0, 1),
        place=st.none() | st.integers(0, 9),
        label=st.text(),
    )
)
def test_what_is_stored_comes_back(body: MessageBody) -> None:
    assert MessageBody.from_json(json.loads(json.dumps(body.to_json()))) == body


def test_only_what_there_is_is_told() -> None:
    assert MessageBody().to_json() == {}
    assert MessageBody("queued", place=0).to_json() == {"kind": "queued", "place": 0}
    shown = MessageBody("answer", citations=(CitedClause("办法"),)).to_json()["citations"][0]
    assert set(shown) >= {"title", "url", "link", "effective_on"}, "a citation has all its keys"


def test_a_citation_is_one_line() -> None:
    assert CitedClause(**CITATION).line == "《办法》（江府〔2026〕1号）第一条"
    assert CitedClause("办法", locator="第一条").line == "《办法》第一条"
