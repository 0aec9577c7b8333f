"""What stops a file on its way in, and what does not."""

from pathlib import Path

import pytest

from knowledge.load import load
from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument
from knowledge.versions import checks

BODY = "# 江湾区助学金发放办法\n\n第一条 助学金按学期发放。\n\n第二条 {}\n\n第三条 本办法自2026年1月1日起施行。\n"
PHONES = ("13812345601", "139 1234 5602", "13712345603")


def parsed(text: str) -> ParsedDocument:
    clause = Clause(1, "第一条", ("第一章 总则",), f"第一条 {text}", ClauseKind.ARTICLE, page=3)
    return ParsedDocument(Metadata("办法"), (clause,), "text/plain")


def kinds(text: str) -> list[str]:
    return [hold.kind for hold in checks.find(parsed(text)).holds]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("张某（身份证号11010519491231002X）等三人", "identity"),
        ("汇入6222021234567890128账户", "card"),
        (f"联系人：张{PHONES[0]}，李{PHONES[1]}，王{PHONES[2]}", "phones"),
        ("机密★5年", "secrecy"),
        ("秘密 ★ 长期", "secrecy"),
        ("密级：机密", "secrecy"),
        ("内部资料，注意保存", "secrecy"),
        ("内部资料 请注意保密", "secrecy"),
        ("公开属性：不予公开", "secrecy"),
        ("信息公开选项：不公开", "secrecy"),
        ("\n绝密\n", "secrecy"),
        ("\n（不予公开）\n", "secrecy"),
    ],
)
def test_it_stops(text: str, kind: str) -> None:
    assert kinds(text)[:1] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "证件号码110105194912310021的校验位不对",
        "统一社会信用代码91310000MA1FL0000X",
        "咨询电话021-55550165，热线12345",
        "收费账号 1001 2345 6789 0123 456 属于国库",
        f"联系人张女士{PHONES[0]}、李先生{PHONES[1]}",
        f"张女士{PHONES[0]}，再说一遍{PHONES[0]}，还有{PHONES[0]}",
        "涉及国家秘密、机密、绝密的信息不予公开，依法不予公开的除外。",
        "行政机关不予公开的，应当说明理由。",
        "内部资料性出版物准印证",
        "从事保密工作的人员应当保守秘密",
        "评为★★★级的饭店",
        "公开属性：主动公开",
    ],
)
def test_it_does_not(text: str) -> None:
    assert kinds(text) == []


def test_few_personal_numbers_are_a_warning_with_the_numbers_masked() -> None:
    (warning,) = checks.find(parsed(f"联系人{PHONES[0]}")).warnings
    assert "138******01" in warning
    assert PHONES[0] not in warning
    assert checks.find(parsed("热线12345")).warnings == ()


@pytest.mark.parametrize("mark", ["秘密★3年", "内部资料 注意保存", "公开属性：不予公开"])
@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_a_mark_above_the_title_stops_a_file_whatever_reads_it(tmp_path: Path, mark: str, suffix: str) -> None:
    file = tmp_path / f"办法.{suffix}"
    file.write_text(f"{mark}\n\n{BODY.format('标准另行公布。')}".replace("# ", "# " if suffix == "md" else ""), "utf-8")
    assert [hold.kind for hold in checks.find(load(file, file.name)).holds] == ["secrecy"]


def test_the_place_is_the_clause_and_the_words_are_masked(tmp_path: Path) -> None:
    file = tmp_path / "办法.md"
    file.write_text(BODY.format("首批：王某11010519491231002X。"), "utf-8")
    (hold,) = checks.find(load(file, file.name)).holds
    assert "第二条" in hold.where
    assert checks.sentence(hold) == f"{hold.where}：身份证号码“110105************”"


def test_ever_so_many_are_told_in_part() -> None:
    many = "、".join(f"{i}某11010519491231002X" for i in range(100))
    assert 1 <= len(checks.find(parsed(many)).holds) <= 20


@pytest.mark.data
@pytest.mark.parametrize("folder", ["pages", pytest.param("laws", marks=pytest.mark.soak)])
def test_no_real_document_is_stopped(data: Path, folder: str) -> None:
    files = [path for path in sorted((data / folder).rglob("*")) if path.suffix in (".html", ".md")]
    held = {path.name: checks.find(load(path, path.name)).holds for path in files if path.name != "_index.md"}
    assert len(held) >= 30
    assert {name for name, holds in held.items() if holds} == set()
