"""The way of a message through the code: followed as it is, counted by the rule, and no longer than it was made."""

import json
from pathlib import Path

from bench.ways import Follower, Way, way_of_message
from bot.dialogue.replies import plain_text
from desk.message_body import NO_BODY, CitedClause, MessageBody
from desk.model import Escalation
from desk.tickets.triage import triage

FIGURES = Path(__file__).parent.parent.parent.parent / "bench" / "figures"


def test_a_stay_is_a_run_in_one_room_and_a_return_a_stay_in_one_left_before() -> None:
    way = Way()
    for room in ("bot.a", "bot.a", "bot.b", "bot.a", "desk.c", "bot.b"):
        way.note(room)
    assert way.stays == ["bot.a", "bot.b", "bot.a", "desk.c", "bot.b"]
    assert (len(way.rooms), way.returns) == (3, 2)
    assert way.by_folder.stays == ["bot", "desk", "bot"]


def test_rounds_of_a_loop_count_once() -> None:
    def work(rounds: int) -> None:
        for _ in range(rounds):
            triage(Escalation.ASKED, ["我要投诉"])
            plain_text("", NO_BODY)

    once, often = (Follower().follow(lambda rounds=rounds: work(rounds)).stays for rounds in (1, 5))
    assert once == often == ["desk.tickets.triage", "bot.dialogue.replies"]


def test_what_calls_nothing_is_no_stay() -> None:
    cited = CitedClause("办法", "", "第一条")
    assert Follower().follow(lambda: cited.line).stays == []
    assert Follower().follow(lambda: MessageBody(citations=(cited,)).to_json()).stays == ["desk.message_body"], (
        "this calls"
    )


def test_a_message_goes_from_the_inbox_to_the_stored_reply(tmp_path: Path) -> None:
    way = way_of_message(tmp_path)
    assert way.stays[0] == "bot.workers.inbox"
    assert {"bot.dialogue.dialogue", "desk.conversations.action", "desk.bus"} <= set(way.rooms)
    before = json.loads((FIGURES / "message-before.json").read_text(encoding="utf-8"))
    assert way.as_json() == json.loads((FIGURES / "message.json").read_text(encoding="utf-8")), "draw it anew"
    assert len(way.stays) <= 0.55 * before["stays"]
    assert way.returns <= 0.35 * before["returns"]
