"""What Telegram's limits do to a message: parts of 4096 UTF-16 units, buttons of 64 bytes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import keyboard_of, split
from desk.message_body import Button, MessageBody
from desk.model import Message, Sender


@given(st.text(alphabet="字。\n😀a", min_size=0, max_size=300))
def test_parts_fit_and_nothing_but_line_ends_is_lost(text: str) -> None:
    parts = split(text, 20)
    assert all(len(part.encode("utf-16-le")) <= 40 for part in parts)
    assert "".join(parts).replace("\n", "") in (text.replace("\n", ""), text.replace("\n", "").rstrip())


def test_a_pair_of_surrogates_is_not_cut() -> None:
    assert split("😀" * 15, 7) == ["😀😀😀"] * 5


def test_parts_end_at_a_sentence() -> None:
    assert split("第一句很长很长。第二句。", 9) == ["第一句很长很长。", "第二句。"]


def test_a_long_choice_is_sent_by_number() -> None:
    buttons = (Button("短", "短"), Button("长", "长" * 40))
    message = Message(7, "c", Sender.BOT, "?", datetime.now(UTC), body=MessageBody(buttons=buttons))
    keyboard = keyboard_of(message)
    assert keyboard is not None
    assert [each.callback_data for row in keyboard.inline_keyboard for each in row] == ["短", "#7.1"]
