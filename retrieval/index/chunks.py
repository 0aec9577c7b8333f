"""Cuts clauses into chunks (切片): at sentence ends, only where they do not fit, never apart from their number."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from knowledge.model import StoredClause
from retrieval.model import Chunk

MAX_CHARACTERS = 350
_TITLE_CHARACTERS = 40
_PATH_CHARACTERS = 60
_SENTENCE_ENDS = ["\n\n", "\n", "。", "；", ";", "！", "？", "，", "、", ""]


def chunked(document_id: str, title: str, clauses: Iterable[StoredClause]) -> list[Chunk]:
    """Return the chunks of a document's clauses in order; `id` stays while document, place and text do."""
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for stored in clauses:
        for part, text in enumerate(pieces(stored.clause.text)):
            place = (f"{stored.clause.locator}\0{part}", text)
            heading = _heading(title, stored, part)
            identity = "\0".join((document_id, *place, str(seen[place])))
            seen[place] += 1
            made.append(
                Chunk(
                    id=_digest(identity)[:16],
                    document_id=document_id,
                    clause_id=stored.id,
                    heading=heading,
                    text=text,
                    content_hash=_digest(embedded_text(heading, text)),
                )
            )
    return made


def embedded_text(heading: str, text: str) -> str:
    """Return the text that is embedded and that keywords are taken from."""
    return f"{heading}\n{text}"


def pieces(text: str, limit: int = MAX_CHARACTERS) -> Iterator[str]:
    """Yield `text` in pieces of at most `limit` characters; none if it is blank.

    The pieces are verbatim but for the whitespace around them.
    """
    text = text.strip()
    if len(text) <= limit:
        if text:
            yield text
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # 36 MB that answering does without

    splitter = RecursiveCharacterTextSplitter(
        _SENTENCE_ENDS, keep_separator="end", chunk_size=limit, chunk_overlap=0, strip_whitespace=True
    )
    yield from (piece for piece in splitter.split_text(text) if piece.strip())


def _heading(title: str, stored: StoredClause, part: int) -> str:
    """Return title, path and question; pieces after the first also carry the number their clause began with."""
    clause = stored.clause
    path = " ".join(clause.path)
    number = clause.number if part and not path.endswith(clause.number) else ""
    last = [_kept_end(path, _PATH_CHARACTERS), number, clause.question]
    return " ".join(part for part in (title.strip("《》 ")[:_TITLE_CHARACTERS], *last) if part)


def _kept_end(text: str, characters: int) -> str:
    """Return the end of a long path, because the nearest headings say most."""
    return text if len(text) <= characters else "…" + text[-characters:]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
