"""Read text files in UTF-8, UTF-16, GB18030 or Big5. Each line is a paragraph."""

import codecs
from collections.abc import Callable

from knowledge.formats.blocks import RawDocument, paragraphs
from knowledge.formats.unreadable import refuse_endless

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The commonest characters of official prose, simplified and traditional. A right decoding has many of them.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为和你地出以时要就可会第条本法规定应当单位部门申请办理机关或者及其"
    "這來國個說們為時會條規應當單位門請辦關與於政府市民日年月"
)
BYTES = 4  # a character takes at most this many in any of these encodings
_SAMPLE = 20_000  # bytes that are looked at to tell encodings apart

_PROSE = 0.5  # the least likeness of real text; random characters stay below .3


def decode(data: bytes, declared: str = "") -> str:
    """Decode `data`: by its byte-order mark, else as UTF-8, else as UTF-16 without a mark, else by likeness.

    Likeness chooses among the `declared` charset, GB18030 and Big5: the one that gives more of the commonest characters
    wins, because Big5 bytes are often valid GB18030, too. Bytes that the encoding does not know become U+FFFD.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4 or _mostly_utf8(data):
            return data.decode("utf-8", errors="replace")
    if wide := unmarked_utf16(data):
        return data.decode(wide, errors="replace")
    names = dict.fromkeys(name for name in (_known(declared), "gb18030", "big5") if name)
    sample = data[:_SAMPLE]
    best = max(names, key=lambda name: _likeness(sample.decode(name, errors="replace"), name))
    return data.decode(best, errors="replace")


def unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 encoding of a Chinese text without a byte-order mark, "" if it is in none."""
    sample = data[: _SAMPLE // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        text = sample.decode(name, errors="replace")
        chinese = sum("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in text)
        if chinese > 0.75 * len(text.strip()) and _likeness(text, "gb2312") > _PROSE:
            return name
    return ""


def _mostly_utf8(data: bytes) -> bool:
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    return text.count("\ufffd") * 50 < sum(ord(c) > 0x7F for c in text)


def _known(charset: str) -> str:
    try:
        return "gb18030" if codecs.lookup(charset).name in ("gb2312", "gbk") else codecs.lookup(charset).name
    except LookupError:
        return ""


def _likeness(text: str, encoding: str) -> float:
    """Return how much a decoding looks like official prose; more is better.

    Common characters count, and those of the standard's first level, which holds the characters in use. Characters
    that could not be decoded count against it.
    """
    beyond = [c for c in text if ord(c) > 0x7F]
    if not beyond:
        return 0.0
    good = sum(c in _COMMON for c in beyond)
    usual = sum(map(_is_usual(encoding), beyond))
    return (good + usual / 2 - 5 * beyond.count("\ufffd")) / len(beyond)


def _is_usual(encoding: str) -> Callable[[str], bool]:
    """Return a test: is a character a sign, or of the first level, in the standard behind `encoding`?"""
    name, first, last = ("big5", 0xA1, 0xC6) if encoding.startswith("big5") else ("gb2312", 0xA1, 0xD7)

    def is_usual(character: str) -> bool:
        try:
            return first <= character.encode(name)[0] <= last
        except UnicodeEncodeError:
            return False

    return is_usual


def read(data: bytes) -> RawDocument:
    """Return each line of a text file as a paragraph. `reading/metadata.py` finds the title among the first lines.

    Raises `Unreadable` if the text is too long.
    """
    refuse_endless(len(data) // BYTES)  # before the text fills the memory
    text = decode(data)
    refuse_endless(len(text))
    blocks = paragraphs(text.splitlines())
    return RawDocument(tuple(blocks), "text/plain")
