"""Choose the backends and wire the house together: the only place where that happens."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from bot import steering
from bot.channels.telegram import TelegramAccess, TelegramChannel
from bot.channels.webchat import WebChat
from bot.delivery import Delivery
from bot.dialogue import Dialogue
from bot.documents import Reading
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.settings import Settings
from bot.texts import CHINESE, ENGLISH, texts_for
from desk.access import Access
from desk.accounts import Accounts
from desk.audit import Audit, record
from desk.bus import Bus, connect_bus
from desk.conversations import Conversations
from desk.deliveries import Deliveries
from desk.overview import Overview
from desk.screenshare import ScreenShares
from desk.tickets import Tickets
from desk.web import Deps, Publication
from desk.words import Words
from desk.workdays import WorkCalendar
from knowledge.database import connect_database, reading
from knowledge.golden import GoldenQuestion, GoldenQuestions, Said
from knowledge.isolation import Limits, Parsers
from knowledge.kept import Kept
from knowledge.originals import Originals
from knowledge.pictures import Pictures
from knowledge.store import DocumentStore
from knowledge.versions import Rules, Versions
from retrieval.answering import Answerer
from retrieval.effects import Effects, said
from retrieval.embedding import Embedder, connect_embedder
from retrieval.index import Index
from retrieval.indexing import Indexer
from retrieval.llm import ChatPhraser, ChatServer
from retrieval.model import Outcome, Question
from retrieval.publishing import Publishing
from retrieval.tables import index_state

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The clock of the running program."""
    return datetime.now(UTC)


