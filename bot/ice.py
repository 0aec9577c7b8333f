"""Reads STUN and TURN servers as an operator writes them and returns them as browsers take them."""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_URL = re.compile(
    r"(?P<scheme>stuns?|turns?):(?://)?(?:(?P<user>[^:@]+):(?P<password>[^@]+)@)?"
    r"(?P<rest>(?:[\w.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?(?:\?transport=(?:udp|tcp))?)"
)
_Address = Annotated[str, Field(pattern=r"^(stun|turn)s?:[^@\s/]+$")]
_WRONG = (
    "not a list of STUN and TURN servers: write stun:host:3478,turn:user:password@host:3478, "
    'or JSON like [{"urls": "turn:host:3478", "username": "…", "credential": "…"}]'
)


class _Server(BaseModel):
    model_config = ConfigDict(extra="ignore")
    urls: _Address | list[_Address]
    username: str | None = None
    credential: str | None = None


def ice_servers(text: str) -> tuple[dict[str, Any], ...]:
    """Return RTCIceServer dictionaries (https://www.w3.org/TR/webrtc/#rtciceserver-dictionary).

    Raises ValueError, which says what is wrong.

    >>> ice_servers("turn:bob:s3cret@turn.example.org:3478?transport=udp")
    ({'urls': 'turn:turn.example.org:3478?transport=udp', 'username': 'bob', 'credential': 's3cret'},)
    """
    text = text.strip()
    if text.startswith("["):
        return _from_json(text)
    return tuple(_from_url(part.strip()) for part in text.split(",") if part.strip())


def _from_json(text: str) -> tuple[dict[str, Any], ...]:
    try:
        servers = tuple(_Server.model_validate(each).model_dump(exclude_none=True) for each in json.loads(text))
    except (ValueError, TypeError):
        raise ValueError(_WRONG) from None  # without the cause: it would repeat the credential
    return servers


def _from_url(url: str) -> dict[str, Any]:
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError(_WRONG)
    server = {"urls": f"{match['scheme']}:{match['rest']}"}
    if match["user"]:
        server |= {"username": match["user"], "credential": match["password"]}
    return server
