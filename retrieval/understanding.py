"""What a question asks: its focus, the documents' words for it, the kind of answer, years and places it names."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from retrieval.fusion import STOP_WORDS, without_asking
from retrieval.lexicon import Lexicon, shipped, word_list
from retrieval.model import Question
from retrieval.places import Place, places
from retrieval.tokens import normalised
from retrieval.years import without_years, years_asked

_LONG = 60  # characters; above, only the end of a story is the question
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_FOLLOWS = re.compile(
    r"他们|她们|它们|这些|那些|这样|这种|其他的|^除了|^还[要得需]|才[算会行]|"
    r"^(?:那|咁|噉|他|她|它|这个|这种|一起|我呢|and\b|what about|how about|what if)|"
    r"^(?:还有|另外|如果|要是|我是|然后|for )(?=.{0,24}$)|呢\W*$|^.{1,8}呢,|"
    r"^.{1,8}(?:可以|行|算|能|有)[吗么不]\W*$"
)
# Whether something is so, or what if, which the turn before did not ask.
_OWN_QUESTION = re.compile(r"^.{9,}[吗么不]\W*$|^(?:那|咁)?(?:如果|要是|万一|假如)")


def _any_of(words: frozenset[str]) -> str:
    bounded = [rf"\b{word}\b" if word.isascii() else re.escape(word) for word in words]
    return "|".join(sorted(bounded, key=len, reverse=True))


_CHATTER = word_list("chatter.txt")
_ENGLISH = re.compile(r"\b[a-z][a-z'-]*\b")
_ASPECT = re.compile(rf"{_any_of(STOP_WORDS | _CHATTER | word_list('aspects.txt'))}|\W")


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


_SUM = re.compile(r"金额|标准|限额|收入|工资|租金")  # asks for an amount, but where it asks whether
_WHETHER = re.compile(r"要不要|能不能|是不是|会不会|可不可以|有没有|[吗么不]\W*$")
_ASKED = (
    (Wanted.PHONE, re.compile(r"电话|打哪个|热线|号码|phone|call")),
    (Wanted.DATE, re.compile(r"几号|几月|哪天|哪几天|什么时候|何时|几时|哪年|when")),
    (Wanted.DURATION, re.compile(r"多久|多长时间|how long")),
    (Wanted.MATERIALS, re.compile(r"材料|资料|[带拿凭](?:什么|啥)证?|(?:什么|啥|哪些)证|证明|手续|documents?|papers?")),
    (Wanted.PLACE, re.compile(r"去哪|在哪|哪里|哪儿|地址|地点|窗口|哪个(?:部门|单位|地方)|where")),
    (Wanted.SHARE, re.compile(r"百分之|比例|几成|费率|percent|百分|折")),
    (Wanted.DATE, re.compile(r"截止|截至|最迟|最晚|日期|deadline")),
    (
        Wanted.DURATION,
        re.compile(
            r"几天|多少天|几年|多少年|几个月|期限|时限|有效期|多少个?工作日|how many (?:days|months|years)"
        ),
    ),
    (
        Wanted.AMOUNT,
        re.compile(r"多少钱|多小钱|几多钱|几块|多少元|几元|什么价|收费|补多少|领多少|发多少|给多少|报多少|拿多少|"
                   r"(?:补|领|发|给|拿|交|收|加|一年|每年|一?个?月|每月|一次|一餐|一天|一?平方米?)(?:能|可以)?(?:补|领|发|给|拿|有|交)?"
                   r"(?:多少|几多)(?![个分次天年月样])|收钱|要钱|花钱|"
                   r"津贴.*多少|补贴.*多少|钱.*多少|多少.*钱|how much"),
    ),
    (Wanted.COUNT, re.compile(r"几个|多少个|几样|几次|多少次|几分|多少分|几种|名额|how many")),
)  # fmt: skip
_NUMBER = r"[\d一二三四五六七八九十百千万两半]"
_ANSWERS = {
    Wanted.AMOUNT: re.compile(rf"{_NUMBER}[\d.,，]*\s*(?:万|亿|千)?\s*元|{_NUMBER}+块|免费(?!.{{0,3}}包)|不收费|免收"),
    Wanted.SHARE: re.compile(r"\d[\d.]*\s*[%％‰]|百分之|成|分之"),
    Wanted.DATE: re.compile(r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|\d{1,2}日|月底|年底|每月|次月|届满|之日"),
    Wanted.DURATION: re.compile(
        rf"{_NUMBER}+\s*(?:个)?\s*(?:工作日|日|天|年|个?月|周|小时|学年|季度)|长期|终身|当场|即时"
    ),
    Wanted.COUNT: re.compile(rf"{_NUMBER}+\s*(?:个|种|次|人|名|分|项|类|份|家|户|张)"),
    Wanted.PLACE: re.compile(r"窗口|地址|地点|大厅|服务中心|[路街道]\S{0,8}号|网站|登录|小程序|app|网址|现场"),
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
    about: frozenset[str] = frozenset()  # documents of the matter a follow-up is of
    again: bool = False  # asks what the turn before did, of something else
    clause: str = ""  # the one that the turn before was best answered from
    lexicon: Lexicon = field(default_factory=shipped, compare=False, repr=False)  # it was read by

    @property
    def vague(self) -> bool:
        """Whether neither the question nor what it follows says what matter it is about."""
        return not _topic(f"{self.context} {self.text}")

    def alone(self) -> "Understanding":
        """The turn itself, without what it follows."""
        return replace(self, context="")

    @property
    def search_text(self) -> str:
        """What is searched for: context of a follow-up, the focus, and the documents' words."""
        asked, context = (_without_english(each, self.lexicon) for each in (self.focus, self.context))
        return " ".join(part for part in (context, asked * (1 + bool(context)), *self.added) if part)


