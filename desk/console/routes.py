"""The specialist's console: its page, and what it reads and does as JSON."""

import re
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.accounts.access import Access
from desk.accounts.accounts import SignIn
from desk.errors import NotFound
from desk.message_body import MessageBody, MessageLink
from desk.model import Message, Role, ScreenShareSession, Ticket, TicketState
from desk.tickets.cards import Card
from desk.tickets.screenshare import TIME_TO_JOIN
from desk.web.deps import Deps
from desk.web.guard import DeskRoute, Me, RoleGuard, may
from desk.web.templates import Pages

ROOM_LINK = re.compile(r"https?://[^\s/]+/room/[\w-]+")
QUEUE_SHOWN = 200  # tickets; those that wait behind them are not shown

Epoch = Annotated[int, Field(ge=0)]


class Owned(BaseModel):
    """The epoch, which every write of an owner repeats."""

    epoch: Epoch


class Posting(Owned):
    """`client_message_id` is the page's own, so that a resend posts nothing twice."""

    text: Annotated[str, Field(min_length=1, pattern=r"\S")]
    client_message_id: Annotated[str, Field(min_length=8, max_length=64)]


class Transferring(Owned):
    to: str


class Resolving(Owned):
    summary: Annotated[str, Field(max_length=2000)] = ""


class Console:
    """The routes of one specialist; each acts for the account that is signed in."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._pages = deps, Pages()
        self._access: Access = deps.access

    def page(self, request: Request, me: Me) -> Response:
        return self._pages.render(request, "console/console.html", account=me.account, csrf=me.csrf_token)

    def state(self, me: Me) -> dict[str, Any]:
        """Return the lists: who waits, what is mine, which messages may not have arrived."""
        waiting = self._deps.tickets.queue()[:QUEUE_SHOWN]
        mine = self._deps.tickets.of_account(me.account.id)
        cards = self._deps.overview.cards([*waiting, *mine])
        return {
            "account": {"id": me.account.id, "display_name": me.account.display_name, "role": me.account.role},
            "queue": [_listed(ticket, cards[ticket.conversation_id], asked=True) for ticket in waiting],
            "mine": [_listed(ticket, cards[ticket.conversation_id]) for ticket in mine],
            **self._attention(me, [*waiting, *mine]),
        }

    def _attention(self, me: SignIn, seen: list[Ticket]) -> dict[str, Any]:
        tickets = {ticket.conversation_id: ticket.id for ticket in seen}
        everything = may(me, Role.ADMINISTRATOR)
        uncertain = self._deps.deliveries.attention()
        visible = [each for each in uncertain if everything or each.conversation_id in tickets]
        for conversation_id in {each.conversation_id for each in visible} - set(tickets):
            latest = self._deps.tickets.latest(conversation_id)
            tickets[conversation_id] = latest.id if latest else ""
        return {
            "attention": [{**message_json(each), "ticket_id": tickets[each.conversation_id]} for each in visible],
            "attention_elsewhere": len(uncertain) - len(visible),
        }

    def ticket(self, ticket_id: str, me: Me) -> dict[str, Any]:
        """Return one ticket with its whole conversation."""
        ticket = self._access.ticket_for(me.account, ticket_id)
        conversation = self._deps.conversations.get(ticket.conversation_id)
        share = self._deps.shares.of_ticket(ticket_id)
        return {
            "ticket": _listed(ticket, self._deps.overview.cards([ticket])[conversation.id]),
            "conversation": {"id": conversation.id, "open": conversation.open, "holder": conversation.holder},
            "messages": [message_json(message) for message in self._history(conversation.id)],
            "share": share and _share(share),
            "mine": _in_hand(ticket, me),
        }

    def _history(self, conversation_id: str) -> list[Message]:
        history: list[Message] = []
        while page := self._deps.conversations.messages(conversation_id, history[-1].id if history else 0):
            history += page
        return history

    def colleagues(self, me: Me) -> dict[str, Any]:
        """Return the colleagues a ticket can be transferred to."""
        serving = [each for each in self._deps.accounts.list() if not each.disabled and each.id != me.account.id]
        return {"colleagues": [{"id": each.id, "display_name": each.display_name} for each in serving]}

    def claim(self, ticket_id: str, me: Me) -> dict[str, Any]:
        return _done(self._deps.tickets.claim(ticket_id, me.account))

    def post(self, ticket_id: str, given: Posting, me: Me) -> dict[str, Any]:
        message = self._deps.tickets.post(ticket_id, me.account, given.epoch, given.text, given.client_message_id)
        return {"message": message_json(message)}

    def release(self, ticket_id: str, given: Owned, me: Me) -> dict[str, Any]:
        return _done(self._deps.tickets.release(ticket_id, me.account, given.epoch))

    def transfer(self, ticket_id: str, given: Transferring, me: Me) -> dict[str, Any]:
        to = self._deps.accounts.get(given.to)
        return _done(self._deps.tickets.transfer(ticket_id, me.account, given.epoch, to))

    def wait(self, ticket_id: str, given: Owned, me: Me) -> dict[str, Any]:
        return _done(self._deps.tickets.wait_for_applicant(ticket_id, me.account, given.epoch))

    def resolve(self, ticket_id: str, given: Resolving, me: Me) -> dict[str, Any]:
        return _done(self._deps.tickets.resolve(ticket_id, me.account, given.epoch, given.summary))

    def share(self, ticket_id: str, given: Owned, me: Me) -> dict[str, Any]:
        """Make new links. The applicant's goes to him as a message, by his channel; the specialist's is the answer."""
        links = self._deps.shares.request(ticket_id, me.account, given.epoch)
        conversation = self._deps.conversations.get(links.session.conversation_id)
        url = f"{self._deps.public_url}/room/{links.applicant_url_token}"
        locale = self._deps.conversations.applicant_of(conversation).locale
        text = self._deps.invitation(locale, url, int(TIME_TO_JOIN.total_seconds() // 60))
        label = self._pages.say(locale, "share_button")
        body = MessageBody("share", links=(MessageLink(label, url),))
        self._deps.tickets.post(ticket_id, me.account, given.epoch, text, f"share-{links.session.id}", body)
        own = f"{self._deps.public_url}/room/{links.specialist_url_token}"
        return {"share": {**_share(links.session), "url": own}}

    def resend(self, message_id: int, me: Me) -> dict[str, Any]:
        """Send a message again that may not have arrived; a person decides this."""
        self._undelivered(message_id, me)
        done = self._deps.deliveries.resend(message_id, me.account.id)
        self._deps.bus.publish("deliveries", {"message": message_id})
        return {"done": done}

    def dismiss(self, message_id: int, me: Me) -> dict[str, Any]:
        """Let a message rest that may not have arrived."""
        self._undelivered(message_id, me)
        return {"done": self._deps.deliveries.dismiss(message_id, me.account.id)}

    def _undelivered(self, message_id: int, me: SignIn) -> None:
        found = [each for each in self._deps.deliveries.attention() if each.id == message_id]
        if not found:
            raise NotFound
        self._access.conversation_for(me.account, found[0].conversation_id)


def _in_hand(ticket: Ticket, me: SignIn) -> bool:
    states = (TicketState.CLAIMED, TicketState.WAITING_FOR_APPLICANT)
    return ticket.owner_id == me.account.id and ticket.state in states


def _listed(ticket: Ticket, card: Card, asked: bool = False) -> dict[str, Any]:
    line = card.asked if asked else card.last
    last = line and {**asdict(line), "text": unlinked(line.text), "created_at": line.created_at.isoformat()}
    return {**asdict(ticket), "channel": card.channel, "applicant": card.applicant, "last": last}


def unlinked(text: str) -> str:
    """Return `text` without the address of a shared screen: that link is the applicant's, and consent is his."""
    return ROOM_LINK.sub("", text).rstrip("：: ")


