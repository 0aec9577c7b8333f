"""Puts an outcome into words for the person who asked: what the engine found, or why it does not answer."""

from datetime import date

from bot.dialogue.intents import is_english
from bot.dialogue.texts import Texts, texts_for
from knowledge.model import Standing
from retrieval.model import Abstention, AnotherDay, Answer, Outcome, Question, RuleNotInForce


def worded_for(question: Question, outcome: Outcome) -> str:
    """Put an outcome into the language of the question: English, else Chinese."""
    return worded(outcome, texts_for("en" if is_english(question.text) else "zh"))


def worded(outcome: Outcome, texts: Texts) -> str:
    """Put an outcome into one language. The words of clauses stay as they are."""
    if isinstance(outcome, Abstention):
        return refusal(outcome, texts)
    if isinstance(outcome, Answer):
        return _noted(outcome.another_day, texts) + texts.framed.format(text=outcome.text)
    return texts.which_one


def refusal(outcome: Abstention, texts: Texts) -> str:
    """Say why there is no answer. Name the rule that was found, where it is known."""
    return _rule(outcome.rule, texts) if outcome.rule else texts.refusals[outcome.reason]


def _noted(another: AnotherDay | None, texts: Texts) -> str:
    """Return the line before an answer by the law of another day; "" for an answer by the law of today."""
    if another is None:
        return ""
    sentence = texts.as_of if another.past else texts.ahead
    return sentence.format(title=another.title, day=texts.day.format(another.day)) + "\n"


def _rule(rule: RuleNotInForce, texts: Texts) -> str:
    asked_on = _day(rule.asked_on, texts)
    when = texts.rules.then.format(asked_on=asked_on) if rule.asked_on else texts.rules.today
    facts = {"title": rule.title, "locator": rule.locator, "when": when}
    return _rule_sentence(rule, texts).format(**facts, day=_day(rule.turns_on, texts), asked_on=asked_on)


def _rule_sentence(rule: RuleNotInForce, texts: Texts) -> str:
    rules, then = texts.rules, rule.asked_on is not None
    if rule.locator is not None:
        return rules.clause[rule.standing]
    if then or rule.turns_on is None:
        return (rules.standing_then if then else rules.standing)[rule.standing]
    dated = {
        Standing.NOT_YET: rules.begins,
        Standing.REPEALED: rules.repealed_on,
        Standing.EXPIRED: rules.expired_on,
    }
    return dated[rule.standing]


def _day(day: date | None, texts: Texts) -> str:
    return texts.day.format(day) if day else ""
