"""BEIR folders: what is read, and what is refused with its place."""

import json
from pathlib import Path

import pytest

from retrieval.evaluation.beir import JudgedQuestion, NotBeir, Text, read_benchmark, read_unanswerable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = [
        {"_id": "d1", "title": "甲", "text": "一"},
        {"_id": "d2", "text": "二"},
        {"_id": "d3", "title": None, "text": ""},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(each) for each in corpus) + "\n\n", encoding="utf-8")
    queries = [{"_id": "q1", "text": "问一"}, {"_id": "q2", "text": "问二"}, {"_id": "q3", "text": "问三"}]
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(each) for each in queries), encoding="utf-8-sig")
    (tmp_path / "qrels").mkdir()
    rows = ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q1\td2\t2", "q1\td3\t0", "q3\td3\t0", "q9\td1\t1"]
    (tmp_path / "qrels" / "dev.tsv").write_text("\r\n".join(rows), encoding="utf-8")
    return tmp_path


def test_questions_with_something_relevant_are_read(folder: Path) -> None:
    benchmark = read_benchmark(folder, "dev")
    assert benchmark.corpus == [Text("d1", "甲", "一"), Text("d2", "", "二"), Text("d3", "", "")]
    assert benchmark.questions == [JudgedQuestion("q1", "问一", {"d1": 1, "d2": 2})]


def test_the_words_that_answer_are_read_where_there_are_any(folder: Path) -> None:
    metadata = [{"answer": "在二楼"}, {"answer": ["在二楼"]}, {}, ["在二楼"]]
    lines = [json.dumps({"_id": f"q{i}", "text": "问", "metadata": each}) for i, each in enumerate(metadata)]
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rows = "\n".join(f"q{i}\td1\t1" for i in range(len(lines)))
    (folder / "qrels" / "dev.tsv").write_text(rows, encoding="utf-8")
    assert [each.answer for each in read_benchmark(folder, "dev").questions] == ["在二楼", "", "", ""]


def test_questions_without_an_answer_are_read_where_there_are_any(folder: Path) -> None:
    assert read_unanswerable(folder) == []
    path = folder / "unanswerable.jsonl"
    path.write_text('{"_id": "u1", "text": "问四"}\n', encoding="utf-8")
    assert read_unanswerable(folder) == ["问四"]
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(NotBeir, match=r"unanswerable.jsonl, line 1"):
        read_unanswerable(folder)


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl, line 5: not"),
        ("corpus.jsonl", '{"_id": 5, "text": ""}', "corpus.jsonl, line 5: not"),
        ("corpus.jsonl", '["d4"]', "corpus.jsonl, line 5: not"),
        ("corpus.jsonl", '{"_id": "d1", "text": ""}', "corpus.jsonl, line 5: the _id d1 is there already"),
        ("queries.jsonl", '\n{"_id": "q4"}', "queries.jsonl, line 4: not"),
        ("qrels/dev.tsv", "\nq1 d1 1", r"dev.tsv, line 7: not"),
        ("qrels/dev.tsv", "\nq1\td1\tmuch", r"dev.tsv, line 7: not"),
        ("qrels/dev.tsv", "\nq1\td1", r"dev.tsv, line 7: not"),
    ],
)
def test_a_garbled_line_is_named(folder: Path, file: str, line: str, complaint: str) -> None:
    with (folder / file).open("a", encoding="utf-8", newline="") as written:
        written.write(line)
    with pytest.raises(NotBeir, match=complaint):
        read_benchmark(folder, "dev")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/dev.tsv"])
def test_a_file_that_is_missing_or_of_another_encoding_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes("问题".encode("gb18030"))
    with pytest.raises(NotBeir, match=f"{Path(file).name} is not UTF-8"):
        read_benchmark(folder, "dev")
    (folder / file).unlink()
    with pytest.raises(NotBeir, match=f"{Path(file).name} cannot be read"):
        read_benchmark(folder, "dev")


def test_nothing_to_ask_is_refused(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n", encoding="utf-8")
    with pytest.raises(NotBeir, match="3 documents and 0 questions"):
        read_benchmark(folder, "dev")
