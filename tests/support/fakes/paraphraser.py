"""A chat model that tells the truth in other words: a sentence of the passage, restated as a clerk would."""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.support.fakes.liar import pairs, spelled
from tests.support.fakes.prompted import Held, statements

Restate = Callable[[str], str | None]  # None where the sentence does not allow it

_PLAINER = pairs(
    "应当/需要 应于/要在 给予/给 予以/给 均/都 将/会 及/和 与/和 无需/不需要 不得/不能 可以/能够 须/必须 "
    "严禁/禁止 即可/就可以 可/可以 按照/按 自/从 至/到 如/如果 并/并且 进行/ 等/等等 所有/全部 尚未/还没有"
)


def _ascii(found: re.Match[str]) -> str:
    return spelled(int(found[0]))


def _plainer(sentence: str) -> str | None:
    for word, other in _PLAINER:
        if word in sentence and other not in sentence:
            return sentence.replace(word, other, 1)
    return None


def _last_first(sentence: str) -> str | None:
    """The parts of an enumeration the other way round: 甲、乙和丙 as 丙、乙和甲."""
    found = re.search(r"(?<=、)([\u4e00-\u9fff]{2,6})、([\u4e00-\u9fff]{2,6})(?=、)", sentence)
    return sentence.replace(found[0], f"{found[2]}、{found[1]}") if found else None


def _half(sentence: str) -> str | None:
    """Its last part with the one before, where the first only says why."""
    found = re.match(r"^(?:为|根据|按照)[^，]{4,}，(.{10,})$", sentence)
    return found[1] if found else None


def _without_aside(sentence: str) -> str | None:
    bare = re.sub(r"（[^）]*）", "", sentence)
    return bare if bare != sentence and len(bare) > 10 else None


def _numbers_spelled(sentence: str) -> str | None:
    said = re.sub(r"(?<![\d.〔\[])[1-9]\d{0,3}(?=[天个万亿元家名户人次倍岁月日])(?!\.)", _ascii, sentence)
    return said if said != sentence else None


def _share_spelled(sentence: str) -> str | None:
    said = re.sub(r"(?<![\d.])([1-9]\d?)[%％]", lambda found: f"百分之{spelled(int(found[1]))}", sentence)
    return said if said != sentence else None


RESTATED: dict[str, Restate] = {
    "word for word": lambda sentence: sentence,
    "according to the material": lambda sentence: f"根据资料，{sentence}",
    "to you": lambda sentence: f"您好，{sentence}",
    "plainer words": _plainer,
    "list in another order": _last_first,
    "reason left out": _half,
    "aside left out": _without_aside,
    "numbers spelled": _numbers_spelled,
    "per cent spelled": _share_spelled,
    "full width": lambda s: s.translate({i: i + 0xFEE0 for i in range(48, 58)}) if re.search(r"\d", s) else None,
}


def truths(held: Sequence[Held], dice: Random) -> list[tuple[str, str]]:
    """One restatement of each kind that the first passage allows, without its mark."""
    known = statements(held[0].text)
    dice.shuffle(known)
    told = ((kind, next(filter(None, map(restate, known)), None)) for kind, restate in RESTATED.items())
    return [(kind, said) for kind, said in told if said]
