"""ZIP archives: members under their own names, within bounds, nothing written where the archive says."""

import struct
import zipfile
from pathlib import Path

import pytest

from knowledge.formats import archive
from knowledge.formats.unreadable import Unreadable

MEGABYTE = 1_000_000
TEXT = "江湾区夜市管理办法\n第一条 夜市的经营时间由街道公布。\n".encode()


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, data in members.items():
            writing.writestr(name, data)
    return path


def unpack(path: Path, limit: int = 50 * MEGABYTE) -> tuple[archive.Member, ...]:
    folder = path.parent / "解开"
    folder.mkdir(exist_ok=True)
    members = archive.unpack(path, folder, limit)
    assert members is not None
    return members


def with_raw_name(path: Path, name: bytes) -> Path:
    """An archive as Windows packs it here: the name in bytes of the local code page, no flag that says which."""
    placeholder = "x" * len(name)
    packed(path, {placeholder: TEXT})
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name))
    return path


def test_members_keep_their_folders_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "规章.zip",
        {"2026年/夜市办法.txt": TEXT, "__MACOSX/._夜市办法.txt": b"x", ".DS_Store": b"x", "目录/": b""},
    )
    (member,) = unpack(path)
    assert member.name == "2026年/夜市办法.txt"
    assert member.path is not None
    assert member.path.read_bytes() == TEXT


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("附件1：申请表（样式）.txt", "gb18030"),
        ("夜市管理办法.txt", "utf-8"),
        ("夜市攤位管理辦法與申請表格.txt", "big5"),
    ],
)
def test_names_of_the_local_code_page_are_read(tmp_path: Path, name: str, encoding: str) -> None:
    (member,) = unpack(with_raw_name(tmp_path / "旧.zip", name.encode(encoding)))
    assert member.name == name


def test_paths_out_of_the_archive_lead_nowhere(tmp_path: Path) -> None:
    members = {"../../逃.txt": TEXT, "/etc/逃.txt": TEXT, "..\\逃.txt": TEXT, "a/./逃.txt": TEXT}
    before = set(tmp_path.parent.iterdir())
    found = unpack(packed(tmp_path / "路径.zip", members))
    assert [each.name for each in found] == ["逃.txt", "etc/逃.txt", "逃.txt (2)", "a/逃.txt"]
    assert all(each.path and each.path.parent == tmp_path / "解开" for each in found)
    assert set(tmp_path.parent.iterdir()) == before


def test_one_member_too_large_is_named_and_the_rest_come_out(tmp_path: Path) -> None:
    found = unpack(packed(tmp_path / "大.zip", {"大.txt": bytes(range(256)) * 8000, "好.txt": TEXT}), limit=MEGABYTE)
    assert [(each.name, each.path is None, "上限" in each.reason) for each in found] == [
        ("大.txt", True, True),
        ("好.txt", False, False),
    ]
    assert unpack(packed(tmp_path / "大.zip", {"大.txt": bytes(range(256)) * 8000}))[0].path  # the control


def test_a_bomb_is_stopped_by_what_comes_out_not_by_what_it_says(tmp_path: Path) -> None:
    path = packed(tmp_path / "炸弹.zip", {"零.txt": bytes(60 * MEGABYTE)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 60 * MEGABYTE), struct.pack("<I", 1000)))  # it claims a kilobyte
    (member,) = unpack(path, 100 * MEGABYTE)
    assert member.path is None
    assert not any((tmp_path / "解开").iterdir())
    path.write_bytes(data)
    (honest,) = unpack(path, 100 * MEGABYTE)
    assert "炸弹" in honest.reason


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path / "密.zip", {"密.txt": TEXT})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    (member,) = unpack(path)
    assert "密码" in member.reason


@pytest.mark.parametrize("broken", [b"PK\x03\x04" + bytes(200), b"PK\x05\x06" + bytes(18)], ids=["torn", "empty"])
def test_an_archive_that_gives_nothing_is_refused(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "坏.zip"
    path.write_bytes(broken)
    with pytest.raises(Unreadable, match="压缩包"):
        unpack(path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    names = {f"{number}.txt": b"" for number in range(archive.MOST_MEMBERS + 1)}
    with pytest.raises(Unreadable, match="5001 个文件"):
        unpack(packed(tmp_path / "多.zip", names))


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    path = packed(tmp_path / "办法.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})
    assert not archive.may_be_archive(path.read_bytes()[:100])
    turned = packed(tmp_path / "倒.docx", {"word2.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"})
    assert archive.may_be_archive(turned.read_bytes()[:100])
    assert archive.unpack(turned, tmp_path, MEGABYTE) is None
