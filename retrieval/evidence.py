"""How well a passage answers a question: concepts shared, kind of answer, years and places."""

import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date

import rjieba

from knowledge.model import Metadata
from retrieval.fusion import STOP_WORDS
from retrieval.lexicon import concepts, word_list
from retrieval.places import within
from retrieval.tokens import normalised
from retrieval.understanding import Understanding, Wanted, offers, years

Idf = Callable[[str], float]

_CHATTER = STOP_WORDS | word_list("chatter.txt")
_WORD = re.compile(r"[\w.]+")
_ELSEWHERE = re.compile(r"异地|外地|跨省|跨市|省外|市外|外省|转移接续")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage, each in about [0, 1]; `score` is the search's own."""

    score: float
    cosine: float
    words: float  # share of the question's words the passage holds, weighed by idf
    covered: float  # share of the question's concepts it holds, colloquial ones by their official words
    kind: float  # 1 if it holds the kind of thing asked for, ½ if none is asked for
    year: float  # 1 if it speaks of the year asked about, ½ if none is asked, 0 if of others only
    place: float  # 1 if it speaks of or for the places asked about, ½ if none is asked, 0 if not
    lead: float  # by how much it is ahead of the best passage of another document

    def numbers(self) -> tuple[float, ...]:
        """The signals in order."""
        return astuple(self)


def content_words(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    words = (word.strip() for word in rjieba.cut(text, False))
    return [word for word in words if _WORD.fullmatch(word) and word not in _CHATTER]


def coverage(asked: Understanding, passage: str, idf: Idf) -> float:
    """The share of the question's concepts in `passage` (normalised), by the idf of each."""
    whole = matched = 0.0
    rest = f"{asked.context} {asked.focus}"
    for said, written in concepts(rest):
        weight = max(idf(word) for word in written)
        whole += weight
        if said in passage or any(word in passage for word in written):
            matched += weight
        rest = rest.replace(said, " ")
    for word in dict.fromkeys(content_words(rest)):
        weight = idf(word) * (1.0 if len(word) > 1 else 0.3)
        whole += weight
        matched += weight * (word in passage)
    return matched / whole if whole else 0.0


def kind_shown(asked: Understanding, passage: str) -> float:
    """1 if the passage holds the kind of answer asked for, 0 if not, ½ if the question does not say."""
    if asked.wanted is Wanted.ANY:
        return 0.5
    return float(offers(asked.wanted, passage))


def year_shown(asked: Understanding, passage: str, metadata: Metadata, today: date) -> float:
    """1 if passage or title name a year asked about, 0 if they name only others, ½ if there is nothing to compare.

    A rule that was in force in that year, by its own dates, need not name it; nor need a rule of today this year.
    """
    if not asked.years:
        return 0.5
    named = years(normalised(passage)) | years(normalised(metadata.title))
    if named & asked.years:
        return 1.0
    since = metadata.effective_on
    if asked.years == {today.year} or (since and all(since.year <= year <= today.year for year in asked.years)):
        return 0.5
    return 0.0 if named else 0.3


def speaks_for(asked: Understanding, region: str, passage: str) -> bool:
    """Whether a passage of a document of `region` ("" the whole country) may speak for the places asked about."""
    if not asked.places or _named(asked, passage) or _away(asked, passage):
        return True
    return any(within(place, [region]) for place in asked.places)


def place_shown(asked: Understanding, region: str, passage: str) -> float:
    """1 if passage or region are of the places asked about, ½ if none is asked about, 0 otherwise."""
    if not asked.places:
        return 0.5
    mine = bool(region) and any(within(place, [region]) for place in asked.places)
    return float(mine or _named(asked, passage))


def _away(asked: Understanding, passage: str) -> bool:
    """Whether the question is of going elsewhere ("回湖南看病") and the passage of what then applies."""
    going = any(re.search(rf"(?:回|去|到|往|转到|迁到)(?:了|我)?{place}", asked.text) for place in asked.places)
    return going and _ELSEWHERE.search(passage) is not None


def _named(asked: Understanding, passage: str) -> bool:
    if "港澳" in passage and any(place.name in ("香港", "澳门") for place in asked.places):
        return True
    return any(place.name in passage for place in asked.places)
