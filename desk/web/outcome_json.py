"""An outcome, its citations and its passages as JSON: one form for pages, messages and commands."""

from dataclasses import asdict
from typing import Any

from desk.web.addresses import cited_clause, document_page
from retrieval.model import Abstention, Clarification, Outcome, Passage

_DIGITS = 4  # kept of a confidence or score


def outcome_json(outcome: Outcome, text: str) -> dict[str, Any]:
    """Return an outcome, worded as `text`, as `laofashi ask --json` prints it. Other programs rely on this contract."""
    result: dict[str, Any] = {
        "kind": outcome.kind,
        "text": text,
        "confidence": round(outcome.confidence, _DIGITS),
        "citations": [asdict(cited_clause(each)) for each in getattr(outcome, "citations", ())],
        "passages": [passage_json(each) for each in outcome.passages],
    }
    if isinstance(outcome, Abstention):
        result["reason"] = str(outcome.reason)
    if isinstance(outcome, Clarification):
        result["choices"] = [
            {
                "label": each.label,
                "text": each.text,
                "citations": [asdict(cited_clause(citation)) for citation in each.citations],
            }
            for each in outcome.choices
        ]
    return result


def passage_json(passage: Passage) -> dict[str, Any]:
    """Return a passage with its scores; `page` is the path of its document's page at its clause."""
    chunk = passage.chunk
    return {
        "document_id": chunk.document_id,
        "clause_id": chunk.clause_id,
        "heading": chunk.heading,
        "text": chunk.text,
        "score": round(float(passage.score), _DIGITS),
        "signals": {name: round(float(value), _DIGITS) for name, value in passage.signals.items()},
        "page": document_page(chunk.document_id, chunk.clause_id),
    }
