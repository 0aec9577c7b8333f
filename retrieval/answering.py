"""Answer a question from the documents in force, in the clause's own words, or say why not."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from itertools import islice

import numpy as np

from knowledge.model import PolicyDocument, Standing
from knowledge.store import DocumentStore
from knowledge.validity import clause_standing_on, standing_on
from retrieval import texts
from retrieval.candidates import Candidates
from retrieval.citing import Citing
from retrieval.confidence import THRESHOLD, confidence
from retrieval.dialogues import Dialogues
from retrieval.evidence import Evidence
from retrieval.gate import gate
from retrieval.index import Index
from retrieval.keywords import Scores
from retrieval.lexicon import Lexicon, shipped
from retrieval.model import Abstention, AbstentionReason, Answer, Outcome, Passage, Question
from retrieval.naming import titles
from retrieval.phrasing import Phraser
from retrieval.tokens import normalised
from retrieval.understanding import Understanding
from retrieval.weighing import ABOUT, Asked, Found, weighed, with_lead

LONGEST = 4_000  # characters of a question
_MOST = 0.6  # that a rank exceeds the search's score by
_WEIGHED = 12  # passages looked at closely
_SHOWN = 5  # passages told beside an answer
_SURE = 0.84  # from this confidence, what has ended need not be looked at
_NEUTRAL = 0.5  # a rule that does not name the year asked about, and was in force in it
_ALIKE = 0.8  # of two titles, from which one has come in place of the other
_PASSING = re.compile(r"\d{4}年?度?|试行|暂行|临时|修订|修正|新版|[（）()《》〈〉\s]")
_SIGNALS = tuple(f"evidence_{field.name}" for field in fields(Evidence))
Look = Callable[[Asked], list[Found]]  # the passages looked at closely, best first
_AMENDS = re.compile(r"关于(修改|修正|修订)")


class Answerer:
    """Answers questions over an index; safe to use from several threads.

    `threshold` is the confidence from which it answers (None: the shipped one); `phraser` puts clauses into plain
    language, and may be left out; `lexicon` gives the words in use, asked for each question.
    """

    def __init__(
        self,
        index: Index,
        store: DocumentStore,
        today: Callable[[], date],
        *,
        threshold: float | None = None,
        phraser: Phraser | None = None,
        lexicon: Callable[[], Lexicon] = shipped,
    ) -> None:
        self._index = index
        self._store = store
        self._citing = Citing(store)
        self._today = today
        self._threshold = THRESHOLD if threshold is None else threshold
        self._phraser = phraser
        self._lexicon = lexicon

    def answer(self, question: Question) -> Outcome:
        """An Answer with its citations, or an Abstention with its reason. Never raises for what a question says."""
        if len(question.text) > LONGEST:
            return _refused(AbstentionReason.TOO_LONG)
        today = self._today()
        look = cache(self.found)  # a turn that stands alone is looked for once
        what = self._understood(question.turns, today, look)
        reason = gate(what.text)
        if reason:
            return _refused(reason)
        if what.vague:
            return _refused(AbstentionReason.TOO_VAGUE)
        return self._outcome(what, question.as_of, today, look)

    def _understood(self, turns: Sequence[str], today: date, look: Look) -> Understanding:
        def best(what: Understanding) -> list[Found]:
            found = [*look(Asked(what, today)), *look(Asked(what, today, dead=True))]
            return sorted(found, key=lambda each: (each.here, each.rank), reverse=True)

        lexicon = self._lexicon()
        plain = [lexicon.spared(normalised(turn), self._index.corrected(turn)) for turn in turns]
        return Dialogues(best, lexicon).understood(plain, today)

    def _outcome(self, what: Understanding, as_of: date | None, today: date, look: Look) -> Outcome:
        day = as_of or today
        found = look(Asked(what, day))
        then = _past_day(what, today) if as_of is None else None
        if then and self._better(earlier := look(Asked(what, then)), found):
            found, day = earlier, then
        if not (self._good(found) and self._sure(found[0]) >= _SURE):
            ended = look(Asked(what, day, dead=True, above=found[0].rank if found else -math.inf))
            if self._good(ended) and not self._outdone(ended[0], found):
                return self._ended(ended, day, today)
        if self._good(found) and (answer := self._answered(what, found)):
            return answer if day == today else _dated(answer, found[0].document, day, today)
        return _abstained(what, found)

    def found(self, asked: Asked) -> list[Found]:
        """The passages looked at closely, best first."""
        candidates = self._index.candidates(asked.what.search_text, as_of=asked.day, dead=asked.dead)
        if not len(candidates):
            return []
        scores = self._index.fuse(candidates)
        if float(scores.max()) + _MOST <= asked.above:
            return []
        close = list(islice(self._standing(asked, candidates, scores), _WEIGHED))
        close.sort(key=lambda each: (each.here, each.rank), reverse=True)
        return with_lead(close)

    def _standing(self, asked: Asked, candidates: Candidates, scores: Scores) -> Iterator[Found]:
        """What stands as asked by the database as it is now, best first, however many before it do not."""
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
                    yield weighed(asked, candidates, i, passage, document, standing)

    def _good(self, found: list[Found]) -> bool:
        best = found[0] if found else None
        return best is not None and best.here and best.evidence.year > 0 and self._sure(best) >= self._threshold

    def _sure(self, found: Found) -> float:
        return confidence(found.evidence)

    def _better(self, earlier: list[Found], found: list[Found]) -> bool:
        """Whether what was in force in the year asked about answers better than what is today."""
        if not self._good(earlier) or earlier[0].evidence.year < _NEUTRAL:
            return False
        then, now = (each[0].evidence.year if self._good(each) else 0.0 for each in (earlier, found))
        return then > now or (then == now and earlier[0].rank > found[0].rank)

    def _outdone(self, ended: Found, found: list[Found]) -> bool:
        """Whether what is in force answers better than what has ended, or in its place."""
        if not found or found[0].rank >= ended.rank:
            return bool(found)
        return self._good(found) and replaces(found[0].document.metadata.title, ended.document.metadata.title)

    def _ended(self, ended: list[Found], day: date, today: date) -> Abstention:
        """That the rule found has ended, or has not begun."""
        metadata = ended[0].document.metadata
        standing = standing_on(metadata, day)
        reason = (
            AbstentionReason.NOT_YET_IN_FORCE if ended[0].standing is Standing.NOT_YET else AbstentionReason.EXPIRED
        )
        asked = None if day == today else day
        if standing is Standing.IN_FORCE:  # only the clause has ended, or has not begun
            stored = self._store.clause(ended[0].passage.chunk.clause_id)
            said = texts.clause_ended(metadata, stored.clause.locator if stored else "", ended[0].standing, asked)
        else:
            said = texts.ended(metadata, standing, asked)
        return replace(
            _refused(reason, said),
            confidence=self._sure(ended[0]),
            passages=_shown(ended),
        )

    def _answered(self, what: Understanding, found: list[Found]) -> Answer | None:
        """What the best passage says, with its citations; None if it was replaced since it was found."""
        citations = self._citing.citations(what, found)
        if not citations:
            return None
        answer = Answer(
            text="\n".join(citation.quote for citation in citations),
            confidence=confidence(found[0].evidence),
            citations=citations,
            passages=_shown(found),
        )
        return self._phrased(what, answer)

    def _phrased(self, what: Understanding, answer: Answer) -> Answer:
        if self._phraser is None:
            return answer
        phrased = self._phraser.phrase(what.text, answer.passages, answer.citations)
        return replace(answer, text=phrased.text, citations=phrased.citations) if phrased else answer


def replaces(newer: str, older: str) -> bool:
    """Whether one title is another's but for its year and whether it is on trial, or says that it amends the other:
    what has come in its place."""
    if _AMENDS.search(newer) and older.strip("《》") in newer:
        return True
    ones, others = _PASSING.sub("", newer), _PASSING.sub("", older)
    return SequenceMatcher(None, ones, others, autojunk=False).ratio() >= _ALIKE


def _past_day(what: Understanding, today: date) -> date | None:
    """The end of the year asked about, if all years named are past."""
    past = bool(what.years) and max(what.years) < today.year
    return date(max(what.years), 12, 31) if past else None


def _dated(answer: Answer, document: PolicyDocument, day: date, today: date) -> Answer:
    note = texts.as_of(document.metadata, day) if day < today else texts.ahead(document.metadata, day)
    return replace(answer, text=f"{note}\n{answer.text}")


def _abstained(what: Understanding, found: list[Found]) -> Abstention:
    sure = confidence(found[0].evidence) if found else 0.0
    elsewhere = bool(found) and bool(what.places) and not found[0].here and not titles(what.text)
    reason = AbstentionReason.OTHER_REGION if elsewhere else AbstentionReason.NOTHING_FOUND
    return replace(_refused(reason), confidence=0.0 if elsewhere else sure, passages=_shown(found))


def _shown(found: list[Found]) -> tuple[Passage, ...]:
    """The best passages, each with its evidence among its signals."""
    return tuple(
        replace(each.passage, signals=each.passage.signals | dict(zip(_SIGNALS, each.evidence.numbers(), strict=True)))
        for each in found[:_SHOWN]
    )


def _refused(reason: AbstentionReason, text: str = "") -> Abstention:
    return Abstention(reason, text or texts.REFUSALS[reason])
