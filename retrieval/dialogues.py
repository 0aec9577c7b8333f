"""What a turn of a conversation follows: the matter under way is carried along until a turn names another one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrieval.confidence import THRESHOLD, confidence
from retrieval.evidence import concepts_of
from retrieval.lexicon import Lexicon, shipped
from retrieval.model import Question
from retrieval.tokens import normalised
from retrieval.understanding import Understanding, bare, follow, leans, understand
from retrieval.weighing import Found

_TURNS = 4  # earlier turns looked at
_LONGEST = 4_000  # characters of an earlier turn; a longer one was not answered
_HELD = 0.5  # of a turn's words, from which on a document speaks of what the turn speaks of
_HINT = 0.25  # the same, where nothing answers the turn alone
_NEXT = 0.08  # of rank, within which a second document may be what a turn is about
_TURNED = re.compile(r"^\W*(?:另外|对了|換个|换个|再问|还想问|顺便|还有(?:件|个)事|by the way|another)")
_ELSE = re.compile(r"(?:呢|[吗么])\W*$")  # the same of something else
_SAID = re.compile(r"\w")

Look = Callable[[Understanding], list[Found]]  # the best passages, in force or not, best first


@dataclass(frozen=True, slots=True)
class _Thread:
    """The matter under way: the turn that named it, the years and places named since, the documents that speak of it,
    and the best passage for it."""

    what: Understanding
    documents: frozenset[str]
    best: Found | None


class Dialogues:
    """Completes the last of several turns; `look` finds passages for a turn."""

    def __init__(self, look: Look, lexicon: Lexicon | None = None) -> None:
        self._look = look
        self._lexicon = lexicon or shipped()

    def understood(self, turns: Sequence[str], today: date) -> Understanding:
        """The last turn, completed by the matter under way if it follows it."""
        plain = [normalised(turn).strip() for turn in turns]
        thread: _Thread | None = None
        for turn in [each for each in plain[:-1] if 0 < len(each) <= _LONGEST][-_TURNS:]:
            thread = self._next(thread, understand(Question((turn,)), today, self._lexicon))
        last = understand(Question((plain[-1],)), today, self._lexicon)
        return self._completed(last, thread) if thread and self._follows(last, thread) else last

    def _next(self, thread: _Thread | None, turn: Understanding) -> _Thread | None:
        """The matter under way after `turn`."""
        if thread and self._follows(turn, thread):
            said = thread.what
            return replace(
                thread, what=replace(said, years=turn.years or said.years, places=turn.places or said.places)
            )
        return None if turn.vague else self._thread(turn)

    def _thread(self, turn: Understanding) -> _Thread:
        found = self._look(turn)
        near = [each for each in found if each.rank >= found[0].rank - _NEXT]
        return _Thread(turn, frozenset(each.document.id for each in near), found[0] if found else None)

    def _completed(self, turn: Understanding, thread: _Thread) -> Understanding:
        return follow(turn, thread.what, thread.documents, thread.best.passage.chunk.clause_id if thread.best else "")

    def _follows(self, turn: Understanding, thread: _Thread) -> bool:
        """Whether a turn is of the matter under way: it says so, names only a side of a matter, or speaks with the
        words of the documents that matter is in, and of no other document's title."""
        turned = _TURNED.search(turn.text) is not None
        turn = replace(turn, focus=_TURNED.sub("", turn.focus))
        if bare(turn.focus):
            return _SAID.search(turn.text) is not None
        leaning = leans(turn.text) and not turned
        if thread.best is None:
            return leaning
        alone = self._look(turn)
        sure = bool(alone) and confidence(alone[0].evidence) >= THRESHOLD
        held = _held(turn, alone, thread.best, turned)
        if turned:
            return held == 1.0
        if leaning:
            return not sure or held >= _HINT or _ELSE.search(turn.text) is not None
        if alone and alone[0].document.id in thread.documents:
            return True
        return held >= (_HELD if sure else _HINT) and not _names(turn, alone, thread.best)


def _names(turn: Understanding, alone: list[Found], under_way: Found) -> bool:
    """Whether all the turn speaks of stands in another document's title, and not in the one under way."""
    if not alone:
        return False
    here, there = (normalised(each.document.metadata.title) for each in (under_way, alone[0]))
    said = [concept.words for concept in concepts_of(turn)]
    return all(_in(there, words) for words in said) and not all(_in(here, words) for words in said)


def _in(title: str, words: Sequence[str]) -> bool:
    return any(word in title for word in words if len(word) > 1)


def _held(turn: Understanding, alone: list[Found], under_way: Found, strange: bool) -> float:
    """The share of a turn's words, by idf, that the document under way holds.

    Words that no document found holds do not count, but if `strange`.
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
