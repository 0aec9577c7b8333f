"""The days a document gives for itself, in the words documents use."""

from datetime import date

import pytest

from knowledge.formats.blocks import Block, RawDocument
from knowledge.law.stated_days import KnownDays, effective, expires, repealed

ISSUED = date(2026, 1, 20)


def read(*texts: str, **facts: str) -> tuple[date | None, date | None]:
    raw = RawDocument(tuple(Block(text) for text in texts), "text/plain", facts)
    begins = effective(raw, KnownDays(issued=ISSUED))
    return begins, expires(raw, begins)


@pytest.mark.parametrize(
    ("sentence", "begins", "last"),
    [
        ("本办法自公布之日起施行。", ISSUED, None),
        ("本办法自印发之日起30日后施行。", date(2026, 2, 19), None),
        ("本规定自发布之日起满三十日起施行。", date(2026, 2, 19), None),
        ("本条例自二〇二六年三月一日起施行。", date(2026, 3, 1), None),
        ("本通知从2026年3月1日零时起执行。", date(2026, 3, 1), None),
        ("本办法2026年3月1日起施行。", date(2026, 3, 1), None),
        ("本办法自2026年3月1日起试行，试行期一年。", date(2026, 3, 1), date(2027, 2, 28)),
        ("本办法自2026年3月1日起试行两年。", date(2026, 3, 1), date(2028, 2, 29)),
        ("本办法自2026年3月1日起试行。", date(2026, 3, 1), None),
        ("本暂行办法试用，本办法自2026年3月1日起施行，有效期5年。", date(2026, 3, 1), date(2031, 2, 28)),
        ("本措施自印发之日起施行，有效期截至2026年12月31日。", ISSUED, date(2026, 12, 31)),
        ("本政策自印发之日起实施，有效期至2027年底。", ISSUED, date(2027, 12, 31)),
        ("本意见自2026年3月1日起施行，执行期限为2年。", date(2026, 3, 1), date(2028, 2, 29)),
        ("本办法自2026年3月1日起施行，其中第三条自2026年7月1日起施行。", date(2026, 3, 1), None),
        ("第三条的规定自2026年7月1日起施行。", None, None),
        ("试用期一年，许可证有效期3年。", None, None),
        ("本办法施行前已经取得的许可证在有效期内继续有效。", None, None),
    ],
)
def test_sentences(sentence: str, begins: date | None, last: date | None) -> None:
    assert read(sentence) == (begins, last)


def test_a_line_under_the_title_may_say_from_when() -> None:
    assert read("江湾区送餐规定", "2026年1月5日 通过", "2026年2月1日 施行", "甲。") == (date(2026, 2, 1), None)


def test_a_box_stands_above_the_text() -> None:
    said = "本办法自2026年3月1日起施行，有效期5年。"
    assert read(said, effective_on="2026-04-01", expires_on="2027-01-01") == (date(2026, 4, 1), date(2027, 1, 1))
    assert repealed({"status": "已废止"}, None, ISSUED) == ISSUED
    assert repealed({"status": "有效"}, None, ISSUED) is None
