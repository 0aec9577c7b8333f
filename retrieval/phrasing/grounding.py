"""Checks that each sentence of a phrased answer stands in the passage it cites, and withdraws those that do not.

The check is lexical on purpose: it can be read, it costs a millisecond, and it cannot be talked round. It also
withdraws sentences that it cannot follow; the applicant then reads the clause's own words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.notation.patterns import pattern
from knowledge.notation.sentence_ends import runs
from retrieval.phrasing.coherence import keeps_together
from retrieval.phrasing.novelty import nothing_new
from retrieval.phrasing.number_match import nearest, numbers_belong
from retrieval.phrasing.polarity import agrees, stance
from retrieval.phrasing.quantities import plain
from retrieval.phrasing.segments import Segment, Stretch, asks, content, parts, segments

MAX_SENTENCES = 4
MAX_CHARACTERS = 220  # of one sentence
FLOOR = 0.6  # share of a sentence's content words that its passage must hold
PART_FLOOR = 0.34  # the same between two commas, so that no invention rides on a true half
_MARK = r"(?:\s*[\[【［]\s*(\d{1,3})\s*[\]】］])"
_CITATION = pattern(_MARK, takes="需要身份证[12]", leaves="需要身份证[2024]")
_MARKS_LAST = pattern(rf"([。！？!?；;]+)((?:{_MARK})+)", takes="材料齐全。[1]", leaves="材料齐全[1]。")
_CITED = pattern(
    rf"^(?P<body>.+?)(?P<marks>{_MARK}+)\s*[。！？!?；;]*$", takes="需要身份证[1][2]。", leaves="需要身份证。"
)
_LEADING = pattern(
    r"^(?:[-*•·#>\s]+|[(（]?[一二三四五六七八九十\d]{1,2}[)）.、](?!\d))+\s*",
    takes="一、需要身份证",
    leaves="1.5倍补贴",
)
_ADDRESS = pattern(
    r"(?:https?://)?[a-z0-9][\w.@-]*\.[a-z]{2,}[a-z0-9/_.?=&%#~-]*", takes="登录www.gov.cn查询", leaves="登录网站查询"
)
_LETTERS = re.compile(r"[a-z][a-z0-9]*")
_QUOTED = re.compile(r"《([^》]+)》|“([^”]+)”|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"|‘([^’]+)’")
_LEAD_IN = pattern(
    "^(?:您好,)?(?:根据|按照|依据)(?:以上|上述|相关|有关)?(?:资料|规定|条款)(?:规定|显示)?,",
    takes="根据以上资料,需要身份证",
    leaves="根据申请人要求,需要身份证",
)
_HANGS_ON = pattern(
    "^(?:但|不过|然而|因此|所以|否则|其|此外|另外|同时|然后|这|那|该|上述|前述|以上|除外|例外|如果不|反之)",
    takes="但未成年人除外",
    leaves="未成年人除外",
)
_LIMITS = pattern("^(?:但|不过|然而|除外|例外|其中|只有|仅|否则|除)", takes="但未成年人除外", leaves="未成年人不在此列")


@dataclass(frozen=True)
class CitedText:
    """What a citation holds: the passage's own words, and its names (title, number, headings)."""

    text: str
    names: str = ""

    def __add__(self, other: "CitedText") -> "CitedText":
        return CitedText(f"{self.text}\n{other.text}", f"{self.names}\n{other.names}")


@dataclass(frozen=True)
class Sentence:
    """A sentence without its marks.

    `cited` are the numbers of the passages it cites, none if it does not end in marks.
    """

    body: str
    cited: tuple[int, ...]


