"""What a document says of itself."""

from datetime import date

import pytest

from knowledge.formats.blocks import Block, RawDocument
from knowledge.model import Metadata
from knowledge.notation.regions import place_at_the_start, region_of
from knowledge.reading.metadata import describe


def metadata(*texts: str, name: str = "某文件.txt", **facts: str) -> Metadata:
    return describe(RawDocument(tuple(Block(text) for text in texts), "text/plain", facts), name).metadata


NOTICE = (
    "江府规〔2026〕2号",
    "上海市江湾区人民政府关于印发江湾区助餐办法的通知",
    "依据《甲办法》（江府规〔2020〕9号），制定本办法。",
    "上海市江湾区人民政府",
    "2026年1月20日",
)


def test_number_issuer_and_place_are_the_documents_own() -> None:
    found = metadata(*NOTICE)
    assert (found.document_number, found.issuer, found.region) == (
        "江府规〔2026〕2号",
        "上海市江湾区人民政府",
        "上海市江湾区",
    )
    assert found.issued_on == date(2026, 1, 20)


@pytest.mark.parametrize(
    ("last", "effective", "expires"),
    [
        ("本办法自2026年2月1日起施行，有效期5年。", date(2026, 2, 1), date(2031, 1, 31)),
        ("本办法自2026年2月29日起施行。", None, None),
        ("本办法自印发之日起施行，有效期至2028年12月31日。", date(2026, 1, 20), date(2028, 12, 31)),
        ("本办法自公布之日起施行，有效期六个月。", date(2026, 1, 20), date(2026, 7, 19)),
        ("许可证的有效期5年。", None, None),
        ("依照本办法核发的许可证有效期5年，期满前三十日申请延续。", None, None),
        ("备案自准予之日起生效，有效期10年。", None, None),
    ],
)
def test_dates_of_force(last: str, effective: date | None, expires: date | None) -> None:
    found = metadata(*NOTICE, last)
    assert (found.effective_on, found.expires_on) == (effective, expires)


def test_validity_from_an_unknown_day_stays_unknown() -> None:
    """A reprint's own date says nothing of the day the measure was issued."""
    found = metadata("第一条 本办法自印发之日起施行，有效期5年。", title="某办法", published_on="2022-11-16")
    assert (found.effective_on, found.expires_on) == (None, None)


def test_a_box_that_says_repealed_is_believed() -> None:
    found = metadata(
        *NOTICE, "本办法自印发之日起施行，有效期5年。", expires_on="2023年06月01日", status="失效（提前废止）"
    )
    assert (found.expires_on, found.repealed_on) == (date(2023, 6, 1), date(2023, 6, 1))
    assert metadata(*NOTICE, status="失效").repealed_on is not None
    assert metadata(*NOTICE, status="有效").repealed_on is None


def test_an_amended_law_is_in_force_as_amended_from_the_amendment_on() -> None:
    found = metadata(
        "江湾市规划条例",
        "2010年11月11日 江湾市第十三届人民代表大会常务委员会第二十二次会议通过",
        "2018年12月20日 第三次修正",
        "第一条 甲。",
        "第二条 本条例自2011年1月1日起施行。",
        name="江湾市规划条例(2018-12-20).md",
    )
    assert (found.effective_on, found.issuer, found.region) == (
        date(2018, 12, 20),
        "江湾市人民代表大会常务委员会",
        "江湾市",
    )


@pytest.mark.parametrize(
    ("issuer", "title", "site", "region"),
    [
        ("天河区教育局", "入学指引", "广州市天河区人民政府门户网站", "广州市天河区"),
        ("市人社局", "简介", "广州市人力资源和社会保障局网站", "广州市"),
        ("广东省人力资源和社会保障厅", "清单", "广州市人民政府门户网站", "广东省"),
        ("国务院", "市场主体登记管理条例", "广州市市场监督管理局网站", ""),
        ("", "中华人民共和国民法典", "", ""),
        ("上海市公安局江湾分局", "《上海市居住证》江湾区办理指南", "上海市江湾区人民政府门户网站", "上海市江湾区"),
        ("广州市规划和自然资源局越秀区分局", "指南", "", "广州市越秀区"),
        ("上海市公安局水上分局", "指南", "", "上海市"),
    ],
)
def test_region(issuer: str, title: str, site: str, region: str) -> None:
    assert region_of(issuer, title, site) == region


def test_places_are_not_made_of_other_words() -> None:
    assert [
        place_at_the_start(t)
        for t in ("城市道路管理条例", "北京市促进区域协调发展条例", "聊城市水条例", "上海市授予荣誉市民称号规定")
    ] == [
        "",
        "北京市",
        "聊城市",
        "上海市",
    ]
