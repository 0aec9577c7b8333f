"""What every request passes on its way in and out: known host, own origin, bounded body, security headers."""

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL_BODY = 1_000_000  # bytes; everything but an administrator's upload is far below
LARGE = ("/admin", "/local")  # paths whose bodies may be as large as the upload limit: files, batches of questions
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_CONTENT = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'"


class BodyTooLarge(Exception):
    """内容太大，没有接收。"""


class Guard:
    """ASGI middleware. `hosts`: names answered to, without port; `embedders`: sites that may frame applicant pages;
    `upload_limit` in bytes; `public`: name and port applicants' browsers see, where a proxy changes the Host header."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], public: str, embedders: Iterable[str], upload_limit: int
    ) -> None:
        self._app, self._hosts, self._public, self._upload_limit = app, frozenset(hosts), public, upload_limit
        self._ancestors = " ".join(["'self'", *embedders])

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
            return 400, "请求的网址不是本站。"
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        origin = headers.get("origin")
        if (
            changes
            and origin is not None
            and urlsplit(origin).netloc.lower()
            not in (
                headers.get("host", "").lower(),
                self._public,
            )
        ):
            return 403, "请求来自别的网站，没有接受。"
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        embeddable = not scope["path"].startswith(("/desk", "/admin", "/room"))
        ancestors = self._ancestors if embeddable else "'none'"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", f"{_CONTENT}; frame-ancestors {ancestors}")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
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
    """The name in a Host header: `[::1]:8700` and `Example.org:443` without port, in lower case."""
    return (urlsplit(f"//{host}").hostname or "").lower()