def sentences(answer: str) -> list[Sentence]:
    """Split an answer into its sentences. The marks [n] may stand before or after the full stop."""
    text = "".join(c for c in answer.replace("**", "") if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf"))
    text = _MARKS_LAST.sub(r"\2\1", text)
    return [sentence for piece in runs(text, "。！？!?", "\n") if (sentence := _sentence(piece)).body]


def _sentence(piece: str) -> Sentence:
    piece = _LEADING.sub("", piece.strip())
    found = _CITED.match(piece)
    if not found:
        return Sentence(piece, ())
    cited = dict.fromkeys(int(number) for number in _CITATION.findall(piece))
    return Sentence(_CITATION.sub("", found["body"]).strip(), tuple(cited))


def grounded(answer: str, evidence: Sequence[CitedText]) -> list[Sentence]:
    """Return the sentences of `answer` that stand in what they cite, at most four; [1] is the first of `evidence`.

    A sentence that hangs on a withdrawn one is withdrawn too. So is one that a withdrawn "但…" would have limited.
    """
    said = list(dict.fromkeys(sentences(answer)))
    stands = [i < MAX_SENTENCES and _stands(sentence, evidence) for i, sentence in enumerate(said)]
    for i in range(1, len(said)):
        if not stands[i - 1] and _HANGS_ON.match(said[i].body):
            stands[i] = False
    for i in range(len(said) - 1, 0, -1):
        if not stands[i] and _LIMITS.match(said[i].body):
            stands[i - 1] = False
    return [sentence for sentence, kept in zip(said, stands, strict=True) if kept]


def _stands(sentence: Sentence, evidence: Sequence[CitedText]) -> bool:
    if not sentence.cited or not all(1 <= number <= len(evidence) for number in sentence.cited):
        return False
    cited = [evidence[number - 1] for number in sentence.cited]
    return supported(sentence.body, sum(cited[1:], cited[0]))


def supported(body: str, evidence: CitedText) -> bool:
    """Return whether `evidence` holds all a sentence says: numbers, dates, names, quotations, negations, words.

    A sentence with a web address never passes: where to click is told in the clause's own words or not at all.
    """
    said, source, names = _LEAD_IN.sub("", plain(body)), segments(evidence.text), Stretch(plain(evidence.names))
    if not 4 <= len(said) <= MAX_CHARACTERS or re.search(r"[\[\]{}<>]", said) or asks(said):
        return False
    if _ADDRESS.search(said) or not re.search("[一-龥]", said):
        return False
    pieces = [Stretch(part) for part in parts(re.sub("《[^》]+》", "", said))]
    return (
        _names_hold(said, evidence)
        and _states_something(pieces, source, names)
        and numbers_belong(pieces, source, names)
        and nothing_new(said, plain(evidence.text + "\n" + evidence.names))
        and _words_hold(pieces, (*source, *(each for line in evidence.names.splitlines() for each in segments(line))))
        and keeps_together(pieces, source, names.matter)
        and all(_means_the_same(piece, source) for piece in pieces)
    )


def _names_hold(said: str, evidence: CitedText) -> bool:
    """Return whether titles, quoted terms and Latin words stand in the passage or its names as they are."""
    own, names = plain(evidence.text), plain(evidence.names)
    terms = ["".join(found) for found in _QUOTED.findall(said)]
    return all(term in own or term in names for term in (*terms, *_LETTERS.findall(said)))


def _states_something(said: Sequence[Stretch], source: Sequence[Segment], names: Stretch) -> bool:
    """Return whether a sentence says more than the name of what it cites."""
    matter = frozenset().union(*(part.matter for part in said)) - names.matter
    stated = matter & frozenset().union(*(segment.matter for segment in source))
    return len(stated) >= 2 or any(part.facts or stance(part.text).negations for part in said)


def _words_hold(said: Sequence[Stretch], known: Sequence[Segment]) -> bool:
    words = set().union(*(content(segment.text) for segment in known))
    shares = [(content(",".join(part.text for part in said)), FLOOR)]
    shares += [(content(part.text), PART_FLOOR) for part in said]
    return all(len(own & words) >= floor * len(own) for own, floor in shares)


def _means_the_same(part: Stretch, source: Sequence[Segment]) -> bool:
    text = "\n".join(segment.text for segment in source)
    found = nearest(part, source)
    return any(agrees(part.text, own.text, _spoken_of(part, own, segment), text) for own, segment in found) or (
        not found and agrees(part.text, "", "", text)
    )


def _spoken_of(part: Stretch, own: Stretch, segment: Segment) -> str:
    """Return the parts of a segment that `part` speaks of: `own`, and those whose matter it repeats."""
    also = [each.text for each in segment.parts if 2 * len(each.matter & part.matter) >= len(each.matter)]
    return ",".join([own.text, *also])


def numbered(kept: Sequence[Sentence], used: Sequence[int]) -> Iterator[str]:
    """Yield each kept sentence as people read it; its marks count the places in `used`."""
    for sentence in kept:
        marks = "".join(f"[{used.index(number) + 1}]" for number in sentence.cited)
        yield f"{sentence.body.rstrip('，,；;：:、')}{marks}。"
