"""Ranks candidates by one score of words and meaning, not by two ranks."""

import numpy as np

from retrieval.search.candidates import Candidates
from retrieval.search.keywords import RowNumbers, Scores

READ = 30  # candidates whose tokens are compared with the question's
NEARNESS = 1.0  # what late interaction is worth beside the score
DOCUMENT_SHARE = 0.5  # this part of the keywords' weight is for the whole document; 0 loses .02 on notices


def fuse(found: Candidates) -> Scores:
    """Return the score (n,) of each candidate: its keywords and its cosine, and of the best ones also their tokens."""
    scores = blended(found)
    return _read_closely(found, scores) if found.compares_tokens else scores


def blended(found: Candidates) -> Scores:
    """Return the weighted sum (n,) of the keywords and the cosine of each candidate.

    Keywords count as a share of what all the question's words are worth. A document's best chunk gets the best keyword
    score and the best cosine in the document, even if two chunks have them. Each other chunk gets less by as much as it
    falls short of the best one (nDCG@10 on notices: .910, with single chunks .908).
    """
    weight = found.cosine_weight
    whole = (1 - weight) * DOCUMENT_SHARE * _out_of(found.document_bm25, found.document_idf)
    words = (1 - weight) * (1 - DOCUMENT_SHARE) * _out_of(found.bm25, found.query_idf)
    meaning = weight * likeness(found)
    _, places = np.unique(found.documents, return_inverse=True)
    best = _best(words, places) + _best(meaning, places)
    scores: Scores = whole + best - (_best(words + meaning, places) - words - meaning)
    return scores


def _read_closely(found: Candidates, scores: Scores) -> Scores:
    """Return the scores of the READ best candidates raised by how near their tokens come to the question's."""
    best = np.argpartition(-scores, READ)[:READ] if len(scores) > READ else np.arange(len(scores))
    near = np.array([found.matches(i).nearness for i in best.tolist()], dtype=np.float32)
    raised = scores.copy()
    raised[best] += np.float32(NEARNESS) * (near - near.min(initial=1.0))
    return raised


def likeness(found: Candidates) -> Scores:
    """Return the cosines (n,) on a scale where unrelated texts are at 0 and equal ones at 1, whatever the model."""
    return (found.cosine - np.float32(found.unrelated)) / np.float32(1 - found.unrelated)


def _out_of(scores: Scores, whole: float) -> Scores:
    return scores / np.float32(whole) if whole > 0 else np.zeros_like(scores)


def _best(scores: Scores, places: RowNumbers) -> Scores:
    """Return for each candidate the best score in its document; `places` (n,) number the documents from 0."""
    best = np.full(len(scores), -np.inf, dtype=np.float32)
    np.maximum.at(best, places, scores)
    return best[places]
