"""What a question asks: its focus, the documents' words for it, the kind of answer, years and places it names."""

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.lexicon import official
from retrieval.model import Question
from retrieval.places import Place, places
from retrieval.tokens import normalised

_LONG = 60  # characters; above, only the end of a story is the question
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年?(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(2[0-9])年(?!\d)")
_FOLLOWS = re.compile(
    r"^(那|那么|还有|另外|如果|要是|我是|我呢|他|她|它|这个|这种|一起|然后|and |what about)|呢[？?]?$"
)


class Wanted(StrEnum):
    """The kind of thing that answers a question."""

    AMOUNT = "amount"
    SHARE = "share"
    DATE = "date"
    DURATION = "duration"
    COUNT = "count"
    PHONE = "phone"
    MATERIALS = "materials"
    PLACE = "place"
    ANY = "any"


_ASKED = (
    (Wanted.PHONE, re.compile(r"电话|打哪个|热线|号码|phone|call")),
    (Wanted.MATERIALS, re.compile(r"材料|资料|带什么|拿什么|什么证|哪些证|证明|手续|documents?|papers?")),
    (Wanted.PLACE, re.compile(r"去哪|在哪|哪里|哪儿|地址|地点|窗口|哪个(?:部门|单位|地方)|where")),
    (Wanted.SHARE, re.compile(r"百分之|比例|几成|费率|percent|百分|折")),
    (Wanted.DATE, re.compile(r"几号|几月|哪天|哪几天|什么时候|何时|截止|截至|最迟|最晚|哪年|日期|when|deadline")),
    (
        Wanted.DURATION,
        re.compile(r"多久|多长时间|几天|多少天|几年|多少年|几个月|期限|时限|有效期|多少个?工作日|how long"),
    ),
    (
        Wanted.AMOUNT,
        re.compile(r"多少钱|多小钱|几多钱|几块|多少元|几元|什么价|收费|补多少|领多少|发多少|给多少|报多少|拿多少|"
                   r"金额|标准|限额|收入|工资|租金|津贴.*多少|补贴.*多少|钱.*多少|多少.*钱|how much"),
    ),
    (Wanted.COUNT, re.compile(r"几个|多少个|几样|几次|多少次|几分|多少分|几种|名额|how many")),
)  # fmt: skip
_NUMBER = r"[\d一二三四五六七八九十百千万两半]"
_ANSWERS = {
    Wanted.AMOUNT: re.compile(rf"{_NUMBER}[\d.,，]*\s*(?:万|亿|千)?\s*元|{_NUMBER}+块|免费|不收费|免收"),
    Wanted.SHARE: re.compile(r"\d[\d.]*\s*[%％‰]|百分之|成|分之"),
    Wanted.DATE: re.compile(r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|\d{1,2}日|月底|年底|每月|次月|届满|之日"),
    Wanted.DURATION: re.compile(
        rf"{_NUMBER}+\s*(?:个)?\s*(?:工作日|日|天|年|个?月|周|小时|学年|季度)|长期|终身|当场|即时"
    ),
    Wanted.COUNT: re.compile(rf"{_NUMBER}+\s*(?:个|种|次|人|名|分|项|类|份|家|户|张)"),
    Wanted.PLACE: re.compile(r"窗口|地址|地点|大厅|服务中心|[路街道]\S{0,8}号|网站|登录|小程序|app|网址"),
    Wanted.PHONE: re.compile(r"\d{3,4}-?\d{5,8}|\b1[0-9]{4}\b|\d{7,8}|热线"),
}
_HEADINGS = {
    Wanted.MATERIALS: re.compile(r"材料|资料|证件|证明|手续"),
}


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question ready to be searched; `added` are the documents' words for what it says colloquially."""

    text: str
    focus: str
    context: str
    added: tuple[str, ...]
    wanted: Wanted
    years: frozenset[int]
    places: frozenset[Place]

    @property
    def search_text(self) -> str:
        """What is searched for: context of a follow-up, the focus, and the documents' words."""
        return " ".join(part for part in (self.context, self.focus, *self.added) if part)


def understand(question: Question) -> Understanding:
    """Read a question; a follow-up ("那要交多少钱？") is completed from the turn before."""
    text = normalised(question.text).strip()
    context = _context(question, text)
    focus = focus_of(text)
    whole = f"{context} {text}"
    return Understanding(
        text=text,
        focus=focus,
        context=context,
        added=tuple(official(whole)),
        wanted=wanted(focus),
        years=years(text) or years(context),
        places=places(text) or places(context),
    )


def focus_of(text: str) -> str:
    """The sentences that ask: of a long story its last ones, of a short question all."""
    if len(text) <= _LONG:
        return text
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]
    kept: list[str] = []
    for sentence in reversed(sentences):
        if kept and sum(map(len, kept)) + len(sentence) > _LONG:
            break
        kept.insert(0, sentence)
    return "".join(kept)[-2 * _LONG :]


def wanted(text: str) -> Wanted:
    """The kind of answer `text` asks for; ANY where it does not show."""
    return next((kind for kind, pattern in _ASKED if pattern.search(text)), Wanted.ANY)


def offers(kind: Wanted, heading: str, text: str) -> float:
    """How plainly a clause holds that kind of answer: 1 if it does, 0 if not; less if only its heading would tell."""
    if kind in _HEADINGS:
        return 1.0 if _HEADINGS[kind].search(f"{heading} {text[:30]}") else 0.8 * bool(_HEADINGS[kind].search(text))
    return 1.0 if kind not in _ANSWERS or _ANSWERS[kind].search(text) else 0.0


def years(text: str) -> frozenset[int]:
    """The calendar years `text` names; "26年" is 2026."""
    short = {2000 + int(year) for year in _SHORT_YEAR.findall(text)}
    return frozenset(map(int, _YEAR.findall(text))) | short


def _context(question: Question, text: str) -> str:
    if len(question.turns) < 2 or not (_FOLLOWS.search(text) or len(text) < 20):
        return ""
    return focus_of(normalised(question.turns[-2]).strip())
