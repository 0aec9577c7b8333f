"""The Telegram channel. It commits updates before it confirms them, and never repeats an uncertain send."""

import asyncio
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from fastapi import APIRouter, HTTPException, Request
from sqlalchemy.exc import InterfaceError, OperationalError
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import Message as TelegramMessage
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.push_channel import NotSent, SendRefused, Uncertain
from bot.dialogue.replies import plain_text
from desk.conversations.conversations import Conversations
from desk.errors import TooLong
from desk.message_body import NO_BODY, MessageBody
from desk.model import Locale, Message

log = logging.getLogger(__name__)
for _noisy in ("httpx", "telegram.ext.AIORateLimiter"):  # httpx logs the address of each request, which holds the token
    logging.getLogger(_noisy).setLevel(logging.WARNING if _noisy == "httpx" else logging.CRITICAL)

LONGEST = 4096  # UTF-16 code units of one message (https://core.telegram.org/bots/api#sendmessage)
LONGEST_BUTTON_VALUE = 64  # bytes of callback_data
_UPDATES = ["message", "callback_query"]
_POLL_SECONDS = 25
_LONGEST_REST = 30.0
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class TelegramAccess:
    """How to reach the Bot API. With `webhook_url` and `webhook_secret` updates are pushed, otherwise polled.

    `site` is the address under which applicants reach our own pages; "" where they cannot reach them.
    """

    token: str
    api: str = "https://api.telegram.org"
    webhook_url: str = ""
    webhook_secret: str = ""
    site: str = ""


class TelegramChannel:
    """The Telegram channel. `state` says in one sentence how it is; "" before the Bot API's first answer."""

    name = "telegram"

    def __init__(self, access: TelegramAccess, conversations: Conversations) -> None:
        self._access, self._conversations, self.state = access, conversations, ""
        api = access.api.rstrip("/")
        self._bot: ExtBot[Any] = ExtBot(
            access.token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=HTTPXRequest(connection_pool_size=16, read_timeout=20, write_timeout=20, connect_timeout=10),
            rate_limiter=AIORateLimiter(max_retries=0),
        )
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take updates in until cancelled. An unreachable Bot API is asked again and again."""
        await self._insist(self._bot.initialize)
        if self._access.webhook_url:
            await self._insist(self._set_webhook)
            await asyncio.Event().wait()
        await self._insist(self._bot.delete_webhook)
        await self._poll()

    async def close(self) -> None:
        """Close the connections. Call it only when nothing is being sent any more."""
        await self._bot.shutdown()

    async def _set_webhook(self) -> bool:
        access = self._access
        return await self._bot.set_webhook(
            access.webhook_url, secret_token=access.webhook_secret, allowed_updates=_UPDATES
        )

    async def _poll(self) -> None:
        offset: int | None = None  # None after a restart: after a quiet week, update ids begin again at a random number
        while True:
            ask = partial(self._bot.get_updates, offset, timeout=_POLL_SECONDS, allowed_updates=_UPDATES)
            for update in await self._insist(ask):
                await self._take(update)
                offset = update.update_id + 1

    async def _insist(self, ask: Callable[[], Any]) -> Any:
        """Call `ask` until the Bot API answers, with growing rests between the calls; return the result."""
        rest = 0.5
        while True:
            try:
                result = await ask()
            except TelegramError as error:
                rest = await self._rest(error, rest)
            else:
                self.state = "ok"
                return result

    async def _rest(self, error: TelegramError, rest: float) -> float:
        state = f"{type(error).__name__}: {error}".replace(self._access.token, "***")
        if state != self.state:
            log.warning("Telegram: %s", state)
        self.state = state
        await asyncio.sleep(_seconds(error) if isinstance(error, RetryAfter) else rest)
        return min(rest * 2, _LONGEST_REST)

    async def _take(self, update: Update) -> None:
        """Commit an update; wait while the database is away. Log and drop an update that can never be stored."""
        while True:
            try:
                await asyncio.to_thread(self._accept, update)
                break
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not take Telegram updates: %s", type(error).__name__)
                await asyncio.sleep(1)
            except Exception:
                log.exception("update %d cannot be stored", update.update_id)
                break
        if update.callback_query is not None:
            self._acknowledge(update.callback_query.id)

    def _acknowledge(self, query_id: str) -> None:
        """Stop the pressed button's spinner, in a task of its own; nothing depends on it."""

        async def acknowledge() -> None:
            try:
                await self._bot.answer_callback_query(query_id)
            except TelegramError as error:
                log.debug("a pressed button was not acknowledged: %s", type(error).__name__)

        task = asyncio.create_task(acknowledge())
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def _accept(self, update: Update) -> None:
        """Store what an applicant said or pressed. Ignore everything outside private chats."""
        message, query, user = update.message, update.callback_query, update.effective_user
        chat = update.effective_chat
        if user is None or chat is None or chat.type != "private":
            return
        locale: Locale = "en" if (user.language_code or "").startswith("en") else "zh"
        applicant = self._conversations.applicant(self.name, str(chat.id), user.full_name[:64], locale)
        if query is not None:
            self._conversations.accept(applicant, self._pressed(query.data or ""), f"q{query.id}")
        elif message is not None:
            text = message.text or message.caption or ""
            body = NO_BODY if message.text else MessageBody(unreadable=_kind(message))
            external_id = f"{chat.id}:{message.message_id}"
            try:
                self._conversations.accept(applicant, text, external_id, body)
            except TooLong:
                self._conversations.accept(applicant, text[:LONGEST], external_id, MessageBody(cut=len(text)))

    def _pressed(self, data: str) -> str:
        """Return the value of a pressed button. A value too long for Telegram was sent as `#<message>.<place>`."""
        if not data.startswith("#"):
            return data
        number, _, place = data[1:].partition(".")
        stored = self._conversations.message(int(number))
        return stored.body.buttons[int(place)].value

    async def send(self, key: str, message: Message) -> None:
        """Send a message in parts of at most 4096 UTF-16 units, with the buttons under the last part."""
        parts = split(plain_text(message.text, message.body, self._access.site))
        for number, part in enumerate(parts):
            keyboard = keyboard_of(message) if number == len(parts) - 1 else None
            try:
                await self._bot.send_message(int(key), part, reply_markup=keyboard)
            except TelegramError as error:
                raise _outcome(error, first=number == 0) from error

    def router(self) -> APIRouter:
        """Return the webhook's route. It answers 200 only after the update is on disk, and 403 without the secret."""
        router = APIRouter()

        @router.post("/telegram/webhook", include_in_schema=False)
        async def webhook(request: Request) -> dict[str, bool]:
            given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            secret = self._access.webhook_secret
            if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
                raise HTTPException(403)
            try:
                update = Update.de_json(await request.json(), self._bot)
            except ValueError as error:
                raise HTTPException(400) from error
            except (TypeError, KeyError, AttributeError):
                log.exception("an update is none, and is let go")
                return {"ok": False}
            await self._take(update)
            return {"ok": True}

        return router


