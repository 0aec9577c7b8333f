"""What commands ask for: each request has its act, and one that cannot be read is refused in a sentence."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.handover import acts
from bot.handover.requests import (
    AddGoldenRequest,
    AddWordsRequest,
    CommandRequest,
    ListGoldenRequest,
    ListVersionsRequest,
    ListWordsRequest,
)
from bot.handover.service import HandoverFailed, Service, announced
from bot.web import create_app
from knowledge.version import VersionState
from tests.support.light_helpdesk import light
from tests.support.serving import serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A real service over an empty home folder."""
    home: Path = tmp_path_factory.mktemp("home")
    helpdesk = light(home)
    with ExitStack() as stack:
        url = stack.enter_context(serving(create_app(helpdesk)))
        yield stack.enter_context(announced(home, url))
    helpdesk.close()


def done(service: Service, given: object) -> Any:
    [line] = service.stream("acts", given)
    return line["done"]["act"]


@pytest.mark.parametrize("request_type", get_args(CommandRequest), ids=lambda each: each.__name__)
def test_each_request_has_its_act(request_type: type) -> None:
    assert acts.done.dispatch(request_type) is not acts.done.dispatch(object)


def test_each_act_has_a_name_of_its_own() -> None:
    names = [each.__dataclass_fields__["act"].default for each in get_args(CommandRequest)]
    assert len(set(names)) == len(names) > 15


def test_requests_arrive_as_they_were_sent(service: Service) -> None:
    given = AddGoldenRequest("食品许可多久办完", "", "", ("5 个工作日",), False, None, "cli:anna")
    made = done(service, given)
    assert (made["question"], made["expected"]["words"]) == (given.question, ["5 个工作日"])
    assert [each["id"] for each in done(service, ListGoldenRequest())] == [made["id"]]
    assert done(service, ListVersionsRequest((VersionState.DRAFT, VersionState.HELD))) == []
    words = done(service, AddWordsRequest(("随申码",), ("健康信息码",), "cli:anna"))
    assert words["id"] in {each["id"] for each in done(service, ListWordsRequest())}


@pytest.mark.parametrize(
    ("path", "given", "sentence"),
    [
        ("acts", {"act": "publish", "version": "v1", "by": "cli:anna"}, "publish.on: Field required"),
        ("acts", {"act": "publish", "version": "v1", "by": "cli:anna", "on": "soon"}, "publish.on"),
        ("acts", {"act": "versions", "states": ["lost"]}, "versions.states.0"),
        ("acts", {"act": "fly"}, "Input tag 'fly'"),
        ("acts", {}, "Unable to extract tag"),
        ("acts", {"act": "replay", "message": "seven"}, "replay.message"),
        ("index", {"paths": [], "by": 7}, "by"),
        ("news", {"key": "k", "after": "the last"}, "after"),
        ("ask", {"questions": "one"}, "questions"),
    ],
)
def test_a_wrong_request_is_refused_in_a_sentence(service: Service, path: str, given: Any, sentence: str) -> None:
    with pytest.raises(HandoverFailed) as refused:
        list(service.stream(path, given))
    assert sentence in str(refused.value)
    assert str(refused.value).endswith("Stop it and start it again")
    assert "\n" not in str(refused.value)


def test_a_stranger_is_told_nothing_of_it(service: Service) -> None:
    with pytest.raises(HandoverFailed, match="没有找到"):
        list(Service(service.pid, service.url, "guess").stream("acts", {"act": "fly"}))


def test_what_an_act_refuses_comes_back_as_its_sentence(service: Service) -> None:
    given = asdict(AddWordsRequest(("怎么",), ("居住证",), "cli:anna"))
    with pytest.raises(HandoverFailed, match="几乎每个问题"):
        list(service.stream("acts", given))
