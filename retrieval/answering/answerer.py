"""Answer a question from the documents in force, in the clause's own words, or say why not."""

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from difflib import SequenceMatcher

from knowledge.law.validity import standing_on
from knowledge.model import PolicyDocument, Standing
from knowledge.notation.patterns import pattern
from knowledge.store.documents import DocumentStore
from retrieval.answering.choices import FAINT, choices
from retrieval.answering.citations import Citing
from retrieval.answering.confidence import THRESHOLD, confidence
from retrieval.answering.evidence import Evidence
from retrieval.answering.finding import Finder
from retrieval.answering.follow_ups import Dialogues
from retrieval.answering.named_titles import titles
from retrieval.answering.out_of_scope import gate
from retrieval.answering.quotation import FoundPiece
from retrieval.answering.refusals import rule_not_in_force
from retrieval.answering.rerank import AskedQuestion, RankedPassage
from retrieval.answering.understanding import Understanding
from retrieval.index.index import Index
from retrieval.language.lexicon import Lexicon, shipped
from retrieval.language.tokens import normalised
from retrieval.model import (
    Abstention,
    AbstentionReason,
    AnotherDay,
    Answer,
    Clarification,
    Outcome,
    Passage,
    Question,
)
from retrieval.phrasing.prompt import Phraser

LONGEST = 4_000  # characters of a question
_SHOWN = 5  # passages given beside an answer or a refusal
_SURE = 0.84  # from this confidence on, rules that have ended are not looked at
_NEUTRAL = 0.5  # the year signal of a rule that does not name the year asked about but was in force in it
_ALIKE = 0.8  # likeness of two titles from which one counts as having replaced the other
_PASSING = pattern(
    r"\d{4}年?度?|试行|暂行|临时|修订|修正|新版|[（）()《》〈〉\s]",
    takes="居住证办法（2024年修订）",
    leaves="居住证办法",
)
_SIGNALS = tuple(f"evidence_{field.name}" for field in fields(Evidence))
_AMENDS = pattern(r"关于(修改|修正|修订)", takes="关于修改《居住证条例》的决定", leaves="关于印发《居住证条例》的通知")


