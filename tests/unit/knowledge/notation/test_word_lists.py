"""Lists of words: comments are left out, order is kept, of two words that begin alike the longer is found."""

from pathlib import Path

import pytest

from knowledge.notation.word_lists import any_of, lines, words

ROOT = Path(__file__).parents[4]
LISTS = sorted(
    path for package in ("knowledge", "retrieval", "desk", "bot") for path in (ROOT / package).rglob("*.txt")
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("# why these\n\n养犬 犬  # dogs\nthank you\n", encoding="utf-8")
    return path


def test_comments_and_empty_lines_are_left_out(listed: Path) -> None:
    assert words(listed) == ("养犬", "犬", "thank", "you")


def test_a_line_comes_with_its_number_in_the_file(listed: Path) -> None:
    assert list(lines(listed)) == [(3, "养犬 犬"), (4, "thank you")]


def test_the_longer_of_two_words_is_found() -> None:
    assert any_of(["什么", "什么时候"]).findall("什么时候办，办什么") == ["什么时候", "什么"]


def test_a_word_is_no_pattern() -> None:
    assert any_of(["(", "a.b"]).findall("(a.b) aab") == ["(", "a.b"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_list_says_why_and_holds_no_line_twice(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    said = [line for _, line in lines(path)]
    assert said
    assert len(said) == len(set(said))
