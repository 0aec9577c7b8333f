"""One applicant message in, a step out: replies to make, and who is to hold the conversation. No input or output."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.intents import Command, command_of, gives_thanks, greets, is_english, wants_person, wants_to_complain
from bot.replies import Button, Reply, citation_json, kind_of
from bot.texts import Texts, texts_for
from desk.model import Escalation, Holder, Message, Priority, Sender
from desk.triage import triage
from retrieval.model import Abstention, AbstentionReason, Answer, Outcome, Question

LONGEST_QUESTION = 4_000  # characters; a longer text is a story, not a question
RATINGS = ("1", "2", "3", "4", "5")
_TURNS = 5  # earlier questions given as context
_OUTCOMES = ("answer", "abstention", "clarification")
_FINAL = {  # nothing a person could add: none is offered, and none is fetched when it happens again
    AbstentionReason.NOT_OUR_BUSINESS,
    AbstentionReason.PERSONAL_DATA,
    AbstentionReason.OTHER_REGION,
    AbstentionReason.TOO_LONG,
}
_NAMES_THE_RULE = {AbstentionReason.EXPIRED, AbstentionReason.NOT_YET_IN_FORCE}  # in the engine's own sentence


class Act(StrEnum):
    """What a step does to a resolved matter; the desk tells the applicant of it itself."""

    REOPEN = "reopen"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Situation:
    """A message and where it stands. `earlier`: the conversation before it, oldest first; `place`: in the queue, from
    1; `resolved`: a specialist has finished, and the applicant has not said yet whether that is so."""

    message: Message
    holder: Holder
    locale: str = "zh"
    earlier: tuple[Message, ...] = ()
    place: int = 0
    resolved: bool = False

    @property
    def text(self) -> str:
        return self.message.text.strip()


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """What an applicant thinks of the bot's answer `message_id`."""

    message_id: int
    useful: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What follows. With an `escalation` the first reply is `lead`, told together with the place in the queue.

    `asked` are the ids of the messages whose `outcome` it is, the one that is answered last.
    """

    replies: tuple[Reply, ...] = ()
    escalation: Escalation | None = None
    lead: str = ""
    act: Act | None = None
    rating: int = 0
    rated: "RatedAnswer | None" = None
    outcome: Outcome | None = None
    asked: tuple[int, ...] = ()


class Dialogue:
    """The bot's manners around an answering function."""

    def __init__(self, answer: Callable[[Question], Outcome]) -> None:
        self._answer = answer

    def respond(self, situation: Situation) -> Step:
        """The step that follows a message; silent while a specialist holds the conversation."""
        texts = texts_for("en" if is_english(situation.text) else situation.locale)
        if situation.holder is Holder.SPECIALIST:
            return Step()
        if triage(Escalation.ASKED, [situation.text]).priority is Priority.EMERGENCY:
            return Step(escalation=Escalation.GREEN_CHANNEL, lead=texts.hotline)
        if situation.holder is Holder.QUEUE:
            return Step(replies=waiting_replies(situation, texts))
        return self._as_bot(situation, texts)

    def _as_bot(self, situation: Situation, texts: Texts) -> Step:
        text = situation.text
        command = command_of(text)
        if command is not None:
            return _commanded(command, situation, texts)
        if wants_person(text):
            return Step(escalation=Escalation.ASKED)
        if wants_to_complain(text):
            return Step(escalation=Escalation.COMPLAINT, lead=texts.complaint)
        if situation.message.body.get("unreadable") or not text:
            return _notice(texts.only_text if situation.message.body.get("unreadable") else texts.empty, texts)
        length = situation.message.body.get("cut") or len(text)  # a channel keeps but the beginning of the longest
        if length > LONGEST_QUESTION:
            return _notice(texts.too_long.format(length=length, limit=LONGEST_QUESTION), texts)
        if greets(text):
            return _notice(texts.hello, texts)
        if gives_thanks(text):
            return _notice(texts.welcome_back, texts)
        return self._answered(situation, texts)

    def _answered(self, situation: Situation, texts: Texts) -> Step:
        turns = (*_turns(situation.earlier), situation.message)
        outcome = self._answer(Question(tuple(each.text.strip() for each in turns)))
        step = self._told(outcome, situation, texts)
        return replace(step, outcome=outcome, asked=tuple(each.id for each in turns))

    def _told(self, outcome: Outcome, situation: Situation, texts: Texts) -> Step:
        if isinstance(outcome, Abstention) and outcome.reason is AbstentionReason.NEEDS_PERSON:
            lead = refusal(outcome, texts) or texts.needs_person
            return Step(escalation=Escalation.ABSTAINED, lead=lead)
        if isinstance(outcome, Abstention) and outcome.reason not in _FINAL and _abstained_before(situation.earlier):
            lead = f"{refusal(outcome, texts)}\n\n{texts.repeated}"
            return Step(escalation=Escalation.REPEATED, lead=lead)
        return Step(replies=(reply_of(outcome, texts),))


