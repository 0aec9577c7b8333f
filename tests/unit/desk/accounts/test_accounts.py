"""Accounts: sign-in cannot be guessed at, sessions end, passwords change."""

import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from desk.accounts.accounts import FAILURES_OF_ADDRESS, FAILURES_OF_NAME, Accounts, SignIn
from desk.errors import DeskError, NameTaken, NotFound, SignInRefused, TooManyAttempts, WeakPassword
from desk.model import Role
from desk.tables import accounts, audit, sign_in_failures, sign_ins
from knowledge.database import reading
from tests.support.clock import Clock
from tests.support.desk_parts import CHEAP, PASSWORD, House, at_once

WRONG = "not the password"


@pytest.fixture
def desk(emptied_engine: Engine, clock: Clock) -> Accounts:
    return House(emptied_engine, clock).accounts


def refused(desk: Accounts, name: str, address: str = "10.0.0.1", password: str = WRONG) -> type[Exception]:
    with pytest.raises(DeskError) as caught:
        desk.sign_in(name, password, address)
    return caught.type


def test_a_made_up_password_works_once_and_must_be_changed(desk: Accounts) -> None:
    account, password = desk.create("zhang", "张师傅", Role.SPECIALIST)
    session = desk.sign_in("ＺＨＡＮＧ ", password, "10.0.0.1")
    assert session.account == account
    assert account.must_change_password
    changed = desk.change_password(account, password, "another long one", keep_token=session.token)
    assert not changed.must_change_password
    assert refused(desk, "zhang", password=password) is SignInRefused
    assert desk.who(session.token) == SignIn(session.token, session.csrf_token, changed)


def test_names_are_unique_whatever_their_case_and_width(desk: Accounts) -> None:
    desk.create("zhang", "", Role.SPECIALIST)
    with pytest.raises(NameTaken):
        desk.create("Ｚhang", "", Role.ADMINISTRATOR)
    for bad in ("", "  ", "x" * 65):
        with pytest.raises(ValueError, match="登录名"):
            desk.create(bad, "", Role.SPECIALIST)
    assert [each.name for each in desk.list()] == ["zhang"]


@pytest.mark.parametrize("weak", ["short", "x" * 257, "my zhang password", PASSWORD])
def test_weak_passwords_are_refused(desk: Accounts, weak: str) -> None:
    account, _ = desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    with pytest.raises(WeakPassword):
        desk.change_password(account, PASSWORD, weak)
    with pytest.raises(SignInRefused):
        desk.change_password(account, "not the old one", "a brand new secret")


def test_nothing_kept_opens_a_session(desk: Accounts, emptied_engine: Engine) -> None:
    """Neither a stolen database nor the audit record signs anybody in."""
    password = desk.create("zhang", "", Role.SPECIALIST)[1]
    session = desk.sign_in("zhang", password, "10.0.0.1")
    with reading(emptied_engine) as connection:
        kept = [repr(connection.execute(select(table)).all()) for table in (accounts, sign_ins, audit)]
        hashed = connection.execute(select(sign_ins.c.token_hash)).scalar_one()
    assert all(secret not in text for secret in (session.token, password) for text in kept)
    assert desk.who(hashed) is None
    assert kept[0].count("$argon2id$") == 1
    assert len(session.token) >= 43  # 256 bits


def test_a_session_ends_after_twelve_hours_or_when_signed_out(desk: Accounts, clock: Clock) -> None:
    desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    first, second = (desk.sign_in("zhang", PASSWORD, "10.0.0.1") for _ in range(2))
    assert first.csrf_token != second.csrf_token
    desk.sign_out(first.token)
    desk.sign_out("unknown")
    assert desk.who(first.token) is None
    clock.forward(hours=11, minutes=59)
    assert desk.who(second.token) == second
    clock.forward(minutes=1)
    assert desk.who(second.token) is None


def test_a_changed_password_and_a_disabled_account_end_sessions(desk: Accounts) -> None:
    account, _ = desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    here, elsewhere = (desk.sign_in("zhang", PASSWORD, "10.0.0.1") for _ in range(2))
    desk.change_password(account, PASSWORD, "a brand new secret", keep_token=here.token)
    assert desk.who(here.token) is not None
    assert desk.who(elsewhere.token) is None
    desk.disable(account.id)
    assert desk.who(here.token) is None
    assert refused(desk, "zhang", password="a brand new secret") is SignInRefused
    with pytest.raises(NotFound):
        desk.disable("unknown")


