"""Which calendar years a document names, and which a question asks about."""

import re
from datetime import date
from functools import lru_cache

_YEAR = (
    r"(?<![\d.])(?<!\d,)((?:19[89]|20[0-4])\d)(?!\d|[.,]\d|\s*(?:元|块|万|千|亿|人|个|名|平|米|㎡|m2|字|%|岁|分|天|日|小时|"
    r"家|户|次|套|间|yuan|rmb))"
)
_NUMBERED = re.compile(r"[〔\[(【]\s*\d{4}\s*[〕\])】]\s*第?\s*\d+\s*号|\d{4}-\d+号")  # 穗府规〔2024〕5号
_NAMED = re.compile(_YEAR)
_SHORT = re.compile(
    r"(?<![\d.])(?<![满了足够达龄限共近约过少计续有交缴住作干等这第的隔])(2\d)年(?!以上|以下|以内|前|后|内|期|多|来|"
    r"工龄|社保|间|了|才|的(?:工龄|社保|房))"
)
_OWN_STORY = re.compile(  # what happened to someone in a year is no question about the rules of that year
    r"^\s*年?[^,。;?!，；？！]{0,12}?(?:出生|出世|生的|生人|生日)|"
    r"^\s*年?[^,。;?!，；？！几哪]{0,5}?(?:毕业(?!生)|入职|参加工作|结婚|离婚|领证|退休(?!金)|买[了的]|租[了的]|搬|"
    r"来的|过来|失业(?!金|保)|辞职|离职|"
    r"注册[了的]|开[了的]店|成立[了的]|签[了的]|受伤|确诊|怀孕|退役|退伍|当兵|办[了的]|拿到)"
)
_BORN = re.compile(r"born\D{0,20}$")
_RELATIVE = {
    "大前年": -3, "前年": -2, "去年": -1, "上一年": -1, "明年": 1, "后年": 2, "last year": -1, "next year": 1,
    "今年": 0, "本年度": 0, "this year": 0,
}  # fmt: skip
_CLAUSE = re.compile(r"[^,。;?!，；？！\n]+[?？]?")
_ASKS = re.compile(r"多少|几|什么|怎么|哪|吗|标准|名额|政策|规定|时候|[?？]|how|what|when|is there")


@lru_cache(maxsize=4096)  # passages come again with the next question
def years(text: str) -> frozenset[int]:
    """The calendar years a document's text names; amounts and document numbers (〔2024〕5号) are none."""
    return frozenset(map(int, _NAMED.findall(_NUMBERED.sub(" ", text))))


def years_asked(text: str, today: date) -> frozenset[int]:
    """The years whose rules a question (normalised) asks about: "2025年", "26年的", "去年的标准多少".

    Not the years of someone's own story: "2019年出生的孩子", "我2021年毕业".
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
    """`text` without the calendar years it names or tells from today."""
    text = re.sub(rf"{_NAMED.pattern}年?度?|{_SHORT.pattern}", " ", text)
    return re.sub("|".join(sorted(_RELATIVE, key=len, reverse=True)), " ", text)


def _relative(text: str, today: date) -> frozenset[int]:
    """The years told from today, in clauses that ask something."""
    asking = [clause for clause in _CLAUSE.findall(text) if _ASKS.search(clause)]
    for word, distance in _RELATIVE.items():
        for clause in asking:
            before, found, after = clause.partition(word)
            if found and not _OWN_STORY.match(after) and not before.endswith("大"):
                return frozenset({today.year + distance})
    return frozenset()
