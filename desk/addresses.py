"""Where a document's page is, for whoever points to it: answers, lists, other documents."""

from urllib.parse import urlencode


def document_page(document_id: str, clause_id: str = "") -> str:
    """The path of a document's page; with a clause, at that clause."""
    path = f"/documents/{document_id}"
    return f"{path}?{urlencode({'clause': clause_id})}#cited" if clause_id else path
