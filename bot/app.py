"""Wires the whole helpdesk together, on top of the backends that the settings choose."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from bot import steering
from bot.backends import NOTHING_REPLACED, Backends, Replacements, log, utc_now
from bot.channels.telegram import TelegramAccess, TelegramChannel
from bot.channels.webchat.exchange import WebChat
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.texts import NOTICES, texts_for
from bot.dialogue.wording import worded_for
from bot.documents.routes import DocumentSources
from bot.handover.acts import CommandParts
from bot.handover.routes import HandoverParts
from bot.settings import Settings
from bot.workers.delivery import Delivery
from bot.workers.inbox import Inbox, InboxParts
from desk.accounts.access import Access
from desk.accounts.accounts import Accounts
from desk.answers.records import Records
from desk.answers.replay import Replays
from desk.audit import Audit
from desk.conversations.conversations import Conversations
from desk.conversations.outbox import Deliveries
from desk.model import Locale
from desk.tickets.cards import Overview
from desk.tickets.screenshare import ScreenShares
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from desk.web.deps import Deps, Publication, Wording
from knowledge.sandbox.page_images import Pictures
from retrieval.model import Outcome


class Helpdesk(Backends):
    """The whole helpdesk, wired. Each part is made at its first use, so a command pays only for what it needs."""

    # the desk

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.engine, self.bus, self.clock)

    @cached_property
    def records(self) -> Records:
        return steering.records(self.store, self.settings, lambda: self.index.published, self.words.lexicon, self.today)

    @cached_property
    def wording(self) -> Wording:
        """The parts that the routes for words need."""
        return steering.wording(self.engine, self.words, self.golden, self.answering_by)

    @cached_property
    def replays(self) -> Replays:
        """Asks earlier questions again, of what answers now. The answerer is made at the first such question."""
        return Replays(self.conversations, self.store, self.records, lambda asked: self.answer(asked), worded_for)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.engine, self.clock)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(self.engine, self.bus, self.clock, WorkCalendar(self.local), NOTICES)

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
    def publication(self) -> Publication:
        """The parts that publishing needs."""
        return Publication(self.versions, self.publishing, self.golden, self.effects, self.ask_golden)

    @cached_property
    def commands(self) -> CommandParts:
        """The parts that commands need which change something."""
        return CommandParts(
            accounts=self.accounts,
            bus=self.bus,
            audit=self.audit,
            store=self.store,
            versions=self.versions,
            golden=self.golden,
            publication=lambda: self.publication,
            wording=self.wording,
            replays=self.replays,
            answer_from=self.answer_from,
            threshold=self.settings.answer_threshold,
        )

    @cached_property
    def handover(self) -> HandoverParts:
        """The parts that handed-over commands need in this process."""
        return HandoverParts(self.settings.home, self.commands, self.indexer, self.answer, self.conversations)

    @cached_property
    def desk(self) -> Deps:
        """The parts that the specialists' and administrators' routes need."""
        return Deps(
            accounts=self.accounts,
            access=self.access,
            tickets=self.tickets,
            conversations=self.conversations,
            deliveries=self.deliveries,
            shares=self.shares,
            overview=Overview(self.engine),
            today=self.today,
            bus=self.bus,
            indexer=self.indexer,
            store=self.store,
            audit=self.audit,
            clock=self.clock,
            public_url=self.settings.base_url,
            uploads=self.settings.home / "uploads",
            upload_limit=self.settings.upload_limit_mb * 1_000_000,
            invitation=_invitation,
            worded=worded_for,
            ice_servers=self.settings.ice,
            publication=self.publication,
            kept=self.kept,
            wording=self.wording,
            replays=self.replays,
            answer=lambda asked: self.answer(asked),
        )

    # the bot

    @cached_property
    def dialogue(self) -> Dialogue:
        return Dialogue(self.answer, self.settings.centre)

    @cached_property
    def inbox(self) -> Inbox:
        parts = (self.conversations, self.tickets, self.dialogue, self.bus)
        return Inbox(InboxParts(*parts, answered=self._answered, rated=steering.ratings(self.audit, self.metrics)))

    def _answered(self, outcome: Outcome, asked: Sequence[int], seconds: float) -> dict[str, Any]:
        """Count the outcome of a question and return the record of it."""
        self.metrics.answered(outcome, seconds)
        return self.records.of(outcome, asked)

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
    def reading(self) -> DocumentSources:
        """The parts that documents' public pages are made from."""
        return DocumentSources(self.store, self.accounts, self.kept, Pictures(), self.today)


def build(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    announce: Callable[[str], None] = log.info,
    parts: Replacements = NOTHING_REPLACED,
) -> Helpdesk:
    """Return the helpdesk for these settings. Makes the home folder and connects to nothing yet.

    `announce` is told what takes long.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Helpdesk(settings, clock, announce, parts)


def _invitation(locale: Locale, url: str, minutes: int) -> str:
    return texts_for(locale).share_invitation.format(url=url, minutes=minutes)
