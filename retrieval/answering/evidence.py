"""How well a passage answers a question: concepts shared, kind of answer, years and places."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache, partial
from operator import attrgetter

import rjieba

from knowledge.model import Metadata, PolicyDocument, Standing
from knowledge.notation.patterns import pattern
from retrieval.answering.understanding import Understanding, Wanted, bare, offers
from retrieval.language.lexicon import Lexicon, word_list
from retrieval.language.places import Place, names_places, within
from retrieval.language.question_words import STOP_WORDS, without_asking
from retrieval.language.tokens import normalised
from retrieval.language.years import years
from retrieval.model import Passage
from retrieval.search.candidates import Candidates
from retrieval.search.keywords import Idf
from retrieval.search.ranking import likeness

_CHATTER = STOP_WORDS | word_list("chatter.txt")
_WORD = re.compile(r"[\w.]+")
_NATIONAL = pattern(
    r"国务院|全国人民代表大会|最高人民|^国家|中华人民共和国|^[\u4e00-\u9fff]{2,8}部(?:$|[\s、，])",
    takes="民政部",
    leaves="广州市民政局",
)
_GOING = pattern(r"(?:回|去|到|往|转到|迁到)(?:了|我)?$", takes="我想回", leaves="我想回答")
_ELSEWHERE = pattern(r"异地|外地|跨省|跨市|省外|市外|外省|转移接续", takes="跨省异地就医备案", leaves="本市就医")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals that speak for a passage, each in about [0, 1]. `score` is the search's own."""

    score: float
    cosine: float
    words: float  # share of the question's words that the passage holds, weighted by idf
    covered: float  # share of the question's concepts that it holds; colloquial ones also by their official words
    kind: float  # 1 if it holds the kind of answer asked for, ½ if none is asked for
    year: float  # 1 if it speaks of the year asked about, ½ if none is asked, 0 if of others only
    place: float  # 1 if its document speaks of or for the places asked about or none is asked, 0 if of others only
    nearness: float  # how near its tokens come to the question's, on average
    weakest: float  # the same for the quarter of the question's tokens that it comes least near to
    # of the best passage, 0 of the others:
    lead: float  # by how much it ranks above the best passage of another document
    ahead: float  # by how much it ranks above the next passage, of whatever document
    alone: float  # how near it comes to the question's tokens, as a share of what all passages together do

    def numbers(self) -> tuple[float, ...]:
        """The signals in order."""
        return _numbers(self)


_numbers = attrgetter(*(field.name for field in fields(Evidence)))  # ten times as fast as dataclasses.astuple


@dataclass(frozen=True, slots=True)
class StandingPassage:
    """A passage that was found but not looked at closely yet.

    `place` is its number among the search's candidates. `standing` is that of the clause on the day that counts.
    """

    place: int
    passage: Passage
    document: PolicyDocument
    standing: Standing

    @property
    def plain(self) -> str:
        """Title, heading and text, normalised."""
        chunk = self.passage.chunk
        return " ".join(map(normalised, (self.document.metadata.title, chunk.heading, chunk.text)))


def evidence_of(asked: Understanding, day: date, found: StandingPassage, candidates: Candidates) -> Evidence:
    """Return what speaks for a passage by itself. Its lead is set when all passages have been looked at."""
    chunk, metadata, plain = found.passage.chunk, found.document.metadata, found.plain
    matches = candidates.matches(found.place)
    return Evidence(
        score=found.passage.score,
        cosine=float(likeness(candidates)[found.place]),
        words=found.passage.signals["bm25"] / candidates.query_idf if candidates.query_idf else 0.0,
        covered=coverage(asked, plain, candidates.word_idf),
        kind=kind_shown(asked, normalised(chunk.heading), normalised(chunk.text)),
        year=year_shown(asked, chunk.text, metadata, day),
        place=place_shown(asked, metadata, plain, partial(candidates.in_document, found.place)),
        nearness=matches.nearness,
        weakest=matches.weakest,
        lead=0.0,
        ahead=0.0,
        alone=0.0,
    )


