"""Typing errors are put right by sound, and only where no document writes what was typed."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import rjieba
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.index.index import Index
from retrieval.language.spelling import Spelling, Vocabulary, load_words, save_words, sound
from retrieval.model import Answer, Question
from tests.support.clock import Clock
from tests.support.index_material import put

TEXTS = (
    "办理失业登记的，用手机申请。",
    "公租房由街道受理，公租房的申请人到窗口登记。",
    "公租房每年审核。",
    "敬老院收费。",
) * 3


def corrected(typed: str, texts: Iterable[str] = TEXTS) -> str:
    vocabulary = Vocabulary()
    for text in texts:
        vocabulary.add(rjieba.cut(text, False))
    pairs = {a + b for text in texts for a, b in pairwise(text)}
    return Spelling(vocabulary.finish()).corrected(typed, pairs.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("手鸡上怎么登计", "手机上怎么登记"),
        ("公祖房怎么申情", "公租房怎么申请"),
        ("敬佬院多少钱", "敬老院多少钱"),
    ],
)
def test_a_word_nobody_writes_is_read_as_the_one_that_sounds_alike(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "手机上能登记吗",
        "我的收据",  # sounds nearly like a word of the documents
        "采石场在哪里",  # sounds like 菜市场, which shares one character of three
        "how to apply 登记",
        "",
    ],
)
def test_what_is_not_wrong_stays(typed: str) -> None:
    assert corrected(typed, [*TEXTS, "菜市场由街道管理。", "菜市场登记。", "菜市场收费。"]) == typed


def test_what_a_document_writes_is_no_error() -> None:
    assert corrected("手鸡", [*TEXTS, "手鸡一只。"]) == "手鸡"


def test_words_come_back_from_their_file(tmp_path: Path) -> None:
    words = {sound("登记"): ["登记"]}
    save_words(tmp_path, words)
    assert load_words(tmp_path) == words == {"deng ji": ["登记"]}


def test_a_question_with_typing_errors_is_answered(
    sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock
) -> None:
    store = DocumentStore(sqlite_engine, clock)
    put(store, "公租房", "公租房的申请人应当到街道登记。", "公租房每年审核一次。", "公租房租金每月缴纳。")
    index = Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today)
    index.publish(full=True)
    try:
        asked = Answerer(index, store, lambda: date(2026, 11, 20), threshold=0.0).answer(
            Question.of("公祖房到哪里登计")
        )
        assert isinstance(asked, Answer)
        assert "登记" in asked.citations[0].quote
        assert index.corrected("公祖房到哪里登计") == "公租房到哪里登记"
    finally:
        index.close()
