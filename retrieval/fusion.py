"""How candidates are ranked: words and meaning as one score, not as two ranks."""

import re

import numpy as np

from retrieval.candidates import Candidates
from retrieval.keywords import Rows, Scores
from retrieval.tokens import normalised, tokens

# Before whitening unrelated texts have cosines of about .6, and all of them lie in half the span.
UNRELATED, SPAN = 0.6, 0.5
DOCUMENT_SHARE = 0.5  # of the keywords' weight, for the document as a whole; 0 loses .02 on notices

STOP_WORDS = frozenset(
    "的 了 吗 呢 什么 怎么 如何 哪些 哪个 哪里 是否 怎样 可以 能 能否 有 是 在 和 与 及 对 于 为 我 你 他 们 请问 请 "  # noqa: SIM905
    "多少 几 吧 啊 被 把 给 都 就 要 会 什 么".split()
)


_ASKING = re.compile(
    "请问|什么时候|什么人|哪些人|是什么|有什么|为什么|什么样|什么|怎么办|怎么样|怎么|怎样|如何|有哪些|哪些|哪个|哪里|哪|多少|是否|能否|会不会|要不要|是不是|能不能|可不可以|算不算|有没有|吗|呢|吧|啊|了"
)


def without_asking(text: str) -> str:
    """`text` (normalised) without the expressions that only make it a question, a space in place of each."""
    return _ASKING.sub(" ", text)


def question_tokens(text: str) -> list[str]:
    """The tokens of a question without what only makes it one (BM25 on notices .892 with them, .902 without).

    A question of nothing else keeps them all.
    """
    every = tokens(without_asking(normalised(text)))
    return [token for token in every if token not in STOP_WORDS] or every or tokens(text)


def fuse(found: Candidates) -> Scores:
    """The score (n,) of each candidate: keywords, out of all the question's words are worth, and cosine, weighed.

    A document's best chunk has what its best words and its best meaning are worth, even if they are in two chunks; its
    other chunks follow by as much as each falls short of the best one (nDCG@10 on notices .910, of single chunks .908).
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
    """The cosines (n,) on the scale of whitened vectors, where unrelated texts are at 0, whitened or not.

    A corpus too small to whiten must not look as if everything in it were alike.
    """
    return found.cosine if found.whitened else (found.cosine - np.float32(UNRELATED)) / np.float32(SPAN)


def _out_of(scores: Scores, whole: float) -> Scores:
    return scores / np.float32(whole) if whole > 0 else np.zeros_like(scores)


def _best(scores: Scores, places: Rows) -> Scores:
    """For each candidate the best of its document; `places` (n,) number the documents from 0."""
    best = np.full(len(scores), -np.inf, dtype=np.float32)
    np.maximum.at(best, places, scores)
    return best[places]
