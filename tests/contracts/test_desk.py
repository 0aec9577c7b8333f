"""What the desk promises whichever database is under it; every test runs on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select

from bot.dialogue.texts import NOTICES
from desk.conversations.conversations import Outgoing
from desk.conversations.rows import MessageDraft, hold, insert_message
from desk.errors import AlreadyClaimed, NotFound, StaleOwner, TooLong, WrongState
from desk.model import Account, DeliveryState, Escalation, Holder, Priority, Sender, Ticket, TicketState
from desk.tables import audit, conversations, messages
from knowledge.database import reading, writing
from tests.support.clock import Clock
from tests.support.desk_parts import House, at_once


@pytest.fixture
def house(emptied_engine: Engine, clock: Clock) -> House:
    return House(emptied_engine, clock)


@pytest.fixture
def zhang(house: House) -> Account:
    return house.account("zhang")


@pytest.fixture
def li(house: House) -> Account:
    return house.account("li")


# --- taking messages in


def test_the_first_message_opens_a_conversation_and_the_next_goes_on_with_it(house: House) -> None:
    applicant = house.applicant()
    first, second = (house.conversations.accept(applicant, text, text) for text in ("一", "二"))
    assert first.conversation.id == second.conversation.id
    assert first.conversation.holder is Holder.BOT
    assert [each.text for each in house.conversations.unhandled(10)] == ["一", "二"]
    assert house.conversations.open_conversation(applicant.id) is not None


def test_a_repeat_stores_nothing_announces_nothing_and_gives_the_stored_message(house: House) -> None:
    applicant = house.applicant()
    first = house.conversations.accept(applicant, "一", "7")
    house.bus.heard.clear()
    again = house.conversations.accept(applicant, "另外的字", "7")
    assert (again.repeated, again.message) == (True, first.message)
    assert house.bus.heard == []


def test_a_repeat_opens_no_conversation_after_the_first_was_closed(house: House) -> None:
    applicant = house.applicant()
    first = house.conversations.accept(applicant, "一", "7")
    house.tickets.close(first.conversation.id)
    again = house.conversations.accept(applicant, "一", "7")
    assert again.repeated
    assert not again.conversation.open
    assert house.conversations.open_conversation(applicant.id) is None


def test_the_same_message_from_eight_sides_at_once_is_stored_once(house: House) -> None:
    applicant = house.applicant()
    results = at_once(8, lambda _: house.conversations.accept(applicant, "一", "7"))
    assert [each.repeated for each in results].count(False) == 1
    assert len({each.message.id for each in results}) == 1
    assert count(house, conversations) == count(house, messages) == 1


def test_first_messages_at_once_open_one_conversation(house: House) -> None:
    applicants = at_once(8, lambda _: house.conversations.applicant("web", "1"))
    assert len({each.id for each in applicants}) == 1
    results = at_once(8, lambda number: house.conversations.accept(applicants[0], "一", str(number)))
    assert len({each.conversation.id for each in results}) == 1
    assert count(house, messages) == 8


def test_two_open_conversations_of_one_applicant_cannot_be_stored(house: House) -> None:
    from sqlalchemy.exc import IntegrityError

    asked = house.asked()
    stored = house.conversations.get(asked.conversation_id)
    values = {"id": "second", "applicant_id": stored.applicant_id, "channel": "web", "open": True, "holder": "bot"}
    with pytest.raises(IntegrityError), writing(house.engine) as connection:
        now = house.clock()
        connection.execute(insert(conversations).values(**values, opened_at=now, updated_at=now))


@pytest.mark.parametrize("text", ["含\x00空字符", "半个\ud83d表情", "😀𠮷", "'; DROP TABLE messages; --", ""])
def test_any_text_is_stored(house: House, text: str) -> None:
    stored = house.asked(text)
    assert house.conversations.message(stored.id).text == text.replace("\x00", "").replace("\ud83d", "?")


def test_a_text_too_long_is_refused_and_opens_nothing(house: House) -> None:
    with pytest.raises(TooLong):
        house.asked("长" * 100_000)
    assert count(house, conversations) == 0


def test_hints_come_after_the_commit(house: House, zhang: Account) -> None:
    ticket = house.claimed(zhang)
    house.tickets.post(ticket.id, zhang, ticket.epoch, "您好", "1")
    told = [(payload["message"], seen) for (_, payload), seen in zip(house.bus.heard, house.bus.visible, strict=True)
            if payload.get("message")]  # fmt: skip
    assert told
    assert all(seen >= message for message, seen in told)
    assert house.bus.topics() == {"conversation", "inbox", "queue"}


# --- putting replies out


def test_a_message_is_answered_at_most_once(house: House) -> None:
    asked = house.asked()
    results = at_once(6, lambda number: house.bot_says(asked.conversation_id, f"答{number}", asked.id))
    assert sorted(len(each) for each in results) == [0, 0, 0, 0, 0, 1]
    assert house.conversations.unhandled(10) == []
    assert len(house.said(asked.conversation_id)) == 2


def test_what_an_answer_depends_on_is_read_with_the_attempt_counted(house: House) -> None:
    for number in range(4):
        house.asked(f"问{number}")
    asked, _after = house.asked("这一条"), house.asked("后一条")
    ticket = house.tickets.escalate(asked.conversation_id, Escalation.ASKED)
    first, second = (house.conversations.to_answer(asked.id, earlier=3, attempts=1) for _ in range(2))
    assert (first.attempts, second.attempts) == (1, 2)
    assert [each.text for each in first.earlier] == ["问1", "问2", "问3"]
    assert second.earlier == (), "one of them may be what fails"
    assert first.conversation == house.conversation(ticket)
    assert (first.applicant, first.ticket) == (house.applicant(), ticket)
    with pytest.raises(NotFound):
        house.conversations.to_answer(asked.id + 1_000_000, earlier=3, attempts=1)


def test_what_is_counted_stays_counted_where_an_earlier_message_cannot_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _before, asked = house.asked("坏的"), house.asked("问")

    def broken(_row: object) -> None:
        raise ValueError("this row cannot be read")

    with monkeypatch.context() as patched:
        patched.setattr("desk.conversations.conversations.message_of", broken)
        for _ in range(2):
            with pytest.raises(ValueError, match="cannot be read"):
                house.conversations.to_answer(asked.id, earlier=3, attempts=2)
        assert house.conversations.to_answer(asked.id, earlier=3, attempts=2).attempts == 3


@pytest.mark.parametrize(("channel", "delivery"), [("telegram", DeliveryState.PENDING), ("web", DeliveryState.NONE)])
def test_only_push_channels_have_messages_to_send(house: House, channel: str, delivery: DeliveryState) -> None:
    asked = house.asked(channel=channel)
    assert [each.delivery for each in house.bot_says(asked.conversation_id)] == [delivery]
    assert ("deliveries" in house.bus.topics()) == (channel == "telegram")


def test_the_bot_falls_silent_outside_its_own_conversations_and_the_system_does_not(
    house: House, zhang: Account
) -> None:
    ticket = house.queued()
    notice = Outgoing(Sender.SYSTEM, "您排在第 1 位")
    stored = house.conversations.reply(ticket.conversation_id, [Outgoing(Sender.BOT, "答"), notice], None)
    assert [each.text for each in stored] == ["您排在第 1 位"]
    house.tickets.claim(ticket.id, zhang)
    assert house.bot_says(ticket.conversation_id) == []


def test_a_reply_cannot_pretend_to_be_a_specialist(house: House) -> None:
    asked = house.asked()
    with pytest.raises(ValueError, match="specialist"):
        house.conversations.reply(asked.conversation_id, [Outgoing(Sender.SPECIALIST, "我是老法师")], None)


def test_a_reply_to_nowhere_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        house.bot_says("nowhere")


def test_messages_of_a_conversation_are_committed_in_the_order_of_their_ids(house: House) -> None:
    """A reader that asks for what is after the last id misses none: the second writer waits for the first."""
    asked = house.asked()
    second = InThread(lambda: house.bot_says(asked.conversation_id)[0].id)
    with writing(house.engine) as connection:
        held = hold(connection, asked.conversation_id, house.clock())
        assert held is not None
        first = insert_message(connection, held, MessageDraft(Sender.SYSTEM, "先"), house.clock(), push=False).id
        second.start()
        assert not second.done(within=0.3)
    assert second.result() > first


def test_without_holding_the_conversation_a_reader_would_miss_one(house: House) -> None:
    """The negative control, where several can write at once."""
    if house.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    asked = house.asked()
    with writing(house.engine) as connection:
        conversation = house.conversations.get(asked.conversation_id)
        first = insert_message(
            connection, conversation, MessageDraft(Sender.SYSTEM, "先"), house.clock(), push=False
        ).id
        second = house.bot_says(asked.conversation_id)[0].id
        seen = house.conversations.messages(asked.conversation_id)[-1].id
    assert seen == second > first
    assert first not in [each.id for each in house.conversations.messages(asked.conversation_id, after=seen)]


def test_a_reply_begun_during_a_claim_is_dropped_once_the_claim_commits(house: House, zhang: Account) -> None:
    asked = house.asked()
    reply = InThread(lambda: house.bot_says(asked.conversation_id))
    with writing(house.engine) as connection:
        assert hold(connection, asked.conversation_id, house.clock(), was=Holder.BOT, to=Holder.SPECIALIST)
        reply.start()
        assert not reply.done(within=0.3)
    assert reply.result() == []


# --- the ways of a ticket


def test_escalating_twice_gives_the_same_ticket(house: House) -> None:
    asked = house.asked()
    results = at_once(6, lambda _: house.tickets.escalate(asked.conversation_id, Escalation.ASKED))
    assert len({each.id for each in results}) == 1
    assert house.conversations.get(asked.conversation_id).holder is Holder.QUEUE


def test_a_queued_ticket_rises_when_more_becomes_known_and_never_falls(house: House) -> None:
    ticket = house.queued()
    assert ticket.priority is Priority.NORMAL
    raised = house.tickets.escalate(ticket.conversation_id, Escalation.ASKED, "我今年八十一岁了")
    assert (raised.id, raised.priority, raised.priority_reason) == (
        ticket.id,
        Priority.GREEN_CHANNEL,
        "申请人说自己 81 岁",
    )
    assert house.tickets.escalate(ticket.conversation_id, Escalation.ASKED).priority is Priority.GREEN_CHANNEL


def test_a_closed_conversation_cannot_be_escalated(house: House) -> None:
    asked = house.asked()
    house.tickets.close(asked.conversation_id)
    with pytest.raises(WrongState):
        house.tickets.escalate(asked.conversation_id, Escalation.ASKED)


def test_one_of_many_claims_wins(house: House) -> None:
    accounts = [house.account(f"s{n}") for n in range(6)]
    ticket = house.queued()
    results = at_once(6, lambda number: house.tickets.claim(ticket.id, accounts[number]))
    won = [each for each in results if isinstance(each, Ticket)]
    assert [type(each) for each in results].count(AlreadyClaimed) == 5
    assert [won[0]] == won == [house.tickets.get(ticket.id)]
    assert (won[0].epoch, house.conversation(ticket).holder) == (1, Holder.SPECIALIST)
    assert [text for sender, text in house.said(ticket.conversation_id) if sender is Sender.SYSTEM] == [
        NOTICES["zh"].claimed.format(name=won[0].owner_name)
    ]


def test_an_owner_posts_and_a_repeat_gives_the_stored_message(house: House, zhang: Account) -> None:
    ticket = house.claimed(zhang)
    first = house.tickets.post(ticket.id, zhang, ticket.epoch, "您好", "c1")
    house.clock.forward(minutes=5)
    again = house.tickets.post(ticket.id, zhang, ticket.epoch, "您好", "c1")
    assert first == again
    assert (first.external_id, first.author, first.sender) == ("c1", zhang.display_name, Sender.SPECIALIST)
    house.tickets.post(ticket.id, zhang, ticket.epoch, "请带身份证", "c2")
    assert house.tickets.get(ticket.id).first_reply_at == first.created_at


Write = Callable[[House, Ticket, Account], object]
WRITES: dict[str, Write] = {
    "post": lambda house, t, a: house.tickets.post(t.id, a, t.epoch, "您好", "c9"),
    "release": lambda house, t, a: house.tickets.release(t.id, a, t.epoch),
    "transfer": lambda house, t, a: house.tickets.transfer(t.id, a, t.epoch, a),
    "wait": lambda house, t, a: house.tickets.wait_for_applicant(t.id, a, t.epoch),
    "resolve": lambda house, t, a: house.tickets.resolve(t.id, a, t.epoch, ""),
    "share": lambda house, t, a: house.shares.request(t.id, a, t.epoch),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_stale_owner_writes_nothing(house: House, zhang: Account, li: Account, write: Write) -> None:
    """He had it, gave it back and somebody else has it; or he has it again, and the write is of his first time."""
    old = house.claimed(zhang)
    house.tickets.release(old.id, zhang, old.epoch)
    for owner in (li, zhang):
        now = house.tickets.claim(old.id, owner)
        before = (house.said(old.conversation_id), house.tickets.get(old.id))
        with pytest.raises(StaleOwner):
            write(house, old, zhang)
        assert (house.said(old.conversation_id), house.tickets.get(old.id)) == before
        if owner is li:
            house.tickets.release(old.id, li, now.epoch)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_colleague_who_knows_the_epoch_is_no_owner(house: House, zhang: Account, li: Account, write: Write) -> None:
    ticket = house.claimed(zhang)
    with pytest.raises(StaleOwner):
        write(house, ticket, li)
    assert house.tickets.get(ticket.id) == ticket


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_an_owner_writes_nothing_after_he_resolved_it(house: House, zhang: Account, write: Write) -> None:
    ticket = house.resolved(zhang)
    with pytest.raises(WrongState):
        write(house, ticket, zhang)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_an_unknown_ticket_is_not_found(house: House, zhang: Account, write: Write) -> None:
    from dataclasses import replace

    with pytest.raises(NotFound):
        write(house, replace(house.claimed(zhang), id="unknown"), zhang)


def test_a_released_ticket_keeps_its_place_in_the_queue(house: House, zhang: Account) -> None:
    first = house.claimed(zhang, key="1")
    house.clock.forward(minutes=10)
    second = house.queued(key="2")
    house.tickets.release(first.id, zhang, first.epoch)
    assert [each.id for each in house.tickets.queue()] == [first.id, second.id]
    assert house.conversation(first).holder is Holder.QUEUE
    assert house.tickets.get(first.id).owner_id is None


def test_a_transferred_ticket_is_the_colleagues(house: House, zhang: Account, li: Account) -> None:
    ticket = house.claimed(zhang)
    now = house.tickets.transfer(ticket.id, zhang, ticket.epoch, li)
    assert (now.owner_id, now.epoch, now.state) == (li.id, ticket.epoch + 1, TicketState.CLAIMED)
    house.tickets.post(ticket.id, li, now.epoch, "我来接着办", "c1")
    assert [each.id for each in house.tickets.of_account(li.id)] == [ticket.id]
    assert house.tickets.of_account(zhang.id) == []


def test_nothing_is_transferred_to_an_account_that_does_not_serve(house: House, zhang: Account, li: Account) -> None:
    ticket = house.claimed(zhang)
    house.accounts.disable(li.id)
    with pytest.raises(NotFound):
        house.tickets.transfer(ticket.id, zhang, ticket.epoch, li)
    assert house.tickets.get(ticket.id) == ticket


def test_a_waiting_ticket_goes_on_with_the_applicants_next_message(house: House, zhang: Account) -> None:
    ticket = house.claimed(zhang)
    waiting = house.tickets.wait_for_applicant(ticket.id, zhang, ticket.epoch)
    assert waiting.state is TicketState.WAITING_FOR_APPLICANT
    house.asked("材料拍好了")
    now = house.tickets.get(ticket.id)
    assert (now.state, now.epoch) == (TicketState.CLAIMED, ticket.epoch)


def test_a_resolved_conversation_is_the_bots_and_the_applicant_is_asked(house: House, zhang: Account) -> None:
    ticket = house.resolved(zhang)
    last = house.conversations.last_messages(ticket.conversation_id, 1)[0]
    assert [each.value for each in last.body.buttons] == ["/solved", "/unsolved"]
    assert (ticket.state, ticket.summary, ticket.resolved_at) == (TicketState.RESOLVED, "办好了", house.clock())
    assert house.conversation(ticket).holder is Holder.BOT
    house.asked("还有一个问题")
    assert house.tickets.get(ticket.id).state is TicketState.RESOLVED
    assert house.bot_says(ticket.conversation_id) != []


def test_the_same_matter_is_queued_again(house: House, zhang: Account) -> None:
    ticket = house.resolved(zhang)
    again = house.tickets.reopen(ticket.conversation_id)
    assert (again.id, again.state, again.epoch) == (ticket.id, TicketState.QUEUED, ticket.epoch + 1)
    assert house.tickets.reopen(ticket.conversation_id) == again
    assert house.conversation(ticket).holder is Holder.QUEUE
    with pytest.raises(StaleOwner):
        house.tickets.post(ticket.id, zhang, ticket.epoch, "晚了", "c1")


@pytest.mark.parametrize("rating", [1, 2])
def test_a_bad_rating_queues_the_matter_again(house: House, zhang: Account, rating: int) -> None:
    ticket = house.resolved(zhang)
    rated = house.tickets.rate(ticket.conversation_id, rating)
    assert (rated.state, rated.reason, rated.rating) == (TicketState.QUEUED, Escalation.RATED_BADLY, rating)


def test_a_good_rating_is_kept(house: House, zhang: Account) -> None:
    ticket = house.resolved(zhang)
    assert house.tickets.rate(ticket.conversation_id, 4).state is TicketState.RESOLVED
    house.tickets.close(ticket.conversation_id)
    assert house.tickets.rate(ticket.conversation_id, 1).state is TicketState.CLOSED
    for wrong in (0, 6):
        with pytest.raises(ValueError, match="1 to 5"):
            house.tickets.rate(ticket.conversation_id, wrong)


def test_a_good_rating_is_thanked_once_before_the_goodbye(house: House, zhang: Account) -> None:
    ticket = house.resolved(zhang)
    before = len(house.said(ticket.conversation_id))
    for _ in range(2):  # the second time as after a crash
        house.tickets.rate(ticket.conversation_id, 5)
    house.tickets.close(ticket.conversation_id)
    told = [text for _, text in house.said(ticket.conversation_id)[before:]]
    assert told == [NOTICES["zh"].rated, NOTICES["zh"].closed]


def test_what_is_not_resolved_is_neither_rated_nor_reopened(house: House, zhang: Account) -> None:
    ticket = house.claimed(zhang)
    with pytest.raises(WrongState):
        house.tickets.rate(ticket.conversation_id, 5)
    assert house.tickets.reopen(ticket.conversation_id) == ticket
    with pytest.raises(WrongState):
        house.tickets.reopen(house.asked(key="2").conversation_id)


def test_a_closed_conversation_is_followed_by_a_new_one(house: House, zhang: Account) -> None:
    ticket = house.resolved(zhang)
    assert not house.tickets.close(ticket.conversation_id).open
    assert not house.tickets.close(ticket.conversation_id).open
    assert house.tickets.get(ticket.id).state is TicketState.CLOSED
    assert house.asked("新的事").conversation_id != ticket.conversation_id
    with pytest.raises(WrongState):
        house.tickets.reopen(ticket.conversation_id)


def test_what_somebody_waits_for_is_not_closed(house: House, zhang: Account) -> None:
    ticket = house.queued()
    with pytest.raises(WrongState):
        house.tickets.close(ticket.conversation_id)
    house.tickets.claim(ticket.id, zhang)
    with pytest.raises(WrongState):
        house.tickets.close(ticket.conversation_id)


def test_a_second_matter_in_the_same_conversation_is_a_ticket_of_its_own(house: House, zhang: Account) -> None:
    first = house.resolved(zhang)
    second = house.tickets.escalate(first.conversation_id, Escalation.ASKED)
    assert second.id != first.id
    assert house.tickets.latest(first.conversation_id) == second


def test_the_queue_has_an_order_and_everybody_a_place(house: House) -> None:
    normal = house.queued(key="1")
    house.clock.forward(minutes=1)
    later = house.queued(key="2")
    old = house.queued("我今年70岁", key="3")
    danger = house.queued("我不想活了", key="4")
    order = [each.id for each in house.tickets.queue()]
    assert order == [danger.id, old.id, normal.id, later.id]
    assert [house.tickets.position(each) for each in order] == [1, 2, 3, 4]
    assert house.tickets.position("unknown") == 0


def test_the_usual_wait_is_the_median_of_recent_claims(house: House, zhang: Account) -> None:
    for number, minutes in enumerate((2, 4, 60)):
        assert house.tickets.usual_wait() is None
        ticket = house.queued(key=str(number))
        house.clock.forward(minutes=minutes)
        house.tickets.claim(ticket.id, zhang)
    assert house.tickets.usual_wait() == timedelta(minutes=4)


def test_what_happened_is_on_record_without_a_word_of_what_was_said(house: House, zhang: Account, li: Account) -> None:
    ticket = house.tickets.claim(house.queued("我的秘密").id, zhang)
    house.tickets.post(ticket.id, zhang, ticket.epoch, "另一个秘密", "c1")
    ticket = house.tickets.transfer(ticket.id, zhang, ticket.epoch, li)
    ticket = house.tickets.resolve(ticket.id, li, ticket.epoch, "第三个秘密")
    house.tickets.rate(ticket.conversation_id, 1)
    acts = [(row["action"], row["actor"]) for row in reversed(house.audit.of(f"ticket:{ticket.id}"))]
    applicant = f"applicant:{house.conversation(ticket).applicant_id}"
    assert acts == [
        ("ticket.escalate", "system"),
        ("ticket.claim", zhang.id),
        ("ticket.transfer", zhang.id),
        ("ticket.resolve", li.id),
        ("ticket.rate", applicant),
        ("ticket.reopen", applicant),
    ]
    with reading(house.engine) as connection:
        assert "秘密" not in repr(connection.execute(select(audit)).all())


def test_an_act_that_fails_leaves_no_record(house: House, zhang: Account) -> None:
    ticket = house.claimed(zhang)
    before = count(house, audit)
    with pytest.raises(AlreadyClaimed):
        house.tickets.claim(ticket.id, zhang)
    house.bus.heard.clear()
    with pytest.raises(StaleOwner):
        house.tickets.resolve(ticket.id, zhang, 99, "")
    assert (count(house, audit), house.bus.heard) == (before, [])


# --- sending


def test_a_message_is_begun_by_one_sender(house: House) -> None:
    asked = house.asked(channel="telegram")
    house.bot_says(asked.conversation_id)
    (due,) = house.deliveries.due(10)
    assert sorted(at_once(6, lambda _: house.deliveries.begin(due.id))) == [False] * 5 + [True]
    assert house.deliveries.due(10) == []
    house.deliveries.sent(due.id)
    assert house.conversations.message(due.id).delivery is DeliveryState.SENT
    with pytest.raises(WrongState):
        house.deliveries.sent(due.id)


def test_a_bot_message_overtaken_by_a_claim_is_withdrawn_and_the_notice_sent(house: House, zhang: Account) -> None:
    asked = house.asked(channel="telegram")
    (overtaken,) = house.bot_says(asked.conversation_id)
    ticket = house.tickets.escalate(asked.conversation_id, Escalation.ASKED)
    house.tickets.claim(ticket.id, zhang)
    assert not house.deliveries.begin(overtaken.id)
    assert house.conversations.message(overtaken.id).delivery is DeliveryState.WITHDRAWN
    assert [each.sender for each in house.deliveries.due(10)] == [Sender.SYSTEM]
    assert house.deliveries.begin(house.deliveries.due(10)[0].id)


def test_messages_of_a_conversation_leave_in_order_and_others_do_not_wait(house: House) -> None:
    one, two = house.asked(key="1", channel="telegram"), house.asked(key="2", channel="telegram")
    first, second = house.bot_says(one.conversation_id)[0], house.bot_says(one.conversation_id)[0]
    other = house.bot_says(two.conversation_id)[0]
    assert [each.id for each in house.deliveries.due(10)] == [first.id, other.id]
    house.deliveries.begin(first.id)
    assert [each.id for each in house.deliveries.due(10)] == [other.id]
    house.deliveries.retry(first.id, house.clock() + timedelta(seconds=30), "connection refused")
    assert [each.id for each in house.deliveries.due(10)] == [other.id]
    house.clock.forward(seconds=29)
    assert [each.id for each in house.deliveries.due(10)] == [other.id]
    house.clock.forward(seconds=1)
    assert [each.id for each in house.deliveries.due(10)] == [first.id, other.id]
    house.deliveries.begin(first.id)
    assert house.deliveries.attempts(first.id) == 2
    house.deliveries.sent(first.id)
    assert [each.id for each in house.deliveries.due(10)] == [second.id, other.id]


def test_what_nobody_knows_is_shown_to_staff_and_not_repeated(house: House) -> None:
    asked = house.asked(channel="telegram")
    ids = [house.bot_says(asked.conversation_id)[0].id for _ in range(3)]
    for number, finish in zip(ids[:2], (house.deliveries.unknown, house.deliveries.failed), strict=True):
        assert house.deliveries.begin(number)
        finish(number, "timed out")
    house.deliveries.begin(ids[2])
    assert house.deliveries.interrupted() == 1
    assert house.deliveries.due(10) == []
    assert [each.id for each in house.deliveries.attention()] == ids[::-1]
    assert house.deliveries.resend(ids[0], "zhang")
    assert not house.deliveries.resend(ids[0], "zhang")
    assert house.deliveries.dismiss(ids[1], "zhang")
    assert [each.id for each in house.deliveries.attention()] == [ids[2]]
    assert [each.id for each in house.deliveries.due(10)] == [ids[0]]


class InThread:
    """One call in a thread of its own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._results: list[object] = []
        self._thread = threading.Thread(target=lambda: self._results.append(work()), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def done(self, within: float) -> bool:
        self._thread.join(within)
        return bool(self._results)

    def result(self) -> object:
        assert self.done(within=20)
        return self._results[0]


def count(house: House, table: object) -> int:
    with reading(house.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]
