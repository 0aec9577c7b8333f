"""Which documents a sentence ends, and which it only mentions."""

from datetime import date

import pytest

from knowledge.formats.blocks import Block
from knowledge.law.repeals import endings, extended, listed, named
from knowledge.notation.document_names import DocumentName, bare_number, name_in, names_of


@pytest.mark.parametrize(
    ("sentence", "ended"),
    [
        ("本办法自2026年2月1日起施行。《甲办法》（江府规〔2022〕6号）同时废止。", ["《甲办法》（江府规〔2022〕6号）"]),
        (
            "本条例自2022年3月1日起施行。《甲条例》、《乙条例》、《丙办法》同时废止。",
            ["《甲条例》", "《乙条例》", "《丙办法》"],
        ),
        (
            "自本通知实施之日起，《关于印发〈甲办法〉的通知》（江府〔2018〕1号）停止执行。",
            ["《关于印发〈甲办法〉的通知》（江府〔2018〕1号）"],
        ),
        (
            "1996年6月1日国务院发布的《甲规定》和1998年2月3日国务院批准的《乙规定》即行废止。",
            ["《甲规定》", "《乙规定》"],
        ),
        ("《关于印发《甲办法》的通知》自本办法施行之日起废止。", ["《关于印发《甲办法》的通知》"]),
        ("根据《甲条例》，本办法自公布之日起施行，原办法同时废止。", []),
        ("规范性文件的制定、修改、废止，依照《甲规定》执行。", []),
        ("违反《甲办法》规定的，许可证失效前应当整改。", []),
        ("本办法自2026年1月1日起施行。", []),
        (
            "经研究，现决定废止《甲办法》（江府规〔2022〕6号）、《乙办法》。",
            ["《甲办法》（江府规〔2022〕6号）", "《乙办法》"],
        ),
        ("决定废止《甲办法》第三条。", []),
        ("《甲办法》第三条同时废止。", []),
        ("《甲办法》中关于送餐的规定同时废止。", []),
        ("以前的规定与本办法不一致的，以本办法为准。", []),
        ("《甲办法》与本办法不一致的，以本办法为准。", []),
        ("《甲办法》在新办法施行前继续有效。", []),
        ("本办法施行前依据《甲办法》核发的证件继续有效。", []),
        ("《甲办法》未废止的条款继续有效。", []),
    ],
)
def test_only_the_old_documents_are_named(sentence: str, ended: list[str]) -> None:
    assert list(named([sentence], "乙办法")) == ended


def test_a_decision_to_repeal_says_so_in_its_title() -> None:
    assert named([], "江湾区人民政府关于废止《甲办法》的决定") == ("《甲办法》",)


def test_names_meet_across_spellings() -> None:
    notice = names_of("江湾区人民政府关于印发《甲办法》的通知", "江府规〔2022〕6号")
    assert name_in("《甲办法》（江府规〔2022〕06 号）") in [DocumentName("甲办法", "江府规2022-6")]
    assert any(name_in("《甲办法》").means(name) for name in notice)
    assert not any(name_in("《甲办法》（江府规〔2021〕6号）").means(name) for name in notice)
    assert bare_number("中华人民共和国国务院令第746号") == "令746"


def test_a_repeal_may_have_a_day_of_its_own() -> None:
    assert endings(["《甲办法》（江府规〔2022〕6号）自2027年1月1日起停止执行。"], "乙办法") == {
        "《甲办法》（江府规〔2022〕6号）": date(2027, 1, 1)
    }
    assert endings(["本办法自2027年1月1日起施行，《甲办法》同时废止。"], "乙办法") == {"《甲办法》": None}


@pytest.mark.parametrize(
    ("title", "ended"),
    [
        ("关于废止《甲办法》、修改《乙办法》的决定", ("《甲办法》",)),
        ("关于修改《乙办法》和废止《甲办法》的决定", ("《甲办法》",)),
        ("关于修改《乙办法》的决定", ()),
        ("关于废止《甲办法》和《乙办法》的通知", ("《甲办法》", "《乙办法》")),
    ],
)
def test_a_title_may_repeal_one_and_amend_another(title: str, ended: tuple[str, ...]) -> None:
    assert named([], title) == ended


def test_lists_of_a_review() -> None:
    lines = (
        "一、决定废止下列规范性文件：",
        "1.《甲办法》（江府规〔2012〕6号）",
        "2.《关于印发〈乙办法〉的通知》",
        "二、对下列规范性文件作出修改：",
        "（一）《丙办法》",
        "三、下列文件继续有效：",
        "《丁办法》",
    )
    table = Block(rows=(("序号", "文件名称", "文号"), ("1", "《戊办法》", "江府规〔2013〕1号")), header_rows=1)
    blocks = (*map(Block, lines), Block("附件 予以废止的规范性文件目录"), table)
    title = "江湾区人民政府关于废止和修改部分规范性文件的决定"
    assert listed(blocks, title) == (
        "《甲办法》（江府规〔2012〕6号）",
        "《关于印发〈乙办法〉的通知》",
        "《戊办法》（江府规〔2013〕1号）",
    )
    assert listed(blocks, "江湾区送餐办法") == ()


@pytest.mark.parametrize(
    ("sentence", "longer"),
    [
        (
            "《甲办法》（江府规〔2022〕6号）有效期延长至2028年12月31日。",
            (("《甲办法》（江府规〔2022〕6号）", date(2028, 12, 31)),),
        ),
        ("《甲办法》继续执行至2027年6月30日。", (("《甲办法》", date(2027, 6, 30)),)),
        ("将《甲办法》重新发布，有效期调整至2026年12月31日。", (("《甲办法》", date(2026, 12, 31)),)),
        ("申报期限延长至2026年12月31日。", ()),
    ],
)
def test_validity_may_be_prolonged(sentence: str, longer: tuple[tuple[str, date], ...]) -> None:
    assert extended([sentence]) == longer
