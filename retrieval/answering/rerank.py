"""Looks closely at what a search found: the evidence of each passage, and which is best."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from knowledge.model import PolicyDocument, Standing
from retrieval.answering.confidence import rank_of
from retrieval.answering.evidence import Evidence, StandingPassage, evidence_of, own_coverage, speaks_for
from retrieval.answering.named_titles import speaks_of, titles
from retrieval.answering.understanding import Understanding
from retrieval.model import Passage
from retrieval.reader.matches import TokenMatches
from retrieval.search.candidates import Candidates
from retrieval.search.keywords import Idf

FAR_AHEAD = 0.4  # a lead beyond this says nothing more
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
    matches: TokenMatches  # between its tokens and the question's
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
    """Look closely at the passages found. Return them best first, the best compared with the others."""
    close = [_weighed(asked, candidates, each) for each in found]
    close.sort(key=lambda each: (each.here, each.rank), reverse=True)
    return [replace(close[0], evidence=compared(close)), *close[1:]] if close else close


def _weighed(asked: AskedQuestion, candidates: Candidates, found: StandingPassage) -> RankedPassage:
    """Return one passage with its evidence, and its rank by that evidence."""
    what, document, plain = asked.what, found.document, found.plain
    holds = partial(candidates.in_document, found.place)
    evidence = evidence_of(what, asked.day, found, candidates)
    rank = rank_of(evidence)
    if what.context:
        own = own_coverage(what, plain, candidates.word_idf)
        rank += OWN * (evidence.kind if own is None else own) + ABOUT * (document.id in what.about)
        rank += (
            (AGAIN if what.again else SAME)
            * evidence.kind
            * (evidence.year >= 0.5)
            * (found.passage.chunk.clause_id == what.clause)
        )
    matches = candidates.matches(found.place)
    here = speaks_of(titles(what.text), holds) and speaks_for(what, document.metadata.region, plain)
    return RankedPassage(
        found.passage, document, evidence, rank, here, candidates.word_idf, holds, matches, found.standing
    )


def compared(found: Sequence[RankedPassage]) -> Evidence:
    """Return the evidence of the best passage, which is the first one, with how it compares with the others."""
    best, others = found[0], found[1:]
    of_others = max((each.rank for each in others if each.document.id != best.document.id), default=0.0)
    together = np.max([each.matches.best for each in found], axis=0, initial=0.0)
    whole = float(together.mean()) if together.size else 0.0
    return replace(
        best.evidence,
        lead=_bounded(best.rank - of_others),
        ahead=_bounded(best.rank - max((each.rank for each in others), default=0.0)),
        alone=best.matches.nearness / whole if whole > 0 else 0.0,
    )


def _bounded(lead: float) -> float:
    return min(max(lead, 0.0), FAR_AHEAD)
