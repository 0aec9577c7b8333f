"""The contest of the benchmark: real processes, of contestants that work and of such that fail in every way."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from bench.peers.contest import Contest, Contestants, Terms, contest
from bench.peers.kinds import KINDS, Kind
from bench.peers.process import Failed, PeerProcess
from bench.peers.task import Task, smaller
from bench.places import CHECKOUT
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text

TEXTS = {
    "d1": "办理居住证需要提交身份证明和住所证明",
    "d2": "食品经营许可证有效期为五年",
    "d3": "生育津贴由单位申报领取",
}
ASKED = [
    JudgedQuestion("q1", "居住证要什么材料", {"d1": 1}),
    JudgedQuestion("q2", "食品经营许可证几年有效", {"d2": 1}),
    JudgedQuestion("q3", "生育津贴谁来申报", {"d3": 1}),
]
TERMS = Terms(questions=2, rounds=3, threads=2, index_seconds=60, ask_seconds=60)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    corpus = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"_id": id_, "title": "", "text": text}, ensure_ascii=False) for id_, text in TEXTS.items()]
    corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Task("little", len(TEXTS), corpus, ASKED)


def kind(name: str) -> Kind:
    return Kind(name.lower(), f"tests.support.fakes.contestants:{name}", "a fake", sys.executable)


def run(task: Task, tmp_path: Path, *names: str, terms: Terms = TERMS) -> Contest:
    contestants = Contestants(tmp_path, tmp_path / "run", lambda *_: None)
    return contest(task, [kind(name) for name in names], terms, contestants)


def test_a_contestant_is_ranked_and_timed(task: Task, tmp_path: Path) -> None:
    found = run(task, tmp_path, "Working")
    figures = found.figures["working"]
    assert (figures.passages, figures.ndcg_10, figures.recall_5) == (3, 1.0, 1.0)
    assert 0 < figures.p50_ms <= figures.p99_ms
    assert figures.per_second > 0
    assert figures.peak_mb > 5
    assert found.failures == {}


def test_whoever_fails_is_named_with_the_reason_and_the_rest_go_on(task: Task, tmp_path: Path) -> None:
    found = run(task, tmp_path, "Crashing", "Working", "Raising", "Absent")
    assert list(found.figures) == ["working"]
    assert found.failures == {
        "crashing": "its process ended with status 3: out of luck",
        "raising": "ValueError: too many documents",
        "absent": "its process ended with status 1: ModuleNotFoundError: No module named 'no_such_library'",
    }


def test_whoever_hangs_is_ended_with_all_it_started(task: Task, tmp_path: Path) -> None:
    found = run(task, tmp_path, "Hanging", "Working", terms=replace(TERMS, ask_seconds=3))
    assert found.failures == {"hanging": "no reply within 3 s"}
    assert found.figures["working"].ndcg_10 == 1.0
    pid = int((tmp_path / "run" / "hanging" / "pid.txt").read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_missing_python_is_a_reason_too(task: Task, tmp_path: Path) -> None:
    contestants = Contestants(tmp_path, tmp_path / "run", lambda *_: None)
    absent = replace(kind("Working"), python=str(tmp_path / "python"))
    found = contest(task, [absent], TERMS, contestants)
    assert found.failures == {"working": "its process does not start: No such file or directory"}


def test_memory_is_what_its_process_holds(task: Task, tmp_path: Path) -> None:
    found = run(task, tmp_path, "Working", "Large")
    assert found.figures["large"].peak_mb - found.figures["working"].peak_mb > 150


def test_a_process_that_says_something_else_has_failed(tmp_path: Path) -> None:
    process = PeerProcess([sys.executable, "-c", "print('hello', flush=True)"], CHECKOUT, tmp_path / "errors.txt")
    with pytest.raises(Failed, match="something else than JSON"):
        process.call({"ask": [], "k": 1, "threads": 0}, 60)
    process.close()


def test_the_quick_corpus_keeps_what_is_relevant() -> None:
    corpus = [Text(f"d{number}", "", "…") for number in range(100)]
    asked = [JudgedQuestion(f"q{number}", "?", {f"d{99 - number}": 1}) for number in range(40)]
    made = smaller(Benchmark(corpus, asked), questions=10, documents=30)
    kept = {text.id for text in made.corpus}
    assert len(made.questions) == 10
    assert len(kept) == 30
    assert all(each.relevant.keys() <= kept for each in made.questions)


@pytest.mark.parametrize("name", ["bm25s", "bm25s, jieba"])
def test_a_real_one(name: str, task: Task, tmp_path: Path) -> None:
    (real,) = [each for each in KINDS if each.name == name]
    if not Path(real.python).exists():
        pytest.skip("the other frameworks are not installed: make bench installs them")
    found = contest(task, [real], TERMS, Contestants(tmp_path, tmp_path / "run", lambda *_: None))
    assert found.failures == {}
    finds = found.figures[name].ndcg_10
    assert finds == 1.0 if "jieba" in name else finds < 1.0  # a run of Chinese is one word to the default
