"""What a question asks: its focus, the documents' words for it, the kind of answer, years and places it names."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from knowledge.notation import sentence_ends
from knowledge.notation.patterns import pattern
from retrieval.language.lexicon import Lexicon, shipped, word_list
from retrieval.language.places import Place, places
from retrieval.language.question_words import STOP_WORDS, without_asking
from retrieval.language.tokens import normalised
from retrieval.language.years import without_years, years_asked
from retrieval.model import Question

_LONG = 60  # characters; of a longer story only the end is the question
_FOLLOWS = pattern(
    r"他们|她们|它们|这些|那些|这样|这种|其他的|^除了|^还[要得需]|才[算会行]|"
    r"^(?:那|咁|噉|他|她|它|这个|这种|一起|我呢|and\b|what about|how about|what if)|"
    r"^(?:还有|另外|如果|要是|我是|然后|for )(?=.{0,24}$)|呢\W*$|^.{1,8}呢,|"
    r"^.{1,8}(?:可以|行|算|能|有)[吗么不]\W*$",
    takes="那外地户口呢",
    leaves="外地户口怎么办居住证",
)
# Such a turn asks "is it so?" or "what if?", which the turn before did not ask.
_OWN_QUESTION = pattern(
    r"^.{9,}[吗么不]\W*$|^(?:那|咁)?(?:如果|要是|万一|假如)", takes="外地户口的孩子可以入学吗", leaves="可以吗"
)


def _any_of(words: frozenset[str]) -> str:
    bounded = [rf"\b{word}\b" if word.isascii() else re.escape(word) for word in words]
    return "|".join(sorted(bounded, key=len, reverse=True))


_CHATTER = word_list("chatter.txt")
_ENGLISH = re.compile(r"\b[a-z][a-z'-]*\b")
_ASPECT = pattern(
    rf"{_any_of(STOP_WORDS | _CHATTER | word_list('aspects.txt'))}|\W", takes="需要什么材料", leaves="居住证"
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


_SUM = pattern(
    r"金额|标准|限额|收入|工资|租金", takes="低保标准", leaves="低保对象"
)  # asks for an amount, unless the question asks whether
_WHETHER = pattern(
    r"要不要|能不能|是不是|会不会|可不可以|有没有|[吗么不]\W*$", takes="租金要不要交税", leaves="租金交税"
)
_ASKED = (
    (Wanted.PHONE, pattern(r"电话|打哪个|热线|号码|phone|call", takes="咨询电话是多少", leaves="打印在哪")),
    (
        Wanted.DATE,
        pattern(r"几号|几月|哪天|哪几天|什么时候|何时|几时|哪年|when", takes="什么时候发", leaves="什么条件"),
    ),
    (Wanted.DURATION, pattern(r"多久|多长时间|how long", takes="要多久", leaves="最久远的")),
    (
        Wanted.MATERIALS,
        pattern(
            r"材料|资料|[带拿凭](?:什么|啥)证?|(?:什么|啥|哪些)证|证明|手续|documents?|papers?",
            takes="要带什么证",
            leaves="要去登记",
        ),
    ),
    (
        Wanted.PLACE,
        pattern(r"去哪|在哪|哪里|哪儿|地址|地点|窗口|哪个(?:部门|单位|地方)|where", takes="去哪办", leaves="去年办的"),
    ),
    (Wanted.SHARE, pattern(r"百分之|比例|几成|费率|percent|百分|折", takes="报销比例", leaves="报销多少")),
    (Wanted.DATE, pattern(r"截止|截至|最迟|最晚|日期|deadline", takes="最晚交到月底", leaves="晚上能交吗")),
    (
        Wanted.DURATION,
        pattern(
            r"几天|多少天|几年|多少年|几个月|期限|时限|有效期|多少个?工作日|how many (?:days|months|years)",
            takes="几天办好",
            leaves="今天办好",
        ),
    ),
    (
        Wanted.AMOUNT,
        pattern(
            r"多少钱|多小钱|几多钱|几块|多少元|几元|什么价|收费|补多少|领多少|发多少|给多少|报多少|拿多少|"
            r"(?:补|领|发|给|拿|交|收|加|一年|每年|一?个?月|每月|一次|一餐|一天|一?平方米?)(?:能|可以)?(?:补|领|发|给|拿|有|交)?"
            r"(?:多少|几多)(?![个分次天年月样])|收钱|要钱|花钱|"
            r"津贴.*多少|补贴.*多少|钱.*多少|多少.*钱|how much",
            takes="一个月能领多少",
            leaves="一年交多少次",
        ),
    ),
    (
        Wanted.COUNT,
        pattern(r"几个|多少个|几样|几次|多少次|几分|多少分|几种|名额|how many", takes="能办几次", leaves="能办第二次"),
    ),
)
_NUMBER = r"[\d一二三四五六七八九十百千万两半]"
_ANSWERS = {
    Wanted.AMOUNT: pattern(
        rf"{_NUMBER}[\d.,，]*\s*(?:万|亿|千)?\s*元|{_NUMBER}+块|免费(?!.{{0,3}}包)|不收费|免收",
        takes="每月200元",
        leaves="免费送餐包",
    ),
    Wanted.SHARE: pattern(r"\d[\d.]*\s*[%％‰]|百分之|成|分之", takes="按80%报销", leaves="按200元报销"),
    Wanted.DATE: pattern(
        r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|\d{1,2}日|月底|年底|每月|次月|届满|之日",
        takes="每年3月10日前",
        leaves="3个月内",
    ),
    Wanted.DURATION: pattern(
        rf"{_NUMBER}+\s*(?:个)?\s*(?:工作日|日|天|年|个?月|周|小时|学年|季度)|长期|终身|当场|即时",
        takes="20个工作日",
        leaves="20元",
    ),
    Wanted.COUNT: pattern(rf"{_NUMBER}+\s*(?:个|种|次|人|名|分|项|类|份|家|户|张)", takes="限3人", leaves="限3元"),
    Wanted.PLACE: pattern(
        r"窗口|地址|地点|大厅|服务中心|[路街道]\S{0,8}号|网站|登录|小程序|app|网址|现场",
        takes="到政务大厅窗口",
        leaves="到期后",
    ),
    Wanted.PHONE: pattern(r"\d{3,4}-?\d{5,8}|\b1[0-9]{4}\b|\d{7,8}|热线", takes="拨打020-12345678", leaves="2024年5月"),
}
_HEADINGS = {
    Wanted.MATERIALS: pattern(r"材料|资料|证件|证明|手续", takes="申请材料", leaves="申请条件"),
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
    about: frozenset[str] = frozenset()  # ids of the documents on the matter that a follow-up belongs to
    again: bool = False  # it asks the same as the turn before, of something else
    clause: str = ""  # id of the clause that best answered the turn before
    lexicon: Lexicon = field(default_factory=shipped, compare=False, repr=False)  # the one it was read with

    @property
    def vague(self) -> bool:
        """Whether neither the question nor what it follows says what matter it is about."""
        return not _topic(f"{self.context} {self.text}")

    def alone(self) -> "Understanding":
        """The turn itself, without what it follows."""
        return replace(self, context="")

    @property
    def search_text(self) -> str:
        """The text to search for: the context of a follow-up, the focus, and the documents' words."""
        asked, context = (_without_english(each, self.lexicon) for each in (self.focus, self.context))
        return " ".join(part for part in (context, asked * (1 + bool(context)), *self.added) if part)


