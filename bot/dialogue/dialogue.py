"""Decides the step after an applicant's message: the replies, and who is to hold the conversation. Does no I/O."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dialogue.intents import Command, Intent, intent_of
from bot.dialogue.replies import Reply
from bot.dialogue.texts import Texts, texts_for
from bot.dialogue.wording import refusal, worded
from desk.message_body import Button, MessageBody, MessageKind, OfferedChoice
from desk.model import Escalation, Holder, Locale, Message, Sender
from desk.web.addresses import cited_clause
from retrieval.intents.classifier import IntentClass
from retrieval.model import Abstention, AbstentionReason, Answer, Outcome, Question

LONGEST_QUESTION = 4_000  # characters; a longer text is a story, not a question
RATINGS = ("1", "2", "3", "4", "5")
_TURNS = 5  # earlier questions given as context
_OUTCOMES = ("answer", "abstention", "clarification")
_FINAL = {  # a person could add nothing: none is offered, and none is fetched when the reason recurs
    AbstentionReason.NOT_OUR_BUSINESS,
    AbstentionReason.PERSONAL_DATA,
    AbstentionReason.OTHER_REGION,
    AbstentionReason.TOO_LONG,
}


class TicketAct(StrEnum):
    """What a step does to a resolved matter. The desk itself tells the applicant about it."""

    REOPEN = "reopen"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Situation:
    """A message and the state of its conversation.

    `earlier` holds the messages before it, oldest first. `place` is the place in the queue, from 1. `resolved`: a
    specialist has finished, and the applicant has not yet said whether the matter is solved.
    """

    message: Message
    holder: Holder
    locale: Locale = "zh"
    earlier: tuple[Message, ...] = ()
    place: int = 0
    resolved: bool = False

    @property
    def text(self) -> str:
        return self.message.text.strip()


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """An applicant's rating of the bot's answer `message_id`."""

    message_id: int
    useful: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a message. With an `escalation` the first reply is `lead`, together with the place in the queue.

    `asked` holds the ids of the messages that led to `outcome`. The last is the message that is answered.
    """

    replies: tuple[Reply, ...] = ()
    escalation: Escalation | None = None
    lead: str = ""
    act: TicketAct | None = None
    rating: int = 0
    rated: "RatedAnswer | None" = None
    outcome: Outcome | None = None
    asked: tuple[int, ...] = ()


class Dialogue:
    """The bot's manners around an answering function."""

    def __init__(self, answer: Callable[[Question], Outcome], centre: str = "") -> None:
        """`centre` says when and where the service centre is open and how it is reached; "" where nobody has said."""
        self._answer, self._centre = answer, centre

    def respond(self, situation: Situation) -> Step:
        """Return the step that follows a message. The bot is silent while a specialist holds the conversation."""
        if situation.holder is Holder.SPECIALIST:
            return Step()
        intent = intent_of(situation.text)
        texts = texts_for("en" if intent.english else situation.locale)
        if intent.kind is IntentClass.DISTRESS:
            return Step(escalation=Escalation.GREEN_CHANNEL, lead=texts.hotline)
        if situation.holder is Holder.QUEUE:
            return Step(replies=waiting_replies(situation, intent, texts))
        return self._as_bot(situation, intent, texts)

    def _as_bot(self, situation: Situation, intent: Intent, texts: Texts) -> Step:
        text = situation.text
        if intent.command is not None:
            return _commanded(intent.command, situation, texts)
        if intent.kind is IntentClass.PERSON:
            return Step(escalation=Escalation.ASKED)
        if situation.message.body.unreadable or not text:
            return _notice(texts.only_text if situation.message.body.unreadable else texts.empty, texts)
        length = situation.message.body.cut or len(text)  # a channel keeps only the beginning of the longest texts
        if length > LONGEST_QUESTION:
            return _notice(texts.too_long.format(length=length, limit=LONGEST_QUESTION), texts)
        return self._by_kind(intent.kind, situation, texts)

    def _by_kind(self, kind: IntentClass, situation: Situation, texts: Texts) -> Step:
        match kind:
            case IntentClass.QUESTION:
                return self._answered(situation, texts)
            case IntentClass.COMPLAINT:
                return Step(escalation=Escalation.COMPLAINT, lead=texts.complaint)
            case IntentClass.UNSOLVED:
                return _unsolved(situation, texts)
            case IntentClass.CENTRE if self._centre:
                return _notice(texts.centre_known.format(centre=self._centre), texts)
        return _notice(texts.manners[kind], texts)

    def _answered(self, situation: Situation, texts: Texts) -> Step:
        turns = (*_turns(situation.earlier), situation.message)
        outcome = self._answer(Question(tuple(each.text.strip() for each in turns)))
        step = self._told(outcome, situation, texts)
        return replace(step, outcome=outcome, asked=tuple(each.id for each in turns))

    def _told(self, outcome: Outcome, situation: Situation, texts: Texts) -> Step:
        if isinstance(outcome, Abstention) and outcome.reason is AbstentionReason.NEEDS_PERSON:
            return Step(escalation=Escalation.ABSTAINED, lead=refusal(outcome, texts))
        if isinstance(outcome, Abstention) and outcome.reason not in _FINAL and _abstained_before(situation.earlier):
            lead = f"{refusal(outcome, texts)}\n\n{texts.repeated}"
            return Step(escalation=Escalation.REPEATED, lead=lead)
        return Step(replies=(reply_of(outcome, texts),))


