"""How candidates are ranked: words and meaning as one score, not as two ranks."""

import numpy as np

from retrieval.candidates import Candidates
from retrieval.keywords import Scores
from retrieval.tokens import tokens

# Weight of the cosine beside the keywords. Measured as nDCG@10 on the dev questions of three sets (citizens' messages,
# notices, statutes) by `laofashi evaluate` with m3e-small; rank fusion of the same two sides: .711, .815, .378.
COSINE_WEIGHT = 0.5
WHITENED_COSINE_WEIGHT = 0.4
DOCUMENT_SHARE = 0.5  # of the keywords' weight, for the document as a whole; 0 loses .02 on notices

STOP_WORDS = frozenset(
    "的 了 吗 呢 什么 怎么 如何 哪些 哪个 哪里 是否 怎样 可以 能 能否 有 是 在 和 与 及 对 于 为 我 你 他 们 请问 请 "  # noqa: SIM905
    "多少 几 吧 啊 被 把 给 都 就 要 会 什 么".split()
)


def question_tokens(text: str) -> list[str]:
    """The tokens of a question without what only makes it one (BM25 on notices .892 with them, .902 without).

    A question of nothing else keeps them all.
    """
    every = tokens(text)
    return [token for token in every if token not in STOP_WORDS] or every


def fuse(found: Candidates) -> Scores:
    """The score (n,) of each candidate: keywords, out of all the question's words are worth, and cosine, weighed."""
    share = DOCUMENT_SHARE
    words = share * _out_of(found.document_bm25, found.document_idf)
    words += (1 - share) * _out_of(found.bm25, found.query_idf)
    weight = WHITENED_COSINE_WEIGHT if found.whitened else COSINE_WEIGHT
    scores: Scores = (1 - weight) * words + weight * found.cosine
    return scores


def _out_of(scores: Scores, whole: float) -> Scores:
    return scores / np.float32(whole) if whole > 0 else np.zeros_like(scores)
