"""A chat model's server over real HTTP: the OpenAI chat completions protocol, with scripted answers and faults."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Says:
    """What one request gets: `text` in the protocol's form, or a fault.

    `status` above 299: an error of the protocol; `raw`: these bytes as a body instead; `hang`: seconds before anything;
    `pause`: seconds between pieces; `cut`: the connection ends after so many pieces; `stall`: nothing more comes after
    so many; `finish`: the finish reason; `extra`: further headers.
    """

    text: str = ""
    status: int = 200
    raw: bytes | None = None
    hang: float = 0.0
    pause: float = 0.0
    cut: int | None = None
    stall: int | None = None
    finish: str = "stop"
    streams: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass
class ChatApi:
    """The far end. `requests` and `headers` hold what was received, `script` the answers, the last of which repeats.

    `reply`, where it is set, makes the answer from the request instead.
    """

    script: deque[Says] = field(default_factory=deque)
    models: list[str] = field(default_factory=list)  # without any, there is no list of them either
    reply: Callable[[dict[str, Any]], Says] | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __enter__(self) -> "ChatApi":
        self._ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def says(self, *script: Says | str) -> None:
        """From now on."""
        self.script = deque(each if isinstance(each, Says) else Says(each) for each in script)

    def next(self) -> Says:
        return self.script.popleft() if len(self.script) > 1 else self.script[0]

    def wait(self, seconds: float) -> None:
        """Sleep, but not past the end of the test."""
        self._ended.wait(seconds)


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A caller that hung up is no news."""


def _handler(server: ChatApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = {"object": "list", "data": [{"id": model, "object": "model"} for model in server.models]}
            self._whole(Says(status=200 if server.models else 404), json.dumps(known).encode())

        def do_POST(self) -> None:
            server.headers.append(dict(self.headers.items()))
            request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            server.requests.append(request)
            answer = server.reply or (lambda _: server.next())
            said = answer(request) if self.path == "/v1/chat/completions" else Says(status=404)
            server.wait(said.hang)
            try:
                self._answer(said, request)
            except OSError:  # the caller hung up
                self.close_connection = True

        def _answer(self, said: Says, request: dict[str, Any]) -> None:
            if said.raw is not None:
                self._whole(said, said.raw)
            elif said.status > 299:
                error = {"message": "scripted", "type": "server_error", "code": None}
                self._whole(said, json.dumps({"error": error}).encode())
            elif request.get("stream") and said.streams:
                self._stream(said)
            else:
                self._whole(said, json.dumps(completion(said)).encode())

        def _whole(self, said: Says, content: bytes) -> None:
            self.send_response(said.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for header in said.extra.items():
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(content[: said.cut])
            self.close_connection = said.cut is not None

        def _stream(self, said: Says) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for sent, event in enumerate(events(said)):
                if sent == said.cut:
                    break
                if sent == said.stall:
                    server.wait(60)
                self.wfile.write(f"data: {event}\n\n".encode())
                server.wait(said.pause)
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    return Handler


def completion(said: Says) -> dict[str, Any]:
    """The body of an answer in one piece."""
    message = {"role": "assistant", "content": said.text}
    choice = {"index": 0, "message": message, "finish_reason": said.finish}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def events(said: Says) -> Iterator[str]:
    """The events of an answer in pieces of a few characters, or of 64 KB where it is long."""
    size = 4 if len(said.text) < 10_000 else 65_536
    yield _event({"role": "assistant", "content": ""}, None)
    for i in range(0, len(said.text), size):
        yield _event({"content": said.text[i : i + size]}, None)
    yield _event({}, said.finish)
    yield "[DONE]"


def _event(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "c1", "object": "chat.completion.chunk", "created": int(time.time()), "model": "m"}
    return json.dumps({**head, "choices": [choice]}, ensure_ascii=False)