def reply_of(outcome: Outcome, texts: Texts) -> Reply:
    """Return an outcome as the applicant sees it, with the button for a person under it."""
    human = Button(texts.human, "/human")
    sure = round(outcome.confidence, 4)
    if isinstance(outcome, Answer):
        citations = tuple(cited_clause(each) for each in outcome.citations)
        body = MessageBody("answer", _rating_buttons(texts), citations, confidence=sure)
        return Reply(worded(outcome, texts), body)
    if isinstance(outcome, Abstention):
        offer = "" if outcome.reason in _FINAL else f"\n\n{texts.offer_person}"
        body = MessageBody("abstention", (human,), confidence=sure, reason=str(outcome.reason))
        return Reply(f"{refusal(outcome, texts)}{offer}", body)
    offered = tuple(
        OfferedChoice(each.label, each.text, tuple(map(cited_clause, each.citations))) for each in outcome.choices
    )
    picks = tuple(Button(each.label, f"/choose {number}") for number, each in enumerate(offered, 1))
    body = MessageBody("clarification", (*picks, Button(texts.none_of_these, "/none"), human), confidence=sure)
    return Reply(worded(outcome, texts), replace(body, choices=offered))


def queued_reply(place: int, lead: str, texts: Texts) -> Reply:
    """Return the reply that a person has been asked for and how many are ahead. The system says it, not the bot."""
    queued = texts.queued_first if place <= 1 else texts.queued.format(ahead=place - 1)
    return Reply(f"{lead}\n\n{queued}" if lead else queued, MessageBody("queued", place=place))


def waiting_replies(situation: Situation, intent: Intent, texts: Texts) -> tuple[Reply, ...]:
    """Return the replies to a message in the queue.

    The applicant is told his place where it is not told yet or he asks for it. His first addition is confirmed. After
    that he is told nothing more.
    """
    command = intent.command
    if intent.kind is IntentClass.PERSON or (command is not None and command.name in ("human", "start", "help")):
        return (Reply(_place(situation.place, texts), MessageBody("place")),)
    told = _kinds_since_queued(situation.earlier)
    if command is not None:
        return ()
    if not told:
        return (queued_reply(situation.place, "", texts),)
    return () if "passed_on" in told else (Reply(texts.passed_on, MessageBody("passed_on")),)


def _place(place: int, texts: Texts) -> str:
    return texts.queued_first if place <= 1 else texts.still_queued.format(ahead=place - 1)


def _kinds_since_queued(earlier: tuple[Message, ...]) -> list[MessageKind | None]:
    kinds = [message.body.kind for message in earlier if message.sender is Sender.SYSTEM]
    starts = [place for place, kind in enumerate(kinds) if kind == "queued"]
    return kinds[starts[-1] :] if starts else []


