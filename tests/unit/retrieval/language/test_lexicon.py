"""The lexicon: everyday words bring the documents' words, and the file is what it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.language import lexicon
from retrieval.language.lexicon import Lexicon, LexiconEntry, shipped, word_list
from retrieval.language.tokens import normalised


@pytest.fixture
def file_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another lexicon in the place of the shipped one."""
    file = tmp_path / "lexicon.txt"
    monkeypatch.setattr(lexicon, "_FILE", file)
    shipped.cache_clear()
    yield file
    monkeypatch.undo()
    shipped.cache_clear()


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
    assert written in shipped().official(said)


def test_words_said_already_are_not_added() -> None:
    assert "失业保险金" not in shipped().official("失业金就是失业保险金吗")


def test_a_latin_word_counts_as_a_word() -> None:
    assert shipped().official("a presentation about currents") == []
    assert shipped().official("pensions") == shipped().official("pension")


def test_nothing_said_brings_nothing() -> None:
    assert shipped().official("") == []
    assert shipped().concepts("") == []


def test_longer_expressions_come_first() -> None:
    lengths = [len(said) for said, _ in shipped().concepts("去外地看病异地看病登记")]
    assert lengths == sorted(lengths, reverse=True)


def test_every_entry_brings_something_in_the_documents_own_script() -> None:
    """Each expression is found in itself, and no entry is empty or written in traditional characters."""
    for line in lexicon._FILE.read_text(encoding="utf-8").splitlines():
        if not line.partition("#")[0].strip():
            continue
        said, _, written = line.partition("#")[0].partition("=")
        for word in said.split():
            assert shipped().concepts(normalised(word.replace("_", " "))), word
        for word in written.split():
            assert normalised(word) == word, word


@pytest.mark.parametrize("line", ["没有等号", "= 只有右边", "只有左边 ="])
def test_a_broken_line_is_named(file_of: Path, line: str) -> None:
    file_of.write_text(f"好 = 良好\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        shipped().official("好")


def test_comments_and_blank_lines_are_none(file_of: Path) -> None:
    file_of.write_text("# 注释\n\n好 = 良好  # 说明\n", encoding="utf-8")
    assert shipped().official("好") == ["良好"]


@pytest.mark.parametrize("name", ["ambiguous_places.txt", "chatter.txt", "aspects.txt"])
def test_word_lists_hold_words(name: str) -> None:
    words = word_list(name)
    assert len(words) > 20
    assert all("#" not in word and word == word.strip() and len(word) < 12 for word in words)


def test_entries_of_a_site_are_looked_up_beside_the_shipped_ones() -> None:
    words = Lexicon([*shipped().entries, LexiconEntry(("随申码",), ("健康信息码",))])
    assert {"健康信息码", "失业保险金"} <= set(words.official("随申码怎么领，失业金呢"))
    assert "健康信息码" not in shipped().official("随申码怎么领")


def test_expressions_of_one_entry_do_not_overlap_and_the_longest_is_taken() -> None:
    words = Lexicon([LexiconEntry(("居住卡", "居住卡片"), ("居住证",))])
    assert words.concepts("居住卡片和居住卡") == [("居住卡片", ("居住证",)), ("居住卡", ("居住证",))]


def test_looking_up_finds_what_a_plain_search_with_every_pattern_finds() -> None:
    """The way by first characters leaves nothing out."""
    for text in ("老公公司把我炒鱿鱼了", "去外地看病异地看病登记", "pensions and the present", "娃上学要什么", "没有"):
        entries, patterns = shipped().entries, shipped()._patterns
        plain = [(m.group(), e.written) for e, p in zip(entries, patterns, strict=True) for m in p.finditer(text)]
        assert shipped().concepts(text) == sorted(dict.fromkeys(plain), key=lambda pair: -len(pair[0]))


def test_a_correction_that_loses_what_people_say_is_not_made() -> None:
    words = Lexicon([LexiconEntry(("浙里办",), ("政务服务网",))])
    assert words.spared("浙里办怎么登录", "这里办怎么登录") == "浙里办怎么登录"
    assert words.spared("居住正怎么办", "居住证怎么办") == "居住证怎么办"
