"""Tells which calendar years a document names, and which a question asks about."""

import re
from datetime import date
from functools import lru_cache

from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of

_YEAR = (
    r"(?<![\d.])(?<!\d,)((?:19[89]|20[0-4])\d)(?!\d|[.,]\d|\s*(?:元|块|万|千|亿|人|个|名|平|米|㎡|m2|字|%|岁|分|天|日|小时|"
    r"家|户|次|套|间|yuan|rmb))"
)
_NUMBERED = pattern(
    r"[〔\[(【]\s*\d{4}\s*[〕\])】]\s*第?\s*\d+\s*号|\d{4}-\d+号",
    takes="依照穗府规〔2024〕5号",
    leaves="2024年第5次会议",
)  # 穗府规〔2024〕5号
_NAMED = pattern(_YEAR, takes="2024年的缴费标准", leaves="补贴2024元")
_SHORT = pattern(
    r"(?<![\d.])(?<![满了足够达龄限共近约过少计续有交缴住作干等这第的隔])(2\d)年(?!以上|以下|以内|前|后|内|期|多|来|"
    r"工龄|社保|间|了|才|的(?:工龄|社保|房))",
    takes="23年的标准是多少",
    leaves="工龄满23年",
)
_OWN_STORY = pattern(
    r"^\s*年?[^,。;?!，；？！]{0,12}?(?:出生|出世|生的|生人|生日)|"
    r"^\s*年?[^,。;?!，；？！几哪]{0,5}?(?:毕业(?!生)|入职|参加工作|结婚|离婚|领证|退休(?!金)|买[了的]|租[了的]|搬|"
    r"来的|过来|失业(?!金|保)|辞职|离职|"
    r"注册[了的]|开[了的]店|成立[了的]|签[了的]|受伤|确诊|怀孕|退役|退伍|当兵|办[了的]|拿到)",
    takes="年出生的",
    leaves="年毕业生补贴",
)
_BORN = pattern(r"born\D{0,20}$", takes="i was born in", leaves="i was born in 1990, now in")
_RELATIVE = {
    "大前年": -3, "前年": -2, "去年": -1, "上一年": -1, "明年": 1, "后年": 2, "last year": -1, "next year": 1,
    "今年": 0, "本年度": 0, "this year": 0,
}  # fmt: skip
_TOLD = any_of(_RELATIVE)
_CLAUSE = re.compile(r"[^,。;?!，；？！\n]+[?？]?")
_ASKS = pattern(
    r"多少|几|什么|怎么|哪|吗|标准|名额|政策|规定|时候|[?？]|how|what|when|is there",
    takes="2024年的标准是多少",
    leaves="我2024年来广州",
)
_YEAR_WORDS = pattern(rf"{_NAMED.pattern}年?度?|{_SHORT.pattern}", takes="2024年度的标准", leaves="补贴2024元")


@lru_cache(maxsize=4096)  # passages come again with the next question
def years(text: str) -> frozenset[int]:
    """Return the calendar years that a document's text names, not amounts or document numbers (〔2024〕5号)."""
    return frozenset(map(int, _NAMED.findall(_NUMBERED.sub(" ", text))))


def years_asked(text: str, today: date) -> frozenset[int]:
    """Return the years whose rules a question (normalised) asks about: "2025年", "26年的", "去年的标准多少".

    The years of someone's own story do not count: "2019年出生的孩子", "我2021年毕业".
    """
    text = _NUMBERED.sub(" ", text)
    asked = {
        int(match.group(1))
        for match in _NAMED.finditer(text)
        if not _OWN_STORY.match(text[match.end() :]) and not _BORN.search(text[: match.start()])
    }
    for match in _SHORT.finditer(text):
        year = 2000 + int(match.group(1))
        if abs(year - today.year) <= 5 and not _OWN_STORY.match(text[match.end() - 1 :]):
            asked.add(year)
    return frozenset(asked) or _relative(text, today)


def without_years(text: str) -> str:
    """Return `text` without the calendar years that it names or counts from today ("去年")."""
    text = _YEAR_WORDS.sub(" ", text)
    return _TOLD.sub(" ", text)


def _relative(text: str, today: date) -> frozenset[int]:
    """Return the year that a clause of a question counts from today ("去年"), if the clause asks something."""
    asking = [clause for clause in _CLAUSE.findall(text) if _ASKS.search(clause)]
    for word, distance in _RELATIVE.items():
        for clause in asking:
            before, found, after = clause.partition(word)
            if found and not _OWN_STORY.match(after) and not before.endswith("大"):
                return frozenset({today.year + distance})
    return frozenset()
