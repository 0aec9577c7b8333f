"""Judging answers: a small benchmark through the real answerer, each figure against what was put in."""

import json
from datetime import UTC, datetime
from pathlib import Path

from retrieval.answering.confidence import THRESHOLD
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.answer_quality import AnswerQuality, AnswerTerms, judge_answers
from retrieval.evaluation.beir import read_benchmark
from retrieval.evaluation.calibration import Point
from retrieval.evaluation.throwaway import Scratch, answering
from retrieval.model import Answer, Question
from tests.support.clock import Clock
from tests.support.index_material import ELDERLY, FOOD, QUESTIONS, RESIDENCE

NOW = Clock(datetime(2026, 11, 19, 1, 0, tzinfo=UTC))
PARK = "江湾区公园每日六时开放，二十二时关闭。"
TEXTS = ["".join(RESIDENCE), "".join(FOOD), ELDERLY[0], PARK]
ASKED = [*QUESTIONS, "江湾区公园每天几点开放"]
WORDS = ["三十日内 办理签注", "房东的书面同意", "老年综合津贴", "每日六时开放"]
WITHOUT = ["火星移民登记要交什么表格", "海底隧道通行费是多少元"]


def write(folder: Path, words: list[str], without: list[str] | None = None) -> Path:
    """The benchmark, the answer to each question being `words`."""
    corpus = [{"_id": f"d{i}", "title": "", "text": text} for i, text in enumerate(TEXTS)]
    queries = [
        {"_id": f"q{i}", "text": text, "metadata": {"answer": answer} if answer else {}}
        for i, (text, answer) in enumerate(zip(ASKED, words, strict=True))
    ]
    files = {"corpus.jsonl": corpus, "queries.jsonl": queries}
    if without is not None:
        files["unanswerable.jsonl"] = [{"_id": f"u{i}", "text": text} for i, text in enumerate(without)]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        (folder / name).write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    qrels = "\n".join(f"q{i}\td{i}\t1" for i in range(len(TEXTS)))
    (folder / "qrels" / "dev.tsv").write_text(qrels, encoding="utf-8")
    return folder


def judged(folder: Path, embedder: Embedder, cache: Path | None = None, threshold: float = THRESHOLD) -> AnswerQuality:
    return judge_answers(folder, "dev", embedder, AnswerTerms(threshold, 0.95, NOW, NOW.today, cache))


def test_answers_are_judged_by_the_words_that_answer(tmp_path: Path, embedder: Embedder) -> None:
    found = judged(write(tmp_path, WORDS, WITHOUT), embedder)
    assert (found.documents, found.answerable, found.unanswerable) == (4, 4, 2)
    assert (found.answered, found.answered_unanswerable) == (4, 0)
    assert (found.right_document, found.quoted, found.quoted_any) == (1.0, 1.0, 1.0)
    assert 0 < found.quotation_median <= max(map(len, TEXTS))
    assert found.auroc == 1.0
    for each in (found.separation, found.correctness):
        assert each.chosen is not None
        assert (each.chosen.coverage, each.chosen.precision) == (1.0, 1.0)


def test_wrong_words_and_wrong_documents_measure_less(tmp_path: Path, embedder: Embedder) -> None:
    """Negative control of the figures above."""
    folder = write(tmp_path, ["六个月", *WORDS[1:]], WITHOUT)
    qrels = folder / "qrels" / "dev.tsv"
    qrels.write_text(qrels.read_text(encoding="utf-8").replace("q3\td3", "q3\td0"), encoding="utf-8")
    found = judged(folder, embedder)
    assert (found.quoted, found.right_document) == (0.75, 0.75)
    assert found.correctness.error > found.separation.error


def test_without_known_words_the_document_decides(tmp_path: Path, embedder: Embedder) -> None:
    found = judged(write(tmp_path, ["", "", "", ""]), embedder)
    assert (found.quoted, found.quoted_any, found.auroc) == (None, None, None)
    assert found.correctness.curve == found.separation.curve
    assert found.correctness.curve[-1] == Point(0.0, 1.0, 1.0, 4)


def test_a_strict_threshold_answers_less_and_changes_no_curve(tmp_path: Path, embedder: Embedder) -> None:
    folder, cache = write(tmp_path / "beir", WORDS, WITHOUT), tmp_path / "cache"
    loose, strict = judged(folder, embedder, cache, 0.0), judged(folder, embedder, cache, 1.0)
    assert (loose.answered, strict.answered, strict.quotation_median) == (4, 0, 0)
    assert loose.separation == strict.separation
    assert [path.name for path in cache.glob("*.db")] == ["vectors.db"]


def test_a_threshold_applied_afterwards_is_one_applied_while_answering(tmp_path: Path, embedder: Embedder) -> None:
    """Asking once with nothing held back is enough."""
    corpus = read_benchmark(write(tmp_path, WORDS), "dev").corpus
    questions = [Question.of(text) for text in (*ASKED, *WITHOUT, "开放", "老人 同意")]
    with answering(corpus, embedder, Scratch(NOW, NOW.today)) as free:
        told = {question: free(question) for question in questions}
    threshold = sorted(each.confidence for each in told.values())[len(told) // 2]
    with answering(corpus, embedder, Scratch(NOW, NOW.today, threshold=threshold)) as strict:
        for question, before in told.items():
            after = strict(question)
            assert isinstance(after, Answer) is (isinstance(before, Answer) and before.confidence >= threshold)
            if isinstance(after, Answer) and isinstance(before, Answer):
                assert (after.text, after.confidence) == (before.text, before.confidence)
