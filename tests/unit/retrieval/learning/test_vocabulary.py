"""The pieces that are kept are those of Chinese, English and marks, and texts are cut into them."""

import numpy as np
import pytest

from retrieval.learning import vocabulary
from retrieval.learning.vocabulary import SPECIAL, kept, tokenizer

PIECES = [
    *SPECIAL,
    "▁",
    "居住",
    "证",
    "居住证",
    "▁how",
    "▁much",
    "Дом",
    "▁the",
    "123",
    "。",
    "▁How",
    "한국",
    "の",
    "證",
    "a1",
]
SCORES = np.array([0, 0, 0, 0, -1, -4, -4, -5, -6, -6, -6, -5, -7, -3, -6, -6, -6, -6, -9], np.float32)


def test_other_scripts_and_capital_letters_go() -> None:
    left = [PIECES[i] for i in kept(PIECES, SCORES)]
    assert left == [*SPECIAL, "▁", "居住", "证", "居住证", "▁how", "▁much", "▁the", "123", "。", "證", "a1"]


def test_of_latin_words_the_most_frequent_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "LATIN", 1)
    left = [PIECES[i] for i in kept(PIECES, SCORES)]
    assert "▁the" in left
    assert "▁how" not in left


def test_a_vocabulary_without_its_special_pieces_is_refused() -> None:
    with pytest.raises(ValueError, match="the vocabulary begins with"):
        kept(PIECES[1:], SCORES[1:])


def test_texts_are_cut_into_the_pieces_that_are_likeliest() -> None:
    ids = kept(PIECES, SCORES)
    made = tokenizer([PIECES[i] for i in ids], SCORES[ids])
    assert made.encode("居住证").tokens == ["<s>", "▁", "居住证", "</s>"]
    assert made.encode("  HOW \n much。").tokens == ["<s>", "▁how", "▁much", "。", "</s>"]
    assert made.encode("１２３").tokens == ["<s>", "▁", "123", "</s>"]  # full width
    assert made.encode("Дом").ids[2] == SPECIAL.index("<unk>")


def test_two_texts_are_read_as_a_pair() -> None:
    ids = kept(PIECES, SCORES)
    made = tokenizer([PIECES[i] for i in ids], SCORES[ids])
    assert made.encode("how", "证").tokens == ["<s>", "▁how", "</s>", "</s>", "▁", "证", "</s>"]
