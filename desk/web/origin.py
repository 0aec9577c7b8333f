"""Whether a request or socket comes from a page of our own: the one check for staff, applicants and everybody else."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def same_origin(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether the Origin header is the public address, or names the host that the request was sent to.

    A browser always names the Origin of a WebSocket and of a POST, so a request without one is from no page of ours.
    """
    origin = headers.get("origin", "").lower()
    if not origin:
        return False
    ours = urlsplit(public_url.lower())
    sent_to = headers.get("host", "").lower()
    return origin == f"{ours.scheme}://{ours.netloc}" or urlsplit(origin).netloc == sent_to
