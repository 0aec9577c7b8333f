"""Turns errors at the edge into a status and one plain sentence, as a page or as JSON."""

import html
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from bot import sentences
from bot.request_guard import BodyTooLarge
from desk.errors import DeskError
from desk.web.statuses import Refusal, status_of
from knowledge.version import VersionError

log = logging.getLogger(__name__)

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{status}</title><main><h1>{sentence}</h1><p><a href="/">回到首页</a></p></main></html>"""


def told(request: Request, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Return the sentence as a page where a browser asked for one, else as JSON `{"error": …}`."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_PAGE.format(status=status, sentence=html.escape(sentence)), status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a sentence, never with a trace."""

    @app.exception_handler(DeskError)
    @app.exception_handler(VersionError)
    def _refused(request: Request, error: Refusal) -> Response:
        return told(request, status_of(error)[0], str(error))

    @app.exception_handler(HTTPException)
    def _http_error(request: Request, error: HTTPException) -> Response:
        own = error.detail if isinstance(error.detail, str) and not error.detail.isascii() else None
        sentence = own or sentences.BY_STATUS.get(error.status_code, sentences.BY_STATUS[400])
        return told(request, error.status_code, sentence, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return told(request, 422, sentences.BY_STATUS[422])

    @app.exception_handler(BodyTooLarge)
    def _too_large(request: Request, error: BodyTooLarge) -> Response:
        return told(request, 413, sentences.BY_STATUS[413])

    @app.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return told(request, 500, sentences.BY_STATUS[500])
