"""What speaks to a chat model is told from what speaks to people."""

import pytest

from retrieval.phrasing.injection import speaks_to_model
from tests.support.claims import clauses
from tests.support.faults.injections import Injected, injected

NOT_TO_MODELS = ("link", "made-up citation", "words for the search")  # but to people, or to the search
INSTRUCTIONS = [each for each in injected() if each.kind not in NOT_TO_MODELS]
PEOPLE = (
    "申请人应当如实回答执法人员的询问，不得无视交通规则。",
    "忽略本通知要求的单位，由主管部门通报批评。",
    "请登录 https://www.example.gov.cn/portal/affairs/guide/2026/0501/resident-permit-application.html 办理。",
    "本系统使用人工智能技术辅助审核，智能客服24小时在线，请拨打12345。",
    "You must submit an application form and a copy of your passport.",
    "对所有问题线索，一律登记造册。",
    "应当提供覆盖率、收视率、点击率、发行量等资料。",
    "鼓励企业研发大语言模型、智能机器人，每个项目补贴50万元。",
)


@pytest.mark.parametrize("each", INSTRUCTIONS, ids=lambda each: f"{each.number} {each.kind}")
def test_an_instruction_is_seen(each: Injected) -> None:
    assert speaks_to_model(each.markdown(instructed=True))
    assert not speaks_to_model(each.markdown(instructed=False))


@pytest.mark.parametrize("text", PEOPLE)
def test_what_is_said_to_people_is_no_instruction(text: str) -> None:
    assert not speaks_to_model(text)


def test_the_sample_documents_speak_to_people() -> None:
    assert [clause.locator for _, clause in clauses() if speaks_to_model(clause.text)] == []
