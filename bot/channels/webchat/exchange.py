"""The web chat's two acts, without a socket: take in one message, and look up what is new."""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.webchat.frames import AcceptedFrame, RefusedFrame, SayFrame, StateFrame, clean
from bot.dialogue.texts import texts_for
from desk.bus import Bus
from desk.conversations.conversations import Conversations
from desk.errors import TooLong
from desk.message_body import MessageBody
from desk.model import Conversation, Holder, Message, Ticket
from desk.tickets.tickets import Tickets

CHANNEL = "web"
PAGE = 200  # messages told at a time; a page just opened gets the newest ones
REMEMBERED = 10_000  # applicants whose pace is kept in memory
STORE_AGAIN = 5.0  # seconds until a page sends an unstored message again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebChat:
    """The parts and settings of the web chat.

    `public_url` has no trailing slash. `widget_origins` are the sites that may embed the chat
    ("https://shop.example"). `longest` is the most characters of one message. An open page is looked after every
    `poll_seconds`, even where no hint comes.
    """

    conversations: Conversations
    tickets: Tickets
    bus: Bus
    clock: Callable[[], datetime]
    public_url: str
    secure_cookies: bool
    widget_origins: tuple[str, ...] = ()
    quick_questions: tuple[str, ...] = ()
    longest: int = 4_000
    messages_per_minute: int = 20
    poll_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Glance:
    """The news for a page: messages by rising id, the state, and the conversation to listen to."""

    messages: tuple[Message, ...] = ()
    state: StateFrame = field(default_factory=StateFrame)
    conversation_id: str | None = None


class Pace:
    """Limits each applicant to `per_minute` messages in any minute, as seen by this process."""

    def __init__(self, clock: Callable[[], datetime], per_minute: int) -> None:
        self._clock, self._per_minute = clock, per_minute
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Count a message and return 0.0. Where there were too many, count nothing and return the seconds to wait."""
        now = self._clock()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > REMEMBERED:
                self._times.popitem(last=False)
            while times and now - times[0] >= timedelta(minutes=1):
                times.popleft()
            if len(times) >= self._per_minute:
                return 60 - (now - times[0]).total_seconds()
            times.append(now)
        return 0.0


class Exchange:
    """The two acts of every page, over a socket or over plain requests. `key` is the applicant's key, a hash."""

    def __init__(self, chat: WebChat) -> None:
        self.chat = chat
        self._pace = Pace(chat.clock, chat.messages_per_minute)

    def say(self, key: str, said: SayFrame) -> AcceptedFrame | RefusedFrame:
        """Commit a message and return its id, or the reason why not. A repeated client_message_id stores nothing."""
        text = clean(said.text)
        refused = self._refusal(key, said, text)
        if refused is not None:
            return refused
        try:
            applicant = self.chat.conversations.applicant(CHANNEL, key, locale=said.locale)
            applicant = self.chat.conversations.speaks(applicant, said.locale)
            body = MessageBody(label=clean(said.label))
            accepted = self.chat.conversations.accept(applicant, text, said.client_message_id, body)
        except TooLong:
            return self._too_long(said, text)
        except SQLAlchemyError as error:
            log.error("a web message could not be stored: %s", type(error).__name__)
            words = texts_for(said.locale).not_stored
            return RefusedFrame("not_stored", words, said.client_message_id, retry_after=STORE_AGAIN)
        return AcceptedFrame(said.client_message_id, accepted.message.id)

    def _refusal(self, key: str, said: SayFrame, text: str) -> RefusedFrame | None:
        words = texts_for(said.locale)
        if not text:
            return RefusedFrame("empty", words.empty, said.client_message_id)
        if len(text) > self.chat.longest:
            return self._too_long(said, text)
        seconds = self._pace.wait(key)
        if seconds:
            sentence = words.too_fast.format(seconds=int(seconds) + 1)
            return RefusedFrame("too_fast", sentence, said.client_message_id, retry_after=seconds)
        return None

    def _too_long(self, said: SayFrame, text: str) -> RefusedFrame:
        sentence = texts_for(said.locale).too_long.format(length=len(text), limit=self.chat.longest)
        return RefusedFrame("too_long", sentence, said.client_message_id)

    def look(self, key: str, after: int) -> Glance:
        """Return what the applicant's page has not seen. With `after` 0: the newest messages, however old they are."""
        applicant = self.chat.conversations.known(CHANNEL, key)
        if applicant is None:
            return Glance()
        messages = tuple(self.chat.conversations.of_applicant(applicant.id, after, PAGE))
        conversation = self.chat.conversations.open_conversation(applicant.id)
        if conversation is None:
            return Glance(messages)
        return Glance(messages, self._state(conversation), conversation.id)

    def _state(self, conversation: Conversation) -> StateFrame:
        if conversation.holder is Holder.BOT:
            return StateFrame()
        ticket = self.chat.tickets.latest(conversation.id)
        if ticket is None:
            return StateFrame(conversation.holder)
        return (
            self._queued(ticket)
            if conversation.holder is Holder.QUEUE
            else StateFrame(Holder.SPECIALIST, ticket.owner_name)
        )

    def _queued(self, ticket: Ticket) -> StateFrame:
        place, usual = self.chat.tickets.position(ticket.id), self.chat.tickets.usual_wait()
        minutes = None if usual is None else max(1, round(usual.total_seconds() / 60))
        return StateFrame(Holder.QUEUE, position=place or None, waiting_minutes=minutes)
