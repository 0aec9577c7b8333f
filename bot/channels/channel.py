"""What a channel is to the rest of the house: it takes messages in by itself, and may be asked to send."""

from collections.abc import Awaitable
from typing import Protocol

from desk.model import Message


class Refused(Exception):
    """The channel will never take this message (the applicant blocked the bot, say)."""


class Uncertain(Exception):
    """The send was cut off after the message had left: it may have arrived, so it must not be repeated."""


class NotSent(Exception):
    """The message surely did not leave; try again after `wait` seconds (None: the sender chooses)."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class PushChannel(Protocol):
    """A channel that messages are sent out to."""

    @property
    def name(self) -> str:
        """As in an applicant's `channel`."""

    def run(self) -> Awaitable[None]:
        """Take messages in until cancelled; each is committed before the far end is told so."""

    async def send(self, key: str, message: Message) -> None:
        """Send to the applicant `key`. Raises NotSent, Uncertain or Refused."""