class Answerer:
    """Answers questions over an index; safe to use from several threads.

    `threshold` is the confidence from which it answers; None means the shipped one. `phraser` puts clauses into plain
    language; it may be left out. `lexicon` returns the words in use and is called for each question.
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
        self._citing = Citing(store, index.token_spans)
        self._today = today
        self._threshold = THRESHOLD if threshold is None else threshold
        self._phraser = phraser
        self._lexicon = lexicon

    def answer(self, question: Question) -> Outcome:
        """Return an Answer with citations, choices to pick from, or an Abstention with its reason.

        Never raises for what a question says.
        """
        if len(question.text) > LONGEST:
            return Abstention(AbstentionReason.TOO_LONG)
        today = self._today()
        finder = Finder(self._index, self._store)
        what = self._understood(question.turns, today, finder)
        reason = gate(what.text)
        if reason:
            return Abstention(reason)
        if what.vague:
            return Abstention(AbstentionReason.TOO_VAGUE)
        return self._outcome(what, question.as_of, today, finder)

    def looked_at(self, question: Question) -> tuple[Understanding, list[RankedPassage]]:
        """Return what was understood, and the passages in force that were looked at closely, best first."""
        today = self._today()
        finder = Finder(self._index, self._store)
        what = self._understood(question.turns, today, finder)
        return what, finder.found(AskedQuestion(what, question.as_of or today))

    def piece(self, found: RankedPassage) -> FoundPiece:
        """Return what is known of the piece of a clause that was found."""
        return self._citing.piece(found)

    def _understood(self, turns: Sequence[str], today: date, finder: Finder) -> Understanding:
        lexicon = self._lexicon()
        plain = [lexicon.spared(normalised(turn), self._index.corrected(turn)) for turn in turns]
        return Dialogues(finder, today, lexicon).understood(plain)

    def _outcome(self, what: Understanding, as_of: date | None, today: date, finder: Finder) -> Outcome:
        day = as_of or today
        found = finder.found(AskedQuestion(what, day))
        then = _past_day(what, today) if as_of is None else None
        if then and self._better(earlier := finder.found(AskedQuestion(what, then)), found):
            found, day = earlier, then
        if not (self._good(found) and self._sure(found[0]) >= _SURE):
            ended = finder.found(AskedQuestion(what, day, dead=True, above=found[0].rank if found else -math.inf))
            if self._good(ended) and not self._outdone(ended[0], found):
                return self._ended(ended, day, today)
        if self._good(found) and (answer := self._answered(what, found)):
            return answer if day == today else _dated(answer, found[0].document, day, today)
        return self._offered(what, found) or _abstained(what, found)

    def _offered(self, what: Understanding, found: list[RankedPassage]) -> Clarification | None:
        """Return what may be meant; None where nothing may."""
        sure = self._sure(found[0]) if found else 0.0
        if sure < FAINT:
            return None
        offered = choices(found, lambda each: self._citing.quoted(what, each))
        return Clarification(offered, sure, _shown(found)) if offered else None

    def _good(self, found: list[RankedPassage]) -> bool:
        best = found[0] if found else None
        return best is not None and best.here and best.evidence.year > 0 and self._sure(best) >= self._threshold

    def _sure(self, found: RankedPassage) -> float:
        return confidence(found.evidence)

    def _better(self, earlier: list[RankedPassage], found: list[RankedPassage]) -> bool:
        """Return whether the passages in force in the year asked about answer better than those in force today."""
        if not self._good(earlier) or earlier[0].evidence.year < _NEUTRAL:
            return False
        then, now = (each[0].evidence.year if self._good(each) else 0.0 for each in (earlier, found))
        return then > now or (then == now and earlier[0].rank > found[0].rank)

    def _outdone(self, ended: RankedPassage, found: list[RankedPassage]) -> bool:
        """Return whether the best passage in force ranks as high as the ended one, or its title replaces it."""
        if not found or found[0].rank >= ended.rank:
            return bool(found)
        return self._good(found) and replaces(found[0].document.metadata.title, ended.document.metadata.title)

    def _ended(self, ended: list[RankedPassage], day: date, today: date) -> Abstention:
        """Abstain because the rule found has ended or has not begun."""
        best, locator = ended[0], None
        if standing_on(best.document.metadata, day) is Standing.IN_FORCE:  # only the clause has ended, or has not begun
            stored = self._store.clause(best.passage.chunk.clause_id)
            locator = stored.clause.locator if stored else ""
        yet = best.standing is Standing.NOT_YET
        return Abstention(
            AbstentionReason.NOT_YET_IN_FORCE if yet else AbstentionReason.EXPIRED,
            self._sure(best),
            _shown(ended),
            rule_not_in_force(best.document.metadata, best.standing, locator, None if day == today else day),
        )

    def _answered(self, what: Understanding, found: list[RankedPassage]) -> Answer | None:
        """Return the best passage's words with their citations; None if the passage was replaced since it was found."""
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
    """Return whether the document titled `newer` replaces the one titled `older`.

    It does if the titles are alike without years and words such as 试行, or if it says that it amends the other.
    """
    if _AMENDS.search(newer) and older.strip("《》") in newer:
        return True
    ones, others = _PASSING.sub("", newer), _PASSING.sub("", older)
    return SequenceMatcher(None, ones, others, autojunk=False).ratio() >= _ALIKE


def _past_day(what: Understanding, today: date) -> date | None:
    """Return the last day of the latest year named; None unless all years named are past."""
    past = bool(what.years) and max(what.years) < today.year
    return date(max(what.years), 12, 31) if past else None


def _dated(answer: Answer, document: PolicyDocument, day: date, today: date) -> Answer:
    return replace(answer, another_day=AnotherDay(document.metadata.title.strip("《》"), day, past=day < today))


def _abstained(what: Understanding, found: list[RankedPassage]) -> Abstention:
    sure = confidence(found[0].evidence) if found else 0.0
    elsewhere = bool(found) and bool(what.places) and not found[0].here and not titles(what.text)
    reason = AbstentionReason.OTHER_REGION if elsewhere else AbstentionReason.NOTHING_FOUND
    return Abstention(reason, 0.0 if elsewhere else sure, _shown(found))


def _shown(found: list[RankedPassage]) -> tuple[Passage, ...]:
    """Return the best passages, each with its evidence among its signals."""
    return tuple(
        replace(each.passage, signals=each.passage.signals | dict(zip(_SIGNALS, each.evidence.numbers(), strict=True)))
        for each in found[:_SHOWN]
    )
