"""Errors at the edge: what went wrong becomes a status and one plain sentence, as a page or as JSON."""

import html
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.guard import BodyTooLarge
from desk import errors

log = logging.getLogger(__name__)

STATUS: dict[type[errors.DeskError], int] = {
    errors.NotFound: 404,
    errors.AlreadyClaimed: 409,
    errors.StaleOwner: 409,
    errors.WrongState: 409,
    errors.SignInRefused: 401,
    errors.TooManyAttempts: 429,
    errors.TooLong: 413,
}
SENTENCES = {
    400: "请求的内容不完整。",
    401: "请先登录。",
    403: "您不能做这个操作。",
    404: "没有找到这个页面。",
    405: "这个网址不接受这样的请求。",
    413: "内容太大，没有接收。",
    422: "请求的内容不对。",
    429: "请求太频繁，请稍后再试。",
    500: "出了点问题，已经记录下来。请稍后再试。",
}
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{status}</title><main><h1>{sentence}</h1><p><a href="/">回到首页</a></p></main></html>"""


def status_of(error: errors.DeskError) -> int:
    """The HTTP status of a desk error; 400 for one this list does not know."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def told(request: Request, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """The sentence as a page where a browser asked for one, else as JSON `{"error": …}`."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_PAGE.format(status=status, sentence=html.escape(sentence)), status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a sentence, never with a trace."""

    @app.exception_handler(errors.DeskError)
    def _desk_error(request: Request, error: errors.DeskError) -> Response:
        return told(request, status_of(error), str(error))

    @app.exception_handler(HTTPException)
    def _http_error(request: Request, error: HTTPException) -> Response:
        own = error.detail if isinstance(error.detail, str) and not error.detail.isascii() else None
        sentence = own or SENTENCES.get(error.status_code, SENTENCES[400])
        return told(request, error.status_code, sentence, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return told(request, 422, SENTENCES[422])

    @app.exception_handler(BodyTooLarge)
    def _too_large(request: Request, error: BodyTooLarge) -> Response:
        return told(request, 413, SENTENCES[413])

    @app.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return told(request, 500, SENTENCES[500])
