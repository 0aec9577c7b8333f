"""The web chat's routes: the applicant's page, the embeddable widget, the socket, and plain requests in its place."""

import hashlib
import mimetypes
from pathlib import Path
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.websockets import WebSocket

from bot.channels.webchat_exchange import Exchange, WebChat
from bot.channels.webchat_frames import Refused, message_frame, message_id_of, read_say
from bot.channels.webchat_identity import applicant_key, remember, same_origin
from bot.channels.webchat_socket import serve
from bot.texts import texts_for

__all__ = ["WebChat", "router"]

PAGES = Path(__file__).parent.parent / "pages"
SERVED = ("bubbles.js", "chat.css", "chat.js", "early.js", "icon.svg", "line.js", "log.js", "outbox.js", "words.js")
LARGEST_BODY = 1_000_000  # bytes of a posted message; far above the longest, so that too long a text gets its sentence
STATUS = {"too_fast": 429, "not_stored": 503}
FOREVER = "public, max-age=31536000, immutable"


def router(chat: WebChat) -> APIRouter:
    """Every route an applicant's browser uses: `/`, `/widget.js`, `/chat/…`."""
    routes = APIRouter(include_in_schema=False)
    exchange = Exchange(chat)
    _add_pages(routes, chat)
    _add_messages(routes, exchange)

    @routes.websocket("/chat/ws")
    async def socket(websocket: WebSocket) -> None:
        await serve(websocket, exchange)

    return routes


def _add_pages(routes: APIRouter, chat: WebChat) -> None:
    assets = {name: (PAGES / name).read_bytes() for name in SERVED}
    version = hashlib.sha256(b"".join(assets.values())).hexdigest()[:16]
    widget = (PAGES / "widget.js").read_bytes()
    environment = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("chat.html")

    def page(request: Request, embedded: bool) -> Response:
        html = template.render(
            assets=f"/chat/assets/{version}",
            embedded=embedded,
            longest=chat.longest,
            quick_questions=chat.quick_questions,
        )
        response = HTMLResponse(html, headers=_page_headers(chat.widget_origins if embedded else ()))
        remember(response, request.cookies, secure=chat.secure_cookies, embedded=embedded)
        return response

    @routes.get("/")
    def chat_page(request: Request) -> Response:
        return page(request, embedded=False)

    @routes.get("/chat/embed")
    def embedded_page(request: Request) -> Response:
        return page(request, embedded=True)

    @routes.get("/chat/assets/{asked}/{name}")
    def asset(asked: str, name: str) -> Response:
        if name not in assets:
            return Response(status_code=404)
        return _file(name, assets[name], FOREVER if asked == version else "no-cache")  # a page of another version

    @routes.get("/widget.js")
    def widget_script() -> Response:
        response = _file("widget.js", widget, "public, max-age=3600")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def _file(name: str, content: bytes, caching: str) -> Response:
    media_type = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
    return Response(
        content, media_type=media_type, headers={"Cache-Control": caching, "X-Content-Type-Options": "nosniff"}
    )


def _page_headers(ancestors: tuple[str, ...]) -> dict[str, str]:
    frames = " ".join(("'self'", *ancestors)) if ancestors else "'none'"
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"form-action 'none'; base-uri 'none'; frame-ancestors {frames}"
        ),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _add_messages(routes: APIRouter, exchange: Exchange) -> None:
    @routes.get("/chat/messages")
    async def messages(
        request: Request, after: Annotated[int, Query(ge=0, lt=2**63)] = 0, locale: str = "zh"
    ) -> Response:
        key = applicant_key(request.cookies)
        if key is None:
            return _told(Refused("no_cookie", texts_for(locale).no_cookie), 401)
        glance = await anyio.to_thread.run_sync(exchange.look, key, after)
        return _json({"messages": [message_frame(each) for each in glance.messages], "state": glance.state.frame()})

    @routes.post("/chat/messages")
    async def say(request: Request) -> Response:
        key = applicant_key(request.cookies)
        if key is None:
            return _told(Refused("no_cookie", texts_for("zh").no_cookie), 401)
        if not same_origin(request.headers, exchange.chat.public_url):
            return _told(Refused("not_ours", texts_for("zh").not_ours), 403)
        body = await _body(request)
        said = read_say(body)
        if said is None:
            return _told(Refused("unreadable", texts_for("zh").unreadable, message_id_of(body)), 422)
        outcome = await anyio.to_thread.run_sync(exchange.say, key, said)
        return (
            _told(outcome, STATUS.get(outcome.reason, 422)) if isinstance(outcome, Refused) else _json(outcome.frame())
        )


async def _body(request: Request) -> bytes:
    """The request's body, or nothing where it is larger than any message."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            return b""
    return body


def _told(refused: Refused, status: int) -> Response:
    return _json(refused.frame(), status)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})