def test_a_name_is_closed_after_five_failures_for_a_quarter_of_an_hour(desk: Accounts, clock: Clock) -> None:
    desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    addresses = [f"10.0.0.{n}" for n in range(FAILURES_OF_NAME)]
    assert {refused(desk, "zhang", address) for address in addresses} == {SignInRefused}
    assert refused(desk, "Zhang", "10.0.0.99", PASSWORD) is TooManyAttempts
    clock.forward(minutes=10)
    assert refused(desk, "zhang", "10.0.0.99", PASSWORD) is TooManyAttempts
    clock.forward(minutes=5, seconds=1)
    desk.sign_in("zhang", PASSWORD, "10.0.0.99")


def test_an_old_password_cannot_be_guessed_at_from_an_open_session(desk: Accounts) -> None:
    account, _ = desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    for _ in range(FAILURES_OF_NAME):
        with pytest.raises(SignInRefused):
            desk.change_password(account, WRONG, "a brand new secret")
    with pytest.raises(TooManyAttempts):
        desk.change_password(account, PASSWORD, "a brand new secret")


def test_success_forgets_the_failures_of_a_name(desk: Accounts) -> None:
    desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    for _ in range(3):
        for _ in range(FAILURES_OF_NAME - 1):
            assert refused(desk, "zhang") is SignInRefused
        desk.sign_in("zhang", PASSWORD, "10.0.0.1")


def test_an_address_is_closed_after_twenty_failures_over_many_names(desk: Accounts) -> None:
    desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    for number in range(FAILURES_OF_ADDRESS):
        assert refused(desk, f"nobody{number}") is SignInRefused
    assert refused(desk, "zhang", password=PASSWORD) is TooManyAttempts
    desk.sign_in("zhang", PASSWORD, "10.0.0.2")


def test_many_guesses_at_once_do_not_slip_through(desk: Accounts) -> None:
    desk.create("zhang", "", Role.SPECIALIST, PASSWORD)
    results = at_once(16, lambda number: desk.sign_in("zhang", f"guess number {number}", f"10.0.1.{number}"))
    assert [type(each) for each in results].count(SignInRefused) <= FAILURES_OF_NAME
    assert {type(each) for each in results} <= {SignInRefused, TooManyAttempts}


def test_refusals_are_counted_once_and_old_ones_forgotten(desk: Accounts, clock: Clock, emptied_engine: Engine) -> None:
    for _ in range(FAILURES_OF_NAME + 3):
        refused(desk, "nobody")
    with reading(emptied_engine) as connection:
        assert len(connection.execute(select(sign_in_failures)).all()) == 2 * FAILURES_OF_NAME
    clock.forward(minutes=16)
    refused(desk, "somebody")
    with reading(emptied_engine) as connection:
        assert len(connection.execute(select(sign_in_failures)).all()) == 2


def test_an_unknown_name_takes_as_long_as_a_wrong_password(sqlite_engine: Engine, clock: Clock) -> None:
    slow = Accounts(sqlite_engine, clock, PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1))
    slow.create("zhang", "", Role.SPECIALIST, PASSWORD)
    refused(slow, "warm-up", "10.0.0.9")
    known = min(took(slow, "zhang", f"10.0.1.{n}") for n in range(4))
    unknown = min(took(slow, f"nobody{n}", f"10.0.2.{n}") for n in range(4))
    assert unknown > known / 2


def took(desk: Accounts, name: str, address: str) -> float:
    began = time.process_time()
    refused(desk, name, address)
    return time.process_time() - began


def test_a_password_hashed_more_cheaply_is_hashed_anew(sqlite_engine: Engine, clock: Clock) -> None:
    Accounts(sqlite_engine, clock, CHEAP).create("zhang", "", Role.SPECIALIST, PASSWORD)
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    Accounts(sqlite_engine, clock, dearer).sign_in("zhang", PASSWORD, "10.0.0.1")
    with reading(sqlite_engine) as connection:
        assert "m=16,t=2" in connection.execute(select(accounts.c.password_hash)).scalar_one()
    Accounts(sqlite_engine, clock, dearer).sign_in("zhang", PASSWORD, "10.0.0.1")
