"""The scripts' types of messages and frames are those of the Python that sends them."""

import json
import re
from datetime import UTC, datetime

import pytest

from bot.channels.webchat.declarations import COMMAND, FILE, declarations
from bot.channels.webchat.frames import (
    AcceptedFrame,
    MessageFrame,
    OutgoingFrame,
    PongFrame,
    RefusedFrame,
    StateFrame,
    frame_json,
    message_frame,
)
from desk.message_body import Button, CitedClause, MessageBody, MessageLink, OfferedChoice
from desk.model import Message, Sender

BODY = MessageBody(
    "answer",
    (Button("有帮助", "/useful"),),
    (CitedClause("办法"),),
    (MessageLink("去看", "/room/1"),),
    (OfferedChoice("办法", "每月 200 元。", (CitedClause("办法"),)),),
    0.9,
    "no",
    1,
    "看",
)
MESSAGE = Message(7, "c", Sender.BOT, "答", datetime(2026, 11, 19, tzinfo=UTC), body=BODY)


def declared(name: str) -> set[str]:
    """The keys of an interface that are always there, and with `?` those that need not be."""
    found = re.search(rf"export interface {name} {{\n(.*?)\n}}", declarations(), re.DOTALL)
    assert found is not None, name
    return set(re.findall(r"^  (\w+\??):", found[1], re.MULTILINE))


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == declarations(), f"make it again: {COMMAND}"


@pytest.mark.parametrize(
    "frame",
    [AcceptedFrame("m-1", 7), RefusedFrame("empty", "空的"), StateFrame(), message_frame(MESSAGE), PongFrame()],
    ids=lambda frame: type(frame).__name__,
)
def test_a_frame_has_the_keys_that_are_declared(frame: OutgoingFrame) -> None:
    assert set(json.loads(json.dumps(frame_json(frame)))) == declared(type(frame).__name__)


def test_a_body_has_keys_that_are_declared() -> None:
    told = frame_json(message_frame(MESSAGE))["body"]
    assert len(told) == 9
    assert {f"{key}?" for key in told} <= declared("MessageBody")
    assert set(told["citations"][0]) == declared("CitedClause")
    assert set(told["choices"][0]) == declared("OfferedChoice")
    assert frame_json(MessageFrame(1, Sender.BOT, "", "", MessageBody(), "", None))["body"] == {}


def test_a_page_has_to_send_what_has_no_default() -> None:
    assert declared("SayFrame") == {"type", "client_message_id", "text", "label?", "locale?"}
