"""Whose pages may open sockets and change things: our own, by the public address or by the host they were sent to."""

import pytest

from desk.web.origin import same_origin

PUBLIC = "https://help.example:8443"


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("https://help.example:8443", "127.0.0.1:8700", True),  # a proxy changed the Host header
        ("HTTPS://Help.Example:8443", "127.0.0.1:8700", True),
        ("http://127.0.0.1:8700", "127.0.0.1:8700", True),
        ("https://desk.example", "Desk.Example", True),
        ("http://help.example:8443", "127.0.0.1:8700", False),  # another scheme is another origin
        ("https://help.example", "127.0.0.1:8700", False),
        ("https://evil.example", "help.example:8443", False),
        ("null", "help.example:8443", False),
        ("", "help.example:8443", False),
    ],
)
def test_a_page_is_ours_by_the_public_address_or_by_its_host(origin: str, host: str, ours: bool) -> None:
    assert same_origin({"origin": origin, "host": host}, PUBLIC) is ours


def test_a_request_that_names_no_origin_is_no_page_of_ours() -> None:
    assert not same_origin({"host": "help.example:8443"}, PUBLIC)
