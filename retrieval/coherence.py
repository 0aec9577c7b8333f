"""Whether a sentence keeps together what its source does: a rule and its condition, a name and its number."""

import re
from collections.abc import Sequence
from itertools import pairwise

from retrieval.alignment import stated
from retrieval.segments import Segment, Stretch, pairs
from retrieval.tokens import words

COVERED = 0.4  # of the character pairs of a condition or an ending that count as having said it
_CONDITION = re.compile("(?:的|时|以外|除外|外)$")
_COMMON = frozenset(["材料", "窗口", "申请人", "情况", "时间", "老年人", "申请"])
_ASIDE = re.compile(r"\([^)]*\)")


def keeps_together(said: Sequence[Stretch], source: Sequence[Segment], names: frozenset[str]) -> bool:
    """Whether each part of a sentence is from one segment, goes on to another only when the first has been said to its
    end, and no rule is said without its condition. `names` are pairs that may stand anywhere: the document's title."""
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
    """The segments that hold all that the part has from the source; `_ANYWHERE` if it has nothing from it."""
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
    """Whether the conditions that stand before `part`'s place in the segment are said too."""
    best = max(range(len(segment.parts)), key=lambda i: len(part.matter & segment.parts[i].matter))
    conditions = [own for own in segment.parts[:best] if _CONDITION.search(_ASIDE.sub("", own.text))]
    return all(_covered(own, words) for own in conditions)


def _covered(own: Stretch, words: frozenset[str]) -> bool:
    return len(own.matter & words) >= COVERED * len(own.matter)
