"""A chat model that puts found clauses into plain language; whatever goes wrong, the clause's own words remain."""

import asyncio
import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anyio import to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal

from retrieval.model import Citation, Passage
from retrieval.phrasing.injection import speaks_to_model
from retrieval.phrasing.prompt import OPINION, RULES, Phrased, agreed, checked, evidence, opinion, prompt

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI


log = logging.getLogger(__name__)

MAX_CHARACTERS = 2000  # of a model's answer; the rest is not waited for
FAILURES = 3  # in a row, after which the model is left alone
PAUSE = 60.0  # seconds it is left alone
_FINISHED = ("stop", "length")
_THOUGHTS = re.compile(r"^.*</think>", re.DOTALL)


@dataclass(frozen=True)
class ChatServer:
    """An OpenAI-compatible server: base URL ending in /v1, the model's name there, the key if it wants one.

    `second_opinion`: the model is asked once more whether its sentences follow from what they cite.
    """

    url: str
    model: str
    key: str | None = None
    second_opinion: bool = False


class ChatPhraser:
    """Asks a chat model and keeps what the citations support; safe to use from several threads.

    `timeout` is the wall time in seconds for a whole answer with its second opinion, however slowly it trickles in.
    A model that failed three times in a row is left alone for a minute, so that a dead one does not make every
    applicant wait. Nothing is connected or imported before the first question.
    """

    def __init__(
        self, server: ChatServer, timeout: float = 8.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._chat, self._timeout, self._monotonic = Chat(server, timeout), timeout, monotonic
        self._second_opinion = server.second_opinion
        self._lock, self._open = threading.Lock(), ExitStack()
        self._portal: BlockingPortal | None = None
        self._failures, self._resting_until = 0, float("-inf")

    def phrase(self, question: str, passages: Sequence[Passage], citations: Sequence[Citation]) -> Phrased | None:
        """See `Phraser`."""
        if not citations or self._monotonic() < self._resting_until:
            return None
        try:
            held = [evidence(citation, passages) for citation in citations]
            if any(map(speaks_to_model, (question, *(f"{each.names}\n{each.text}" for each in held)))):
                log.info("a question or passage speaks to the chat model: it is not asked")
                return None
            until = self._monotonic() + self._timeout
            phrased = checked(self._ask(prompt(question, held), RULES, until), held, citations)
            if phrased and self._second_opinion and not agreed(self._ask(opinion(phrased, passages), OPINION, until)):
                phrased = None
            self._failures = 0
            return phrased
        except Exception as error:  # whatever it was, the clause's own words remain
            self._note(error)
            return None

    def close(self) -> None:
        """End the connections and the thread that holds them; safe to call twice."""
        with self._lock:
            if self._portal:
                self._portal.call(self._chat.close)
            self._portal = None
            self._open.close()

    def _note(self, error: Exception) -> None:
        log.warning("the chat model gave no answer: %s", type(error).__name__)
        self._failures += 1
        if self._failures >= FAILURES:
            self._failures, self._resting_until = 0, self._monotonic() + PAUSE

    def _ask(self, prompt: str, rules: str, until: float) -> str:
        left = until - self._monotonic()
        with self._lock:
            if self._portal is None:
                self._portal = self._open.enter_context(start_blocking_portal(name="chat-model"))
            future = self._portal.start_task_soon(self._chat.answer, prompt, rules, left)
        try:
            return future.result(left + 0.5)  # the chat's own deadline comes first, unless its loop is stuck
        finally:
            future.cancel()


class Unfinished(Exception):
    """The model stopped without saying that it was done."""


class Chat:
    """A chat model behind LangChain, used from one event loop; `timeout` in seconds for a whole answer."""

    def __init__(self, server: ChatServer, timeout: float) -> None:
        self._server, self._timeout, self._streams = server, timeout, True

    async def answer(self, prompt: str, rules: str = RULES, seconds: float | None = None) -> str:
        """Return at most MAX_CHARACTERS of what the model says. Raises if the answer is late, broken or unfinished."""
        async with asyncio.timeout(self._timeout if seconds is None else seconds):
            model = await to_thread.run_sync(lambda: self._model, abandon_on_cancel=True)
            from langsmith import tracing_context

            with tracing_context(enabled=False):  # LangChain sends questions away if its variables say so
                return _THOUGHTS.sub("", await self._said(model, [("system", rules), ("human", prompt)]))

    async def _said(self, model: "ChatOpenAI", messages: list[tuple[str, str]]) -> str:
        try:
            if self._streams:
                return await _streamed(model, messages)
        except ValueError:  # no events: the server does not stream, so it is asked for the whole answer
            log.info("the chat model does not stream")
        whole = await model.ainvoke(messages)
        self._streams = False
        if whole.response_metadata.get("finish_reason") not in _FINISHED:
            raise Unfinished
        return str(whole.text)[:MAX_CHARACTERS]

    async def close(self) -> None:
        """Close the connections."""
        if "_model" in self.__dict__:
            await self.__dict__.pop("_model").http_async_client.aclose()

    @cached_property
    def _model(self) -> "ChatOpenAI":
        from langchain_openai import ChatOpenAI  # costs a second and 60 MB, which a helpdesk without a model saves
        from openai import DefaultAsyncHttpxClient
        from pydantic import SecretStr

        return ChatOpenAI(
            base_url=self._server.url,
            model=self._server.model,
            api_key=SecretStr(self._server.key or "none"),
            http_async_client=DefaultAsyncHttpxClient(timeout=self._timeout),  # LangChain's own outlives its loop
            default_headers={"Connection": "close"},  # the other end may close one that is kept open
            temperature=0,
            max_retries=0,
            timeout=self._timeout,
            stream_usage=False,
        )


async def _streamed(model: "ChatOpenAI", messages: list[tuple[str, str]]) -> str:
    said, finished = "", False
    async with aclosing(model.astream(messages)) as pieces:  # type: ignore[type-var]
        async for piece in pieces:
            said += str(piece.text)
            finished = finished or piece.response_metadata.get("finish_reason") in _FINISHED
            if len(said) > MAX_CHARACTERS:
                return said[:MAX_CHARACTERS]
    if not finished:
        raise Unfinished
    return said
