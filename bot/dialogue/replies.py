"""The bot's replies in a form that every channel can show: text, buttons, citations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.dialogue.wording import worded_for
from desk.message_body import CitedClause, MessageBody
from desk.web.outcome_json import outcome_json
from retrieval.model import Outcome, Question

_OFFERED = 120  # characters of a clause among several to pick from


@dataclass(frozen=True, slots=True)
class Reply:
    """One outgoing message, not stored yet."""

    text: str
    body: MessageBody


def answered_json(answer: Callable[[Question], Outcome], asked: Question) -> dict[str, Any]:
    """Answer a question, in the form that `laofashi ask --json` prints."""
    outcome = answer(asked)
    return outcome_json(outcome, worded_for(asked, outcome))


def plain_text(text: str, body: MessageBody, site: str = "") -> str:
    """Return a message for a channel without markup: its text, then what is offered or the clauses it rests on.

    `site` is this service's public address, under which people reach a document's page; "" where they cannot.
    """
    if body.choices:
        return "\n\n".join((text, *(f"{each.label}\n{_shortened(each.text)}" for each in body.choices)))
    if not body.citations:
        return text
    lines = ["\n".join(filter(None, (each.line, _where(each, site)))) for each in body.citations]
    return f"{text}\n\n依据：" + "\n".join(dict.fromkeys(lines))


def _shortened(text: str) -> str:
    """Return the beginning of a clause that is offered; it is told whole when it is picked."""
    return text if len(text) <= _OFFERED else f"{text[: _OFFERED - 1]}…"


def _where(citation: CitedClause, site: str) -> str:
    """Return the address where the clause can be read: our own page, else its issuer's."""
    return f"{site}{citation.link}" if site and citation.link else citation.url
