"""Text files: UTF-8, UTF-16, GB18030 or Big5, one paragraph a line."""

import codecs

from knowledge.blocks import RawDocument, paragraphs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The commonest characters of official prose, simplified and traditional: the right decoding is full of them.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为和你地出以时要就可会第条本法规定应当单位部门申请办理机关或者及其"
    "這來國個說們為時會條規應當單位門請辦關與於政府市民日年月"
)
_SAMPLE = 200_000


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`: by byte-order mark, else UTF-8, else the `declared` charset, GB18030 or Big5.

    Of the last, the one that yields more of the commonest characters wins: Big5 bytes are often valid GB18030, too.
    Bytes no encoding knows become U+FFFD.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4 or _mostly_utf8(data):
            return data.decode("utf-8", errors="replace")
    names = dict.fromkeys(name for name in (_known(declared), "gb18030", "big5") if name)
    sample = data[:_SAMPLE]
    best = max(names, key=lambda name: _likeness(sample.decode(name, errors="replace")))
    return data.decode(best, errors="replace")


def _mostly_utf8(data: bytes) -> bool:
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    return text.count("\ufffd") * 50 < sum(ord(c) > 0x7F for c in text)


def _known(charset: str) -> str:
    try:
        return "gb18030" if codecs.lookup(charset).name in ("gb2312", "gbk") else codecs.lookup(charset).name
    except LookupError:
        return ""


def _likeness(text: str) -> float:
    beyond = [c for c in text if ord(c) > 0x7F]
    if not beyond:
        return 0.0
    good = sum(c in _COMMON for c in beyond)
    return (good - 5 * beyond.count("\ufffd")) / len(beyond)


def read(data: bytes) -> RawDocument:
    """Each line of a text file as a paragraph; a first line that is short and open-ended is its title."""
    blocks = paragraphs(decode(data).splitlines())
    return RawDocument(tuple(blocks), "text/plain")