def reply_of(outcome: Outcome, texts: Texts) -> Reply:
    """An outcome as the applicant sees it, the way to a person under it."""
    human = Button(texts.human, "/human")
    extra = {"confidence": round(outcome.confidence, 4)}
    if isinstance(outcome, Answer):
        citations = tuple(citation_json(each) for each in outcome.citations)
        buttons = (Button(texts.helpful, "/useful"), Button(texts.unhelpful, "/useless"), human)
        return Reply(texts.framed.format(text=outcome.text), buttons, citations, "answer", extra)
    if isinstance(outcome, Abstention):
        citations = tuple(citation_json(each) for each in outcome.citations)
        offer = "" if outcome.reason in _FINAL else f"\n\n{texts.offer_person}"
        text = f"{refusal(outcome, texts)}{offer}"
        return Reply(text, (human,), citations, "abstention", {**extra, "reason": str(outcome.reason)})
    options = tuple(Button(option, option) for option in outcome.options)
    return Reply(outcome.text, (*options, human), kind=kind_of(outcome), extra=extra)


def refusal(outcome: Abstention, texts: Texts) -> str:
    """Why there is no answer, in the applicant's language; a rule that is named stays named."""
    own = texts.refusals.get(outcome.reason)
    if own is None:
        return outcome.text
    return f"{own}\n{outcome.text}" if outcome.reason in _NAMES_THE_RULE else own


def queued_reply(place: int, lead: str, texts: Texts) -> Reply:
    """That a person has been asked for, and how many are before; said by the system, not the bot."""
    queued = texts.queued_first if place <= 1 else texts.queued.format(ahead=place - 1)
    return Reply(f"{lead}\n\n{queued}" if lead else queued, kind="queued", extra={"place": place})


def waiting_replies(situation: Situation, texts: Texts) -> tuple[Reply, ...]:
    """In the queue: the place when it was not told or is asked for; that a first addition is noted; then nothing."""
    command = command_of(situation.text)
    if wants_person(situation.text) or (command is not None and command.name in ("human", "start", "help")):
        return (Reply(_place(situation.place, texts), kind="place"),)
    told = _kinds_since_queued(situation.earlier)
    if command is not None:
        return ()
    if not told:
        return (queued_reply(situation.place, "", texts),)
    return () if "passed_on" in told else (Reply(texts.passed_on, kind="passed_on"),)


def _place(place: int, texts: Texts) -> str:
    return texts.queued_first if place <= 1 else texts.still_queued.format(ahead=place - 1)


def _kinds_since_queued(earlier: tuple[Message, ...]) -> list[str]:
    kinds: list[str] = [message.body.get("kind", "") for message in earlier if message.sender is Sender.SYSTEM]
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
        case "solved":
            return Step(replies=(_satisfaction(texts),)) if situation.resolved else _notice(texts.glad, texts)
        case "unsolved":
            return Step(act=Act.REOPEN) if situation.resolved else Step(escalation=Escalation.ASKED)
        case "rate" if command.argument in RATINGS:
            if not situation.resolved:
                return _notice(texts.nothing_to_rate, texts)
            return Step(act=Act.RATE, rating=int(command.argument))
    return _notice(texts.unknown_command.format(command=f"/{command.name[:40]}"), texts)


def _satisfaction(texts: Texts) -> Reply:
    buttons = tuple(Button(f"{rating} ★", f"/rate {rating}") for rating in RATINGS)
    return Reply(texts.please_rate, buttons, kind="satisfaction")


def _notice(text: str, texts: Texts, rated: RatedAnswer | None = None) -> Step:
    return Step(replies=(Reply(text, (Button(texts.human, "/human"),)),), rated=rated)


def _rated(earlier: tuple[Message, ...], useful: bool) -> RatedAnswer | None:
    """The last answer as rated; None where there is none."""
    answers = [each.id for each in earlier if each.sender is Sender.BOT and each.body.get("kind") == "answer"]
    return RatedAnswer(answers[-1], useful) if answers else None


def _turns(earlier: tuple[Message, ...]) -> tuple[Message, ...]:
    """The applicant's earlier questions; commands, friendly words and requests for a person left out."""
    said = [each for each in earlier if each.sender is Sender.APPLICANT and each.text.strip()]
    return tuple([each for each in said if not _says_nothing(each.text.strip())][-_TURNS:])


def _says_nothing(text: str) -> bool:
    return text.startswith("/") or greets(text) or gives_thanks(text) or wants_person(text)


def _abstained_before(earlier: tuple[Message, ...]) -> bool:
    """Whether the last question had no answer, notices left out; a specialist in between begins anew."""
    for message in reversed(earlier):
        kind = message.body.get("kind")
        if message.sender is Sender.SPECIALIST or kind == "queued":
            return False
        if kind in _OUTCOMES:
            return kind == "abstention" and message.body.get("reason") not in _FINAL
    return False
