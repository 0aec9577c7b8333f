"""Looks closely at what a search found: the evidence of each passage, and which is best."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from knowledge.model import PolicyDocument, Standing
from retrieval.candidates import Candidates
from retrieval.evidence import Evidence, Idf, coverage, kind_shown, own_coverage, place_shown, speaks_for, year_shown
from retrieval.fusion import likeness
from retrieval.model import Passage
from retrieval.naming import speaks_of, titles
from retrieval.tokens import normalised
from retrieval.understanding import Understanding

_FAR_AHEAD = 0.4  # a lead beyond this says nothing more
ABOUT = 0.3  # for a passage of a document that the conversation is about
SAME = 0.05  # for the clause that answered the turn before
AGAIN = 0.3  # the same, where the same is asked of something else
OWN = 0.3  # for the words of a follow-up itself, beside those of what it follows


@dataclass(frozen=True, slots=True)
class Found:
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
class Asked:
    """A question being answered: what it asks, and the day whose law counts; `dead` looks at what is not in force.

    Nothing is looked at where no passage can rank above `above`.
    """

    what: Understanding
    day: date
    dead: bool = False
    above: float = -math.inf


def weighed(
    asked: Asked, candidates: Candidates, i: int, passage: Passage, document: PolicyDocument, standing: Standing
) -> Found:
    """The evidence of candidate `i`, and its rank by it."""
    what, score = asked.what, passage.score
    holds = partial(candidates.in_document, i)
    heading, text = normalised(passage.chunk.heading), normalised(passage.chunk.text)
    plain = f"{normalised(document.metadata.title)} {heading} {text}"
    words = passage.signals["bm25"] / candidates.query_idf if candidates.query_idf else 0.0
    evidence = Evidence(
        score=score,
        cosine=float(likeness(candidates)[i]),
        words=words,
        covered=coverage(what, plain, candidates.word_idf),
        kind=kind_shown(what, heading, text),
        year=year_shown(what, passage.chunk.text, document.metadata, asked.day),
        place=place_shown(what, document.metadata, plain, holds),
        lead=0.0,
    )
    rank = score + 0.3 * evidence.covered + 0.1 * (evidence.kind + evidence.year + evidence.place)
    if what.context:
        own = own_coverage(what, plain, candidates.word_idf)
        rank += OWN * (evidence.kind if own is None else own) + ABOUT * (document.id in what.about)
        rank += (
            (AGAIN if what.again else SAME)
            * evidence.kind
            * (evidence.year >= 0.5)
            * (passage.chunk.clause_id == what.clause)
        )
    here = speaks_of(titles(what.text), holds) and speaks_for(what, document.metadata.region, plain)
    return Found(passage, document, evidence, rank, here, candidates.word_idf, holds, standing)


def with_lead(found: list[Found]) -> list[Found]:
    """The first with its lead over the best of another document."""
    if not found:
        return found
    best = found[0]
    other = max((each.rank for each in found[1:] if each.document.id != best.document.id), default=0.0)
    lead = min(max(best.rank - other, 0.0), _FAR_AHEAD)
    return [replace(best, evidence=replace(best.evidence, lead=lead)), *found[1:]]
