"""What a web chat takes in and tells, without a socket: say one message, look what is new."""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.webchat_frames import Accepted, Refused, Say, clean
from bot.texts import texts_for
from desk.bus import Bus
from desk.conversations import Conversations
from desk.errors import TooLong
from desk.model import Conversation, Holder, Message, Ticket
from desk.tickets import Tickets

CHANNEL = "web"
PAGE = 200  # messages told at a time; of a page just opened, the newest so many
REMEMBERED = 10_000  # applicants whose pace is known
STORE_AGAIN = 5.0  # seconds after which a page sends a message again that could not be stored

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebChat:
    """What the web chat is built from. `public_url` has no trailing slash; `widget_origins` are the sites that may
    embed it ("https://shop.example"); `longest` counts characters of one message; `poll_seconds` is how often an open
    page is looked after even where no hint comes."""

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
class State:
    """Who holds the conversation; in the queue: the place (1 is next) and the usual wait, where they are known."""

    holder: Holder = Holder.BOT
    specialist: str = ""
    position: int | None = None
    waiting_minutes: int | None = None

    def frame(self) -> dict[str, Any]:
        return {
            "type": "state",
            "holder": self.holder.value,
            "specialist": self.specialist,
            "position": self.position,
            "waiting_minutes": self.waiting_minutes,
        }


@dataclass(frozen=True, slots=True)
class Glance:
    """What is new for a page: messages by rising id, the state, and the conversation to listen to."""

    messages: tuple[Message, ...] = ()
    state: State = field(default_factory=State)
    conversation_id: str | None = None


class Pace:
    """How fast each applicant writes: at most `per_minute` messages in any minute, as seen by this process."""

    def __init__(self, clock: Callable[[], datetime], per_minute: int) -> None:
        self._clock, self._per_minute = clock, per_minute
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Count a message and give 0.0; where there were too many, count nothing and give the seconds to wait."""
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
    """The two things every page does, over a socket or over plain requests; `key` is the applicant's (a hash)."""

    def __init__(self, chat: WebChat) -> None:
        self.chat = chat
        self._pace = Pace(chat.clock, chat.messages_per_minute)

    def say(self, key: str, said: Say) -> Accepted | Refused:
        """Commit a message and say under which id, or why not; the same client_message_id again stores nothing."""
        text = clean(said.text)
        refused = self._refusal(key, said, text)
        if refused is not None:
            return refused
        try:
            applicant = self.chat.conversations.applicant(CHANNEL, key, locale=said.locale)
            applicant = self.chat.conversations.speaks(applicant, said.locale)
            body = {"label": clean(said.label)} if said.label else None
            accepted = self.chat.conversations.accept(applicant, text, said.client_message_id, body)
        except TooLong:
            return self._too_long(said, text)
        except SQLAlchemyError as error:
            log.error("a web message could not be stored: %s", type(error).__name__)
            words = texts_for(said.locale).not_stored
            return Refused("not_stored", words, said.client_message_id, retry_after=STORE_AGAIN)
        return Accepted(said.client_message_id, accepted.message.id)

    def _refusal(self, key: str, said: Say, text: str) -> Refused | None:
        words = texts_for(said.locale)
        if not text:
            return Refused("empty", words.empty, said.client_message_id)
        if len(text) > self.chat.longest:
            return self._too_long(said, text)
        seconds = self._pace.wait(key)
        if seconds:
            sentence = words.too_fast.format(seconds=int(seconds) + 1)
            return Refused("too_fast", sentence, said.client_message_id, retry_after=seconds)
        return None

    def _too_long(self, said: Say, text: str) -> Refused:
        sentence = texts_for(said.locale).too_long.format(length=len(text), limit=self.chat.longest)
        return Refused("too_long", sentence, said.client_message_id)

    def look(self, key: str, after: int) -> Glance:
        """What the applicant's page has not seen; with `after` 0 the newest messages, however old."""
        applicant = self.chat.conversations.known(CHANNEL, key)
        if applicant is None:
            return Glance()
        messages = tuple(self.chat.conversations.of_applicant(applicant.id, after, PAGE))
        conversation = self.chat.conversations.open_conversation(applicant.id)
        if conversation is None:
            return Glance(messages)
        return Glance(messages, self._state(conversation), conversation.id)

    def _state(self, conversation: Conversation) -> State:
        if conversation.holder is Holder.BOT:
            return State()
        ticket = self.chat.tickets.latest(conversation.id)
        if ticket is None:
            return State(conversation.holder)
        return (
            self._queued(ticket) if conversation.holder is Holder.QUEUE else State(Holder.SPECIALIST, ticket.owner_name)
        )

    def _queued(self, ticket: Ticket) -> State:
        place, usual = self.chat.tickets.position(ticket.id), self.chat.tickets.usual_wait()
        minutes = None if usual is None else max(1, round(usual.total_seconds() / 60))
        return State(Holder.QUEUE, position=place or None, waiting_minutes=minutes)
