"""The security headers of everything that is sent: what a page may load and run, and what a browser may keep."""

SELF, NONE = "'self'", "'none'"
NOSNIFF = {"X-Content-Type-Options": "nosniff"}  # a file is what we say it is, whatever it looks like


def policy(**sources: str) -> str:
    """A Content-Security-Policy that allows nothing but these: `img_src=SELF` lets pictures of our own through."""
    rules = {"default_src": NONE, "base_uri": NONE, "form_action": NONE, **sources}
    return "; ".join(f"{name.replace('_', '-')} {allowed}".rstrip() for name, allowed in rules.items())


_OWN = {"script_src": SELF, "style_src": SELF}
STAFF_PAGE = policy(
    **_OWN,
    img_src="'self' data:",
    connect_src=SELF,
    media_src="'self' blob:",
    frame_src=SELF,
    form_action=SELF,
    frame_ancestors=NONE,
)
DOCUMENT_PAGE = policy(**_OWN, img_src=SELF, frame_src=SELF, frame_ancestors=NONE)
_ORIGINAL = {"style_src": "'unsafe-inline'", "img_src": "data:"}
PDF_ORIGINAL = policy(
    **_ORIGINAL, frame_ancestors=NONE
)  # a sandbox would keep the browser's own reader from showing it
ORIGINAL = policy(**_ORIGINAL, frame_ancestors=NONE, sandbox="")
FRAMED_ORIGINAL = policy(**_ORIGINAL, frame_ancestors=SELF, sandbox="")


def chat_page(ancestors: str) -> str:
    """The policy of the applicants' chat; `ancestors` are the sites that may frame it."""
    return policy(**_OWN, img_src=SELF, connect_src=SELF, frame_ancestors=ancestors)


def page_headers(content_policy: str) -> dict[str, str]:
    """Headers of a page: it is never kept, and no other site is told its address (a room's address is its key)."""
    return {
        "Content-Security-Policy": content_policy,
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        **NOSNIFF,
    }


def staff_page_headers() -> dict[str, str]:
    """Headers of a page of the desk: it may share the screen and use the microphone, and no search engine lists it."""
    permissions = "display-capture=(self), microphone=(self), camera=(), geolocation=()"
    return page_headers(STAFF_PAGE) | {"Permissions-Policy": permissions, "X-Robots-Tag": "noindex"}


def original_headers(content_policy: str, caching: str) -> dict[str, str]:
    """Headers of a file as it was put in: nothing in it runs, no other site reads it, no search engine lists it."""
    return {
        "Content-Security-Policy": content_policy,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
        "Cache-Control": caching,
        **NOSNIFF,
    }


def asset_headers(caching: str) -> dict[str, str]:
    """Headers of a style sheet, script or picture of our pages."""
    return {"Cache-Control": caching, **NOSNIFF}


def fallback_headers(ancestors: str) -> dict[str, str]:
    """Headers of an answer that brings none of its own; `ancestors` are the sites that may frame it."""
    content_policy = policy(
        default_src=SELF,
        img_src="'self' data: blob:",
        media_src="'self' blob:",
        object_src=NONE,
        form_action=SELF,
        frame_ancestors=ancestors,
    )
    return {"Content-Security-Policy": content_policy, "Referrer-Policy": "same-origin", **NOSNIFF}
