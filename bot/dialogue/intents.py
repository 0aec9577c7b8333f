"""What an applicant's message is for: a command, by its words whatever a model says, or as the model has learned it."""

import re
import unicodedata
from dataclasses import dataclass

from desk.model import Escalation, Priority
from desk.tickets.triage import triage
from knowledge.notation.patterns import pattern
from retrieval.intents.classifier import IntentClass, shipped_classifier

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


def is_english(text: str) -> bool:
    """Say whether the text is written in English: words in Latin letters, and no Chinese character."""
    return not text.startswith("/") and not _HAN.search(text) and len(_LATIN.findall(text)) > 1


@dataclass(frozen=True, slots=True)
class Intent:
    """All that a text shows by itself: its language, the command that it is, and what it is for."""

    english: bool
    command: Command | None
    kind: IntentClass

    @property
    def is_said_in_passing(self) -> bool:
        """Whether no document could answer the text, and the next question does not build on it."""
        return self.command is not None or self.kind is not IntentClass.QUESTION


def intent_of(text: str) -> Intent:
    """Return what the applicant wants with `text`.

    Words of danger and the common words for a person count always. Whoever says that he wants none, is not given one.
    Everything else is learned.
    """
    command = command_of(text)
    return Intent(is_english(text), command, IntentClass.QUESTION if command else _kind(text))


def _kind(text: str) -> IntentClass:
    if triage(Escalation.ASKED, [text]).priority is Priority.EMERGENCY:
        return IntentClass.DISTRESS
    if wants_person(text):
        return IntentClass.PERSON
    learned = shipped_classifier().intent(text)
    spared = learned is IntentClass.PERSON and _DECLINES.search(_plain(text))
    return IntentClass.CANCEL if spared else learned


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SIMPLER).strip(_EDGES).lower()
