"""The web chat's routes: the applicant's page, the embeddable widget, the socket, and plain requests instead of it."""

import mimetypes
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.websockets import WebSocket

from bot.channels.webchat.exchange import Exchange, WebChat
from bot.channels.webchat.frames import RefusedFrame, frame_json, message_frame, message_id_of, read_say
from bot.channels.webchat.identity import applicant_key, remember
from bot.channels.webchat.socket import serve
from bot.dialogue.texts import texts_for
from bot.page_files import CHAT, PAGES, page_files
from desk.web.headers import NONE, SELF, asset_headers, chat_page, page_headers
from desk.web.origin import same_origin

LARGEST_BODY = 1_000_000  # bytes of a posted message; far above the longest text, so too long a text gets its sentence
STATUS = {"too_fast": 429, "not_stored": 503}
FOREVER = "public, max-age=31536000, immutable"


def router(chat: WebChat) -> APIRouter:
    """Return every route that an applicant's browser uses: `/`, `/widget.js`, `/chat/…`."""
    routes = APIRouter(include_in_schema=False)
    exchange = Exchange(chat)
    _add_pages(routes, chat)
    _add_messages(routes, exchange)

    @routes.websocket("/chat/ws")
    async def socket(websocket: WebSocket) -> None:
        await serve(websocket, exchange)

    return routes


def _add_pages(routes: APIRouter, chat: WebChat) -> None:
    served = page_files("chat", CHAT)
    widget = (PAGES / "chat" / "widget.js").read_bytes()
    environment = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("chat/chat.html")

    def page(request: Request, embedded: bool) -> Response:
        html = template.render(
            assets=f"/chat/assets/{served.version}",
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

    @routes.get("/chat/assets/{asked}/{name:path}")
    def asset(asked: str, name: str) -> Response:
        if name not in served.files:
            return Response(status_code=404)
        caching = FOREVER if asked == served.version else "no-cache"  # otherwise a page of another version asks
        return _file(name, served.files[name], caching)

    @routes.get("/widget.js")
    def widget_script() -> Response:
        response = _file("widget.js", widget, "public, max-age=3600")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def _file(name: str, content: bytes, caching: str) -> Response:
    media_type = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
    return Response(content, media_type=media_type, headers=asset_headers(caching))


def _page_headers(embedders: tuple[str, ...]) -> dict[str, str]:
    return page_headers(chat_page(" ".join((SELF, *embedders)) if embedders else NONE))


def _add_messages(routes: APIRouter, exchange: Exchange) -> None:
    @routes.get("/chat/messages")
    async def messages(
        request: Request, after: Annotated[int, Query(ge=0, lt=2**63)] = 0, locale: str = "zh"
    ) -> Response:
        key = applicant_key(request.cookies)
        if key is None:
            return _told(RefusedFrame("no_cookie", texts_for("en" if locale.startswith("en") else "zh").no_cookie), 401)
        glance = await anyio.to_thread.run_sync(exchange.look, key, after)
        told = [frame_json(message_frame(each)) for each in glance.messages]
        return _json({"messages": told, "state": frame_json(glance.state)})

    @routes.post("/chat/messages")
    async def say(request: Request) -> Response:
        key = applicant_key(request.cookies)
        if key is None:
            return _told(RefusedFrame("no_cookie", texts_for("zh").no_cookie), 401)
        if not same_origin(request.headers, exchange.chat.public_url):
            return _told(RefusedFrame("not_ours", texts_for("zh").not_ours), 403)
        body = await _body(request)
        said = read_say(body)
        if said is None:
            return _told(RefusedFrame("unreadable", texts_for("zh").unreadable, message_id_of(body)), 422)
        outcome = await anyio.to_thread.run_sync(exchange.say, key, said)
        return (
            _told(outcome, STATUS.get(outcome.reason, 422))
            if isinstance(outcome, RefusedFrame)
            else _json(frame_json(outcome))
        )


async def _body(request: Request) -> bytes:
    """Return the request's body, or b"" where it is larger than any message."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            return b""
    return body


def _told(refused: RefusedFrame, status: int) -> Response:
    return _json(frame_json(refused), status)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})
