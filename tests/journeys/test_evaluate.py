"""`laofashi evaluate DIR --answers` as an administrator runs it: figures, JSON, a chart, and what is refused."""

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from tests.support.program import done

Run = Callable[..., "subprocess.CompletedProcess[str]"]
TEXTS = (
    "江湾区宠物登记由街道受理，首次登记收费二十元。",
    "江湾区公园每日六时开放，二十二时关闭。",
    "重度残疾人护理补贴标准为每人每月二百九十元。",
)
ASKED = (
    ("江湾区宠物首次登记收费多少", "收费二十元"),
    ("江湾区公园每天几点开放", "六时开放"),
    ("重度残疾人护理补贴每月多少", "二百九十元"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "beir"
    (made / "qrels").mkdir(parents=True)
    queries = [{"_id": f"q{i}", "text": text, "metadata": {"answer": words}} for i, (text, words) in enumerate(ASKED)]
    files = {
        "corpus": [{"_id": f"d{i}", "title": "", "text": text} for i, text in enumerate(TEXTS)],
        "queries": queries,
        "unanswerable": [{"_id": "u0", "text": "火星移民登记要交什么表格"}],
    }
    for name, rows in files.items():
        (made / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (made / "qrels" / "dev.tsv").write_text("\n".join(f"q{i}\td{i}\t1" for i in range(3)), encoding="utf-8")
    return made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `laofashi` on a home folder of the test's own."""

    return partial(done, tmp_path / "home", "evaluate")


def test_answers_are_measured_told_and_drawn(run: Run, folder: Path, tmp_path: Path) -> None:
    chart = tmp_path / "curves.svg"
    found = json.loads(run(str(folder), "--answers", "--json", "--chart", str(chart)).stdout)
    assert (found["answerable"], found["answered"], found["quoted"], found["auroc"]) == (3, 3, 1.0, 1.0)
    assert found["correctness"]["chosen"]["coverage"] == 1.0
    assert len(etree.fromstring(chart.read_bytes()).findall("{*}polyline")) == 4
    shown = run(str(folder), "--answers", LAOFASHI_ANSWER_THRESHOLD="1").stdout
    assert "Good where the quotation holds it: calibration error" in shown
    assert f"LAOFASHI_ANSWER_THRESHOLD={found['correctness']['chosen']['threshold']} answers 100.0%" in shown
    assert "answered  0\n" in shown
    assert list((tmp_path / "home").rglob("*.db")) == []  # asked in a helpdesk of its own


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--chart", "a.svg"], "give both"),
        (["--answers", "--chart", "a.png"], "ends in .svg"),
        (["--answers", "--chart", "/nowhere/a.svg"], "there is no folder /nowhere"),
        (["--answers", "--split", "test"], "test.tsv does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_measured(
    run: Run, folder: Path, arguments: list[str], sentence: str
) -> None:
    assert sentence in run(str(folder), *arguments, code=2).stderr


def test_a_garbled_file_is_named(run: Run, folder: Path) -> None:
    (folder / "unanswerable.jsonl").write_text("{", encoding="utf-8")
    assert "unanswerable.jsonl, line 1" in run(str(folder), "--answers", code=2).stderr


@pytest.mark.soak  # twelve hundred questions; those above are the short version
@pytest.mark.timeout(900)
def test_real_questions_are_parted_from_those_without_an_answer(run: Run, data: Path) -> None:
    found = json.loads(run(str(data / "policies"), "--answers", "--json").stdout)
    assert (found["answerable"], found["unanswerable"]) == (617, 639)
    assert found["auroc"] >= 0.84
    assert found["separation"]["chosen"]["coverage"] >= 0.65
    assert found["separation"]["error"] <= 0.11
    assert found["quoted"] >= 0.6
    assert found["right_document"] >= 0.8
