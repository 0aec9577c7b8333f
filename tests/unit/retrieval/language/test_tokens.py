"""Tokens: both kinds, however it was typed."""

from retrieval.language.tokens import normalised, tokens


def test_words_and_bigrams_are_both_there() -> None:
    found = tokens("居住证积分")
    assert "居住证" in found
    assert {"居住", "住证", "证积", "积分"} <= set(found)


def test_traditional_wide_and_upper_case_are_the_same_as_plain() -> None:
    assert tokens("食品經營許可證　ＡＢＣ") == tokens("食品经营许可证 abc")


def test_punctuation_and_spaces_are_no_tokens() -> None:
    assert all(token.strip() == token and token.isalnum() for token in tokens("怎么办？ 《办法》第 3 条，\n（二）"))
    assert tokens("？！ …") == []


def test_a_character_alone_is_still_found() -> None:
    assert tokens("税") == ["税"]


def test_normalising_keeps_one_meaning_per_text() -> None:
    assert normalised("ＡBC１２㎡") == "abc12m2"
