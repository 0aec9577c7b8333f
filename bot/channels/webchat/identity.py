"""Tells who writes in the web chat: an anonymous applicant, known by a random cookie in his browser."""

import hashlib
import re
import secrets
from collections.abc import Mapping

from starlette.responses import Response

COOKIE = "laofashi_applicant"
YEAR = 365 * 24 * 3600
TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")  # 256 bits, base64url


def applicant_key(cookies: Mapping[str, str]) -> str | None:
    """Return the applicant's database key. It is a hash of his token, so that a copied database opens no chat."""
    token = cookies.get(COOKIE, "")
    return hashlib.sha256(token.encode()).hexdigest() if TOKEN.match(token) else None


def remember(response: Response, cookies: Mapping[str, str], *, secure: bool, embedded: bool = False) -> None:
    """Give a browser without a token a new one. A browser with a token keeps it. Both last a year from now.

    Browsers do not send a Lax cookie inside another site's page. There the cookie is `None; Partitioned` (CHIPS),
    which gives one chat per embedding site and no tracking across sites. Browsers take that over https only. Over
    http the cookie stays Lax, and the widget works only on pages of the same site.
    """
    token = cookies.get(COOKIE, "")
    if not TOKEN.match(token):
        token = secrets.token_urlsafe(32)
    reach = "SameSite=None; Partitioned" if embedded and secure else "SameSite=Lax"
    parts = [f"{COOKIE}={token}", "Path=/", f"Max-Age={YEAR}", "HttpOnly", reach] + (["Secure"] if secure else [])
    response.headers.append("set-cookie", "; ".join(parts))
