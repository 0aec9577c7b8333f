"""Whether a sentence keeps together what its source keeps together: a rule and its condition, a name and its number."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.notation.patterns import pattern
from retrieval.language.tokens import words
from retrieval.phrasing.number_match import stated
from retrieval.phrasing.segments import Segment, Stretch, pairs

COVERED = 0.4  # share of the character pairs of a condition or an ending that counts as having said it
_CONDITION = pattern("(?:的|时|以外|除外|外)$", takes="委托他人办理的", leaves="委托他人办理")
_COMMON = frozenset(["材料", "窗口", "申请人", "情况", "时间", "老年人", "申请"])
_ASIDE = re.compile(r"\([^)]*\)")


def keeps_together(said: Sequence[Stretch], source: Sequence[Segment], names: frozenset[str]) -> bool:
    """Whether a sentence keeps together what its source keeps together.

    Each part must come from one segment. The sentence may go on to another segment only when the first has been said to
    its end. No rule may be said without its condition. `names` are character pairs that may stand anywhere: those of
    the document's title.
    """
    homes = [_homes(part, source, names) for part in said]
    if not all(homes):
        return False
    spoken = frozenset().union(*(part.matter for part in said)) | names
    chosen = [home for home in homes if home is not _ANYWHERE]
    for here, there in pairwise(chosen):
        if not set(here) & set(there) and not any(_covered(segment.parts[-1], spoken) for segment in here):
            return False
    return all(
        any(_conditions_said(part, segment, spoken) for segment in home)
        for part, home in zip(said, homes, strict=True)
        if home is not _ANYWHERE
    )


_ANYWHERE: tuple[Segment, ...] = (Segment("", []),)


def _homes(part: Stretch, source: Sequence[Segment], names: frozenset[str]) -> tuple[Segment, ...]:
    """The segments that hold all that the part takes from the source; `_ANYWHERE` if it takes nothing from it."""
    said = {word for word in words(part.bare) if len(word) > 1 and word not in _COMMON and not pairs(word) <= names}
    known = {word for word in said if any(word in segment.text for segment in source)}
    if not known and not part.facts:
        return _ANYWHERE
    return tuple(
        each
        for each in source
        if all(word in each.text or pairs(word) <= each.lead for word in known)
        and all(any(stated(fact, own, each) for own in each.facts) for fact in part.facts if fact.is_amount)
    )


def _conditions_said(part: Stretch, segment: Segment, words: frozenset[str]) -> bool:
    """Whether the sentence also says the conditions that stand before `part`'s place in the segment."""
    best = max(range(len(segment.parts)), key=lambda i: len(part.matter & segment.parts[i].matter))
    conditions = [own for own in segment.parts[:best] if _CONDITION.search(_ASIDE.sub("", own.text))]
    return all(_covered(own, words) for own in conditions)


def _covered(own: Stretch, words: frozenset[str]) -> bool:
    return len(own.matter & words) >= COVERED * len(own.matter)
