"""A chat model that lies about hundreds of real notices: nothing false leaves, and what is true may.

The lies are made from the passages that the model is sent, so each is as near to the truth as a lie can be.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from retrieval.embedding.embedder import Embedder
from retrieval.model import Answer, Outcome, Question
from retrieval.phrasing import prompt
from retrieval.phrasing.chat_model import ChatPhraser, ChatServer
from retrieval.phrasing.grounding import CitedText, sentences
from retrieval.phrasing.prompt import Phrased, checked
from tests.conftest import DATA
from tests.support.fakes.liar import Lie, lies
from tests.support.fakes.openai_api import ChatApi, Says
from tests.support.fakes.paraphraser import truths
from tests.support.fakes.prompted import Held, passages
from tests.support.faults.invented import invented
from tests.support.faults.policies import Line, evidence_of, over_policies

pytestmark = [pytest.mark.soak, pytest.mark.data, pytest.mark.timeout(3600)]

Asked = list[tuple[str, Answer]]
Answering = Callable[[Question], Outcome]


@pytest.fixture(scope="module")
def line() -> Line:
    return Line()


@pytest.fixture(scope="module")
def policies(embedder: Embedder, models_dir: Path, line: Line) -> Iterator[tuple[Asked, Answering]]:
    """Every question with the answer in the clause's own words, and what answers when somebody is on the line."""
    if not DATA.is_dir():
        pytest.skip("the real documents are not beside this checkout (../shared/data)")
    with over_policies(DATA, embedder, models_dir, line) as (questions, answer):
        outcomes = [(question, answer(Question.of(question))) for question in questions]
        asked = [(question, outcome) for question, outcome in outcomes if isinstance(outcome, Answer)]
        assert len(asked) >= 500
        yield asked, answer


@pytest.fixture
def api(line: Line) -> Iterator[ChatApi]:
    """A chat model on the line."""
    with ChatApi() as server:
        line.to = phraser = ChatPhraser(ChatServer(server.url, "liar"), timeout=30)
        yield server
        line.to = None
        phraser.close()


def four_lies(request: dict[str, Any]) -> Says:
    held = passages(request)
    dice = Random(request["messages"][-1]["content"])
    told = lies(held, dice)
    return Says("".join(lie.said for lie in dice.sample(told, min(4, len(told)))) or "无法回答。")


def sent(held: Sequence[CitedText]) -> list[Held]:
    return [Held(each.names, each.text) for each in held]


def every_lie(asked: Asked) -> Iterator[tuple[Lie, Phrased | None]]:
    """Each kind of lie about each answer by itself, with what is kept of it."""
    for question, answer in asked:
        held = evidence_of(answer)
        for lie in lies(sent(held), Random(question)):
            yield lie, checked(lie.said, held, answer.citations)


def test_a_liar_on_the_line_changes_no_answer(policies: tuple[Asked, Answering], api: ChatApi) -> None:
    asked, answer = policies
    api.reply = four_lies
    outcomes = [answer(Question.of(question)) for question, _ in asked]
    changed = [
        (question, (outcome.text, invented(Phrased(outcome.text, outcome.citations))))
        for (question, own), outcome in zip(asked, outcomes, strict=True)
        if isinstance(outcome, Answer) and outcome != own
    ]
    print(*changed, sep="\n")
    print(f"{len(asked)} questions, {len(api.requests)} answers of four lies, {len(changed)} answers changed")
    assert len(api.requests) >= 0.95 * len(asked)
    assert [each for _, each in changed if each[1]] == []
    assert len(changed) <= 0.02 * len(asked)  # of four lies each; measured: 9 of 617, by a word turned or exchanged


def test_no_kind_of_lie_leaves(policies: tuple[Asked, Answering]) -> None:
    told, left, leaks = Counter[str](), Counter[str](), []
    for lie, kept in every_lie(policies[0]):
        told[lie.kind] += 1
        if kept:
            left[lie.kind] += 1
            leaks.append((lie, invented(kept)))
    print(f"{told.total()} lies told, {left.total()} left: ", {kind: f"{left[kind]}/{told[kind]}" for kind in told})
    assert min(told.values()) >= 10
    print(*(f"left, {lie.kind}: {lie.said}" for lie, _ in leaks), sep="\n")
    assert [leak for leak in leaks if leak[1]] == []  # no number, date, amount or name that is not in its citation
    assert left.total() <= 0.005 * told.total()  # nor anything else that is false, but for what no words betray


def test_without_the_check_they_leave(
    policies: tuple[Asked, Answering], api: ChatApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: everything that is said is kept."""
    monkeypatch.setattr(prompt, "grounded", lambda answer, held: [each for each in sentences(answer) if each.cited])
    asked, answer = policies
    api.reply = four_lies
    outcomes = [answer(Question.of(question)) for question, _ in asked[:100]]
    found = [invented(Phrased(each.text, each.citations)) for each in outcomes if isinstance(each, Answer)]
    print(f"without the check {sum(map(bool, found))} of {len(found)} answers have something invented")
    assert sum(map(bool, found)) >= 0.5 * len(found)


def test_the_truth_in_other_words_leaves(policies: tuple[Asked, Answering]) -> None:
    """A check that withdraws everything would pass all of the above."""
    told, kept, alarms = Counter[str](), Counter[str](), []
    for question, answer in policies[0]:
        held = evidence_of(answer)
        for kind, said in truths(sent(held), Random(question)):
            told[kind] += 1
            if phrased := checked(f"{said}[1]。", held, answer.citations):
                kept[kind] += 1
                alarms += [(said, invented(phrased))] if invented(phrased) else []
    print({kind: f"{kept[kind]}/{told[kind]}" for kind in told}, f"in all {kept.total() / told.total():.2f}")
    assert kept["word for word"] >= 0.8 * told["word for word"]
    assert kept.total() >= 0.6 * told.total()
    assert len(alarms) <= 0.01 * told.total()  # else the reader would see inventions where there are none
