"""Propose words from resolved conversations: what applicants say, and what documents may write for it.

An applicant's word is one that no document holds. Beside it stand the documents' words that specialists then wrote.
These are proposals only: an administrator decides.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import rjieba
from sqlalchemy import Engine, select

from desk.model import Sender, TicketState
from desk.tables import messages, tickets
from knowledge.database import reading
from retrieval.language.lexicon import Lexicon, word_list
from retrieval.language.question_words import STOP_WORDS, without_asking
from retrieval.language.tokens import normalised

READ = 2_000  # newest resolved tickets
APPLICANTS = 3  # so many at least say a word; with fewer it may be one person's own
SHARE = 0.6  # of those who say a word, the least share that was told the other
SIGNIFICANT = 6.63  # the least likelihood ratio (Dunning 1993): chi-square of one degree, p = .01
_WRITTEN = 2  # words proposed for one that is said
_LONGEST = 6  # characters
_BAD = 2  # an answer rated so or lower is no example
_HAN = re.compile(r"[\u4e00-\u9fff]+")

Held = Callable[[Iterable[str]], set[str]]  # which of these words documents hold


@dataclass(frozen=True, slots=True)
class Case:
    """What one applicant said and what he was told, as sets of expressions."""

    said: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What people say, what documents may write for it, and how many applicants it rests on."""

    said: str
    written: tuple[str, ...]
    applicants: int


def resolved_cases(engine: Engine) -> list[Case]:
    """Return one case for each applicant whose matters specialists resolved; badly rated matters are left out."""
    done = (tickets.c.state.in_((TicketState.RESOLVED, TicketState.CLOSED)), tickets.c.resolved_at.is_not(None))
    query = select(tickets.c.conversation_id, tickets.c.summary, tickets.c.rating).where(*done)
    newest = query.order_by(tickets.c.resolved_at.desc()).limit(READ)
    cases: defaultdict[str, Case] = defaultdict(Case)
    with reading(engine) as connection:
        for ticket in connection.execute(newest).all():
            if ticket.rating is not None and ticket.rating <= _BAD:
                continue
            mine = messages.c.conversation_id == ticket.conversation_id
            senders = messages.c.sender.in_((Sender.APPLICANT, Sender.SPECIALIST))
            columns = select(messages.c.applicant_id, messages.c.sender, messages.c.text)
            for row in connection.execute(columns.where(mine, senders)):
                case = cases[row.applicant_id]
                if row.sender == Sender.SPECIALIST:
                    case.told.update(expressions(f"{row.text}\n{ticket.summary}"))
                elif not row.text.startswith("/"):
                    case.said.update(expressions(row.text))
    return list(cases.values())


def expressions(text: str) -> set[str]:
    """Return the Chinese expressions of 2 to 6 characters in a text: its words, and two or three words in a row."""
    idle = STOP_WORDS | word_list("chatter.txt")
    parts = [part if _HAN.fullmatch(part) and part not in idle else "" for part in _cut(text)]
    rows = [parts[start : start + size] for size in (1, 2, 3) for start in range(len(parts) - size + 1)]
    return {"".join(row) for row in rows if all(row) and 2 <= len("".join(row)) <= _LONGEST}


def _cut(text: str) -> list[str]:
    return list(rjieba.cut(without_asking(normalised(text)), False))


def proposals(cases: Sequence[Case], held: Held, known: Lexicon, turned_down: Iterable[str] = ()) -> list[WordProposal]:
    """Propose what several applicants say, no document writes and nobody has decided on, the surest first.

    A word and the words that answer it have to come together far more often than by chance over all cases.
    """
    said, told = _by_word(each.said for each in cases), _by_word(each.told for each in cases)
    often = _longest({word for word, who in said.items() if len(who) >= APPLICANTS}, said)
    new = {word for word in often if not known.concepts(word)} - {*turned_down}
    found = []
    for word in sorted(new - held(new)):
        together = _together(said[word], told, len(cases))
        sure = sorted(together, key=lambda other: (-together[other], -len(other), other))
        written = _apart([other for other in sure if other in held(sure)])
        if written:
            found.append(WordProposal(word, written, len(said[word])))
    return sorted(found, key=lambda each: (-each.applicants, each.said))


def _by_word(texts: Iterable[set[str]]) -> dict[str, set[int]]:
    """Return for each word the numbers of the texts it stands in, counted from 0."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for place, words in enumerate(texts):
        for word in words:
            found[word].add(place)
    return found


def _longest(words: set[str], said: Mapping[str, set[int]]) -> set[str]:
    """Return these words without those that are only ever said as part of a longer one."""
    return {w for w in words if not any(w in other and w != other and said[w] == said[other] for other in words)}


def _together(who: set[int], told: Mapping[str, set[int]], total: int) -> dict[str, float]:
    """Return how surely each word told belongs to one that `who` said; words told only by chance are left out."""
    scored = {}
    for other, whom in told.items():
        both = len(who & whom)
        if both >= APPLICANTS and both >= SHARE * len(who):
            ratio = likelihood_ratio(both, len(who), len(whom), total)
            if ratio >= SIGNIFICANT and both * total > len(who) * len(whom):
                scored[other] = ratio
    return scored


def _apart(words: Iterable[str]) -> tuple[str, ...]:
    """Return the first `_WRITTEN` of these words of which none is part of another."""
    kept: list[str] = []
    for word in words:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return tuple(kept[:_WRITTEN])


def likelihood_ratio(both: int, one: int, other: int, total: int) -> float:
    """G² of two words that come in `one` and `other` of `total` cases, together in `both`.

    >>> round(likelihood_ratio(3, 3, 3, 6), 2)
    8.32
    """
    cells = (both, one - both, other - both, total - one - other + both)
    expected = (one * other, one * (total - other), (total - one) * other, (total - one) * (total - other))
    return 2 * sum(k * math.log(k * total / e) for k, e in zip(cells, expected, strict=True) if k)