def understand(question: Question, today: date, lexicon: Lexicon | None = None) -> Understanding:
    """Read the last turn of a question asked on `today`, by itself. `follow` completes it from an earlier turn.

    `lexicon` None means the shipped one.
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
    """Return a question without what it asks of its matter ("申请失业金要带什么证" becomes "申请失业金要")."""
    for _, asking in _ASKED:
        text = asking.sub(" ", text)
    return without_asking(text)


def follow(turn: Understanding, before: Understanding, about: frozenset[str], clause: str) -> Understanding:
    """Complete a follow-up from the turn it follows, whose matter is in the documents `about`.

    The follow-up keeps its own years, places and kind of answer where it names some. Otherwise it takes those of the
    turn before.
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
    """Return `text` (normalised) without English words that say nothing, or that the documents' words stand for."""
    if not _ENGLISH.search(text):
        return text
    for said, _ in lexicon.concepts(text):
        if said.isascii():
            text = text.replace(said, " ")
    return _ENGLISH.sub(lambda word: " " if word.group() in _CHATTER else word.group(), text).strip()


def leans(text: str) -> bool:
    """Return whether a turn (normalised) says itself that it follows another ("那外地户口呢")."""
    return _FOLLOWS.search(text) is not None


def bare(text: str) -> bool:
    """Return whether a text (normalised) names no matter, only a side of one ("要什么材料")."""
    return not _topic(text)


def focus_of(text: str) -> str:
    """Return the sentences that ask: the last ones of a long story, all of a short question."""
    if len(text) <= _LONG:
        return text
    said = [sentence.strip() for sentence in sentence_ends.runs(text) if sentence.strip()]
    kept: list[str] = []
    for sentence in reversed(said):
        if kept and sum(map(len, kept)) + len(sentence) > _LONG:
            break
        kept.insert(0, sentence)
    return "".join(kept)[-2 * _LONG :]


def wanted(text: str) -> Wanted:
    """Return the kind of answer that `text` asks for; ANY if the text does not show it."""
    spoken_of = Wanted.AMOUNT if _SUM.search(text) and not _WHETHER.search(text) else Wanted.ANY
    return next((kind for kind, asking in _ASKED if asking.search(text)), spoken_of)


def offers(kind: Wanted, heading: str, text: str) -> float:
    """Return how plainly a clause holds that kind of answer: 1 if it does, 0 if not.

    Materials count 1 if heading or first words name them, and 0.8 if only the text further on does.
    """
    if kind in _HEADINGS:
        return 1.0 if _HEADINGS[kind].search(f"{heading} {text[:30]}") else 0.8 * bool(_HEADINGS[kind].search(text))
    return 1.0 if kind not in _ANSWERS or _ANSWERS[kind].search(text) else 0.0


def _topic(text: str) -> str:
    """Return what is left of `text` without aspects, chatter and signs."""
    return _ASPECT.sub("", without_asking(text))
