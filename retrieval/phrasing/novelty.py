"""Whether a sentence has only plain words and words of its source: it names nobody whom the source does not name.

A clerk's own words ("您", "需要", "办理") are a closed list. Any other word that the source lacks might say who
pays, who may apply or what for, and no check of meaning could tell.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.notation.patterns import pattern
from retrieval.language.lexicon import word_list
from retrieval.language.tokens import words
from retrieval.phrasing.segments import Stretch, pairs

PLAIN = word_list("plain_words.txt")
_VAGUE = pattern(
    "(?:[几双半廿卅]|数[十百千万亿]|近[十百千万]|[上成过][百千万]|若干|不[不未无]).", takes="数百元", leaves="数字证书"
)
_TWICE = pattern("([一-龥]{2,8})(?:和|与|或|、|,)\\1", takes="身份证和身份证", leaves="身份证和户口簿")
_RUN = re.compile("[一-龥]+")
_ASIDE = re.compile(r"\([^)]*\)")


def nothing_new(said: str, source: str) -> bool:
    """Return whether every word of `said` is plain or in `source`, and has the same neighbours as there.

    Plain words and asides may be left out between neighbours. Both texts must be `plain`. Numbers are checked
    elsewhere, but for vague ones (几个, 数百): those must stand in `source` as they are.
    """
    known = pairs(source) | pairs(bare := _ASIDE.sub("", source)) | pairs(_RUN.sub(_without_plain, bare))
    return all(each[0] in source for pattern in (_VAGUE, _TWICE) for each in pattern.finditer(said)) and all(
        all(word in PLAIN or _stands(word, source, known) for word in run)
        and all(here in PLAIN or there in PLAIN or here[-1] + there[0] in known for here, there in pairwise(run))
        for run in map(list, map(_glued, _RUN.findall(Stretch(said).without_numbers)))
    )


def _glued(run: str) -> Iterator[str]:
    """Yield the words of a run of characters.

    Single characters that follow each other make one word, as in names that no dictionary has.
    """
    single = ""
    for word in words(run):
        if len(word) == 1 and word not in PLAIN:
            single += word
            continue
        if single:
            yield single
        single = ""
        yield word
    if single:
        yield single


def _without_plain(run: re.Match[str]) -> str:
    return "".join(word for word in words(run[0]) if word not in PLAIN)


def _stands(word: str, source: str, known: frozenset[str]) -> bool:
    """Return whether a word is in the source: whole, pair by pair, or with one character between (老人 for 老年人)."""
    if word in source or (len(word) > 2 and pairs(word) <= known):
        return True
    return len(word) == 2 and re.search(f"{word[0]}[一-龥]{word[1]}", source) is not None