def understand(question: Question, today: date, lexicon: Lexicon | None = None) -> Understanding:
    """Read the last turn of a question asked on `today`, by itself; `follow` completes it from another.

    `lexicon` None is the shipped one.
    """
    lexicon = lexicon or shipped()
    text = normalised(question.text).strip()
    focus = focus_of(text)
    return Understanding(
        text=text,
        focus=focus,
        context="",
        added=tuple(lexicon.official(text)),
        wanted=wanted(focus),
        years=years_asked(text, today),
        places=places(text),
        lexicon=lexicon,
    )


def matter_of(text: str) -> str:
    """A question without what it asks of its matter ("申请失业金要带什么证": "申请失业金要")."""
    for _, pattern in _ASKED:
        text = pattern.sub(" ", text)
    return without_asking(text)


def follow(turn: Understanding, before: Understanding, about: frozenset[str], clause: str) -> Understanding:
    """A follow-up completed from the turn it follows, whose matter is in the documents `about`.

    Years, places and the kind of answer are its own where it names some, else those of the turn before.
    """
    same = turn.wanted is Wanted.ANY and leans(turn.text) and not _OWN_QUESTION.search(turn.text)
    context = before.focus if same else matter_of(before.focus)
    if turn.years:
        context = without_years(context)
    for place in turn.places and before.places:
        context = context.replace(place.name, " ")
    return replace(
        turn,
        context=context,
        added=tuple(turn.lexicon.official(f"{context} {turn.text}")),
        wanted=before.wanted if same else turn.wanted,
        years=turn.years or before.years,
        places=turn.places or before.places,
        about=about,
        clause=clause,
        again=same,
    )


def _without_english(text: str, lexicon: Lexicon) -> str:
    """`text` (normalised) without the English that says nothing, or that the documents' words stand for."""
    if not _ENGLISH.search(text):
        return text
    for said, _ in lexicon.concepts(text):
        if said.isascii():
            text = text.replace(said, " ")
    return _ENGLISH.sub(lambda word: " " if word.group() in _CHATTER else word.group(), text).strip()


def leans(text: str) -> bool:
    """Whether a turn (normalised) says itself that it follows another ("那外地户口呢")."""
    return _FOLLOWS.search(text) is not None


def bare(text: str) -> bool:
    """Whether a text (normalised) names no matter, only a side of one ("要什么材料")."""
    return not _topic(text)


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
    spoken_of = Wanted.AMOUNT if _SUM.search(text) and not _WHETHER.search(text) else Wanted.ANY
    return next((kind for kind, pattern in _ASKED if pattern.search(text)), spoken_of)


def offers(kind: Wanted, heading: str, text: str) -> float:
    """How plainly a clause holds that kind of answer: 1 if it does, 0 if not; less if only its heading would tell."""
    if kind in _HEADINGS:
        return 1.0 if _HEADINGS[kind].search(f"{heading} {text[:30]}") else 0.8 * bool(_HEADINGS[kind].search(text))
    return 1.0 if kind not in _ANSWERS or _ANSWERS[kind].search(text) else 0.0


def _topic(text: str) -> str:
    """What is left of `text` without aspects, chatter and signs."""
    return _ASPECT.sub("", without_asking(text))
