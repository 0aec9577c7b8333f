"""What an applicant wants that needs no document: help at once, a person, a complaint, a button, a friendly word."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from desk.model import Escalation, Priority
from desk.tickets.triage import triage
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, lines


def _any_line(name: str) -> str:
    """Return a pattern whose alternatives are the lines of a file beside this module."""
    return any_of(line for _, line in lines(Path(__file__).with_name(name))).pattern


_SIMPLER = str.maketrans("轉師員務聯換請幫給訴謝嗎囉嘍", "转师员务联换请帮给诉谢吗啰喽")
_WHO = r"(?:人工|真人|活人|老法师|客服|坐席|专员|工作人员)(?:客服|服务|坐席|咨询|老师)?"
_ASKS = pattern(
    rf"(?<!不)(?<!别)(?:转接?|找|接通?|换|叫|联系|呼叫|我要|要个?)(?:一?[下个位])?{_WHO}",
    takes="帮我转人工",
    leaves="别找客服",
)
_ASKS_ALONE = pattern(
    rf"(?:请|我想|我要|麻烦|帮我|给我)*(?:转|找|接|要|换)?(?:一?[下个位])?{_WHO}[吧啊呢呀了]*(?:谢谢)?",
    takes="麻烦转人工客服",
    leaves="人工客服的电话",
    how="fullmatch",
)
_DECLINES = pattern(
    r"(?:不用|不要|不想|不需要|别|无需|不必)(?:给我|再)?(?:转接?|找|换|叫)", takes="不用转人工", leaves="不用人工录入"
)
_ENGLISH = pattern(
    r"(?:(?:i (?:want|need)|can i|let me|please|give me|get me|may i|i'd like)\s*(?:to\s+)?)?"
    r"(?:(?:talk|speak|chat|connect me)\s*(?:to|with)\s*)?(?:an?\s+|the\s+)?(?:real\s+|live\s+)?"
    r"(?:human|person|agent|operator|representative|staff|specialist)(?:\s+please)?",
    takes="can i talk to a real person",
    leaves="can a person apply twice",
    how="fullmatch",
)
_COMPLAINT = pattern(
    r"(?:我要|我想|要|想)?(?:投诉|投诉你们|举报你们)|complain(?:t|ts)?",
    takes="我要投诉",
    leaves="怎么投诉物业",
    how="fullmatch",
)
_GAP = r"[\s,，。.!！?？~～、]*"
_HELLO = pattern(
    rf"(?:(?:{_any_line('greetings.txt')})[呀啊哦呢哈]*{_GAP})+",
    takes="你好，在吗？",
    leaves="你好，居住证怎么办",
    how="fullmatch",
)
_THANKS = pattern(
    rf"(?:(?:{_any_line('thanks.txt')})[您你啦了呀啊哦哈]*{_GAP})+",
    takes="好的，谢谢您",
    leaves="好的，还要带什么",
    how="fullmatch",
)
_LATIN, _HAN = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[\u3400-\u9fff]")
_EDGES = " \t\r\n，,。.！!？?~～、…"
_NO_PERSON = pattern(r"人工(?:智能|流产|授精|费)", takes="找人工智能企业补贴", leaves="找人工客服")


@dataclass(frozen=True, slots=True)
class Command:
    """A line that begins with a slash: `/rate 5` is name "rate", argument "5"."""

    name: str
    argument: str = ""


def command_of(text: str) -> Command | None:
    """Return the command that a text is, if it is one. `/start@bot payload` counts as `/start`."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text.startswith("/"):
        return None
    name, _, argument = text[1:].partition(" ")
    return Command(name.partition("@")[0].lower(), argument.strip())


def wants_person(text: str) -> bool:
    """Say whether the text asks for a person (转人工); "人工智能企业怎么申请补贴" and "不用转人工" do not."""
    text = _plain(text)
    if _ENGLISH.fullmatch(text) or _ASKS_ALONE.fullmatch(text):
        return True
    return bool(_ASKS.search(text)) and not _DECLINES.search(text) and not _NO_PERSON.search(text)


def greets(text: str) -> bool:
    """Say whether the text is nothing but a greeting: "你好，在吗？"."""
    return bool(_HELLO.fullmatch(_plain(text)))


def gives_thanks(text: str) -> bool:
    """Say whether the text is nothing but thanks, assent or goodbye: "好的，谢谢您"."""
    return bool(_THANKS.fullmatch(_plain(text)))


def is_english(text: str) -> bool:
    """Say whether the text is written in English: words in Latin letters, and no Chinese character."""
    return not text.startswith("/") and not _HAN.search(text) and len(_LATIN.findall(text)) > 1


def wants_to_complain(text: str) -> bool:
    """Say whether the text is nothing but the wish to complain; "怎么投诉物业" is a question."""
    return bool(_COMPLAINT.fullmatch(_plain(text)))


@dataclass(frozen=True, slots=True)
class Intent:
    """All that a text shows by itself. Of these, a question shows only its language.

    `endangered`: the text speaks of danger to life.
    """

    english: bool
    command: Command | None
    wants_person: bool
    complains: bool
    greets: bool
    thanks: bool
    endangered: bool

    @property
    def is_said_in_passing(self) -> bool:
        """Whether no document could answer the text, and the next question does not build on it."""
        return self.command is not None or self.wants_person or self.greets or self.thanks


def intent_of(text: str) -> Intent:
    """Return what the applicant wants with `text`."""
    return Intent(
        english=is_english(text),
        command=command_of(text),
        wants_person=wants_person(text),
        complains=wants_to_complain(text),
        greets=greets(text),
        thanks=gives_thanks(text),
        endangered=triage(Escalation.ASKED, [text]).priority is Priority.EMERGENCY,
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SIMPLER).strip(_EDGES).lower()