def _commanded(command: Command, situation: Situation, texts: Texts) -> Step:
    match command.name:
        case "human":
            return Step(escalation=Escalation.ASKED)
        case "start":
            return _notice(texts.welcome, texts)
        case "help":
            return _notice(texts.help, texts)
        case "useful":
            return _notice(texts.useful, texts, _rated(situation.earlier, useful=True))
        case "useless":
            return _notice(texts.useless, texts, _rated(situation.earlier, useful=False))
        case "choose":
            return _chosen(command.argument, situation, texts)
        case "none":
            return _none_meant(situation, texts)
        case "solved":
            return Step(replies=(_satisfaction(texts),)) if situation.resolved else _notice(texts.glad, texts)
        case "unsolved":
            return Step(act=TicketAct.REOPEN) if situation.resolved else Step(escalation=Escalation.ASKED)
        case "rate" if command.argument in RATINGS:
            if not situation.resolved:
                return _notice(texts.nothing_to_rate, texts)
            return Step(act=TicketAct.RATE, rating=int(command.argument))
    return _notice(texts.unknown_command.format(command=f"/{command.name[:40]}"), texts)


def _chosen(number: str, situation: Situation, texts: Texts) -> Step:
    """Return the clause that was picked among those offered last."""
    offered = next((each.body.choices for each in reversed(situation.earlier) if each.body.choices), ())
    if not (number.isdecimal() and 1 <= int(number) <= len(offered)):
        return _notice(texts.none_offered, texts)
    picked = offered[int(number) - 1]
    body = MessageBody("answer", _rating_buttons(texts), picked.citations)
    return Step(replies=(Reply(texts.framed.format(text=picked.text), body),))


def _none_meant(situation: Situation, texts: Texts) -> Step:
    """Return what follows when nothing offered is meant: once other words are asked for, then a person comes."""
    if _abstained_before(situation.earlier, _OUTCOMES[:2]):
        return Step(escalation=Escalation.REPEATED, lead=texts.repeated)
    body = MessageBody("abstention", (Button(texts.human, "/human"),), reason=str(AbstentionReason.NOTHING_FOUND))
    return Step(replies=(Reply(texts.none_meant, body),))


def _rating_buttons(texts: Texts) -> tuple[Button, ...]:
    return Button(texts.helpful, "/useful"), Button(texts.unhelpful, "/useless"), Button(texts.human, "/human")


def _unsolved(situation: Situation, texts: Texts) -> Step:
    """Return what follows when somebody says that it did not help: the matter is opened again, or the answer rated."""
    if situation.resolved:
        return Step(act=TicketAct.REOPEN)
    return _notice(texts.useless, texts, _rated(situation.earlier, useful=False))


def _satisfaction(texts: Texts) -> Reply:
    buttons = tuple(Button(f"{rating} ★", f"/rate {rating}") for rating in RATINGS)
    return Reply(texts.please_rate, MessageBody("satisfaction", buttons))


def _notice(text: str, texts: Texts, rated: RatedAnswer | None = None) -> Step:
    body = MessageBody("notice", (Button(texts.human, "/human"),))
    return Step(replies=(Reply(text, body),), rated=rated)


def _rated(earlier: tuple[Message, ...], useful: bool) -> RatedAnswer | None:
    """Return the rating of the last answer; None where there is no answer."""
    answers = [each.id for each in earlier if each.sender is Sender.BOT and each.body.kind == "answer"]
    return RatedAnswer(answers[-1], useful) if answers else None


def _turns(earlier: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the applicant's earlier questions, without commands, friendly words and requests for a person."""
    said = [each for each in earlier if each.sender is Sender.APPLICANT and each.text.strip()]
    return tuple([each for each in said if not intent_of(each.text.strip()).is_said_in_passing][-_TURNS:])


def _abstained_before(earlier: tuple[Message, ...], counted: tuple[str, ...] = _OUTCOMES) -> bool:
    """Say whether the last outcome of the kinds counted was none. After a specialist it starts afresh."""
    for message in reversed(earlier):
        kind = message.body.kind
        if message.sender is Sender.SPECIALIST or kind == "queued":
            return False
        if kind in counted:
            return kind == "abstention" and message.body.reason not in _FINAL
    return False
