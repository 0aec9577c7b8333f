"""Whether a sentence has only words that its source has, and plain ones: whoever is not named there is not named here.

A clerk's own words ("您", "需要", "办理") are a closed list. Any other word that the source lacks might be who pays,
who may apply or what for, and no check of meaning could tell.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.lexicon import word_list
from retrieval.segments import Stretch, pairs
from retrieval.tokens import words

PLAIN = word_list("plain_words.txt")
_VAGUE = re.compile("(?:[几双半廿卅]|数[十百千万亿]|近[十百千万]|[上成过][百千万]|若干|不[不未无]).")
_TWICE = re.compile("([一-龥]{2,8})(?:和|与|或|、|,)\\1")
_RUN = re.compile("[一-龥]+")
_ASIDE = re.compile(r"\([^)]*\)")


def nothing_new(said: str, source: str) -> bool:
    """Whether every word of `said` is in `source` or plain, and stands beside the words it stands beside there, plain
    ones and asides left out.

    Both are `plain`. Numbers are looked at elsewhere, but for vague ones (几个, 数百), which have to stand as they are.
    """
    known = pairs(source) | pairs(bare := _ASIDE.sub("", source)) | pairs(_RUN.sub(_without_plain, bare))
    return all(each[0] in source for pattern in (_VAGUE, _TWICE) for each in pattern.finditer(said)) and all(
        all(word in PLAIN or _stands(word, source, known) for word in run)
        and all(here in PLAIN or there in PLAIN or here[-1] + there[0] in known for here, there in pairwise(run))
        for run in map(list, map(_glued, _RUN.findall(Stretch(said).without_numbers)))
    )


def _glued(run: str) -> Iterator[str]:
    """The words of a run of characters; single ones that follow each other make one, as in names no dictionary has."""
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
    """Whether a word is there, pair by pair or with one character more between two (老人 for 老年人)."""
    if word in source or (len(word) > 2 and pairs(word) <= known):
        return True
    return len(word) == 2 and re.search(f"{word[0]}[一-龥]{word[1]}", source) is not None
