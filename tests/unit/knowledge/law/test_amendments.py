"""Which articles of other documents a sentence replaces, repeals, adds or counts anew."""

from datetime import date

import pytest

from knowledge.law.amendments import article, masked, read
from knowledge.model import Amendment, AmendmentKind, Clause

DECISION = "江湾区人民政府关于修改《江湾区送餐办法》的决定"
MEASURES = "《江湾区送餐办法》"


def amendments(title: str, *texts: str) -> list[Amendment]:
    return list(read([Clause(ordinal, "", (), text) for ordinal, text in enumerate(texts)], title))


def said(title: str, *texts: str) -> list[tuple[str, str, str]]:
    """Kind, article and new number."""
    return [(one.kind.value, one.article, one.becomes) for one in amendments(title, *texts)]


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("一、将第五条修改为：“第五条 按照第六条办理，删去第九条。”", [("replaced", "5", "")]),
        ("二、删去第七条。", [("repealed", "7", "")]),
        ("5.删除第四条、第六条和第九条。", [("repealed", "4", ""), ("repealed", "6", ""), ("repealed", "9", "")]),
        ("三、增加一条，作为第八条：“每餐补贴三元。”", [("added", "", "8")]),
        ("四、在第十三条后增加一条，作为第十三条之一：“甲。”", [("added", "", "13.1")]),
        ("五、增加两条，作为第九条、第十条：“甲。”", [("added", "", "9"), ("added", "", "10")]),
        ("六、第九条改为第十条。", [("moved", "9", "10")]),
        ("七、原第四条作为第五条。", [("moved", "4", "5")]),
        ("八、第十条改为第十一条，修改为：“甲。”", [("replaced", "10", "11")]),
        ("九、第十条改为第十一条，第二款修改为：“甲。”", [("changed", "10", "11")]),
        ("十、将第十四条、第十五条合并为第十四条，修改为：“甲。”", [("replaced", "14", ""), ("replaced", "15", "14")]),
        ("将第三条至第五条中的“工商所”修改为“市场监管所”。", [("changed", str(n), "") for n in (3, 4, 5)]),
        ("将第三条、第五条中的“工商所”修改为“市场监管所”。", [("changed", "3", ""), ("changed", "5", "")]),
        ("第二条增加一款，作为第二款：“甲。”", [("changed", "2", "")]),
        ("删去第三条第二款。", [("changed", "3", "")]),
        ("第十二条第（一）项修改为：“（一）甲。”", [("changed", "12", "")]),
        ("此外，对条文顺序作相应调整。", [("ordered", "", "")]),
        ("删去第四章。", [("repealed", "c4", "")]),
        ("本决定自2026年3月1日起施行。", []),
        ("《江湾区送餐办法》根据本决定作相应修改，重新公布。", []),
    ],
)
def test_items_of_a_decision(sentence: str, changes: list[tuple[str, str, str]]) -> None:
    assert said(DECISION, sentence) == changes
    assert all(one.document == MEASURES for one in amendments(DECISION, sentence))


@pytest.mark.parametrize(
    ("sentence", "repealed"),
    [
        (
            "本办法自2026年1月1日起施行。《甲办法》（江府规〔2020〕1号）第三条、第五条同时废止。",
            [
                ("《甲办法》（江府规〔2020〕1号）", "3", "repealed"),
                ("《甲办法》（江府规〔2020〕1号）", "5", "repealed"),
            ],
        ),
        (
            "《甲办法》第三条第二款和《乙规定》第六条同时废止。",
            [("《甲办法》", "3", "changed"), ("《乙规定》", "6", "repealed")],
        ),
        ("《甲办法》第三条的规定自2027年1月1日起停止执行。", [("《甲办法》", "3", "repealed")]),
        ("《甲办法》同时废止。", []),
        ("根据《甲办法》第三条，制定本办法，原办法同时废止。", []),
        ("违反《甲办法》第三条规定的，许可证失效。", []),
        ("以前的规定与本办法不一致的，以本办法为准。", []),
        ("《甲办法》第三条继续有效。", []),
        ("第三条 申请人删除信息的，应当告知窗口。", []),
    ],
)
def test_articles_repealed_by_the_way(sentence: str, repealed: list[tuple[str, str, str]]) -> None:
    found = amendments("乙办法", sentence)
    assert [(one.document, one.article, one.kind.value) for one in found] == repealed


def test_a_repeal_may_name_its_own_day() -> None:
    (found,) = amendments("乙办法", "《甲办法》第三条自2027年1月1日起停止执行。")
    assert found.on == date(2027, 1, 1)


def test_an_article_may_begin_later_than_its_document() -> None:
    found = amendments("乙办法", "本办法自2026年1月1日起施行，其中第三条、第五条自2026年7月1日起施行。")
    assert found == [Amendment("", n, AmendmentKind.BEGINS, 0, on=date(2026, 7, 1)) for n in ("3", "5")]


def test_an_omnibus_decision_turns_from_document_to_document() -> None:
    title = "江湾区人民政府关于废止和修改部分规范性文件的决定"
    found = amendments(
        title,
        "对《甲办法》作如下修改：",
        "将第五条修改为：“甲。”",
        "删去《乙规定》第六条。",
        "将《丙细则》第七条修改为：“丙。”",
    )
    assert [(one.document, one.article) for one in found] == [
        ("《甲办法》", "5"),
        ("《乙规定》", "6"),
        ("《丙细则》", "7"),
    ]
    headed = [
        Clause(0, "1.", ("二、修改《甲办法》",), "1.将第五条修改为：“甲。”"),
        Clause(1, "1.", ("三、修改《乙规定》",), "1.删去第六条。"),
    ]
    assert [one.document for one in read(headed, title)] == ["《甲办法》", "《乙规定》"]


def test_a_short_name_means_the_document_of_the_title() -> None:
    (found,) = amendments(DECISION, "将《办法》第五条修改为：“甲。”")
    assert found.document == MEASURES


def test_what_goes_on_in_the_next_clause_belongs_to_the_same_article() -> None:
    found = amendments(
        DECISION, "一、将第五条修改为：“申请人应当提交：", "（一）证件；", "（二）照片。”", "二、删去第六条。"
    )
    assert [(one.ordinal, one.article) for one in found] == [(0, "5"), (1, "5"), (2, "5"), (3, "6")]


def test_a_title_that_only_speaks_of_a_revision_amends_nothing() -> None:
    assert amendments("关于修改后的《送餐办法》施行前申请如何办理的规定", "第五条修改为前款所述的，删去第六条。") == []


def test_articles_in_comparable_form() -> None:
    numbers = ("第五条", "第 12 条", "第一百六十二条之一", "第二章 补贴", "三、", "")
    assert [article(number) for number in numbers] == ["5", "12", "162.1", "c2", "", ""]


def test_quotations_are_masked_across_paragraphs() -> None:
    assert masked("将“甲”改为“乙") == ("将\ufffc改为\ufffc", True)
    assert masked("“丙”。", is_open=True) == ("。", False)
