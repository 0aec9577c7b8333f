"""Every change of a ticket: escalate, claim, post, release, transfer, wait, resolve, rate, reopen, close.

Each is one action (desk/conversations/action.py) that changes the ticket by one conditional UPDATE, tells the applicant
and leaves an audit record. The row count of the UPDATE says whether it happened.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from desk import sentences
from desk.audit import record
from desk.bus import Bus
from desk.conversations.action import PUSH_CHANNELS, Action, Actions, Ownership
from desk.conversations.notices import Event, Notices
from desk.conversations.rows import (
    LIVE,
    OWNED,
    MessageDraft,
    clean,
    find_applicant,
    find_conversation,
    find_ticket,
    find_tickets,
    latest_ticket,
    stored_message,
)
from desk.errors import AlreadyClaimed, NotFound, WrongState
from desk.message_body import NO_BODY, MessageBody
from desk.model import Account, Conversation, Escalation, Holder, Message, Priority, Sender, Ticket, TicketState
from desk.tables import accounts, conversations, messages, tickets
from desk.tickets import queue
from desk.tickets.deadlines import answer_deadline
from desk.tickets.screenshare import end_sessions
from desk.tickets.triage import triage
from desk.tickets.workdays import WorkCalendar
from knowledge.database import reading

_READ_FOR_TRIAGE = 10  # the applicant's newest messages
_BAD_RATING = 2  # of 5; this and below puts the matter back into the queue


class Tickets:
    """Reads and changes tickets.

    `epoch` is the number a claim gave its owner: every later write of his repeats it, and an old one is refused.
    """

    def __init__(
        self,
        engine: Engine,
        bus: Bus,
        clock: Callable[[], datetime],
        calendar: WorkCalendar,
        notices: Mapping[str, Notices],
        *,
        push_channels: Collection[str] = PUSH_CHANNELS,
    ) -> None:
        """`notices` are what the applicant is told, by his locale; those under "zh" serve every other locale."""
        self._engine, self._calendar, self._notices = engine, calendar, notices
        self._actions = Actions(engine, bus, clock, push_channels)

    def get(self, ticket_id: str) -> Ticket:
        """Return one ticket. Raises NotFound. To show it to a person go through desk/accounts/access.py."""
        with reading(self._engine) as connection:
            return find_ticket(connection, ticket_id)

    def latest(self, conversation_id: str) -> Ticket | None:
        """Return a conversation's live ticket, else its newest, else None."""
        with reading(self._engine) as connection:
            return latest_ticket(connection, conversation_id)

    def of_account(self, account_id: str, states: Collection[TicketState] = OWNED) -> list[Ticket]:
        """Return a specialist's tickets in these states, in the order of the queue; by default those in hand."""
        with reading(self._engine) as connection:
            where = (tickets.c.owner_id == account_id, tickets.c.state.in_(states))
            return find_tickets(connection, *where, order=queue.order())

    def queue(self) -> list[Ticket]:
        """Return every queued ticket, next first."""
        with reading(self._engine) as connection:
            return queue.waiting(connection)

    def position(self, ticket_id: str) -> int:
        """Return a ticket's place in the queue, the next one being 1; 0 for one that waits no longer."""
        with reading(self._engine) as connection:
            return queue.position(connection, ticket_id)

    def usual_wait(self) -> timedelta | None:
        """Return the median wait of the tickets claimed most recently; None where too few were claimed."""
        with reading(self._engine) as connection:
            return queue.usual_wait(connection)

    def escalate(self, conversation_id: str, reason: Escalation, detail: str = "") -> Ticket:
        """Put a conversation into the queue (转人工) and return its ticket, which may be a live one it has already.

        `detail` is what the applicant said; it is read for the priority and not kept. A queued ticket's priority may
        rise, never fall. Raises NotFound, and WrongState for a closed conversation.
        """
        with self._actions.on_conversation(conversation_id) as action:
            found = triage(reason, [detail, *_said(action)])
            ticket = latest_ticket(action.connection, conversation_id)
            if ticket is not None and ticket.state in LIVE:
                return self._raised(action, ticket, found.priority, found.reason)
            values: dict[str, Any] = {
                "id": secrets.token_hex(8),
                "conversation_id": conversation_id,
                "state": TicketState.QUEUED,
                "reason": reason,
                "priority": found.priority,
                "priority_reason": found.reason,
                "epoch": 0,
                "queued_at": action.at,
                "due_on": self._due(action, found.priority, reason),
            }
            action.hand(Holder.BOT, Holder.QUEUE)
            action.connection.execute(insert(tickets).values(values))
            return action.done("system", "ticket.escalate", values["id"], reason=reason, priority=found.priority)

    def _raised(self, action: Action, ticket: Ticket, priority: Priority, reason: str) -> Ticket:
        if ticket.state is not TicketState.QUEUED or queue.rank(priority) >= queue.rank(ticket.priority):
            return ticket
        due_on = min(filter(None, [ticket.due_on, self._due(action, priority, ticket.reason)]), default=None)
        values = {"priority": priority, "priority_reason": reason, "due_on": due_on}
        where = (tickets.c.id == ticket.id) & (tickets.c.state == TicketState.QUEUED)
        action.change(update(tickets).where(where).values(values), WrongState)
        return action.done("system", "ticket.raise", ticket.id, priority=priority)

    def _due(self, action: Action, priority: Priority, reason: Escalation) -> Any:
        deadline = answer_deadline(self._calendar, action.at, priority, reason)
        return deadline and deadline.due_on

    def _tell(self, action: Action, event: Event, name: str = "") -> None:
        applicant = find_applicant(action.connection, action.conversation.applicant_id)
        notices = self._notices.get(applicant.locale) or self._notices["zh"]
        if draft := notices.draft(event, name):
            action.say(draft)

    def claim(self, ticket_id: str, account: Account) -> Ticket:
        """Take a queued ticket. Of those who try at the same time one gets it, the others get AlreadyClaimed.

        From the commit on no message of the bot enters the conversation or starts on its way to the applicant.
        """
        with self._actions.on_ticket(ticket_id, unless=_gone) as action:
            values = {"state": TicketState.CLAIMED, "owner_id": account.id, "claimed_at": action.at}
            queued = update(tickets).where(tickets.c.id == ticket_id, tickets.c.state == TicketState.QUEUED)
            action.change(queued.values(**values, epoch=tickets.c.epoch + 1), AlreadyClaimed)
            action.hand(Holder.QUEUE, Holder.SPECIALIST)
            self._tell(action, "claimed", account.display_name)
            return action.done(account.id, "ticket.claim", ticket_id)

    def post(
        self,
        ticket_id: str,
        account: Account,
        epoch: int,
        text: str,
        client_message_id: str,
        body: MessageBody = NO_BODY,
    ) -> Message:
        """Store the owner's message to the applicant; the same `client_message_id` again gives the stored one.

        Raises StaleOwner where he no longer owns the ticket, WrongState where it is resolved, TooLong.
        """
        external_id = f"{account.id}:{client_message_id}"
        draft = MessageDraft(Sender.SPECIALIST, clean(text), account.display_name, external_id, body)
        with self._actions.on_ticket(ticket_id) as action:
            stored = stored_message(action.connection, action.conversation.applicant_id, external_id)
            if stored is not None:
                return stored
            first = func.coalesce(tickets.c.first_reply_at, action.at)
            action.own(Ownership(ticket_id, account, epoch), first_reply_at=first)
            return action.say(draft)

    def wait_for_applicant(self, ticket_id: str, account: Account, epoch: int) -> Ticket:
        """Let the owner's ticket wait until the applicant writes: his next message makes it CLAIMED again."""
        with self._actions.on_ticket(ticket_id) as action:
            action.own(Ownership(ticket_id, account, epoch), state=TicketState.WAITING_FOR_APPLICANT)
            return action.done(account.id, "ticket.wait", ticket_id)

    def release(self, ticket_id: str, account: Account, epoch: int, *, actor: str = "") -> Ticket:
        """Put the owner's ticket back into the queue, at the place its age gives it.

        `actor` is the account's id of whoever else does it.
        """
        values = {"state": TicketState.QUEUED, "owner_id": None, "claimed_at": None}
        with self._actions.on_ticket(ticket_id) as action:
            action.own(Ownership(ticket_id, account, epoch), **values, epoch=tickets.c.epoch + 1)
            action.hand(Holder.SPECIALIST, Holder.QUEUE)
            end_sessions(action, ticket_id)
            self._tell(action, "released")
            return action.done(actor or account.id, "ticket.release", ticket_id, was=account.id)

    def transfer(self, ticket_id: str, account: Account, epoch: int, to_account: Account) -> Ticket:
        """Give the owner's ticket to a colleague. Raises NotFound where that account is not there or disabled."""
        with self._actions.on_ticket(ticket_id) as action:
            values = {"state": TicketState.CLAIMED, "owner_id": to_account.id, "claimed_at": action.at}
            action.own(Ownership(ticket_id, account, epoch), **values, epoch=tickets.c.epoch + 1)
            serving = select(accounts.c.id).where(accounts.c.id == to_account.id, ~accounts.c.disabled)
            if action.connection.execute(serving).one_or_none() is None:
                raise NotFound(sentences.NO_SUCH_COLLEAGUE)
            end_sessions(action, ticket_id)
            self._tell(action, "transferred", to_account.display_name)
            return action.done(account.id, "ticket.transfer", ticket_id, to=to_account.id)

    def resolve(self, ticket_id: str, account: Account, epoch: int, summary: str) -> Ticket:
        """Finish the owner's ticket: the bot holds the conversation again and asks whether it is solved.

        `summary` is the specialist's own account of the outcome, kept with the ticket. Shared screens end.
        """
        with self._actions.on_ticket(ticket_id) as action:
            values = {"state": TicketState.RESOLVED, "resolved_at": action.at, "summary": clean(summary)}
            action.own(Ownership(ticket_id, account, epoch), **values)
            action.hand(Holder.SPECIALIST, Holder.BOT)
            end_sessions(action, ticket_id)
            self._tell(action, "resolved", account.display_name)
            return action.done(account.id, "ticket.resolve", ticket_id)

    def rate(self, conversation_id: str, rating: int) -> Ticket:
        """Store the applicant's rating, 1 to 5, of his resolved or closed matter.

        A rating of 2 or below queues a resolved matter again. He is thanked once, also where a repeat after a crash
        gives the same rating again. Raises WrongState where nothing has been resolved or somebody is at it again,
        ValueError for another number.
        """
        if rating not in range(1, 6):
            raise ValueError(f"a rating is 1 to 5, not {rating}")
        with self._actions.on_conversation(conversation_id) as action:
            ticket = _finished(action, TicketState.RESOLVED, TicketState.CLOSED)
            action.change(update(tickets).where(tickets.c.id == ticket.id).values(rating=rating), WrongState)
            rated = action.done(_applicant(action), "ticket.rate", ticket.id, rating=rating)
            if rating <= _BAD_RATING and ticket.state is TicketState.RESOLVED:
                return self._requeued(action, ticket, Escalation.RATED_BADLY)
            if ticket.rating != rating:
                self._tell(action, "rated")
            return rated

    def reopen(self, conversation_id: str) -> Ticket:
        """Queue a resolved matter again, with everything said before; a live ticket stays as it is.

        Raises WrongState where nothing has been resolved or the conversation is closed.
        """
        with self._actions.on_conversation(conversation_id) as action:
            ticket = _finished(action, TicketState.RESOLVED, *LIVE)
            return ticket if ticket.state in LIVE else self._requeued(action, ticket, ticket.reason)

    def _requeued(self, action: Action, ticket: Ticket, reason: Escalation) -> Ticket:
        values = {
            "state": TicketState.QUEUED,
            "reason": reason,
            "owner_id": None,
            "epoch": tickets.c.epoch + 1,
            "queued_at": action.at,
            "claimed_at": None,
            "resolved_at": None,
            "due_on": self._due(action, ticket.priority, reason),
        }
        where = (tickets.c.id == ticket.id) & (tickets.c.state == TicketState.RESOLVED)
        action.hand(Holder.BOT, Holder.QUEUE)
        action.change(update(tickets).where(where).values(values), WrongState)
        self._tell(action, "reopened")
        return action.done(_applicant(action), "ticket.reopen", ticket.id, reason=reason, was=ticket.owner_id)

    def close(self, conversation_id: str, actor: str = "system") -> Conversation:
        """End a conversation the bot holds, and its resolved matters; the applicant's next message opens a new one.

        Closing a closed one changes nothing. Raises WrongState while the queue or a specialist holds it.
        """
        with self._actions.on_conversation(conversation_id) as action:
            if not action.conversation.open:
                return action.conversation
            mine = conversations.c.id == conversation_id
            closing = update(conversations).where(mine, conversations.c.holder == Holder.BOT, conversations.c.open)
            action.change(closing.values(open=False), WrongState)
            where = (tickets.c.conversation_id == conversation_id) & (tickets.c.state == TicketState.RESOLVED)
            values = {"state": TicketState.CLOSED, "closed_at": action.at}
            action.connection.execute(update(tickets).where(where).values(values))
            self._tell(action, "closed")
            record(action.connection, action.at, actor, "conversation.close", f"conversation:{conversation_id}")
            return find_conversation(action.connection, mine)


def _said(action: Action) -> list[str]:
    where = (messages.c.conversation_id == action.conversation.id) & (messages.c.sender == Sender.APPLICANT)
    newest = select(messages.c.text).where(where).order_by(messages.c.id.desc()).limit(_READ_FOR_TRIAGE)
    return list(action.connection.execute(newest).scalars())


def _gone(state: TicketState) -> AlreadyClaimed | None:
    return None if state is TicketState.QUEUED else AlreadyClaimed()


def _finished(action: Action, *states: TicketState) -> Ticket:
    ticket = latest_ticket(action.connection, action.conversation.id)
    if ticket is None or ticket.state not in states:
        raise WrongState
    return ticket


def _applicant(action: Action) -> str:
    return f"applicant:{action.conversation.applicant_id}"
