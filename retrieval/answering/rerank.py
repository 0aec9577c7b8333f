"""Looks closely at what a search found: the evidence of each passage, and which is best."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from knowledge.model import PolicyDocument, Standing
from retrieval.answering.evidence import Evidence, StandingPassage, evidence_of, own_coverage, speaks_for
from retrieval.answering.named_titles import speaks_of, titles
from retrieval.answering.understanding import Understanding
from retrieval.model import Passage
from retrieval.search.candidates import Candidates
from retrieval.search.keywords import Idf

_FAR_AHEAD = 0.4  # a lead beyond this says nothing more
ABOUT = 0.3  # added for a passage of a document that the conversation is about
SAME = 0.05  # added for the clause that answered the turn before
AGAIN = 0.3  # the same where a turn asks the same of something else
OWN = 0.3  # added for a follow-up's own words, beside those of what it follows


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage looked at closely. `rank` orders passages of one question."""

    passage: Passage
    document: PolicyDocument
    evidence: Evidence
    rank: float
    here: bool  # its document speaks for the place asked about, and is or speaks of what the question names in 《》
    idf: Idf
    holds: Callable[[str], bool]  # whether the whole document holds a word
    standing: Standing = Standing.IN_FORCE  # of the clause on the day that counts


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question being answered. `day` is the day whose law counts; `dead` asks for passages that are not in force.

    If no passage can rank above `above`, none is looked at.
    """

    what: Understanding
    day: date
    dead: bool = False
    above: float = -math.inf


def weighed(asked: AskedQuestion, candidates: Candidates, found: Sequence[StandingPassage]) -> list[RankedPassage]:
    """Look closely at the passages found. Return them best first, the best with its lead over another document."""
    close = [_weighed(asked, candidates, each) for each in found]
    close.sort(key=lambda each: (each.here, each.rank), reverse=True)
    return _with_lead(close)


def _weighed(asked: AskedQuestion, candidates: Candidates, found: StandingPassage) -> RankedPassage:
    """Return one passage with its evidence, and its rank by that evidence."""
    what, document, plain = asked.what, found.document, found.plain
    holds = partial(candidates.in_document, found.place)
    evidence = evidence_of(what, asked.day, found, candidates)
    rank = evidence.score + 0.3 * evidence.covered + 0.1 * (evidence.kind + evidence.year + evidence.place)
    if what.context:
        own = own_coverage(what, plain, candidates.word_idf)
        rank += OWN * (evidence.kind if own is None else own) + ABOUT * (document.id in what.about)
        rank += (
            (AGAIN if what.again else SAME)
            * evidence.kind
            * (evidence.year >= 0.5)
            * (found.passage.chunk.clause_id == what.clause)
        )
    here = speaks_of(titles(what.text), holds) and speaks_for(what, document.metadata.region, plain)
    return RankedPassage(found.passage, document, evidence, rank, here, candidates.word_idf, holds, found.standing)


def _with_lead(found: list[RankedPassage]) -> list[RankedPassage]:
    """Give the first passage its lead over the best one of another document."""
    if not found:
        return found
    best = found[0]
    other = max((each.rank for each in found[1:] if each.document.id != best.document.id), default=0.0)
    lead = min(max(best.rank - other, 0.0), _FAR_AHEAD)
    return [replace(best, evidence=replace(best.evidence, lead=lead)), *found[1:]]
