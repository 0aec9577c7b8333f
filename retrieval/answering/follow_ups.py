"""What a turn of a conversation follows: the matter under way is carried along until a turn names another one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.notation.patterns import pattern
from retrieval.answering.confidence import THRESHOLD, confidence
from retrieval.answering.evidence import concepts_of
from retrieval.answering.finding import Finder
from retrieval.answering.rerank import RankedPassage
from retrieval.answering.understanding import Understanding, bare, follow, leans, understand
from retrieval.language.lexicon import Lexicon, shipped
from retrieval.language.tokens import normalised
from retrieval.model import Question

_TURNS = 4  # earlier turns looked at
_LONGEST = 4_000  # characters of an earlier turn; a longer one was not answered
_HELD = 0.5  # share of a turn's words from which on a document speaks of the same as the turn
_HINT = 0.25  # the same where nothing answers the turn by itself
_NEXT = 0.08  # distance in rank within which a second document may be what a turn is about
_TURNED = pattern(
    r"^\W*(?:另外|对了|換个|换个|再问|还想问|顺便|还有(?:件|个)事|by the way|another)",
    takes="对了,养犬要登记吗",
    leaves="养犬的另外要求",
)
_ELSE = pattern(r"(?:呢|[吗么])\W*$", takes="那外地户口呢?", leaves="外地户口怎么办")  # asks the same of something else
_SAID = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Thread:
    """The matter under way.

    `what` is the turn that named it, with the years and places named since. `documents` are the ids of the documents
    that speak of it. `best` is the best passage for it.
    """

    what: Understanding
    documents: frozenset[str]
    best: RankedPassage | None


class Dialogues:
    """Completes the last of several turns by what is found for them."""

    def __init__(self, finder: Finder, today: date, lexicon: Lexicon | None = None) -> None:
        self._finder, self._today = finder, today
        self._lexicon = lexicon or shipped()

    def understood(self, turns: Sequence[str]) -> Understanding:
        """Return the last turn, completed by the matter under way if the turn follows that matter."""
        plain = [normalised(turn).strip() for turn in turns]
        thread: _Thread | None = None
        for turn in [each for each in plain[:-1] if 0 < len(each) <= _LONGEST][-_TURNS:]:
            thread = self._next(thread, understand(Question((turn,)), self._today, self._lexicon))
        last = understand(Question((plain[-1],)), self._today, self._lexicon)
        return self._completed(last, thread) if thread and self._follows(last, thread) else last

    def _next(self, thread: _Thread | None, turn: Understanding) -> _Thread | None:
        """Return the matter under way after `turn`."""
        if thread and self._follows(turn, thread):
            said = thread.what
            return replace(
                thread, what=replace(said, years=turn.years or said.years, places=turn.places or said.places)
            )
        return None if turn.vague else self._thread(turn)

    def _thread(self, turn: Understanding) -> _Thread:
        found = self._finder.on_any_day(turn, self._today)
        near = [each for each in found if each.rank >= found[0].rank - _NEXT]
        return _Thread(turn, frozenset(each.document.id for each in near), found[0] if found else None)

    def _completed(self, turn: Understanding, thread: _Thread) -> Understanding:
        return follow(turn, thread.what, thread.documents, thread.best.passage.chunk.clause_id if thread.best else "")

    def _follows(self, turn: Understanding, thread: _Thread) -> bool:
        """Return whether a turn belongs to the matter under way.

        It does if it says so, or if it names only a side of a matter. It also does if it uses the words of the
        documents on the matter under way and names no other document's title.
        """
        turned = _TURNED.search(turn.text) is not None
        turn = replace(turn, focus=_TURNED.sub("", turn.focus))
        if bare(turn.focus):
            return _SAID.search(turn.text) is not None
        leaning = leans(turn.text) and not turned
        if thread.best is None:
            return leaning
        alone = self._finder.on_any_day(turn, self._today)
        sure = bool(alone) and confidence(alone[0].evidence) >= THRESHOLD
        held = _held(turn, alone, thread.best, turned)
        if turned:
            return held == 1.0
        if leaning:
            return not sure or held >= _HINT or _ELSE.search(turn.text) is not None
        if alone and alone[0].document.id in thread.documents:
            return True
        return held >= (_HELD if sure else _HINT) and not _names(turn, alone, thread.best)


def _names(turn: Understanding, alone: list[RankedPassage], under_way: RankedPassage) -> bool:
    """Return whether all that the turn speaks of stands in another document's title and not in the one under way."""
    if not alone:
        return False
    here, there = (normalised(each.document.metadata.title) for each in (under_way, alone[0]))
    said = [concept.words for concept in concepts_of(turn)]
    return all(_in(there, words) for words in said) and not all(_in(here, words) for words in said)


def _in(title: str, words: Sequence[str]) -> bool:
    return any(word in title for word in words if len(word) > 1)


def _held(turn: Understanding, alone: list[RankedPassage], under_way: RankedPassage, strange: bool) -> float:
    """Return the share of a turn's words, by idf, that the document under way holds.

    Words that no document found holds count only if `strange`.
    """
    whole = held = 0.0
    for concept in concepts_of(turn):
        words = [word for word in concept.words if len(word) > 1]
        here = any(map(under_way.holds, words))
        if not (here or strange or any(each.holds(word) for word in words for each in alone)):
            continue
        weight = max(map(alone[0].idf, concept.written)) if alone else 1.0
        whole += weight
        held += weight * here
    return held / whole if whole else 1.0
