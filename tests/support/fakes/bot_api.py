"""A Telegram Bot API server over real HTTP: updates are pushed by tests, sends are recorded, faults are scripted."""

import json
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "123456:fake-token-of-tests"
BOT = {"id": 123456, "is_bot": True, "first_name": "laofashi", "username": "laofashi_bot"}


@dataclass(frozen=True)
class Fault:
    """What one call of a method gets instead of its answer.

    `accepted`: the call takes effect all the same; `hang`: seconds before the answer; `status` 0 drops the connection,
    200 answers as if nothing were wrong.
    """

    status: int = 0
    description: str = ""
    retry_after: int = 0
    hang: float = 0.0
    accepted: bool = False

    @property
    def payload(self) -> dict[str, Any]:
        parameters = {"parameters": {"retry_after": self.retry_after}} if self.retry_after else {}
        return {"ok": False, "error_code": self.status, "description": self.description, **parameters}


TOO_MANY = Fault(429, "Too Many Requests: retry after 1", retry_after=1)
BLOCKED = Fault(403, "Forbidden: bot was blocked by the user")
BROKEN = Fault(500, "Internal Server Error")
DROPPED_AFTER_ACCEPTING = Fault(accepted=True)
SLOW = Fault(200, hang=1.5, accepted=True)


@dataclass
class BotApi:
    """The far end of Telegram. `sent` holds the parameters of accepted sendMessage calls, in order."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    token: str = TOKEN
    _updates: deque[dict[str, Any]] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _next: int = 1000

    def __enter__(self) -> "BotApi":
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def say(self, chat: int, text: str | None, **message: Any) -> int:
        """An applicant writes; returns the update's id. `text` None sends what `message` holds (a photo, say)."""
        sender = {"id": chat, "is_bot": False, "first_name": f"申请人{chat}", "language_code": "zh-hans"}
        with self._changed:
            number = self._next
            body: dict[str, Any] = {"message_id": number, "date": int(time.time()), "from": sender}
            body |= {"chat": {"id": chat, "type": "private"}, **({"text": text} if text is not None else {}), **message}
            return self._push({"message": body})

    def press(self, chat: int, value: str) -> int:
        """An applicant presses an inline button whose callback data is `value`."""
        sender = {"id": chat, "is_bot": False, "first_name": f"申请人{chat}", "language_code": "zh-hans"}
        with self._changed:
            message = {"message_id": 1, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "text": "…"}
            query = {"id": f"q{self._next}", "from": sender, "chat_instance": "1", "data": value, "message": message}
            return self._push({"callback_query": query})

    def _push(self, update: dict[str, Any]) -> int:
        update["update_id"] = self._next
        self._next += 1
        self._updates.append(update)
        self._changed.notify_all()
        return int(update["update_id"])

    @property
    def pending(self) -> int:
        """Updates nobody has confirmed yet."""
        return len(self._updates)

    def texts(self, chat: int) -> list[str]:
        """What a chat was sent."""
        return [call["text"] for call in list(self.sent) if int(call["chat_id"]) == chat]

    def wait(self, condition: Any, seconds: float = 15.0) -> None:
        """Until `condition()` holds; AssertionError after `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s; sent so far: {self.sent[-5:]}"
            time.sleep(0.02)

    def answer(self, method: str, given: dict[str, Any]) -> Any:
        """The result of a method."""
        if method == "getUpdates":
            return self._get_updates(int(given.get("offset", 0)), float(given.get("timeout", 0)))
        if method == "sendMessage":
            return self._send_message(given)
        return BOT if method == "getMe" else True

    def _get_updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        with self._changed:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            if not self._updates:
                self._changed.wait(min(timeout, 2.0))
            return list(self._updates)[:100]

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        with self._changed:
            self.sent.append(given)
            number = len(self.sent)
        chat = {"id": int(given["chat_id"]), "type": "private"}
        return {"message_id": number, "date": int(time.time()), "chat": chat, "text": given["text"]}


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A caller that was killed is no news."""


def _handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(length)
            if len(raw) < length:  # the caller died while writing: nothing was asked
                self.close_connection = True
                return
            token, _, method = self.path.removeprefix("/bot").partition("/")
            given = _parameters(raw, self.headers.get("Content-Type", ""))
            api.calls.append((method, given))
            if token != api.token:
                self._send(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            elif api.faults[method]:
                self._fail(api.faults[method].popleft(), method, given)
            else:
                self._send(200, {"ok": True, "result": api.answer(method, given)})

        def _fail(self, fault: Fault, method: str, given: dict[str, Any]) -> None:
            result = api.answer(method, given) if fault.accepted else None
            time.sleep(fault.hang)
            if fault.status == 200:
                self._send(200, {"ok": True, "result": result})
            elif fault.status:
                self._send(fault.status, fault.payload)
            else:
                self.close_connection = True

        def _send(self, status: int, payload: dict[str, Any]) -> None:
            content = json.dumps(payload).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the caller was killed
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    return Handler


def _parameters(raw: bytes, content_type: str) -> dict[str, Any]:
    if "json" in content_type:
        return dict(json.loads(raw))
    return dict(parse_qsl(raw.decode()))
