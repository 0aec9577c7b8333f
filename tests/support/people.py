"""People at a running service without a browser: staff who sign in, and an applicant who asks."""

import json
import re
import secrets
import time
from pathlib import Path
from typing import Any

import httpx

OWN_PASSWORD = "quiet river 77"


class Staff(httpx.Client):
    """Somebody signed in by a one-time password, which is changed at once as the pages demand."""

    def __init__(self, url: str, name: str, password: str) -> None:
        super().__init__(base_url=url, headers={"Origin": url}, timeout=120)
        at = self._submit("/desk/sign-in", name=name, password=password)
        if at == "/desk/password":
            assert self.get("/desk").headers["location"] == "/desk/password", "nothing before the change"
            at = self._submit("/desk/password", old=password, new=OWN_PASSWORD, again=OWN_PASSWORD)
        assert at == "/desk", at
        self.headers["X-CSRF-Token"] = _field(r'name="csrf" content="([^"]+)"', self.get("/desk").text)

    def _submit(self, page: str, **fields: str) -> str:
        token = _field(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        return self.post(page, data={**fields, "csrf_token": token}).headers.get("location", "")

    def upload(self, name: str, content: bytes | Path) -> httpx.Response:
        """Take a file in, not indexed yet."""
        if isinstance(content, bytes):
            return self.post("/admin/files", params={"name": name}, content=content)
        with content.open("rb") as file:
            return self.post("/admin/files", params={"name": name}, content=file)

    def index(self, *names: str) -> dict[str, Any]:
        """Have uploaded files read into drafts; the report."""
        lines = self.post("/admin/files/read", json={"files": names}).text.splitlines()
        report: dict[str, Any] = json.loads(lines[-1])
        return report

    def publish(self, *versions: str) -> None:
        """Make drafts live."""
        answer = self.post("/admin/versions/publish", json={"versions": versions})
        assert answer.status_code == 200, answer.text


def _field(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, page
    return found.group(1)


def one_time_password(printed: str, name: str) -> str:
    """As `laofashi demo` printed it."""
    return _field(rf"{name} / (\S+)", printed)


class Asker(httpx.Client):
    """An applicant in the web chat; his cookie outlives the service."""

    def __init__(self, url: str) -> None:
        super().__init__(base_url=url, headers={"Origin": url}, timeout=60)
        self.get("/")

    def say(self, text: str) -> httpx.Response:
        return self.post("/chat/messages", json={"client_message_id": secrets.token_hex(8), "text": text})

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/chat/messages", params={"after": after}).json()["messages"]
        return found

    def asked(self, text: str, seconds: float = 30) -> dict[str, Any]:
        """What the bot answers."""
        after, give_up = self.say(text).json()["id"], time.monotonic() + seconds
        while time.monotonic() < give_up:
            for message in self.messages(after):
                if message["sender"] != "applicant":
                    return message
            time.sleep(0.1)
        raise AssertionError(f"no answer within {seconds} s")