def content_words(text: str) -> list[str]:
    """Return the words of a question that say what it is about."""
    words = (word.strip() for word in rjieba.cut(without_asking(text), False))
    return [word for word in words if _WORD.fullmatch(word) and word not in _CHATTER]


def coverage(asked: Understanding, passage: str, idf: Idf) -> float:
    """Return the share of the question's concepts that `passage` (normalised) holds, weighted by the idf of each."""
    return _held(_worth(asked.context, asked.focus, asked.places, asked.lexicon, idf), passage) or 0.0


def own_coverage(asked: Understanding, passage: str, idf: Idf) -> float | None:
    """Return the share of a follow-up's own concepts in `passage`; None if it names only sides of the matter."""
    return _held(_worth_alone(asked.focus, asked.places, asked.lexicon, idf), passage)


def concepts_of(asked: Understanding) -> tuple["Concept", ...]:
    """Return the concepts of a turn itself, without those of the turn it follows.

    Sides of a matter and single characters are left out.
    """
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
    """One thing that a question speaks of.

    A passage holds it by any of `words`. Its weight is the best idf of `written`, times `share`.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    share: float = 1.0


# The next three functions keep their results: they are needed for every passage and sentence of the few questions being
# answered.


@lru_cache(maxsize=16)
def _worth(context: str, focus: str, places: frozenset[Place], lexicon: Lexicon, idf: Idf) -> Worth:
    """Return the weighted concepts of a question and what it follows; a follow-up's without the sides of the matter."""
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
    """Return the concepts of a question's text without `places`, which are weighed elsewhere."""
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
    """Return how plainly a passage (normalised) holds the kind of answer asked for; ½ if the question does not say."""
    if asked.wanted is Wanted.ANY:
        return 0.5
    return offers(asked.wanted, heading, passage)


def year_shown(asked: Understanding, passage: str, metadata: Metadata, today: date) -> float:
    """Return how well a passage and its document's title fit the years asked about.

    1 if one of them names a year asked about, 0 if they name only others, ½ if there is nothing to compare. A rule that
    was in force in the year asked about, by its own dates, need not name it. A rule of today need not name this year. A
    rule that began after the year asked about does not speak of it.
    """
    if not asked.years:
        return 0.5
    titled = years(normalised(metadata.title))
    named = years(normalised(passage))
    if named & asked.years or (titled and titled <= asked.years):
        return 1.0
    if titled & asked.years:
        return 0.4 if named else 1.0  # the title names several years, and the passage is about another one
    since = metadata.effective_on
    if asked.years == {today.year} or (since and all(since.year <= year <= today.year for year in asked.years)):
        return 0.5
    return 0.0 if named or titled or (since and since.year > max(asked.years)) else 0.3


def speaks_for(asked: Understanding, region: str, passage: str) -> bool:
    """Return whether a passage of a document of `region` ("": the country) may speak for the places asked about."""
    if not asked.places or _named(asked, passage) or _away(asked, passage):
        return True
    return any(within(place, [region]) for place in asked.places)


def place_shown(asked: Understanding, about: Metadata, passage: str, in_document: Callable[[str], bool]) -> float:
    """Return how well a passage and its document fit the places asked about.

    1 if no place is asked about, if the asker only goes there and the passage tells what then applies, or if the
    document speaks of the place or for it. 0 if it speaks of other places. ½ if it speaks of none and nothing says that
    it holds for the whole country.

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
    """Return whether the question is about going elsewhere ("回湖南看病") and the passage about what then applies."""
    going = any(_GOING.search(part) for place in asked.places for part in asked.text.split(place.name)[:-1])
    return going and _ELSEWHERE.search(passage) is not None


def _named(asked: Understanding, passage: str) -> bool:
    return any(place.name in passage for place in asked.places if not place.apart)
