"""A policy allows what it names and nothing else; every kind of answer carries its security headers."""

from desk.web import headers


def rules(policy: str) -> dict[str, str]:
    return {name: sources for name, _, sources in (each.partition(" ") for each in policy.split("; "))}


def test_a_policy_allows_nothing_but_what_it_names() -> None:
    none = dict.fromkeys(("default-src", "base-uri", "form-action"), "'none'")
    assert rules(headers.policy()) == none
    assert rules(headers.policy(img_src=headers.SELF, sandbox="")) == {**none, "img-src": "'self'", "sandbox": ""}


def test_nothing_in_a_file_that_was_put_in_runs() -> None:
    for policy in (headers.ORIGINAL, headers.PDF_ORIGINAL, headers.FRAMED_ORIGINAL):
        assert {"script-src", "connect-src", "frame-src"}.isdisjoint(rules(policy)), "the default, none, holds"
    assert "sandbox" in rules(headers.ORIGINAL)
    assert "sandbox" in rules(headers.FRAMED_ORIGINAL)


def test_only_the_chat_may_be_framed_by_other_sites() -> None:
    asked = {"desk": headers.STAFF_PAGE, "document": headers.DOCUMENT_PAGE, "original": headers.ORIGINAL}
    assert {rules(policy)["frame-ancestors"] for policy in asked.values()} == {"'none'"}
    assert rules(headers.chat_page("'self' https://gov.example"))["frame-ancestors"] == "'self' https://gov.example"


def test_every_answer_says_that_a_file_is_what_it_is_called() -> None:
    for given in (
        headers.staff_page_headers(),
        headers.page_headers(headers.DOCUMENT_PAGE),
        headers.original_headers(headers.ORIGINAL, "no-store"),
        headers.asset_headers("no-cache"),
        headers.fallback_headers(headers.NONE),
    ):
        assert given["X-Content-Type-Options"] == "nosniff"
