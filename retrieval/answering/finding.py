"""Finds the passages that may answer a question, and checks their standing in the database as it is now."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import numpy as np

from knowledge.law.validity import clause_standing_on
from knowledge.model import Standing
from knowledge.store.documents import DocumentStore
from retrieval.answering.confidence import ABOVE_SCORE
from retrieval.answering.evidence import StandingPassage
from retrieval.answering.rerank import ABOUT, AskedQuestion, RankedPassage, weighed
from retrieval.answering.understanding import Understanding
from retrieval.index.index import Index
from retrieval.search.candidates import Candidates
from retrieval.search.keywords import Scores

_WEIGHED = 12  # passages looked at closely


class Finder:
    """Finds passages for one question and the turns before it, and remembers what it found."""

    def __init__(self, index: Index, store: DocumentStore) -> None:
        self._index, self._store = index, store
        self._known: dict[AskedQuestion, list[RankedPassage]] = {}

    def on_any_day(self, what: Understanding, today: date) -> list[RankedPassage]:
        """Return the passages looked at closely, in force or not, best first."""
        found = [*self.found(AskedQuestion(what, today)), *self.found(AskedQuestion(what, today, dead=True))]
        return sorted(found, key=lambda each: (each.here, each.rank), reverse=True)

    def found(self, asked: AskedQuestion) -> list[RankedPassage]:
        """Return the passages looked at closely, best first."""
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = self._found(asked)
        return known

    def _found(self, asked: AskedQuestion) -> list[RankedPassage]:
        candidates = self._index.candidates(asked.what.search_text, as_of=asked.day, dead=asked.dead)
        if not len(candidates):
            return []
        scores = self._index.fuse(candidates)
        if float(scores.max()) + ABOVE_SCORE <= asked.above:
            return []
        return weighed(asked, candidates, list(islice(self._standing(asked, candidates, scores), _WEIGHED)))

    def _standing(self, asked: AskedQuestion, candidates: Candidates, scores: Scores) -> Iterator[StandingPassage]:
        """Yield the passages whose standing in the database as it is now is the one asked for, best first.

        Passages of another standing are passed over, however many there are.
        """
        about = [candidates.document_id(i) in asked.what.about for i in range(len(scores) * bool(asked.what.about))]
        best = np.argsort(-(scores + ABOUT * np.array(about or 0.0, dtype=np.float32)), kind="stable")
        for start in range(0, len(best), _WEIGHED):
            passages = {int(i): candidates.passage(int(i), float(scores[i])) for i in best[start : start + _WEIGHED]}
            stored = self._store.of_clauses(passage.chunk.clause_id for passage in passages.values())
            for i, passage in passages.items():
                if passage.chunk.clause_id not in stored:
                    continue  # taken out or replaced since it was indexed
                document, days = stored[passage.chunk.clause_id]
                standing = clause_standing_on(document.metadata, days, asked.day)
                if (standing is Standing.IN_FORCE) is not asked.dead:
                    yield StandingPassage(i, passage, document, standing)
