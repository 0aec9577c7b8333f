"""Which tickets go before others, by declared rules on what the applicant himself wrote, each with its reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.model import Escalation, Priority
from knowledge.notation.patterns import pattern

OLD_AGE = 65  # from this age on the green channel is open (our own rule, after the elderly-services pages of the city)


@dataclass(frozen=True, slots=True)
class Triage:
    """A priority and its reason, for those who read the queue."""

    priority: Priority
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that give a priority; `pattern` is searched in each of the applicant's messages."""

    priority: Priority
    reason: str
    pattern: re.Pattern[str]


RULES: tuple[Rule, ...] = (
    Rule(
        Priority.EMERGENCY,
        "提到轻生或自伤，请立即联系",
        pattern(
            r"自杀|轻生|自残|自伤|寻短见|不想活|活不下去|活着没意思|想死(?!机)|跳楼|割腕|结束(自己的|我的)?生命",
            takes="我不想活了",
            leaves="我想死机了怎么重启",
        ),
    ),
    Rule(
        Priority.GREEN_CHANNEL,
        "申请人说自己怀孕",
        pattern(
            r"(我|本人|自己|爱人|老婆|妻子)[^。！？，,]{0,6}(怀孕|孕妇)",
            takes="我现在怀孕五个月",
            leaves="怀孕五个月能领补贴吗",
        ),
    ),
    Rule(
        Priority.GREEN_CHANNEL,
        "申请人说自己是残疾人",
        pattern(
            r"(我|本人|自己)[^。！？，,]{0,6}(残疾|残障|盲人|聋人|坐轮椅|肢残|视障|听障)|残疾人证在办不了",
            takes="我是残疾人",
            leaves="残疾人证怎么办",
        ),
    ),
    Rule(
        Priority.GREEN_CHANNEL,
        "申请人说自己是老年人",
        pattern(
            r"(我|本人|自己)[^。！？，,]{0,4}(是|一个|年纪大|岁数大)[^。！？，,]{0,4}(老人|老年人|老太|老头|老伯|老阿姨)|我(年纪|岁数)大了?",
            takes="我是一个老人",
            leaves="老人能免费坐车吗",
        ),
    ),
)
_AGE = pattern(
    r"(?:我|本人|自己)[^。！？，,]{0,6}?(?<!\d)(\d{2,3})\s*(?:周)?岁", takes="我今年72岁", leaves="满72岁的老人"
)
_CHINESE_AGE = pattern(
    r"(?:我|本人|自己)[^。！？，,]{0,6}?([六七八九])十([一二三四五六七八九])?[多几]?岁",
    takes="我今年七十二岁",
    leaves="满七十二岁的老人",
)
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}


def triage(reason: Escalation, said: Sequence[str]) -> Triage:
    """Return the priority of a ticket escalated for `reason`; `said` is what the applicant wrote, in either order.

    A rule matches only what people say of themselves; "老人能免费坐车吗" asks about a policy and opens nothing.
    """
    found = [found for text in said if (found := _said(text)).priority is not Priority.NORMAL]
    for priority in (Priority.EMERGENCY, Priority.GREEN_CHANNEL):
        for each in found:
            if each.priority is priority:
                return each
    if reason is Escalation.COMPLAINT:
        return Triage(Priority.GREEN_CHANNEL, "投诉")
    if reason is Escalation.GREEN_CHANNEL:
        return Triage(Priority.GREEN_CHANNEL, "申请人选择了绿色通道")
    return Triage(Priority.NORMAL)


def _said(text: str) -> Triage:
    for rule in RULES:
        if rule.pattern.search(text):
            return Triage(rule.priority, rule.reason)
    age = _age(text)
    if age is not None and OLD_AGE <= age <= 120:
        return Triage(Priority.GREEN_CHANNEL, f"申请人说自己 {age} 岁")
    return Triage(Priority.NORMAL)


def _age(text: str) -> int | None:
    if match := _AGE.search(text):
        return int(match[1])
    if match := _CHINESE_AGE.search(text):
        return (_DIGITS[match[1]] * 10) + (_DIGITS[match[2]] if match[2] else 0)
    return None
