"""What the bot says, in a form every channel can show: text, buttons, citations."""

from dataclasses import dataclass, field
from typing import Any

from desk.addresses import document_page
from retrieval.model import Abstention, Answer, Citation, Clarification, Outcome


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply; pressing it is an incoming message whose text is `value`."""

    label: str
    value: str

    @property
    def plain(self) -> dict[str, str]:
        return {"label": self.label, "value": self.value}


@dataclass(frozen=True, slots=True)
class Reply:
    """One outgoing message. `kind`: answer, abstention, clarification, queued, satisfaction or notice."""

    text: str
    buttons: tuple[Button, ...] = ()
    citations: tuple[dict[str, Any], ...] = ()
    kind: str = "notice"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """What is stored in a message's `body`: plain JSON."""
        return {
            "kind": self.kind,
            "buttons": [button.plain for button in self.buttons],
            "citations": list(self.citations),
            **self.extra,
        }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation as other programs read it; `effective_on` is an ISO date or null, `link` a path of this service."""
    return {
        "title": citation.title,
        "document_number": citation.document_number,
        "locator": citation.locator,
        "quote": citation.quote,
        "effective_on": citation.effective_on.isoformat() if citation.effective_on else None,
        "url": citation.url,
        "file": citation.file,
        "document_id": citation.document_id,
        "clause_id": citation.clause_id,
        "link": document_page(citation.document_id, citation.clause_id) if citation.document_id else "",
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as `laofashi ask --json` prints it; the contract other programs rely on."""
    result: dict[str, Any] = {
        "kind": kind_of(outcome),
        "text": outcome.text,
        "confidence": round(outcome.confidence, 4),
        "citations": [citation_json(each) for each in getattr(outcome, "citations", ())],
        "passages": [_passage_json(passage) for passage in outcome.passages],
    }
    if isinstance(outcome, Abstention):
        result["reason"] = str(outcome.reason)
    if isinstance(outcome, Clarification):
        result["options"] = list(outcome.options)
    return result


def kind_of(outcome: Outcome) -> str:
    """`answer`, `abstention` or `clarification`."""
    return {Answer: "answer", Abstention: "abstention", Clarification: "clarification"}[type(outcome)]


def _passage_json(passage: Any) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "document_id": chunk.document_id,
        "clause_id": chunk.clause_id,
        "heading": chunk.heading,
        "text": chunk.text,
        "score": round(float(passage.score), 4),
    }


def cited(citation: dict[str, Any]) -> str:
    """One citation in one line: 《title》（文号）locator."""
    number = f"（{citation['document_number']}）" if citation["document_number"] else ""
    return f"《{citation['title']}》{number}{citation['locator']}"


def plain_text(text: str, body: dict[str, Any], site: str = "") -> str:
    """A message for a channel without markup: its text, then what it rests on.

    `site` is this service's public address, under which people reach a document's page; "" where they do not.
    """
    citations = body.get("citations") or []
    if not citations:
        return text
    lines = ["\n".join(filter(None, (cited(each), _where(each, site)))) for each in citations]
    return f"{text}\n\n依据：" + "\n".join(dict.fromkeys(lines))


def _where(citation: dict[str, Any], site: str) -> str:
    """Where the clause can be read: on our own page, else on its issuer's."""
    link = citation.get("link")
    return f"{site}{link}" if site and link else citation.get("url") or ""
