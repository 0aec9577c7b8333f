"""How well a passage answers a question: concepts shared, kind of answer, years and places."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from operator import attrgetter

import rjieba

from knowledge.model import Metadata
from retrieval.fusion import STOP_WORDS, without_asking
from retrieval.lexicon import Lexicon, word_list
from retrieval.places import Place, names_places, within
from retrieval.tokens import normalised
from retrieval.understanding import Understanding, Wanted, bare, offers
from retrieval.years import years

Idf = Callable[[str], float]

_CHATTER = STOP_WORDS | word_list("chatter.txt")
_WORD = re.compile(r"[\w.]+")
_NATIONAL = re.compile(r"国务院|全国人民代表大会|最高人民|^国家|中华人民共和国|^[\u4e00-\u9fff]{2,8}部(?:$|[\s、，])")
_ELSEWHERE = re.compile(r"异地|外地|跨省|跨市|省外|市外|外省|转移接续")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage, each in about [0, 1]; `score` is the search's own."""

    score: float
    cosine: float
    words: float  # share of the question's words the passage holds, weighed by idf
    covered: float  # share of the question's concepts it holds, colloquial ones by their official words
    kind: float  # 1 if it holds the kind of answer asked for, ½ if none is asked for
    year: float  # 1 if it speaks of the year asked about, ½ if none is asked, 0 if of others only
    place: float  # 1 if its document speaks of or for the places asked about or none is asked, 0 if of others only
    lead: float  # by how much it is ahead of the best passage of another document

    def numbers(self) -> tuple[float, ...]:
        """The signals in order."""
        return _numbers(self)


_numbers = attrgetter(*(field.name for field in fields(Evidence)))  # ten times as fast as dataclasses.astuple


def content_words(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    words = (word.strip() for word in rjieba.cut(without_asking(text), False))
    return [word for word in words if _WORD.fullmatch(word) and word not in _CHATTER]


def coverage(asked: Understanding, passage: str, idf: Idf) -> float:
    """The share of the question's concepts in `passage` (normalised), by the idf of each."""
    return _held(_worth(asked.context, asked.focus, asked.places, asked.lexicon, idf), passage) or 0.0


def own_coverage(asked: Understanding, passage: str, idf: Idf) -> float | None:
    """The share of a follow-up's own concepts in `passage`; None where it names only sides of the matter."""
    return _held(_worth_alone(asked.focus, asked.places, asked.lexicon, idf), passage)


def concepts_of(asked: Understanding) -> tuple["Concept", ...]:
    """What a turn itself speaks of, without what it follows; sides of a matter and single characters left out."""
    return _own(asked.focus, asked.places, asked.lexicon)


Worth = Sequence[tuple[tuple[str, ...], float]]  # the words of each concept, and its weight


def _held(worth: Worth, passage: str) -> float | None:
    whole = matched = 0.0
    for words, weight in worth:
        whole += weight
        for word in words:
            if word in passage:
                matched += weight
                break
    return matched / whole if whole else None


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question speaks of: a passage holds it by any of `words`; the best idf of `written`, times `share`."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    share: float = 1.0


# What follows is asked of every passage and sentence of the few questions being answered.


@lru_cache(maxsize=16)
def _worth(context: str, focus: str, places: frozenset[Place], lexicon: Lexicon, idf: Idf) -> Worth:
    """The concepts of a question with what it follows; of a follow-up without the sides of the matter."""
    every = _concepts(f"{context} {focus}", places, lexicon)
    return _weighed((each for each in every if not (context and bare(each.words[0]))), idf)


@lru_cache(maxsize=16)
def _worth_alone(focus: str, places: frozenset[Place], lexicon: Lexicon, idf: Idf) -> Worth:
    return _weighed(_own(focus, places, lexicon), idf)


@lru_cache(maxsize=16)
def _own(focus: str, places: frozenset[Place], lexicon: Lexicon) -> tuple[Concept, ...]:
    every = _concepts(focus, places, lexicon)
    return tuple(each for each in every if not bare(each.words[0]) and max(map(len, each.words)) > 1)


def _weighed(every: Iterable[Concept], idf: Idf) -> Worth:
    return [(each.words, max(map(idf, each.written)) * each.share) for each in every]


def _concepts(asked: str, places: frozenset[Place], lexicon: Lexicon) -> tuple[Concept, ...]:
    """The concepts of a question's text; `places` are weighed elsewhere."""
    found, names = [], {place.name for place in places}
    for said, written in lexicon.concepts(asked):
        if said not in asked:
            continue  # part of a longer one
        found.append(Concept((said, *written), written))
        asked = asked.replace(said, " ")
    for word in dict.fromkeys(content_words(asked)):
        if word.strip("省市区县") not in names:
            found.append(Concept((word,), (word,), 1.0 if len(word) > 1 else 0.3))
    return tuple(found)


def kind_shown(asked: Understanding, heading: str, passage: str) -> float:
    """How plainly a passage (normalised) holds the kind of answer asked for; ½ if the question does not say."""
    if asked.wanted is Wanted.ANY:
        return 0.5
    return offers(asked.wanted, heading, passage)


def year_shown(asked: Understanding, passage: str, metadata: Metadata, today: date) -> float:
    """1 if passage or title name a year asked about, 0 if they name only others, ½ if there is nothing to compare.

    A rule that was in force in that year, by its own dates, need not name it; nor need a rule of today this year. One
    that began after the year asked about does not speak of it.
    """
    if not asked.years:
        return 0.5
    titled = years(normalised(metadata.title))
    named = years(normalised(passage))
    if named & asked.years or (titled and titled <= asked.years):
        return 1.0
    if titled & asked.years:
        return 0.4 if named else 1.0  # of a title's several years, the passage is about another
    since = metadata.effective_on
    if asked.years == {today.year} or (since and all(since.year <= year <= today.year for year in asked.years)):
        return 0.5
    return 0.0 if named or titled or (since and since.year > max(asked.years)) else 0.3


def speaks_for(asked: Understanding, region: str, passage: str) -> bool:
    """Whether a passage of a document of `region` ("" the whole country) may speak for the places asked about."""
    if not asked.places or _named(asked, passage) or _away(asked, passage):
        return True
    return any(within(place, [region]) for place in asked.places)


def place_shown(asked: Understanding, about: Metadata, passage: str, in_document: Callable[[str], bool]) -> float:
    """1 if no place is asked about, or one only gone to, or the document speaks of it or for it; 0 if it speaks of
    others, ½ if of none and nothing says that it is the whole country's.

    `in_document` tells whether a word stands anywhere in the document. Of questions about notices that name a place,
    six in ten have their answer in a document that names it, one in ten in one that does not.
    """
    if not asked.places or _away(asked, passage) or _named(asked, passage):
        return 1.0
    if about.region:
        return float(any(within(place, [about.region]) for place in asked.places))
    if any(in_document(place.name) for place in asked.places if not place.apart):
        return 1.0
    if names_places(passage):
        return 0.0
    return 1.0 if _NATIONAL.search(about.issuer) else 0.5


def _away(asked: Understanding, passage: str) -> bool:
    """Whether the question is of going elsewhere ("回湖南看病") and the passage of what then applies."""
    going = any(re.search(rf"(?:回|去|到|往|转到|迁到)(?:了|我)?{place}", asked.text) for place in asked.places)
    return going and _ELSEWHERE.search(passage) is not None


def _named(asked: Understanding, passage: str) -> bool:
    return any(place.name in passage for place in asked.places if not place.apart)
