"""Who is writing in the web chat: an anonymous applicant, known by a random cookie of his browser."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import Response

COOKIE = "laofashi_applicant"
YEAR = 365 * 24 * 3600
TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")  # 256 bits, base64url


def applicant_key(cookies: Mapping[str, str]) -> str | None:
    """The applicant's key in the database: a hash of his token, so that a copy of the database opens no chat."""
    token = cookies.get(COOKIE, "")
    return hashlib.sha256(token.encode()).hexdigest() if TOKEN.match(token) else None


def remember(response: Response, cookies: Mapping[str, str], *, secure: bool, embedded: bool = False) -> None:
    """Give a browser that has none its token, for a year; one that has a token keeps it, for a year from now.

    Inside another site's page a Lax cookie is not sent, so there it is `None; Partitioned` (CHIPS): one chat per
    embedding site, and no tracking across sites. Browsers take that over https only; over http it stays Lax, and the
    widget works for pages of the same site alone.
    """
    token = cookies.get(COOKIE, "")
    if not TOKEN.match(token):
        token = secrets.token_urlsafe(32)
    reach = "SameSite=None; Partitioned" if embedded and secure else "SameSite=Lax"
    parts = [f"{COOKIE}={token}", "Path=/", f"Max-Age={YEAR}", "HttpOnly", reach] + (["Secure"] if secure else [])
    response.headers.append("set-cookie", "; ".join(parts))


def same_origin(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether a request comes from a page of ours: its Origin is the public address, or the host it was sent to.

    A browser always names the Origin of a WebSocket and of a POST, so none at all is not a page of ours either.
    """
    origin = headers.get("origin", "").lower()
    if not origin:
        return False
    ours = urlsplit(public_url)
    return (
        origin == f"{ours.scheme}://{ours.netloc}".lower() or urlsplit(origin).netloc == headers.get("host", "").lower()
    )
