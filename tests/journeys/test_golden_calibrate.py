"""`laofashi golden calibrate`: by the command itself and handed over to a running service, over canned answers."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Helpdesk
from bot.handover.service import announced
from knowledge.golden import Expected
from retrieval.model import Abstention, AbstentionReason, Answer, Outcome, Question
from tests.support.light_helpdesk import CANNED, CITATION, light, served
from tests.support.program import COMMAND, environment

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def confident(threshold: float) -> Callable[[Question], Outcome]:
    """Sure of food, less sure of pets, and wrong about Mars with some confidence."""

    def answer(question: Question) -> Outcome:
        sure = 0.9 if "食品" in question.text else 0.7 if "宠物" in question.text else 0.65
        if sure < threshold:
            return Abstention(AbstentionReason.NOTHING_FOUND, sure)
        return Answer("要交书面材料。", sure, (CITATION,))

    return answer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def helpdesk(home: Path) -> Iterator[Helpdesk]:
    """A house with 36 golden questions, a third of each kind."""
    helpdesk = light(home, replace(CANNED, answer_from=confident))
    for i in range(12):
        helpdesk.golden.add(f"食品许可第{i}问", Expected(words=("书面材料",)), "anna")
        helpdesk.golden.add(f"宠物登记第{i}问", Expected(words=("书面材料",)), "anna")
        helpdesk.golden.add(f"火星移民第{i}问", Expected(refused=True), "anna")
    yield helpdesk
    helpdesk.close()


@pytest.fixture
def run(home: Path) -> Run:
    def run(*arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, "golden", "calibrate", *arguments]
        done = subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


def test_too_few_golden_questions_are_one_sentence(run: Run) -> None:
    done = run(code=1)
    assert "there are 0 golden questions, and a threshold wants at least 30" in done.stderr
    assert done.stdout == ""


def test_the_running_service_proposes_a_threshold(run: Run, helpdesk: Helpdesk, home: Path) -> None:
    with served(helpdesk) as url, announced(home, url):
        told = json.loads(run("--json").stdout)
        shown = run().stdout
        assert run("--precision", "0.6").stdout.count("answers are good") == 2
    assert (told["questions"], told["answerable"], told["auroc"]) == (36, 24, 1.0)
    assert (told["now"]["told"], told["now"]["right"]) == (36, 24)
    assert (told["then"]["threshold"], told["then"]["told"], told["then"]["right"]) == (0.7, 24, 24)
    assert "36 golden questions, 24 to be answered" in shown
    assert "LAOFASHI_ANSWER_THRESHOLD=0.7 answers 24 of 24 that are to be answered; 24 of 24 answers are good" in shown
    assert "at least 86.2%" in shown


def test_where_none_is_precise_enough_that_is_said(run: Run, helpdesk: Helpdesk, home: Path) -> None:
    """Negative control: every golden question wants words that no answer has."""
    for each in helpdesk.golden.all():
        helpdesk.golden.remove(each.id)
    for i in range(30):
        helpdesk.golden.add(f"食品许可第{i}问", Expected(words=("五个工作日",)), "anna")
    with served(helpdesk) as url, announced(home, url):
        assert "No threshold gives a precision of 95%." in run(code=1).stdout
