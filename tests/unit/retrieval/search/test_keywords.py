"""Keyword index: BM25 by row, in memory and in a folder."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from retrieval.language.tokens import tokens
from retrieval.search.keywords import KeywordIndex, KeywordWriter, open_keywords

TEXTS = ["居住证到期如何续签", "食品经营许可证如何办理", "老年人免费午餐", "食品食品食品摊贩登记", ""]


def build_keywords(rows: Iterable[Sequence[str]], folder: Path | None = None) -> KeywordIndex:
    """The tokens of each row, numbered from 0, in a folder or in memory."""
    writer = KeywordWriter(folder)
    for number, row in enumerate(rows):
        writer.add(number, row)
    return writer.finish()


@pytest.fixture(params=["memory", "folder"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> KeywordIndex:
    rows = [tokens(text) for text in TEXTS]
    if request.param == "memory":
        return build_keywords(rows)
    build_keywords(rows, tmp_path / "keywords")
    return open_keywords(tmp_path / "keywords")


def test_the_best_row_comes_first(index: KeywordIndex) -> None:
    rows, scores = index.search(tokens("办食品经营许可证"), 10)
    assert rows[0] == 1
    assert list(scores) == sorted(scores, reverse=True)
    assert 2 not in rows


def test_scores_of_chosen_rows_are_those_of_the_search(index: KeywordIndex) -> None:
    asked = tokens("食品如何办理")
    rows, scores = index.search(asked, 10)
    among = index.scores(asked, [3, 1, 2])
    assert among[2] == 0
    assert among[1] > 0
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        if row in among:
            assert among[row] == pytest.approx(score, rel=1e-5)


def test_rare_tokens_weigh_more(index: KeywordIndex) -> None:
    assert index.idf("食品") < index.idf("午餐") < index.idf("从未有过")
    assert index.idf("食品") == pytest.approx(math.log(1 + (5 - 2 + 0.5) / (2 + 0.5)))


def test_a_repeated_token_counts_as_often(index: KeywordIndex) -> None:
    once, twice = index.search(["食品"], 1), index.search(["食品", "食品"], 1)
    assert twice[1][0] == pytest.approx(2 * once[1][0], rel=1e-5)


def test_weighed_by_a_larger_index_its_scores_compare(index: KeywordIndex) -> None:
    plain, weighed = index.search(["食品"], 1), index.search(["食品"], 1, idf=lambda _: 3 * index.idf("食品"))
    assert weighed[1][0] == pytest.approx(3 * plain[1][0], rel=1e-5)


def test_nothing_asked_finds_nothing(index: KeywordIndex) -> None:
    assert len(index.search([], 10)[0]) == 0
    assert len(index.search(["食品"], 0)[0]) == 0
    assert index.scores(["食品"], []) == {}


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    build_keywords([tokens(text) for text in TEXTS], tmp_path)
    (tmp_path / "meta.json").write_bytes(b"\x00" * 10)
    with pytest.raises(ValueError, match=r".+"):
        open_keywords(tmp_path)


def test_said_often_is_said_enough() -> None:
    rows = [["食品"] * 3 + ["甲"], ["食品"] * 30 + ["甲"], ["食品", "甲"]]
    thrice, often, once = (build_keywords(rows).scores(["食品"], [0, 1, 2])[row] for row in range(3))
    assert often == thrice > once


def test_whether_a_row_holds_a_word() -> None:
    index = build_keywords([["居住", "居住证"], ["居住"]])
    assert index.holds(0, ["居住", "居住证"])
    assert not index.holds(1, ["居住", "居住证"])
    assert not index.holds(2, ["居住"])
