"""Encodings: every one an office may have saved in, told apart also in short texts."""

import pytest

from knowledge.formats.plain import decode

SIMPLIFIED = "第三条 申请人应当向街道办事处提交营业执照。"
TRADITIONAL = "第三條 申請人應當向街道辦事處提交營業執照。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "utf-16-le", "utf-16-be"])
def test_simplified_text(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030"])
@pytest.mark.parametrize("length", [6, 12, 22])
def test_traditional_text_however_short(encoding: str, length: int) -> None:
    assert decode(TRADITIONAL[:length].encode(encoding)) == TRADITIONAL[:length]


@pytest.mark.parametrize("name", ["附件一", "申请表", "夜市管理办法.docx", "公示（2026年第3号）"])
def test_short_names_in_the_national_encoding(name: str) -> None:
    assert decode(name.encode("gb18030")) == name


def test_what_the_page_declares_is_only_a_candidate() -> None:
    assert decode(TRADITIONAL.encode("big5"), "gb2312") == TRADITIONAL
    assert decode(SIMPLIFIED.encode("gb18030"), "big5") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("gb18030"), "no such charset") == SIMPLIFIED


def test_a_text_cut_within_a_character_loses_only_that() -> None:
    assert decode(SIMPLIFIED.encode()[:-1]) == SIMPLIFIED[:-1] + "\ufffd"
    assert decode(SIMPLIFIED.encode("gb18030")[:-1]).startswith(SIMPLIFIED[:-1])
