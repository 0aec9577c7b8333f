"""Sends due messages from the outbox, in order within a conversation, and never repeats one silently."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.channels.push_channel import NotSent, PushChannel, SendRefused, Uncertain
from bot.workers.background import Waker, waking
from desk.bus import Bus
from desk.conversations.conversations import Conversations
from desk.conversations.outbox import Deliveries
from desk.model import Message

log = logging.getLogger(__name__)

_AT_ONCE = 8  # sends under way, each of another conversation
_POLL = 1.0  # seconds between two looks without a hint
_GRACE = 10.0  # seconds that sends under way have left when the service stops
_LONGEST_WAIT = 300.0  # seconds between attempts at most
_ATTEMPTS = 200  # half a day of refused connections; after that a person decides


class Delivery:
    """Sends due messages through their channels. Run it in one process only."""

    def __init__(
        self,
        conversations: Conversations,
        deliveries: Deliveries,
        channels: Mapping[str, PushChannel],
        bus: Bus,
        clock: Callable[[], datetime],
        observe: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._conversations, self._deliveries, self._channels = conversations, deliveries, dict(channels)
        self._bus, self._clock, self._observe = bus, clock, observe
        self._sending: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Run until cancelled. Sends under way then get a few seconds to end."""
        await asyncio.to_thread(self._deliveries.interrupted)
        try:
            async with waking(self._bus, "deliveries") as waker:
                while True:
                    await self._start_due(waker)
                    await waker.wait(_POLL)
        finally:
            if self._sending:
                await asyncio.wait(self._sending.values(), timeout=_GRACE)

    async def _start_due(self, waker: Waker) -> None:
        room = _AT_ONCE - len(self._sending)
        if room <= 0:
            return
        due = await asyncio.to_thread(self._deliveries.due, _AT_ONCE * 2)
        for message in [each for each in due if each.id not in self._sending][:room]:
            task = asyncio.create_task(self._send(message))
            self._sending[message.id] = task
            task.add_done_callback(partial(self._done, message.id, waker))

    def _done(self, message_id: int, waker: Waker, task: asyncio.Task[None]) -> None:
        del self._sending[message_id]
        if not task.cancelled() and task.exception() is not None:
            log.error("message %d could not be delivered", message_id, exc_info=task.exception())
        waker.wake()

    async def _send(self, message: Message) -> None:
        conversation = await asyncio.to_thread(self._conversations.get, message.conversation_id)
        applicant = await asyncio.to_thread(self._conversations.applicant_of, conversation)
        channel = self._channels.get(conversation.channel)
        if not await asyncio.to_thread(self._deliveries.begin, message.id):
            return
        self._observe(await self._through(channel, applicant.key, message))

    async def _through(self, channel: PushChannel | None, key: str, message: Message) -> str:
        """Send a message that was begun, record how it ended, and return the outcome in one word."""
        try:
            if channel is None:
                raise NotSent("this channel is not configured", _LONGEST_WAIT)
            await channel.send(key, message)
        except NotSent as problem:
            return await asyncio.to_thread(self._again, message.id, problem)
        except SendRefused as problem:
            await asyncio.to_thread(self._deliveries.failed, message.id, str(problem))
            return "failed"
        except Uncertain as problem:
            await asyncio.to_thread(self._deliveries.unknown, message.id, str(problem))
            return "unknown"
        except Exception as problem:
            log.exception("sending message %d broke off", message.id)
            await asyncio.to_thread(self._deliveries.unknown, message.id, type(problem).__name__)
            return "unknown"
        await asyncio.to_thread(self._deliveries.sent, message.id)
        return "sent"

    def _again(self, message_id: int, problem: NotSent) -> str:
        attempts = self._deliveries.attempts(message_id)
        if attempts >= _ATTEMPTS:
            self._deliveries.failed(message_id, str(problem))
            return "failed"
        wait = problem.wait if problem.wait is not None else min(0.5 * 2 ** min(attempts, 20), _LONGEST_WAIT)
        self._deliveries.retry(message_id, self._clock() + timedelta(seconds=wait), str(problem))
        return "retried"
