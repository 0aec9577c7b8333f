"""Finds what stops a file on its way in: personal numbers and secrecy marks, each told by its place, masked."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge import privacy, sentences
from knowledge.model import Clause, ParsedDocument
from knowledge.notation.patterns import pattern
from knowledge.version import Hold

FEW_PHONES = 2  # personal mobile numbers that a notice may carry: those of its contact persons
_MOST = 20  # holds that are told of one file
_SHOWN = 24  # characters of a mark that are shown
_PERSONAL = {"identity", "card"}

# GB/T 9704-2012, 7.2.2: the mark stands alone on its line, with the period behind a star ("机密★5年")
_SECRET = pattern(
    r"(?:绝密|机密|秘密)\s*[★☆]|(?:^|\s)(?:密级|秘密等级)\s*[:：]\s*(?:绝密|机密|秘密)",
    re.M,
    takes="机密★一年",
    leaves="商业秘密不予公开",
)
_MARK = pattern(
    r"(?m)^[ \t\u3000]*(?:绝密|机密|秘密)(?:级|文件)?[ \t\u3000]*$", takes="\u3000\u3000秘密级\u3000", leaves="国家秘密"
)
_INTERNAL = pattern(
    r"内部(?:资料|文件|材料)[,，、。!！\s（(]{0,3}(?:请)?(?:注意|妥善)?(?:保存|保密|保管|严禁外传|不得外传|请勿外传)",
    takes="内部资料，注意保存",
    leaves="内部资料由各单位保存",
)
_CLOSED = pattern(
    r"(?:公开(?:属性|方式|类别|类型|形式|选项)|信息公开)[:：\s]{0,4}不予?公开"
    r"|(?m:^[ \t\u3000（(【\[]*不予公开[ \t\u3000）)】\]]*$)",
    takes="公开属性：不予公开",
    leaves="涉及隐私的不予公开",
)
_HINT = pattern(r"[密★☆]|内部|不予?公开", takes="不公开", leaves="主动公开")


@dataclass(frozen=True, slots=True)
class Findings:
    """`holds` stop a file; `warnings` are sentences that do not."""

    holds: tuple[Hold, ...]
    warnings: tuple[str, ...]


def find(parsed: ParsedDocument) -> Findings:
    """Return what somebody has to look at in a document before anyone else may read it."""
    text = parsed.text or "\n".join(clause.text for clause in parsed.clauses)
    above = "" if parsed.metadata.title in text else f"{parsed.metadata.title}\n"
    text = above + text
    places = _Places(parsed.clauses if parsed.text else (), len(above))
    numbers = list(privacy.numbers_in(text))
    phones = {each.number: each for each in reversed(numbers) if each.kind == "mobile"}
    holds = [Hold(each.kind, places.at(each.start), each.masked) for each in numbers if each.kind in _PERSONAL]
    warnings = []
    if len(phones) > FEW_PHONES:
        holds += [Hold("phones", places.at(each.start), each.masked) for each in reversed(phones.values())]
    elif phones:
        masked = "、".join(each.masked for each in reversed(phones.values()))
        warnings.append(sentences.PHONES.format(numbers=masked))
    holds += [Hold("secrecy", places.at(start), line) for start, line in _marks(text)]
    return Findings(tuple(dict.fromkeys(holds))[:_MOST], tuple(warnings))


def sentence(hold: Hold) -> str:
    """Return a hold as the administrator reads it."""
    return sentences.HOLD.format(where=hold.where, what=sentences.HELD_FOR[hold.kind], words=hold.words)


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield every secrecy mark once, with the character at which it first stands."""
    if not _HINT.search(text):
        return
    seen: dict[str, int] = {}
    for mark in (_SECRET, _MARK, _INTERNAL, _CLOSED):
        for found in mark.finditer(text):
            seen.setdefault(" ".join(found[0].split())[:_SHOWN], found.start())
    yield from ((start, words) for words, start in seen.items())


class _Places:
    """Tells which clause stands at a character of the text."""

    def __init__(self, clauses: Sequence[Clause], offset: int) -> None:
        self._clauses = sorted((each for each in clauses if each.end), key=lambda each: each.start)
        self._starts, self._offset = [each.start for each in self._clauses], offset

    def at(self, position: int) -> str:
        """Return a place that a person finds: the clause, else the page, else the beginning."""
        number = bisect_right(self._starts, position - self._offset) - 1
        if number < 0:
            return sentences.AT_THE_BEGINNING if self._clauses else sentences.IN_THE_FILE
        clause = self._clauses[number]
        page = sentences.ON_PAGE.format(page=clause.page) if clause.page else ""
        return " ".join(part for part in (page, clause.locator) if part)[:80] or sentences.IN_THE_TEXT