def keyboard_of(message: Message) -> InlineKeyboardMarkup | None:
    """Return a message's buttons, two in a row; None where it has none."""
    buttons = [
        InlineKeyboardButton(each.label, callback_data=_callback_data(message.id, place, each.value))
        for place, each in enumerate(message.body.buttons)
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return InlineKeyboardMarkup(rows) if rows else None


def _callback_data(message_id: int, place: int, value: str) -> str:
    return value if len(value.encode()) <= LONGEST_BUTTON_VALUE else f"#{message_id}.{place}"


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Split `text` into parts of at most `longest` UTF-16 units, cut after a line or a sentence where possible."""
    parts = []
    while _units(text) > longest:
        end = _characters(text, longest)
        cut = max(text.rfind("\n", 0, end), text.rfind("。", 0, end)) + 1
        end = cut if cut > end // 2 else end
        parts.append(text[:end].rstrip("\n"))
        text = text[end:]
    return [*parts, text] if text.strip() or not parts else parts


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _characters(text: str, units: int) -> int:
    """Return how many characters of `text` fit into `units` UTF-16 units."""
    return len(text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore"))


def _kind(message: TelegramMessage) -> str:
    attachment = message.effective_attachment
    return type(attachment[0] if isinstance(attachment, tuple | list) else attachment).__name__.lower()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after  # a number or, where PTB_TIMEDELTA is set, a timedelta
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def _outcome(error: TelegramError, first: bool) -> Exception:
    """Return the exception for a failed send. Once the first part has gone, a new attempt would repeat that part."""
    why = f"{type(error).__name__}: {error}"
    if isinstance(error, BadRequest | Forbidden | ChatMigrated):
        return SendRefused(why)
    if not first:
        return Uncertain(f"only the beginning was sent; {why}")
    if isinstance(error, RetryAfter):
        return NotSent(why, _seconds(error))
    if isinstance(error, InvalidToken):
        return NotSent(why, 60)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _UNSENT):
        return NotSent(why)
    return Uncertain(why)
