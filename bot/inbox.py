"""The inbox at work: each committed applicant message is handled once, in order within its conversation."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

from bot.background import Waker, waking
from bot.dialogue import Act, Dialogue, RatedAnswer, Situation, Step, queued_reply
from bot.replies import Reply
from bot.texts import Texts, texts_for
from desk.bus import Bus
from desk.conversations import Conversations, Outgoing
from desk.model import Escalation, Holder, Message, Sender, TicketState
from desk.tickets import Tickets
from retrieval.model import Outcome

log = logging.getLogger(__name__)

ATTEMPTS = 3  # at one message; then the applicant gets an apology and a person
_EARLIER = 30  # messages before this one that the dialogue sees
_LOOK = 500  # unhandled messages looked at at once
_POLL = 1.0  # seconds between looks without a hint


class Inbox:
    """Hands unhandled messages to the dialogue: one at a time per conversation, several conversations at once.

    Run it in one process only. `observe(outcome, seconds)` is told what each question came to, `rated(answer,
    applicant_id)` what an applicant thinks of an answer; the latter may be told twice. `recorded(outcome, ids of the
    messages asked)` is kept beside the answer.
    """

    def __init__(
        self,
        conversations: Conversations,
        tickets: Tickets,
        dialogue: Dialogue,
        bus: Bus,
        *,
        threads: int = 4,
        observe: Callable[[Outcome, float], None] = lambda outcome, seconds: None,
        rated: Callable[[RatedAnswer, str], None] = lambda answer, applicant_id: None,
        recorded: Callable[[Outcome, Sequence[int]], dict[str, Any] | None] = lambda outcome, asked: None,
    ) -> None:
        self._conversations, self._tickets, self._dialogue = conversations, tickets, dialogue
        self._bus, self._threads, self._observe, self._rated, self._recorded = bus, threads, observe, rated, recorded
        self._busy: set[str] = set()  # conversations being handled
        self._rest: dict[int, float] = {}  # message id -> monotonic time before which it is left alone

    async def run(self) -> None:
        """Until cancelled; messages being handled are finished first."""
        pool = ThreadPoolExecutor(self._threads, "inbox")
        try:
            async with waking(self._bus, "inbox") as waker:
                while True:
                    await self._start(pool, waker)
                    await waker.wait(_POLL)
        finally:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
            self._busy.clear()

    async def _start(self, pool: ThreadPoolExecutor, waker: Waker) -> None:
        taken = set(self._busy)  # as before the look: what is finished meanwhile may still be in it
        for message in await asyncio.to_thread(self._conversations.unhandled, _LOOK):
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
        """Answer one message; after three failed attempts apologise and ask for a person instead."""
        conversation = self._conversations.get(message.conversation_id)
        texts = texts_for(self._conversations.applicant_of(conversation).locale)
        if self._conversations.attempt(message.id) > ATTEMPTS:
            step = Step(escalation=Escalation.ABSTAINED, lead=texts.sorry)
        else:
            step = self._timed(self._situation(message, conversation.holder))
        record = self._recorded(step.outcome, step.asked) if step.outcome is not None else None
        replies, holder = self._done(message, step, texts, conversation.holder)
        sender = Sender.BOT if holder is Holder.BOT else Sender.SYSTEM
        records = chain([record], repeat(None))  # an outcome is told in the first reply
        outgoing = [Outgoing(sender, e.text, e.body, r) for e, r in zip(replies, records, strict=False)]
        self._conversations.reply(message.conversation_id, outgoing, message.id, meant_for=holder)

    def _situation(self, message: Message, holder: Holder) -> Situation:
        conversation = self._conversations.get(message.conversation_id)
        newest = self._conversations.last_messages(message.conversation_id, _EARLIER)
        earlier = tuple(each for each in newest if each.id < message.id)
        locale = self._conversations.applicant_of(conversation).locale
        ticket = self._tickets.latest(message.conversation_id)
        place = self._tickets.position(ticket.id) if ticket and holder is Holder.QUEUE else 0
        resolved = ticket is not None and ticket.state is TicketState.RESOLVED
        return Situation(message, holder, locale, earlier, place, resolved)

    def _timed(self, situation: Situation) -> Step:
        began = time.perf_counter()
        step = self._dialogue.respond(situation)
        if step.outcome is not None:
            self._observe(step.outcome, time.perf_counter() - began)
        return step

    def _done(self, message: Message, step: Step, texts: Texts, holder: Holder) -> tuple[tuple[Reply, ...], Holder]:
        """Carry the step out; what to say, and who must hold the conversation for it still to fit.

        `holder` is who held it when the step was thought out: where another has it by now, that is old news. Every
        change is one that a repeat after a crash leaves as it is, so the reply can come last.
        """
        if step.rated is not None:
            self._rated(step.rated, self._conversations.get(message.conversation_id).applicant_id)
        if step.escalation is not None:
            ticket = self._tickets.escalate(message.conversation_id, step.escalation, message.text)
            return (queued_reply(self._tickets.position(ticket.id), step.lead, texts), *step.replies), Holder.QUEUE
        if step.act is Act.REOPEN:
            ticket = self._tickets.reopen(message.conversation_id)
        elif step.act is Act.RATE:
            ticket = self._tickets.rate(message.conversation_id, step.rating)
            if ticket.state is TicketState.RESOLVED:
                self._tickets.close(message.conversation_id)
        return step.replies, holder
