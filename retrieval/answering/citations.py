"""What an answer cites: the clause's own words, a second clause beside it, or a guide's whole list of materials."""

from collections.abc import Callable, Sequence
from functools import partial

from knowledge.guide import materials_clause_ids
from knowledge.guides.store import GuideStore
from knowledge.model import StoredClause
from knowledge.store.documents import DocumentStore
from retrieval.answering.quotation import FoundPiece, quotation
from retrieval.answering.rerank import RankedPassage
from retrieval.answering.understanding import Understanding, Wanted
from retrieval.model import Chunk, Citation
from retrieval.reader.matches import TokenMatches

_SECOND = 0.93  # share of the best rank from which a second passage of the same document is quoted too
_BOTH = 420  # characters of two quotations together, at most
_LIST = 1500  # characters of a list of materials that is told whole, at most


class Citing:
    """Cites stored clauses."""

    def __init__(self, store: DocumentStore, token_spans: Callable[[Chunk], list[tuple[int, int]]]) -> None:
        """`token_spans` returns the characters of a chunk's text that each of its token vectors stands for."""
        self._store = store
        self._token_spans = token_spans
        self._guides = GuideStore(store.engine)

    def citations(self, what: Understanding, found: list[RankedPassage]) -> tuple[Citation, ...]:
        """Return the best passage's words, and maybe a second clause's; none if it was replaced since it was found.

        Who asks what to bring gets the whole list if the best passage is from a service guide.
        """
        best = self._store.clause(found[0].passage.chunk.clause_id)
        if best is None:
            return ()
        if materials := self._materials(what, found[0]):
            return tuple(_citation(found[0], clause, clause.clause.text.strip()) for clause in materials)
        first = self._quoted(what, found[0], best)
        for other in found[1:4]:
            if not _beside(found[0], other) or other.rank < _SECOND * found[0].rank:
                continue
            stored = self._store.clause(other.passage.chunk.clause_id)
            second = self._quoted(what, other, stored) if stored else None
            if second and len(second.quote) + len(first.quote) <= _BOTH:
                return (first, second)
        return (first,)

    def quoted(self, what: Understanding, found: RankedPassage) -> Citation | None:
        """Return a passage's words that most likely answer; None if it was replaced since it was found."""
        stored = self._store.clause(found.passage.chunk.clause_id)
        return self._quoted(what, found, stored) if stored else None

    def piece(self, found: RankedPassage) -> FoundPiece:
        """Return what is known of the piece of a clause that was found."""
        chunk = found.passage.chunk
        nearness = partial(_nearness, found.matches, self._token_spans(chunk))
        return FoundPiece(chunk.text, nearness)

    def _quoted(self, what: Understanding, found: RankedPassage, stored: StoredClause) -> Citation:
        return _citation(found, stored, quotation(what, stored.clause.text, self.piece(found), found.idf))

    def _materials(self, what: Understanding, best: RankedPassage) -> list[StoredClause]:
        """Return the clauses that list what to hand in for a guide's matter; none if they are too long to tell."""
        guide = self._guides.get(best.document.id) if what.wanted is Wanted.MATERIALS else None
        ids = materials_clause_ids(guide) if guide else ()
        found = [clause for id_ in ids if (clause := self._store.clause(id_))]
        return found if sum(len(clause.clause.text) for clause in found) <= _LIST else []


def _nearness(matches: TokenMatches, spans: Sequence[tuple[int, int]], start: int, end: int) -> float:
    """Return how near the tokens of characters `start` to `end` of a chunk come to the question's."""
    known = matches.cosines.shape[1]
    return matches.within([place for place, (first, last) in enumerate(spans[:known]) if first < end and last > start])


def _citation(found: RankedPassage, stored: StoredClause, quote: str) -> Citation:
    metadata = found.document.metadata
    return Citation(
        title=metadata.title,
        document_number=metadata.document_number,
        locator=stored.clause.locator,
        quote=quote,
        effective_on=metadata.effective_on,
        url=metadata.url,
        file=found.document.file,
        document_id=found.document.id,
        clause_id=stored.id,
    )


def _beside(best: RankedPassage, other: RankedPassage) -> bool:
    """Return whether `other` is another clause of the same document."""
    same = other.document.id == best.document.id
    return same and other.passage.chunk.clause_id != best.passage.chunk.clause_id
