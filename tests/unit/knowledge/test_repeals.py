"""Which documents a sentence ends, and which it only mentions."""

import pytest

from knowledge.repeals import Name, bare_number, name_in, named, names_of


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
    ],
)
def test_only_the_old_documents_are_named(sentence: str, ended: list[str]) -> None:
    assert list(named([sentence], "乙办法")) == ended


def test_a_decision_to_repeal_says_so_in_its_title() -> None:
    assert named([], "江湾区人民政府关于废止《甲办法》的决定") == ("《甲办法》",)


def test_names_meet_across_spellings() -> None:
    notice = names_of("江湾区人民政府关于印发《甲办法》的通知", "江府规〔2022〕6号")
    assert name_in("《甲办法》（江府规〔2022〕06 号）") in [Name("甲办法", "江府规2022-6")]
    assert any(name_in("《甲办法》").means(name) for name in notice)
    assert not any(name_in("《甲办法》（江府规〔2021〕6号）").means(name) for name in notice)
    assert bare_number("中华人民共和国国务院令第746号") == "令746"
