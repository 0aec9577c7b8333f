"""Whether a sentence allows, demands, forbids or spares what its source does: 不得 is not 可以, 无需 is not 应当."""

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words

_NEUTRAL = any_of(words(Path(__file__).with_name("neutral_words.txt")))
_FORBIDDEN = "不得|不能|不可以?|不准|不许|不允许|不予|不给予|禁止|严禁|不受理|不接受|拒绝|拒不"
_SPARED = "无需|无须|毋须|不需要?|不用|不必|不须|不再需要|免于|免予|免去|免交|免缴|免费|免收|不收取?|减免|免除|豁免|免"
_DENIED = "没有|并非|不|未|无|没|非|否"
_NEGATION = pattern(
    f"(?P<forbidden>{_FORBIDDEN})|(?P<spared>{_SPARED})|(?P<denied>{_DENIED})",
    takes="不得收取费用",
    leaves="应当收取费用",
)
_ALLOWED = pattern(
    "可以|能够|允许|准许|准予|均可|即可|也可|还可|(?<![许认])可(?=[申办领享到在向由凭通拨选提登携自])"
    "|(?<![功职性技智才可])能(?=[办用申领享提登去在到够])",
    takes="申请人可以委托他人",
    leaves="经许可的单位",
)
_DEMANDED = pattern(
    "应当|必须|务必|不得不|(?<![无毋])须|(?<!不)需要|(?<![无不急])需(?!求)|(?<![对相响反供适理])应(?![用急对届])",
    takes="申请人须本人到场",
    leaves="申请人无须到场",
)
_OPPOSITES = [pair.split("/") for pair in words(Path(__file__).with_name("opposites.txt"))]


@dataclass(frozen=True, slots=True)
class Stance:
    """What a stretch of text denies (kinds of negation, how many), and whether it allows or demands something."""

    negations: frozenset[str]
    denials: int
    allows: bool
    demands: bool


def stance(text: str) -> Stance:
    """The stance of `text`, which must be `plain`."""
    text = _NEUTRAL.sub(lambda found: "　" * len(found[0]), text)
    kinds = [str(found.lastgroup) for found in _NEGATION.finditer(text)]
    positive = _NEGATION.sub(lambda found: "　" * len(found[0]), text)
    return Stance(frozenset(kinds), len(kinds), bool(_ALLOWED.search(positive)), bool(_DEMANDED.search(positive)))


def agrees(said: str, nearest: str, segment: str, source: str) -> bool:
    """Whether a part of a sentence means the same as its source.

    `nearest` is the part of the source most like it, `segment` the sentence that part stands in, `source` all of it.
    Each negation of `nearest` must be said too. A negation that is said must stand in `segment`. 可以 and 应当 may not
    take each other's place. Neither may stand against a 不得 or 无需 that nothing in the source softens.
    """
    mine, near, around, whole = stance(said), stance(nearest), stance(segment), stance(source)
    if mine.denials < near.denials or not near.negations <= mine.negations <= around.negations | near.negations:
        return False
    if mine.allows and not near.allows and (near.demands or ("forbidden" in whole.negations and not whole.allows)):
        return False
    if mine.demands and not near.demands and (near.allows or ("spared" in whole.negations and not whole.demands)):
        return False
    return not any(_turned(said, segment, *pair) or _turned(said, segment, *pair[::-1]) for pair in _OPPOSITES)


def _turned(said: str, source: str, word: str, opposite: str) -> bool:
    """Whether `word` is said where the source has its opposite; the character beside it tells."""
    if word not in said or opposite not in source:
        return False
    beside = {each for found in re.findall(f"(?=(.{word}))|(?=({word}.))", said) for each in found if each}
    swapped = {each for each in beside if each not in source and each.replace(word, opposite) in source}
    return word not in source or bool(swapped)
