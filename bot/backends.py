"""Chooses the backends (database, bus, index, models) and builds the document store and the answerer on them."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from bot.dialogue.wording import worded_for
from bot.metrics import Metrics
from bot.settings import Settings
from desk.audit import record
from desk.bus import Bus, connect_bus
from desk.words.words import Words
from knowledge.database import connect_database, reading
from knowledge.golden import GoldenAnswer, GoldenQuestion, GoldenQuestions
from knowledge.load import PRELOAD, load
from knowledge.sandbox.limits import Limits
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from knowledge.versions.history import Kept
from knowledge.versions.originals import Originals
from knowledge.versions.workflow import Rules, Versions
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder, connect_embedder
from retrieval.index.index import Index
from retrieval.language.lexicon import Lexicon
from retrieval.model import Outcome, Question
from retrieval.phrasing.chat_model import ChatPhraser, ChatServer
from retrieval.publishing.effects import Effects, golden_answer
from retrieval.publishing.files import Indexer
from retrieval.publishing.versions import Publishing
from retrieval.tables import index_state

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the present time; this is the clock of the running program."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Replacements:
    """Parts to take in place of those that the settings choose. None: take the settings' part.

    Whoever made a replacement also closes it.
    """

    embedder: Embedder | None = None
    index: Index | None = None
    indexer: Indexer | None = None
    answer: Callable[[Question], Outcome] | None = None
    answer_from: Callable[[float], Callable[[Question], Outcome]] | None = None


NOTHING_REPLACED = Replacements()


class Backends:
    """The parts that keep documents and answer questions. Each is made when it is first asked for."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        announce: Callable[[str], None] = log.info,
        parts: Replacements = NOTHING_REPLACED,
    ) -> None:
        self.settings, self.clock, self._announce, self._parts = settings, clock, announce, parts
        self._closing = ExitStack()  # closes the opened parts, the last one first
        self._turn = threading.Lock()  # held by whoever changes what answers
        self.leads: bool | None = None  # whether this process does what only one process may; None: not known yet

    def told_whether_it_leads(self, leads: bool) -> None:
        self.leads = leads

    @cached_property
    def engine(self) -> Engine:
        engine = connect_database(self.settings.database)
        self._closing.callback(engine.dispose)
        return engine

    @cached_property
    def bus(self) -> Bus:
        bus = connect_bus(self.settings.bus)
        self._closing.callback(bus.close)
        return bus

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics()

    # knowledge and retrieval

    @cached_property
    def store(self) -> DocumentStore:
        return DocumentStore(self.engine, self.clock)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model. Where it is missing, it is obtained and exported first, which takes minutes."""
        return self._parts.embedder or connect_embedder(
            self.settings.embedding_model, self.settings.models_dir, self._announce
        )

    @cached_property
    def index(self) -> Index:
        if self._parts.index is not None:
            return self._parts.index
        url = self.settings.chroma_url or None
        index = Index(self.store, self.embedder, self.settings.home / "index", self.today, url)
        self._closing.callback(index.close)
        return index

    @cached_property
    def indexer(self) -> Indexer:
        if self._parts.indexer is not None:
            return self._parts.indexer
        limits = Limits(file_bytes=self.settings.upload_limit_mb * 1_000_000)
        parsers = self._closing.enter_context(Parsers(load, limits, preload=PRELOAD))
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
        return Effects(self.store, self.index, self.answerer, worded_for, self.clock)

    def ask_golden(self, question: GoldenQuestion) -> GoldenAnswer:
        """Answer a golden question as it would be answered now, in the clauses' own words."""
        return golden_answer(self.answerer(self.index, self.store).answer, question, worded_for)

    def answer_from(self, threshold: float) -> Callable[[Question], Outcome]:
        """Return a function that answers in the clauses' own words from this confidence on."""
        if self._parts.answer_from is not None:
            return self._parts.answer_from(threshold)
        return self.answerer(self.index, self.store, threshold=threshold).answer

    def answering_by(self, lexicon: Callable[[], Lexicon]) -> Callable[[Question], Outcome]:
        """Return a function that answers in the clauses' own words, with this lexicon in place of the one in use."""
        return self.answerer(self.index, self.store, lexicon=lexicon).answer

    def answerer(self, index: Index, store: DocumentStore, **other: Any) -> Answerer:
        """Return an answerer in the clauses' own words, set up like the one that serves except for `other`."""
        setup = {"threshold": self.settings.answer_threshold, "lexicon": self.words.lexicon, **other}
        return Answerer(index, store, self.today, **setup)

    @cached_property
    def answer(self) -> Callable[[Question], Outcome]:
        """The function that answers questions."""
        return self._parts.answer or self.answerer(self.index, self.store, phraser=self.phraser).answer

    @cached_property
    def phraser(self) -> ChatPhraser | None:
        """The phraser that puts clauses into plain language, or None where no chat model is set."""
        settings, key = self.settings, self.settings.llm_key.get_secret_value()
        if not settings.llm_url:
            return None
        server = ChatServer(settings.llm_url, settings.llm_model, key or None, settings.llm_second_opinion)
        phraser = ChatPhraser(server)
        self._closing.callback(phraser.close)
        return phraser

    def today(self) -> date:
        """The day it is where the office is: the one that everything goes by."""
        return self.local(self.clock()).date()

    def local(self, at: datetime) -> datetime:
        """An aware instant as the office's clocks show it."""
        return at.astimezone(ZoneInfo(self.settings.timezone))

    def index_state(self) -> str:
        """Return `ok`, or `empty` where nothing is published, or the reason why an exact scan answers instead."""
        with reading(self.engine) as connection:
            count = connection.execute(select(index_state.c.chunk_count)).scalar_one_or_none()
        return (self.index.trouble or "ok") if count else "empty"

    @cached_property
    def kept(self) -> Kept:
        return Kept(self.engine, self.originals)

    @cached_property
    def originals(self) -> Originals:
        return Originals(self.settings.home / "originals")

    @cached_property
    def words(self) -> Words:
        return Words(self.engine, self.bus, self.clock)

    def close(self) -> None:
        """Release what was opened; safe to call twice."""
        self._closing.close()
