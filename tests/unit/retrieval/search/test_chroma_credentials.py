"""What stands before @ in CHROMA_URL reaches the proxy that guards Chroma."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from retrieval.search.connect import connect_vectors
from retrieval.search.vectors import Unreachable


class Door(HTTPServer):
    """Lets nobody in and remembers what each caller showed."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Refusal)
        self.shown: list[str | None] = []


class Refusal(BaseHTTPRequestHandler):
    """401 for everything."""

    server: Door

    def do_GET(self) -> None:
        self.server.shown.append(self.headers["Authorization"])
        self.send_response(401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as door:
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        yield door
        door.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("", None),
        (":t0ken%21@", "Bearer t0ken!"),
        ("desk:pass%3Aword@", "Basic " + b64encode(b"desk:pass:word").decode()),
    ],
)
def test_credentials_of_the_url_are_shown(door: Door, before: str, shown: str | None, tmp_path: Path) -> None:
    vectors = connect_vectors(f"http://{before}127.0.0.1:{door.server_port}", tmp_path)
    with pytest.raises(Unreachable) as refused:
        vectors.names()
    assert set(door.shown) == {shown}
    assert "t0ken" not in str(refused.value)
