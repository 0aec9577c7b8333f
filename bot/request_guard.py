"""Checks every request on its way in and out: known host, own origin, bounded body, security headers."""

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import sentences
from desk.web.headers import NONE, SELF, fallback_headers
from desk.web.origin import same_origin

SMALL_BODY = 1_000_000  # bytes; every body but an administrator's upload is far smaller
LARGE = ("/admin", "/local")  # paths whose bodies may be as large as the upload limit: files, batches of questions
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class BodyTooLarge(Exception):
    """内容太大，没有接收。"""


class RequestGuard:
    """ASGI middleware that refuses requests and adds security headers.

    `hosts` are the host names that are answered, without port. `embedders` are the sites that may frame applicants'
    pages. `public_url` is the address that browsers see; it counts where a proxy changes the Host header.
    `upload_limit` is in bytes.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], public_url: str, embedders: Iterable[str], upload_limit: int
    ) -> None:
        self._app, self._hosts, self._public_url, self._upload_limit = app, frozenset(hosts), public_url, upload_limit
        self._ancestors = " ".join([SELF, *embedders])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            return await _refuse(scope, receive, send, *refusal)
        if scope["type"] == "websocket":
            return await self._app(scope, receive, send)
        limit = self._upload_limit if scope["path"].startswith(LARGE) else SMALL_BODY
        if int(headers.get("content-length") or 0) > limit:
            return await _refuse(scope, receive, send, 413, BodyTooLarge.__doc__ or "")
        await self._app(scope, _bounded(receive, limit), self._with_headers(scope, send))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if _name(headers.get("host", "")) not in self._hosts:
            return 400, sentences.NOT_THIS_SITE
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if changes and "origin" in headers and not same_origin(headers, self._public_url):
            return 403, sentences.FROM_ANOTHER_SITE
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        embeddable = not scope["path"].startswith(("/desk", "/admin", "/room"))
        fallback = fallback_headers(self._ancestors if embeddable else NONE)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in fallback.items():
                    headers.setdefault(name, value)
            await send(message)

        return guarded


def _bounded(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        return message

    return bounded


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    await JSONResponse({"error": sentence, "message": sentence}, status)(scope, receive, send)


def _name(host: str) -> str:
    """Return the name in a Host header (`[::1]:8700`, `Example.org:443`) without port, in lower case."""
    return (urlsplit(f"//{host}").hostname or "").lower()
