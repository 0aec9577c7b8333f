"""Accounts of specialists and administrators: passwords, sign-in that resists guessing, browser sessions."""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk import sentences
from desk.audit import record
from desk.errors import NameTaken, NotFound, SignInRefused, TooManyAttempts, WeakPassword
from desk.model import (
    Account,
    Role,
)
from desk.tables import accounts, sign_in_failures, sign_ins
from knowledge.database import reading, writing

SESSION_LASTS = timedelta(hours=12)
FAILURES_COUNT_FOR = timedelta(minutes=15)
FAILURES_OF_NAME = 5
FAILURES_OF_ADDRESS = 20
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256  # hashing more is work for nothing
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser session: `token` for its cookie, `csrf_token` for its forms."""

    token: str
    csrf_token: str
    account: Account


class Accounts:
    """Passwords are kept as argon2id hashes, session tokens as SHA-256."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], hasher: PasswordHasher | None = None) -> None:
        self._engine, self._clock, self._hasher = engine, clock, hasher or PasswordHasher()

    @cached_property
    def _nobodys_hash(self) -> str:
        """The hash to verify against where there is no such account, so that the answer takes as long."""
        return self._hasher.hash(secrets.token_hex(16))

    def create(
        self, name: str, display_name: str, role: Role, password: str | None = None, *, actor: str = "system"
    ) -> tuple[Account, str]:
        """Create an account; return it and its password.

        `password` None makes one up; it must be changed at the first sign-in. Names are compared without regard to case
        and width. Raises NameTaken, WeakPassword, and ValueError for a name that is empty or too long.
        """
        name = _plain(name)
        if not 0 < len(name) <= _LONGEST_NAME:
            raise ValueError(sentences.NAME_LENGTH.format(most=_LONGEST_NAME))
        chosen = password if password is not None else secrets.token_urlsafe(9)
        if password is not None:
            _check_strength(name, password)
        made = Account(secrets.token_hex(8), name, display_name.strip() or name, role, False, password is None)
        values = {field: getattr(made, field) for field in Account.__slots__}
        try:
            with writing(self._engine) as connection:
                hashed, at = self._hasher.hash(chosen), self._clock()
                connection.execute(insert(accounts).values(**values, password_hash=hashed, created_at=at))
                record(connection, at, actor, "account.create", f"account:{made.id}", role=role)
        except IntegrityError as error:
            raise NameTaken from error
        return made, chosen

    def sign_in(self, name: str, password: str, address: str) -> SignIn:
        """Begin a session for the right password. Raises SignInRefused, TooManyAttempts (see the limits above).

        `address` is where the request came from. An unknown name, a wrong password and a disabled account look alike.
        """
        name = _plain(name)[:_LONGEST_NAME]
        limits = {f"name:{name}": FAILURES_OF_NAME, f"address:{address[:100]}": FAILURES_OF_ADDRESS}
        attempt = self._attempt(limits)
        where = accounts.c.name == name
        with reading(self._engine) as connection:
            row = connection.execute(select(accounts).where(where)).one_or_none()
        right = self._verify(row.password_hash if row else self._nobodys_hash, password)
        if row is None or not right or row.disabled:
            raise SignInRefused
        return self._signed_in(row, password, attempt)

    def _attempt(self, limits: Mapping[str, int]) -> list[int]:
        """Count an attempt as failed before it is made, so that many at once cannot slip through.

        `limits` tells how many failures each subject may have. Return the ids of the new rows. Raises TooManyAttempts.
        """
        at = self._clock()
        counted = sign_in_failures.c.failed_at > at - FAILURES_COUNT_FOR
        with writing(self._engine) as connection:
            connection.execute(delete(sign_in_failures).where(~counted))
            adding = insert(sign_in_failures).returning(sign_in_failures.c.id)
            rows = [connection.execute(adding.values(subject=s, failed_at=at)).scalar_one() for s in limits]
        subject = sign_in_failures.c.subject
        failures = select(subject, func.count()).where(counted, subject.in_(list(limits))).group_by(subject)
        with reading(self._engine) as connection:
            counts = {row[0]: int(row[1]) for row in connection.execute(failures)}
        if any(counts.get(each, 0) > limit for each, limit in limits.items()):
            self._forget(sign_in_failures.c.id.in_(rows))
            raise TooManyAttempts
        return rows

    def _forget(self, where: Any) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(sign_in_failures).where(where))

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password[:LONGEST_PASSWORD].encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False

    def _signed_in(self, row: Any, password: str, attempt: list[int]) -> SignIn:
        at, account = self._clock(), account_of(row)
        signed_in = SignIn(secrets.token_urlsafe(32), secrets.token_urlsafe(32), account)
        values = {"token_hash": _hash(signed_in.token), "csrf_token": signed_in.csrf_token, "account_id": account.id}
        mine = sign_in_failures.c.id.in_(attempt) | (sign_in_failures.c.subject == f"name:{account.name}")
        with writing(self._engine) as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.expires_at <= at))
            connection.execute(insert(sign_ins).values(**values, created_at=at, expires_at=at + SESSION_LASTS))
            connection.execute(delete(sign_in_failures).where(mine))
            if self._hasher.check_needs_rehash(row.password_hash):
                mine_now = update(accounts).where(accounts.c.id == account.id)
                connection.execute(mine_now.values(password_hash=self._hasher.hash(password)))
            record(connection, at, account.id, "account.sign_in", f"account:{account.id}")
        return signed_in

    def who(self, token: str) -> SignIn | None:
        """Return the session of a cookie's token; None where it is unknown, has run out or its account is disabled."""
        where = (sign_ins.c.token_hash == _hash(token), sign_ins.c.expires_at > self._clock(), ~accounts.c.disabled)
        both = select(*accounts.c, sign_ins.c.csrf_token).join(sign_ins, sign_ins.c.account_id == accounts.c.id)
        with reading(self._engine) as connection:
            row = connection.execute(both.where(*where)).one_or_none()
        return None if row is None else SignIn(token, row.csrf_token, account_of(row))

    def sign_out(self, token: str) -> None:
        """End a session; an unknown one is ended already."""
        with writing(self._engine) as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == _hash(token)))

    def change_password(self, account: Account, old: str, new: str, keep_token: str = "") -> Account:
        """Set a new password and end the account's sessions, but for the one of `keep_token`.

        Raises SignInRefused for a wrong old password, TooManyAttempts, WeakPassword.
        """
        attempt = self._attempt({f"password:{account.id}": FAILURES_OF_NAME})
        with reading(self._engine) as connection:
            row = connection.execute(select(accounts).where(accounts.c.id == account.id)).one_or_none()
        if row is None or row.disabled or not self._verify(row.password_hash, old):
            raise SignInRefused
        self._forget(sign_in_failures.c.id.in_(attempt))
        _check_strength(account.name, new, old)
        values = {"password_hash": self._hasher.hash(new), "must_change_password": False}
        unchanged = (accounts.c.id == account.id) & (accounts.c.password_hash == row.password_hash)
        others = (sign_ins.c.account_id == account.id) & (sign_ins.c.token_hash != _hash(keep_token))
        with writing(self._engine) as connection:
            changed = connection.execute(update(accounts).where(unchanged).values(values).returning(*accounts.c))
            changed_row = changed.one_or_none()
            if changed_row is None:  # changed by somebody else in between
                raise SignInRefused
            connection.execute(delete(sign_ins).where(others))
            record(connection, self._clock(), account.id, "account.change_password", f"account:{account.id}")
        return account_of(changed_row)

    def reset(self, account_id: str, *, actor: str = "system") -> str:
        """Set and return a one-time password, and end the account's sessions. Raises NotFound.

        The password must be changed at the next sign-in.
        """
        password = secrets.token_urlsafe(9)
        values = {"password_hash": self._hasher.hash(password), "must_change_password": True}
        with writing(self._engine) as connection:
            statement = update(accounts).where(accounts.c.id == account_id).values(values)
            if connection.execute(statement).rowcount != 1:
                raise NotFound
            connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account_id))
            record(connection, self._clock(), actor, "account.reset", f"account:{account_id}")
        return password

    def disable(self, account_id: str, *, actor: str = "system") -> None:
        """Let nobody sign in with the account any more, and end its sessions at once. Raises NotFound."""
        with writing(self._engine) as connection:
            statement = update(accounts).where(accounts.c.id == account_id).values(disabled=True)
            if connection.execute(statement).rowcount != 1:
                raise NotFound
            connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account_id))
            record(connection, self._clock(), actor, "account.disable", f"account:{account_id}")

    def list(self) -> list[Account]:
        """Return every account, by name."""
        with reading(self._engine) as connection:
            return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def get(self, account_id: str) -> Account:
        """Return one account. Raises NotFound."""
        with reading(self._engine) as connection:
            row = connection.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
        if row is None:
            raise NotFound
        return account_of(row)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _check_strength(name: str, password: str, old: str | None = None) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or password == old or name in _plain(password):
        raise WeakPassword


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


COMMAND = "cli:"  # before the name of whoever ran a command on this machine


def names(accounts: Accounts) -> Callable[[str], str]:
    """Return a function that names an actor of the audit record; the accounts are read once."""
    known = {account.id: account.display_name for account in accounts.list()}

    def name_of(actor: str) -> str:
        if actor.startswith(COMMAND):
            return f"命令行（{actor.removeprefix(COMMAND)}）"
        return "系统" if actor == "system" else known.get(actor, actor)

    return name_of


def account_of(row: Any) -> Account:
    return Account(row.id, row.name, row.display_name, Role(row.role), row.disabled, row.must_change_password)
