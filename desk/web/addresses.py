"""Where a document's page is, for whoever points to it: answers, lists, other documents; citations that lead there."""

from urllib.parse import urlencode

from desk.message_body import CitedClause
from retrieval.model import Citation


def document_page(document_id: str, clause_id: str = "") -> str:
    """The path of a document's page; with a clause, at that clause."""
    path = f"/documents/{document_id}"
    return f"{path}?{urlencode({'clause': clause_id})}#cited" if clause_id else path


def cited_clause(citation: Citation) -> CitedClause:
    """A citation as people see it; `link` is a path of this service, "" where the document has no page."""
    return CitedClause(
        title=citation.title,
        document_number=citation.document_number,
        locator=citation.locator,
        quote=citation.quote,
        effective_on=citation.effective_on.isoformat() if citation.effective_on else None,
        url=citation.url,
        file=citation.file,
        document_id=citation.document_id,
        clause_id=citation.clause_id,
        link=document_page(citation.document_id, citation.clause_id) if citation.document_id else "",
    )
