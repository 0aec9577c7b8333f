"""Ranks candidates by one score of words and meaning, not by two ranks."""

import numpy as np

from retrieval.search.candidates import Candidates
from retrieval.search.keywords import RowNumbers, Scores

# Without whitening, unrelated texts have cosines of about .6, and all cosines lie in half the span.
UNRELATED, SPAN = 0.6, 0.5
DOCUMENT_SHARE = 0.5  # this part of the keywords' weight is for the whole document; 0 loses .02 on notices


def fuse(found: Candidates) -> Scores:
    """Return the score (n,) of each candidate: the weighted sum of its keywords and its cosine.

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


def likeness(found: Candidates) -> Scores:
    """Return the cosines (n,) on the scale of whitened vectors, where unrelated texts are at 0, whitened or not.

    A corpus too small to whiten must not look as if everything in it were alike.
    """
    return found.cosine if found.whitened else (found.cosine - np.float32(UNRELATED)) / np.float32(SPAN)


def _out_of(scores: Scores, whole: float) -> Scores:
    return scores / np.float32(whole) if whole > 0 else np.zeros_like(scores)


def _best(scores: Scores, places: RowNumbers) -> Scores:
    """Return for each candidate the best score in its document; `places` (n,) number the documents from 0."""
    best = np.full(len(scores), -np.inf, dtype=np.float32)
    np.maximum.at(best, places, scores)
    return best[places]