class Helpdesk:
    """Everything wired; each part is made when first asked for, so a command pays only for what it uses."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime] = utc_now, announce: Callable[[str], None] = log.info
    ) -> None:
        self.settings, self.clock, self._announce = settings, clock, announce
        self._closing = ExitStack()
        self._turn = threading.Lock()  # of whoever changes what answers
        self.leads: bool | None = None  # whether this process does what only one may; None: not known yet

    def told_whether_it_leads(self, leads: bool) -> None:
        self.leads = leads

    @cached_property
    def engine(self) -> Engine:
        return connect_database(self.settings.database)

    @cached_property
    def bus(self) -> Bus:
        return connect_bus(self.settings.bus)

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics()

    # knowledge and retrieval

    @cached_property
    def store(self) -> DocumentStore:
        return DocumentStore(self.engine, self.clock)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model; obtained and exported where it is not there yet, which takes minutes."""
        return connect_embedder(self.settings.embedding_model, self.settings.models_dir, self._announce)

    @cached_property
    def index(self) -> Index:
        url = self.settings.chroma_url or None
        return Index(self.engine, self.embedder, self.settings.home / "index", self.clock, url)

    @cached_property
    def indexer(self) -> Indexer:
        limits = Limits(file_bytes=self.settings.upload_limit_mb * 1_000_000)
        parsers = self._closing.enter_context(Parsers(limits))
        return Indexer(self.store, parsers, self.index, self.versions, self._turn)

    @cached_property
    def versions(self) -> Versions:
        rules = Rules(self.settings.approval == "second_person", self.today, record)
        return Versions(self.store, self.originals, self.clock, rules)

    @cached_property
    def publishing(self) -> Publishing:
        return Publishing(self.versions, self.index, self._turn)

    @cached_property
    def golden(self) -> GoldenQuestions:
        return GoldenQuestions(self.engine, self.clock)

    @cached_property
    def effects(self) -> Effects:
        return Effects(self.store, self.index, self.answerer, self.clock)

    def ask_golden(self, question: GoldenQuestion) -> Said:
        """What is answered to a golden question now, in the clauses' own words."""
        return said(self.answerer(self.index, self.store).answer, question)

    def answer_from(self, threshold: float) -> Callable[[Question], Outcome]:
        """What answers in the clauses' own words from this confidence on."""
        return self.answerer(self.index, self.store, threshold=threshold).answer

    def answerer(self, index: Index, store: DocumentStore, **other: Any) -> Answerer:
        """What answers in the clauses' own words, set up as the one that serves but for `other`."""
        setup = {"threshold": self.settings.answer_threshold, "lexicon": self.words.lexicon, **other}
        return Answerer(index, store, self.today, **setup)

    @cached_property
    def answer(self) -> Callable[[Question], Outcome]:
        """What answers questions."""
        return self.answerer(self.index, self.store, phraser=self.phraser).answer

    @cached_property
    def phraser(self) -> ChatPhraser | None:
        """What puts clauses into plain language, or None where no chat model is set."""
        settings, key = self.settings, self.settings.llm_key.get_secret_value()
        server = ChatServer(settings.llm_url, settings.llm_model, key or None, settings.llm_second_opinion)
        return ChatPhraser(server) if settings.llm_url else None

    def today(self) -> date:
        return self.clock().astimezone(ZoneInfo(self.settings.timezone)).date()

    def index_state(self) -> str:
        """`ok`, `empty` where nothing has been published, or why an exact scan answers instead of the index."""
        with reading(self.engine) as connection:
            count = connection.execute(select(index_state.c.chunk_count)).scalar_one_or_none()
        return (self.index.trouble or "ok") if count else "empty"

    @cached_property
    def kept(self) -> Kept:
        return Kept(self.engine, self.originals)

    @cached_property
    def originals(self) -> Originals:
        return Originals(self.settings.home / "originals")

    # the desk

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.engine, self.bus, self.clock)

    @cached_property
    def words(self) -> Words:
        return Words(self.engine, self.bus, self.clock)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.engine, self.clock)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(
            self.engine, self.bus, self.clock, WorkCalendar(), {"zh": CHINESE.notices, "en": ENGLISH.notices}
        )

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.engine, self.clock)

    @cached_property
    def access(self) -> Access:
        return Access(self.engine)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.engine, self.clock)

    @cached_property
    def shares(self) -> ScreenShares:
        return ScreenShares(self.engine, self.bus, self.clock, self.settings.jitsi_url)

    @cached_property
    def desk(self) -> Deps:
        """What the specialists' and administrators' routes need."""
        return Deps(
            accounts=self.accounts,
            access=self.access,
            tickets=self.tickets,
            conversations=self.conversations,
            deliveries=self.deliveries,
            shares=self.shares,
            overview=Overview(self.engine),
            timezone=self.settings.timezone,
            bus=self.bus,
            indexer=self.indexer,
            store=self.store,
            audit=self.audit,
            clock=self.clock,
            public_url=self.settings.base_url,
            uploads=self.settings.home / "uploads",
            upload_limit=self.settings.upload_limit_mb * 1_000_000,
            invitation=_invitation,
            ice_servers=self.settings.ice,
            publication=Publication(self.versions, self.publishing, self.golden, self.effects, self.ask_golden),
            kept=self.kept,
            wording=steering.wording(self),
            replays=steering.replays(self),
            answer=lambda text, as_of: self.answer(Question.of(text, as_of)),
        )

    # the bot

    @cached_property
    def dialogue(self) -> Dialogue:
        return Dialogue(self.answer)

    @cached_property
    def inbox(self) -> Inbox:
        observe, rated, recorded = self.metrics.answered, steering.ratings(self), steering.records(self).of
        parts = (self.conversations, self.tickets, self.dialogue, self.bus)
        return Inbox(*parts, observe=observe, rated=rated, recorded=recorded)

    @cached_property
    def delivery(self) -> Delivery:
        channels = {self.telegram.name: self.telegram} if self.telegram else {}
        return Delivery(self.conversations, self.deliveries, channels, self.bus, self.clock, self.metrics.delivered)

    @cached_property
    def telegram(self) -> TelegramChannel | None:
        """The Telegram channel, or None where no token is set."""
        settings, token = self.settings, self.settings.telegram_token.get_secret_value()
        if not token:
            return None
        hook = f"{settings.base_url}/telegram/webhook" if settings.telegram_by_webhook else ""
        secret = settings.telegram_webhook_secret.get_secret_value()
        site = settings.public_url.rstrip("/")
        return TelegramChannel(TelegramAccess(token, settings.telegram_api, hook, secret, site), self.conversations)

    @cached_property
    def web_chat(self) -> WebChat:
        return WebChat(
            conversations=self.conversations,
            tickets=self.tickets,
            bus=self.bus,
            clock=self.clock,
            public_url=self.settings.base_url,
            secure_cookies=self.settings.base_url.startswith("https://"),
            widget_origins=tuple(self.settings.embed_origins.split()),
            quick_questions=tuple(each.strip() for each in self.settings.quick_questions.split("|") if each.strip()),
        )

    @cached_property
    def reading(self) -> Reading:
        """What documents' public pages are made from."""
        return Reading(self.store, self.accounts, self.kept, Pictures(), self.today)

    def close(self) -> None:
        """Release what was opened; safe to call twice."""
        self._closing.close()
        for name in ("phraser", "index", "bus"):
            if opened := self.__dict__.pop(name, None):
                opened.close()
        if "engine" in self.__dict__:
            self.__dict__.pop("engine").dispose()


def build(
    settings: Settings, clock: Callable[[], datetime] = utc_now, announce: Callable[[str], None] = log.info
) -> Helpdesk:
    """The helpdesk for these settings; makes the home folder, connects nothing yet. `announce` says what takes long."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Helpdesk(settings, clock, announce)


def _invitation(locale: str, url: str, minutes: int) -> str:
    return texts_for(locale).share_invitation.format(url=url, minutes=minutes)
