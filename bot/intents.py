"""What an applicant wants that needs no document: a person, a complaint, a button's command, a friendly word."""

import re
import unicodedata
from dataclasses import dataclass

_SIMPLER = str.maketrans("轉師員務聯換請幫給訴謝嗎囉嘍", "转师员务联换请帮给诉谢吗啰喽")
_WHO = r"(?:人工|真人|活人|老法师|客服|坐席|专员|工作人员)(?:客服|服务|坐席|咨询|老师)?"
_ASKS = re.compile(rf"(?<!不)(?<!别)(?:转接?|找|接通?|换|叫|联系|呼叫|我要|要个?)(?:一?[下个位])?{_WHO}")
_ASKS_ALONE = re.compile(
    rf"(?:请|我想|我要|麻烦|帮我|给我)*(?:转|找|接|要|换)?(?:一?[下个位])?{_WHO}[吧啊呢呀了]*(?:谢谢)?"
)
_DECLINES = re.compile(r"(?:不用|不要|不想|不需要|别|无需|不必)(?:给我|再)?(?:转接?|找|换|叫)")
_ENGLISH = re.compile(
    r"(?:(?:i (?:want|need)|can i|let me|please|give me|get me|may i|i'd like)\s*(?:to\s+)?)?"
    r"(?:(?:talk|speak|chat|connect me)\s*(?:to|with)\s*)?(?:an?\s+|the\s+)?(?:real\s+|live\s+)?"
    r"(?:human|person|agent|operator|representative|staff|specialist)(?:\s+please)?"
)
_COMPLAINT = re.compile(r"(?:我要|我想|要|想)?(?:投诉|投诉你们|举报你们)|complain(?:t|ts)?")
_GAP = r"[\s,，。.!！?？~～、]*"
_HELLO = re.compile(
    rf"(?:(?:你好|您好|hi|hello|hey|嗨|哈[喽啰罗]|(?:早上|上午|中午|下午|晚上)好|早安|早"
    rf"|good (?:morning|afternoon|evening)|在吗|在不在|有人吗|有人在吗|老法师|there)[呀啊哦呢哈]*{_GAP})+"
)
_THANKS = re.compile(
    rf"(?:(?:好的?|嗯|行|ok|okay|明白|知道|懂|了解|清楚|收到|非常|谢谢|多谢|感谢|谢了|麻烦了|辛苦了"
    rf"|thanks|thank you|thx|再见|拜拜|bye|goodbye|so much|very much|a lot)[您你啦了呀啊哦哈]*{_GAP})+"
)
_LATIN, _HAN = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[\u3400-\u9fff]")
_EDGES = " \t\r\n，,。.！!？?~～、…"


@dataclass(frozen=True, slots=True)
class Command:
    """A line that begins with a slash: `/rate 5` is name "rate", argument "5"."""

    name: str
    argument: str = ""


def command_of(text: str) -> Command | None:
    """The command a text is, if it is one; `/start@bot payload` counts as `/start`."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text.startswith("/"):
        return None
    name, _, argument = text[1:].partition(" ")
    return Command(name.partition("@")[0].lower(), argument.strip())


def wants_person(text: str) -> bool:
    """Whether the text asks for a person (转人工); "人工智能企业怎么申请补贴" and "不用转人工" do not."""
    text = _plain(text)
    if _ENGLISH.fullmatch(text) or _ASKS_ALONE.fullmatch(text):
        return True
    return bool(_ASKS.search(text)) and not _DECLINES.search(text) and not re.search(r"人工(?:智能|流产|授精|费)", text)


def greets(text: str) -> bool:
    """Whether the text is nothing but a greeting: "你好，在吗？"."""
    return bool(_HELLO.fullmatch(_plain(text)))


def gives_thanks(text: str) -> bool:
    """Whether the text is nothing but thanks, assent or goodbye: "好的，谢谢您"."""
    return bool(_THANKS.fullmatch(_plain(text)))


def is_english(text: str) -> bool:
    """Whether the text is written in English: words in Latin letters, and no Chinese character."""
    return not text.startswith("/") and not _HAN.search(text) and len(_LATIN.findall(text)) > 1


def wants_to_complain(text: str) -> bool:
    """Whether the text is nothing but the wish to complain; "怎么投诉物业" is a question."""
    return bool(_COMPLAINT.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SIMPLER).strip(_EDGES).lower()
