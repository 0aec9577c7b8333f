"""Handles each committed applicant message once, in order within its conversation."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from bot.dialogue.dialogue import Dialogue, RatedAnswer, Situation, Step, TicketAct, queued_reply
from bot.dialogue.replies import Reply
from bot.dialogue.texts import texts_for
from bot.workers.background import Waker, waking
from desk.bus import Bus
from desk.conversations.conversations import Conversations, Outgoing, Unanswered
from desk.model import Escalation, Holder, Message, Sender, TicketState
from desk.tickets.tickets import Tickets
from retrieval.model import Outcome

log = logging.getLogger(__name__)

ATTEMPTS = 3  # at one message; after that the applicant gets an apology and a person
_EARLIER = 30  # earlier messages that the dialogue sees
_LOOK = 500  # unhandled messages looked at at once
_POLL = 1.0  # seconds between two looks without a hint


@dataclass(frozen=True, slots=True)
class InboxParts:
    """The parts that an inbox works with.

    `answered(outcome, ids of the messages asked, seconds)` is called with the outcome of each question; its result is
    kept beside the answer. `rated(answer, applicant_id)` is called with an applicant's rating, perhaps twice.
    """

    conversations: Conversations
    tickets: Tickets
    dialogue: Dialogue
    bus: Bus
    answered: Callable[[Outcome, Sequence[int], float], dict[str, Any] | None] = lambda outcome, asked, seconds: None
    rated: Callable[[RatedAnswer, str], None] = lambda answer, applicant_id: None


class Inbox:
    """Hands unhandled messages to the dialogue: one at a time per conversation, several conversations at once.

    Run it in one process only.
    """

    def __init__(self, parts: InboxParts, threads: int = 4) -> None:
        self._parts, self._threads = parts, threads
        self._busy: set[str] = set()  # conversations being handled
        self._rest: dict[int, float] = {}  # message id -> monotonic time before which it is not tried again

    async def run(self) -> None:
        """Run until cancelled. Messages being handled are finished first."""
        pool = ThreadPoolExecutor(self._threads, "inbox")
        try:
            async with waking(self._parts.bus, "inbox") as waker:
                while True:
                    await self._start(pool, waker)
                    await waker.wait(_POLL)
        finally:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
            self._busy.clear()

    async def _start(self, pool: ThreadPoolExecutor, waker: Waker) -> None:
        taken = set(self._busy)  # copied before the look: messages finished meanwhile may still be in its result
        for message in await asyncio.to_thread(self._parts.conversations.unhandled, _LOOK):
            if message.conversation_id in taken:
                continue
            taken.add(message.conversation_id)
            if self._rest.get(message.id, 0.0) <= time.monotonic():
                self._busy.add(message.conversation_id)
                pool.submit(self._work, message, waker)

    def _work(self, message: Message, waker: Waker) -> None:
        try:
            self.handle(message)
            self._rest.pop(message.id, None)
        except Exception:
            log.exception("message %d was not handled and is tried again", message.id)
            self._rest[message.id] = time.monotonic() + 1.0
        finally:
            self._busy.discard(message.conversation_id)
            waker.wake()

    def handle(self, message: Message) -> None:
        """Answer one message. After three failed attempts, apologise and ask for a person instead."""
        asked = self._parts.conversations.to_answer(message.id, _EARLIER, ATTEMPTS)
        began = time.perf_counter()
        step = self._step(message, asked)
        seconds = time.perf_counter() - began
        record = None if step.outcome is None else self._parts.answered(step.outcome, step.asked, seconds)
        replies, holder = self._done(message, step, asked)
        sender = Sender.BOT if holder is Holder.BOT else Sender.SYSTEM
        records = chain([record], repeat(None))  # the outcome is in the first reply
        outgoing = [Outgoing(sender, e.text, e.body, r) for e, r in zip(replies, records, strict=False)]
        self._parts.conversations.reply(message.conversation_id, outgoing, message.id, meant_for=holder)

    def _step(self, message: Message, asked: Unanswered) -> Step:
        if asked.attempts > ATTEMPTS:
            return Step(escalation=Escalation.ABSTAINED, lead=texts_for(asked.applicant.locale).sorry)
        holder, ticket = asked.conversation.holder, asked.ticket
        place = self._parts.tickets.position(ticket.id) if ticket and holder is Holder.QUEUE else 0
        resolved = ticket is not None and ticket.state is TicketState.RESOLVED
        return self._parts.dialogue.respond(
            Situation(message, holder, asked.applicant.locale, asked.earlier, place, resolved)
        )

    def _done(self, message: Message, step: Step, asked: Unanswered) -> tuple[tuple[Reply, ...], Holder]:
        """Carry the step out; return the replies, and who must hold the conversation for the replies still to fit.

        Unless the step changes the holder, that is who held the conversation when the step was made. Where another
        holds it by now, the replies are out of date. A repeat after a crash leaves every change as it is, so the reply
        can come last.
        """
        tickets, conversation_id = self._parts.tickets, message.conversation_id
        if step.rated is not None:
            self._parts.rated(step.rated, asked.applicant.id)
        if step.escalation is not None:
            ticket = tickets.escalate(conversation_id, step.escalation, message.text)
            queued = queued_reply(tickets.position(ticket.id), step.lead, texts_for(asked.applicant.locale))
            return (queued, *step.replies), Holder.QUEUE
        if step.act is TicketAct.REOPEN:
            tickets.reopen(conversation_id)
        elif step.act is TicketAct.RATE:
            ticket = tickets.rate(conversation_id, step.rating)
            if ticket.state is TicketState.RESOLVED:
                tickets.close(conversation_id)
        return step.replies, asked.conversation.holder
