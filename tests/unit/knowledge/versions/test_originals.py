"""Original files: each content once, found by the name given, and nothing outside the folder."""

from pathlib import Path

import pytest

from knowledge.versions.originals import Originals


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def test_one_content_is_kept_once_and_forgotten(originals: Originals, tmp_path: Path) -> None:
    one, two = tmp_path / "甲.MD", tmp_path / "乙.md"
    for each in (one, two):
        each.write_text("# 办法")
    name = originals.keep(one)
    assert originals.keep(two) == name
    assert name.endswith(".md")
    kept = originals.path(name)
    assert kept
    assert kept.read_text() == "# 办法"
    assert len([each for each in (tmp_path / "originals").rglob("*") if each.is_file()]) == 1
    one.write_text("# 改了")
    assert kept.read_text() == "# 办法"
    originals.forget(name)
    assert originals.path(name) is None
    originals.forget(name)


def test_a_strange_suffix_is_left_out(originals: Originals, tmp_path: Path) -> None:
    file = tmp_path / "a.<b>"
    file.write_text("x")
    assert "." not in originals.keep(file)


@pytest.mark.parametrize("name", ["../secret", "..", "", "/etc/passwd", "ab/../../secret", "ab/ab", "ab\\cd"])
def test_nothing_outside_is_found(originals: Originals, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "originals").mkdir()
    assert originals.path(name) is None
    originals.forget(name)
    assert (tmp_path / "secret").exists()


def test_a_file_that_is_gone_leaves_nothing_behind(originals: Originals, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        originals.keep(tmp_path / "none")
    assert [each for each in (tmp_path / "originals").rglob("*") if each.is_file()] == []
