"""The interface of a channel that takes messages in by itself and can be asked to send."""

from collections.abc import Awaitable
from typing import Protocol

from desk.model import Message


class SendRefused(Exception):
    """The channel will never take this message (the applicant blocked the bot, say)."""


class Uncertain(Exception):
    """The send was cut off after the message had left. It may have arrived, so it must not be sent again."""


class NotSent(Exception):
    """The message certainly did not leave. Try again after `wait` seconds (None: the sender chooses)."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class PushChannel(Protocol):
    """A channel that messages are sent out to."""

    @property
    def name(self) -> str:
        """The channel's name, as in an applicant's `channel`."""

    def run(self) -> Awaitable[None]:
        """Take messages in until cancelled. Each is committed before the far end gets its confirmation."""

    async def send(self, key: str, message: Message) -> None:
        """Send to the applicant `key`. Raises NotSent, Uncertain or SendRefused."""
