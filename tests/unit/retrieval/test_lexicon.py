"""The lexicon: everyday words bring the documents' words, and the file is what it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import lexicon
from retrieval.lexicon import concepts, official, word_list
from retrieval.tokens import normalised


@pytest.fixture
def file_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another lexicon in the place of the shipped one."""
    file = tmp_path / "lexicon.txt"
    monkeypatch.setattr(lexicon, "_FILE", file)
    lexicon._entries.cache_clear()
    yield file
    monkeypatch.undo()
    lexicon._entries.cache_clear()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("失业金怎么领", "失业保险金"),
        ("私立幼儿园", "民办"),
        ("低保边缘的标准", "最低生活保障边缘家庭"),
        ("老公公司把我炒鱿鱼了", "解除劳动合同"),
        ("how much is the pension", "基本养老金"),
        ("Unemployment benefits", "失业保险金"),
        ("外國人嘅居住卡", "居住证"),
    ],
)
def test_everyday_words_bring_the_documents_words(said: str, written: str) -> None:
    assert written in official(said)


def test_words_said_already_are_not_added() -> None:
    assert "失业保险金" not in official("失业金就是失业保险金吗")


def test_a_latin_word_counts_as_a_word() -> None:
    assert official("a presentation about currents") == []
    assert official("pensions") == official("pension")


def test_nothing_said_brings_nothing() -> None:
    assert official("") == []
    assert concepts("") == []


def test_longer_expressions_come_first() -> None:
    lengths = [len(said) for said, _ in concepts("去外地看病异地看病登记")]
    assert lengths == sorted(lengths, reverse=True)


def test_every_entry_brings_something_in_the_documents_own_script() -> None:
    """Each expression is found in itself, and no entry is empty or written in traditional characters."""
    for line in lexicon._FILE.read_text(encoding="utf-8").splitlines():
        if not line.partition("#")[0].strip():
            continue
        said, _, written = line.partition("#")[0].partition("=")
        for word in said.split():
            assert concepts(normalised(word)), word
        for word in written.split():
            assert normalised(word) == word, word


@pytest.mark.parametrize("line", ["没有等号", "= 只有右边", "只有左边 ="])
def test_a_broken_line_is_named(file_of: Path, line: str) -> None:
    file_of.write_text(f"好 = 良好\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        official("好")


def test_comments_and_blank_lines_are_none(file_of: Path) -> None:
    file_of.write_text("# 注释\n\n好 = 良好  # 说明\n", encoding="utf-8")
    assert official("好") == ["良好"]


@pytest.mark.parametrize("name", ["ambiguous_places.txt", "chatter.txt", "aspects.txt"])
def test_word_lists_hold_words(name: str) -> None:
    words = word_list(name)
    assert len(words) > 20
    assert all("#" not in word and word == word.strip() and len(word) < 12 for word in words)
