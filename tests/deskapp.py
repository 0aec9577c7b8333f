"""The desk's routes in an application of their own, on real parts, for the journeys and the browser tests."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Connection, Engine

from desk import admin, answers, console, intake, library, live, publishing, review, rooms, web, word_routes
from desk.access import Access
from desk.accounts import Accounts
from desk.audit import Audit, record
from desk.bus import Bus, MemoryBus
from desk.conversations import Conversations
from desk.deliveries import Deliveries
from desk.mining import Proposal, proposals, resolved_cases
from desk.model import Account, Conversation, Escalation, Role, Ticket
from desk.overview import Overview
from desk.screenshare import ScreenShares
from desk.tickets import Tickets
from desk.web import Deps, Publication, Wording
from desk.words import Words
from desk.workdays import WorkCalendar
from knowledge.database import writing
from knowledge.golden import GoldenQuestion, GoldenQuestions, Result, Said
from knowledge.holding import held
from knowledge.ingest import Progress, ingest
from knowledge.intake import IntoVersions
from knowledge.isolation import Parsers
from knowledge.kept import Kept
from knowledge.model import IngestReport
from knowledge.originals import Originals
from knowledge.store import DocumentStore
from knowledge.versions import Rules, Versions
from retrieval.effects import Effect
from retrieval.indexing import How
from retrieval.publishing import Publishing

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
        with Parsers() as parsers:
            return ingest(
                paths,
                self._store,
                parsers,
                dry_run=dry_run,
                on_progress=on_progress,
                cancel=how.cancel,
                intake=intake,
            )

    def remove(self, document_id: str) -> bool:
        return self._store.remove(document_id)


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
        return [Result(each.id, each.question, "没有回答。", Said("不知道", refused=True)) for each in golden]


def publication(store: DocumentStore, versions: Versions) -> Publication:
    """Publishing over a store without an index; golden questions are all refused."""
    publishing = Publishing(versions, StoredOnly(store.engine), threading.Lock())  # type: ignore[arg-type]
    golden = GoldenQuestions(store.engine, store.clock)
    refuse = lambda question: Said("不知道", refused=True)  # noqa: E731
    return Publication(versions, publishing, golden, NothingChanges(), refuse)  # type: ignore[arg-type]


def wording(engine: Engine, bus: Bus, clock: Callable[[], datetime]) -> Wording:
    """Words that are mined for real; nobody answers, so no answer changes."""
    words = Words(engine, bus, clock)

    def holding(given: Iterable[str]) -> set[str]:
        return held(engine, given)

    def proposed() -> list[Proposal]:
        return proposals(resolved_cases(engine), holding, words.lexicon(), words.rejected())

    return Wording(words, proposed, lambda lexicon: (0, ()), holding)


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
            self.deps.conversations.handled(accepted.message.id)
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
    rules = Rules(changes.pop("second_person", False), lambda: clock().date(), record)
    versions = Versions(store, originals, clock, rules)
    parts: dict[str, Any] = {
        "accounts": Accounts(engine, clock, FAST),
        "access": Access(engine),
        "tickets": Tickets(engine, bus, clock, WorkCalendar()),
        "conversations": Conversations(engine, bus, clock),
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
        "timezone": "Asia/Shanghai",
        "public_url": public_url,
        "uploads": folder / "uploads",
        "upload_limit": 1_000_000,
        "invitation": lambda locale, url, minutes: f"请在 {minutes} 分钟内点开链接：{url}",
    }
    deps = Deps(**{**parts, **changes})
    app = FastAPI()
    for module in (web, console, admin, answers, library, intake, publishing, review, word_routes, live, rooms):
        app.include_router(module.router(deps))
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
