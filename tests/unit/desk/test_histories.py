"""Generated histories of conversations and tickets: after every step the invariants of the desk hold."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from desk.conversations.rows import LIVE, OWNED, MessageDraft, find_conversation, find_tickets, insert_message
from desk.errors import AlreadyClaimed, DeskError, StaleOwner, WrongState
from desk.model import Account, Conversation, Escalation, Holder, Message, Sender, Ticket, TicketState
from desk.tables import conversations, tickets
from knowledge.database import reading, writing
from tests.support.clock import Clock
from tests.support.desk_parts import House

APPLICANTS = st.sampled_from(["a", "b"])
SPECIALISTS = st.sampled_from([0, 1])
OWNER_WRITES = ("post", "release", "transfer", "wait", "resolve")


class Histories(RuleBasedStateMachine):
    """Two applicants (one on a push channel), two specialists, and everything they and the bot may try.

    What a specialist believes is a ticket as one of his acts once returned it: beliefs go stale, as in a forgotten tab.
    """

    house: House
    staff: list[Account]
    history = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).history += 1
        self.beliefs: list[tuple[int, Ticket]] = []
        self.epochs: dict[str, int] = {}
        self.sent = 0

    def applicant(self, who: str) -> Any:
        return self.house.applicant(f"{self.history}{who}", "telegram" if who == "b" else "web")

    def conversation(self, who: str) -> Conversation | None:
        return self.house.conversations.open_conversation(self.applicant(who).id)

    def newest_ticket(self, who: str) -> Ticket | None:
        conversation = self.conversation(who)
        return conversation and self.house.tickets.latest(conversation.id)

    @rule(who=APPLICANTS, external_id=st.integers(1, 4))
    def the_applicant_writes(self, who: str, external_id: int) -> None:
        before = self.house.tickets.latest(was.id) if (was := self.conversation(who)) else None
        accepted = self.house.conversations.accept(self.applicant(who), f"第{external_id}条", str(external_id))
        assert accepted.message.text == f"第{external_id}条"
        if not accepted.repeated and before and before.state is TicketState.WAITING_FOR_APPLICANT:
            assert self.house.tickets.get(before.id).state is TicketState.CLAIMED

    @rule(who=APPLICANTS)
    def the_bot_answers(self, who: str) -> None:
        if conversation := self.conversation(who):
            stored = self.answer(conversation)
            assert bool(stored) is (conversation.holder is Holder.BOT)

    def answer(self, conversation: Conversation) -> list[Message]:
        return self.house.bot_says(conversation.id)

    @rule(who=APPLICANTS, text=st.sampled_from(["转人工", "我今年七十岁"]))
    def the_applicant_is_escalated(self, who: str, text: str) -> None:
        asked = self.house.conversations.accept(self.applicant(who), text, None)
        live = self.newest_ticket(who)
        ticket = self.house.tickets.escalate(asked.conversation.id, Escalation.ASKED, text)
        assert ticket.state in LIVE
        assert live is None or live.state not in LIVE or live.id == ticket.id

    @rule(who=APPLICANTS, by=SPECIALISTS)
    def a_specialist_claims(self, who: str, by: int) -> None:
        if ticket := self.newest_ticket(who):
            try:
                self.beliefs.append((by, self.house.tickets.claim(ticket.id, self.staff[by])))
            except AlreadyClaimed:
                assert ticket.state is not TicketState.QUEUED
            else:
                assert ticket.state is TicketState.QUEUED

    @rule(back=st.integers(1, 6), act=st.sampled_from(OWNER_WRITES), other=SPECIALISTS)
    def a_specialist_writes(self, back: int, act: str, other: int) -> None:
        """It succeeds exactly when what he believes is still so."""
        if back > len(self.beliefs):
            return
        by, belief = self.beliefs[-back]
        now = self.house.tickets.get(belief.id)
        his = (now.owner_id, now.epoch) == (self.staff[by].id, belief.epoch)
        try:
            done = self.write(act, belief, by, other)
        except StaleOwner:
            assert not his
        except WrongState:
            assert his
            assert now.state not in OWNED
        else:
            assert his
            assert now.state in OWNED
            if isinstance(done, Ticket):
                self.beliefs.append((other if act == "transfer" else by, done))

    def write(self, act: str, belief: Ticket, by: int, other: int) -> object:
        tickets, me = self.house.tickets, self.staff[by]
        self.sent += 1
        acts: dict[str, Callable[[], object]] = {
            "post": lambda: tickets.post(belief.id, me, belief.epoch, "您好", f"{self.history}-{self.sent}"),
            "release": lambda: tickets.release(belief.id, me, belief.epoch),
            "transfer": lambda: tickets.transfer(belief.id, me, belief.epoch, self.staff[other]),
            "wait": lambda: tickets.wait_for_applicant(belief.id, me, belief.epoch),
            "resolve": lambda: tickets.resolve(belief.id, me, belief.epoch, "办好了"),
        }
        return acts[act]()

    @rule(who=APPLICANTS, act=st.sampled_from(["reopen", "close", 1, 5]))
    def the_applicant_decides(self, who: str, act: str | int) -> None:
        conversation, tickets = self.conversation(who), self.house.tickets
        if conversation is None:
            return
        try:
            if isinstance(act, int):
                tickets.rate(conversation.id, act)
            else:
                (tickets.reopen if act == "reopen" else tickets.close)(conversation.id)
        except WrongState:
            pass
        except DeskError as error:
            raise AssertionError("only the state can be wrong") from error

    @rule()
    def the_sender_sends(self) -> None:
        for message in self.house.deliveries.due(50):
            holder = self.house.conversations.get(message.conversation_id).holder
            begun = self.house.deliveries.begin(message.id)
            assert begun is (message.sender is not Sender.BOT or holder is Holder.BOT)
            if begun:
                self.house.deliveries.sent(message.id)

    def everything(self) -> list[tuple[Conversation, list[Ticket]]]:
        ids = [self.applicant(who).id for who in "ab"]
        with reading(self.house.engine) as connection:
            where = conversations.c.applicant_id.in_(ids)
            rows = connection.execute(select(conversations.c.id).where(where)).scalars().all()
            found = [find_conversation(connection, conversations.c.id == each) for each in rows]
            return [(each, find_tickets(connection, tickets.c.conversation_id == each.id)) for each in found]

    @invariant()
    def the_invariants_of_the_desk_hold(self) -> None:
        picture = self.everything()
        for conversation, its in picture:
            self.is_in_one_pair_of_hands(conversation, its)
            self.has_owners_who_follow_each_other(its)
            self.is_free_of_bots_where_a_specialist_is(conversation)
        open_ones = [conversation.applicant_id for conversation, _ in picture if conversation.open]
        assert len(set(open_ones)) == len(open_ones)

    def is_in_one_pair_of_hands(self, conversation: Conversation, its: list[Ticket]) -> None:
        """Invariant 4: the holder is what the live ticket says."""
        live = [each.state for each in its if each.state in LIVE]
        assert len(live) <= 1
        held = Holder.QUEUE if TicketState.QUEUED in live else Holder.SPECIALIST if live else Holder.BOT
        assert conversation.holder is held
        assert conversation.open or all(each.state is TicketState.CLOSED for each in its)

    def has_owners_who_follow_each_other(self, its: list[Ticket]) -> None:
        """Invariant 3, its first half: one owner, and an epoch that only rises."""
        for ticket in its:
            assert (ticket.owner_id is None) is (ticket.state is TicketState.QUEUED)
            assert ticket.epoch >= self.epochs.get(ticket.id, 0)
            self.epochs[ticket.id] = ticket.epoch

    def is_free_of_bots_where_a_specialist_is(self, conversation: Conversation) -> None:
        """Invariant 3, its second half: no bot text after the notice of the claim."""
        if conversation.holder is Holder.SPECIALIST:
            said = self.house.conversations.messages(conversation.id)
            claimed = max(each.id for each in said if "已接手" in each.text)
            assert not [each for each in said if each.sender is Sender.BOT and each.id > claimed]


def histories(house: House, base: type[Histories] = Histories) -> type[Histories]:
    staff = [house.account(name) for name in ("zhang", "li")]
    return type("HistoriesHere", (base,), {"house": house, "staff": staff})


def run(machine: type[Histories], examples: int, steps: int = 30) -> None:
    options = settings(max_examples=examples, stateful_step_count=steps, deadline=None, database=None)
    options = settings(options, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(machine, settings=options)  # type: ignore[no-untyped-call]


def test_no_history_breaks_an_invariant(emptied_engine: Engine, clock: Clock) -> None:
    run(histories(House(emptied_engine, clock)), examples=15)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_no_long_history_breaks_an_invariant(emptied_engine: Engine, clock: Clock) -> None:
    run(histories(House(emptied_engine, clock)), examples=200, steps=80)


class BotNeverLooks(Histories):
    """Broken: the bot writes without asking who holds the conversation."""

    def answer(self, conversation: Conversation) -> list[Message]:
        with writing(self.house.engine) as connection:
            draft = MessageDraft(Sender.BOT, "答案")
            return [insert_message(connection, conversation, draft, self.house.clock(), push=False)]


class EpochForgotten(Histories):
    """Broken: an owner's write carries whatever epoch the ticket has now."""

    def write(self, act: str, belief: Ticket, by: int, other: int) -> object:
        current = self.house.tickets.get(belief.id)
        return super().write(act, replace(belief, epoch=current.epoch), by, other)


def telling_history(machine: Histories) -> None:
    """He claims, gives back, claims again, and writes from the tab of his first time; the bot writes too."""
    machine.the_applicant_is_escalated("a", "转人工")
    machine.a_specialist_claims("a", 0)
    machine.a_specialist_writes(1, "release", 0)
    machine.a_specialist_claims("a", 0)
    machine.a_specialist_writes(3, "post", 0)
    machine.the_bot_answers("a")
    machine.the_invariants_of_the_desk_hold()


def test_a_telling_history_holds(emptied_engine: Engine, clock: Clock) -> None:
    telling_history(histories(House(emptied_engine, clock))())


@pytest.mark.parametrize("broken", [BotNeverLooks, EpochForgotten])
def test_a_broken_desk_is_found_out(emptied_engine: Engine, clock: Clock, broken: type[Histories]) -> None:
    """The negative controls."""
    with pytest.raises(AssertionError):
        telling_history(histories(House(emptied_engine, clock), broken)())
