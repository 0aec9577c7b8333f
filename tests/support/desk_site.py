"""The desk's routes in an application of their own, on real parts, for the journeys and the browser tests."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Connection, Engine

from bot.dialogue.texts import NOTICES
from bot.dialogue.wording import worded_for
from desk.accounts.access import Access
from desk.accounts.accounts import Accounts
from desk.answers.records import Records, Setup
from desk.answers.replay import Replays
from desk.audit import Audit, record
from desk.bus import Bus, MemoryBus
from desk.conversations.conversations import Conversations
from desk.conversations.outbox import Deliveries
from desk.model import Account, Conversation, Escalation, Role, Ticket
from desk.routers import routers
from desk.tickets.cards import Overview
from desk.tickets.screenshare import ScreenShares
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from desk.web.deps import Deps, Publication, Wording
from desk.words.mining import WordProposal, proposals, resolved_cases
from desk.words.words import Words
from knowledge.database import writing
from knowledge.golden import GoldenAnswer, GoldenQuestion, GoldenQuestions, Result
from knowledge.intake.destinations import IntoVersions
from knowledge.intake.run import Progress, ingest
from knowledge.load import PRELOAD, load
from knowledge.model import IngestReport
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from knowledge.store.shelves import words_in_documents
from knowledge.versions.history import Kept
from knowledge.versions.originals import Originals
from knowledge.versions.workflow import Rules, Versions
from retrieval.model import Abstention, AbstentionReason
from retrieval.publishing.effects import Effect
from retrieval.publishing.files import How
from retrieval.publishing.versions import Publishing
from tests.support.clock import in_office

REFUSED = Abstention(AbstentionReason.NOTHING_FOUND, "现行文件里没有找到依据，不敢乱答。")
PASSWORD = "correct-horse-9"
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class IngestOnly:
    """An indexer that stores documents and publishes no index: what the desk's pages need of one."""

    def __init__(self, store: DocumentStore, versions: Versions) -> None:
        self._store, self._versions = store, versions

    def run(
        self,
        paths: Sequence[Path],
        dry_run: bool,
        on_progress: Callable[[Progress], None],
        how: How | None = None,
    ) -> IngestReport:
        how = how or How()
        intake = IntoVersions(self._store, self._versions, how.by, how.draft)
        with Parsers(load, preload=PRELOAD) as parsers:
            return ingest(
                paths,
                self._store,
                parsers,
                dry_run=dry_run,
                on_progress=on_progress,
                cancel=how.cancel,
                intake=intake,
            )


class StoredOnly:
    """An index that shows nothing: what is stored changes, and that is all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def change(self, write: Callable[[Connection], Any], coming: Sequence[Any]) -> Any:
        with writing(self._engine) as connection:
            return write(connection)

    def publish(self) -> None: ...


class NothingChanges:
    """What publishing would change where nobody answers: nothing, and no golden question is as it should be."""

    def of(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> Effect:
        return Effect(len(golden), (), ())

    def rehearse(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> list[Result]:
        return [Result(each.id, each.question, "没有回答。", GoldenAnswer("不知道", refused=True)) for each in golden]


def publication(store: DocumentStore, versions: Versions) -> Publication:
    """Publishing over a store without an index; golden questions are all refused."""
    publishing = Publishing(versions, StoredOnly(store.engine), threading.Lock())  # type: ignore[arg-type]
    golden = GoldenQuestions(store.engine, store.clock)
    refuse = lambda question: GoldenAnswer("不知道", refused=True)  # noqa: E731
    return Publication(versions, publishing, golden, NothingChanges(), refuse)  # type: ignore[arg-type]


def wording(engine: Engine, bus: Bus, clock: Callable[[], datetime]) -> Wording:
    """Words that are mined for real; nobody answers, so no answer changes."""
    words = Words(engine, bus, clock)

    def holding(given: Iterable[str]) -> set[str]:
        return words_in_documents(engine, given)

    def proposed() -> list[WordProposal]:
        return proposals(resolved_cases(engine), holding, words.lexicon(), words.rejected())

    return Wording(words, proposed, lambda lexicon: (0, ()), holding)


def replays(conversations: Conversations, store: DocumentStore, today: Callable[[], date]) -> Replays:
    """Replays of what was answered; today nothing is."""
    records = Records(store, lambda: Setup(0.5, "", 0, "", ""), today)
    return Replays(conversations, store, records, lambda question: REFUSED, today)


@dataclass
class Site:
    """The application with its parts and shortcuts to fill it."""

    app: FastAPI
    deps: Deps

    def account(self, name: str, display_name: str, role: Role = Role.SPECIALIST) -> Account:
        return self.deps.accounts.create(name, display_name, role, PASSWORD)[0]

    def asked(self, *texts: str, channel: str = "web", key: str = "k1", name: str = "") -> Conversation:
        """A conversation in which an applicant wrote these."""
        applicant = self.deps.conversations.applicant(channel, key, name)
        for place, text in enumerate(texts):
            accepted = self.deps.conversations.accept(applicant, text, f"{key}-{place}")
            self.deps.conversations.reply(accepted.conversation.id, [], accepted.message.id)
        return accepted.conversation

    def waiting(self, *texts: str, **who: str) -> Ticket:
        """The same, waiting for a specialist."""
        conversation = self.asked(*(texts or ("食品经营许可证要哪些材料", "转人工")), **who)
        return self.deps.tickets.escalate(conversation.id, Escalation.ASKED)


def desk_site(engine: Engine, clock: Callable[[], datetime], folder: Path, **changes: Any) -> Site:
    """The desk over an engine with tables; `changes` replace parts of its Deps."""
    bus: Bus = changes.pop("bus", None) or MemoryBus()
    public_url = changes.get("public_url", "http://testserver")
    store, originals = DocumentStore(engine, clock), Originals(folder / "originals")
    rules = Rules(changes.pop("second_person", False), lambda: in_office(clock()).date(), record)
    versions = Versions(store, originals, clock, rules)
    conversations = Conversations(engine, bus, clock)
    parts: dict[str, Any] = {
        "accounts": Accounts(engine, clock, FAST),
        "access": Access(engine),
        "tickets": Tickets(engine, bus, clock, WorkCalendar(in_office), NOTICES),
        "conversations": conversations,
        "deliveries": Deliveries(engine, clock),
        "shares": ScreenShares(engine, bus, clock, changes.pop("jitsi_url", "")),
        "overview": Overview(engine),
        "bus": bus,
        "indexer": IngestOnly(store, versions),
        "publication": publication(store, versions),
        "kept": Kept(engine, originals),
        "wording": wording(engine, bus, clock),
        "store": store,
        "audit": Audit(engine, clock),
        "clock": clock,
        "today": lambda: in_office(clock()).date(),
        "public_url": public_url,
        "uploads": folder / "uploads",
        "upload_limit": 1_000_000,
        "worded": worded_for,
        "answer": lambda question: REFUSED,
        "replays": replays(conversations, store, lambda: clock().date()),
        "ice_servers": (),
        "invitation": lambda locale, url, minutes: f"请在 {minutes} 分钟内点开链接：{url}",
    }
    deps = Deps(**{**parts, **changes})
    app = FastAPI()
    for router in routers(deps):
        app.include_router(router)
    return Site(app, deps)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def served(app: FastAPI, port: int) -> Iterator[str]:
    """The application on loopback, in a thread, until the block ends."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", ws="websockets-sansio")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