def _done(ticket: Ticket) -> dict[str, Any]:
    return {"ticket": asdict(ticket)}


def _share(session: ScreenShareSession) -> dict[str, Any]:
    return {"id": session.id, "state": session.state, "expires_at": session.expires_at.isoformat()}


def message_json(message: Message) -> dict[str, Any]:
    """A message as staff see it."""
    body = message.body.to_json()
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "sender": message.sender,
        "author": message.author,
        "text": unlinked(message.text),
        "created_at": message.created_at.isoformat(),
        "delivery": message.delivery,
        "body": {key: body[key] for key in ("kind", "buttons", "citations", "confidence") if key in body},
    }


def router(deps: Deps) -> APIRouter:
    """/desk and the JSON below it."""
    console, guard = Console(deps), RoleGuard(deps.accounts)
    routes = APIRouter(route_class=DeskRoute, include_in_schema=False)
    routes.get("/desk", dependencies=[Depends(guard.page)])(console.page)
    data = APIRouter(prefix="/desk", route_class=DeskRoute, dependencies=[Depends(guard.api)])
    data.get("/state")(console.state)
    data.get("/colleagues")(console.colleagues)
    data.get("/tickets/{ticket_id}")(console.ticket)
    data.post("/tickets/{ticket_id}/claim")(console.claim)
    data.post("/tickets/{ticket_id}/release")(console.release)
    data.post("/tickets/{ticket_id}/transfer")(console.transfer)
    data.post("/tickets/{ticket_id}/wait")(console.wait)
    data.post("/tickets/{ticket_id}/resolve")(console.resolve)
    data.post("/tickets/{ticket_id}/share")(console.share)
    data.post("/tickets/{ticket_id}/messages")(console.post)
    data.post("/messages/{message_id}/resend")(console.resend)
    data.post("/messages/{message_id}/dismiss")(console.dismiss)
    routes.include_router(data)
    return routes
