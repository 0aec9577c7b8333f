"""Screen sharing for one ticket: unguessable links that die with the matter, and consent asked and recorded."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, insert, or_, select, update

from desk.audit import record
from desk.bus import Bus
from desk.conversations.action import Action, Actions, Ownership
from desk.errors import NotFound, WrongState
from desk.model import Account, ScreenShareSession, ShareState
from desk.tables import screenshare_sessions as sessions
from knowledge.database import reading

TIME_TO_JOIN = timedelta(minutes=15)
_TOKEN_BYTES = 16  # 128 bits
_GOING = (ShareState.REQUESTED, ShareState.CONSENTED, ShareState.LIVE)
_JOINABLE = (ShareState.REQUESTED, ShareState.CONSENTED)


class ShareSide(StrEnum):
    """Whose link it is."""

    SPECIALIST = "specialist"
    APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Links:
    """The secret parts of both links. Only this object and the two holders know them; the database keeps hashes."""

    specialist_url_token: str
    applicant_url_token: str
    session: ScreenShareSession


class ScreenShares:
    """Leads sessions from REQUESTED to CONSENTED, LIVE and ENDED, or from REQUESTED to DECLINED.

    A session is EXPIRED where nobody joined within `TIME_TO_JOIN`.
    """

    def __init__(self, engine: Engine, bus: Bus, clock: Callable[[], datetime], jitsi_url: str = "") -> None:
        """`jitsi_url`: a Jitsi server's base address; "" for the built-in room."""
        self._engine, self._clock, self._jitsi_url = engine, clock, jitsi_url.rstrip("/")
        self._actions = Actions(engine, bus, clock)

    def request(self, ticket_id: str, account: Account, epoch: int) -> Links:
        """Make new links for the owner's ticket; earlier ones die. Raises StaleOwner, WrongState, NotFound."""
        mine, theirs = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES)
        with self._actions.on_ticket(ticket_id) as action:
            action.own(Ownership(ticket_id, account, epoch), epoch=epoch)
            end_sessions(action, ticket_id)
            session = self._session(action, ticket_id)
            names = ("id", "ticket_id", "conversation_id", "state", "meeting_url", "requested_at", "expires_at")
            values = {name: getattr(session, name) for name in names}
            hashes = {"specialist_token_hash": _hash(mine), "applicant_token_hash": _hash(theirs)}
            action.connection.execute(insert(sessions).values(**values, **hashes))
            self._announce(action, session.id, account.id, ShareState.REQUESTED)
        return Links(mine, theirs, session)

    def _session(self, action: Action, ticket_id: str) -> ScreenShareSession:
        room = f"{self._jitsi_url}/laofashi-{secrets.token_hex(_TOKEN_BYTES)}" if self._jitsi_url else ""
        return ScreenShareSession(
            id=secrets.token_hex(8),
            ticket_id=ticket_id,
            conversation_id=action.conversation.id,
            state=ShareState.REQUESTED,
            requested_at=action.at,
            expires_at=action.at + TIME_TO_JOIN,
            meeting_url=room,
        )

    def enter(self, token: str) -> tuple[ScreenShareSession, ShareSide]:
        """Return the session a link opens and whose link it is.

        Raises NotFound for a wrong, ended, declined or expired one.
        """
        hashed = _hash(token)
        where = or_(sessions.c.specialist_token_hash == hashed, sessions.c.applicant_token_hash == hashed)
        with reading(self._engine) as connection:
            row = connection.execute(select(sessions).where(where, sessions.c.state.in_(_GOING))).one_or_none()
        if row is None:
            raise NotFound
        session = _session_of(row)
        if session.state in _JOINABLE and self._clock() >= session.expires_at:
            self._expire(session)
            raise NotFound
        return session, ShareSide.SPECIALIST if row.specialist_token_hash == hashed else ShareSide.APPLICANT

    def consent(self, token: str) -> ScreenShareSession:
        """Record that the applicant agrees; only his link can do so. Raises NotFound, WrongState."""
        return self._answered(token, ShareState.CONSENTED)

    def decline(self, token: str) -> ScreenShareSession:
        """Record that the applicant does not agree; both links die. Raises NotFound, WrongState."""
        return self._answered(token, ShareState.DECLINED)

    def _answered(self, token: str, answer: ShareState) -> ScreenShareSession:
        session, side = self.enter(token)
        if side is not ShareSide.APPLICANT:
            raise NotFound
        return self._move(session, side, (ShareState.REQUESTED,), answer)

    def started(self, token: str) -> ScreenShareSession:
        """Record that both are in the room, which needs consent first. Raises NotFound, WrongState."""
        session, side = self.enter(token)
        return self._move(session, side, (ShareState.CONSENTED,), ShareState.LIVE)

    def end(self, token: str) -> ScreenShareSession:
        """Hang up, for either side; both links die. Raises NotFound where they are dead already."""
        session, side = self.enter(token)
        return self._move(session, side, _GOING, ShareState.ENDED)

    def of_ticket(self, ticket_id: str) -> ScreenShareSession | None:
        """Return the ticket's session that has neither ended nor run out, if there is one."""
        where = (sessions.c.ticket_id == ticket_id) & sessions.c.state.in_(_GOING)
        with reading(self._engine) as connection:
            row = connection.execute(select(sessions).where(where)).one_or_none()
        session = None if row is None else _session_of(row)
        out = session and session.state in _JOINABLE and self._clock() >= session.expires_at
        return None if out else session

    def state_of(self, session_id: str) -> ShareState:
        """Return where a session stands now; one that nobody joined in time is EXPIRED. Raises NotFound."""
        with reading(self._engine) as connection:
            row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
        if row is None:
            raise NotFound
        session = _session_of(row)
        out = session.state in _JOINABLE and self._clock() >= session.expires_at
        return ShareState.EXPIRED if out else session.state

    def _move(
        self, session: ScreenShareSession, side: ShareSide, was: tuple[ShareState, ...], to: ShareState
    ) -> ScreenShareSession:
        stamp = {ShareState.CONSENTED: "consented_at", ShareState.LIVE: "started_at"}.get(to, "ended_at")
        with self._actions.on_conversation(session.conversation_id) as action:
            where = (sessions.c.id == session.id) & sessions.c.state.in_(was)
            changed = update(sessions).where(where).values({"state": to, stamp: action.at})
            if action.connection.execute(changed).rowcount == 1:
                self._announce(action, session.id, f"{side}:{session.id}", to)
            now = _session_of(action.connection.execute(select(sessions).where(sessions.c.id == session.id)).one())
        if now.state is not to:  # somebody else changed it; doing the same twice is no error
            raise WrongState
        return now

    def _expire(self, session: ScreenShareSession) -> None:
        with self._actions.on_conversation(session.conversation_id) as action:
            where = (sessions.c.id == session.id) & sessions.c.state.in_(_JOINABLE)
            changed = update(sessions).where(where).values(state=ShareState.EXPIRED, ended_at=action.at)
            if action.connection.execute(changed).rowcount == 1:
                self._announce(action, session.id, "system", ShareState.EXPIRED)

    def _announce(self, action: Action, session_id: str, actor: str, state: ShareState) -> None:
        record(action.connection, action.at, actor, f"screenshare.{state}", f"screenshare:{session_id}")
        action.hint(f"room:{session_id}", state=state)
        action.hint(f"conversation:{action.conversation.id}", message=None)


def end_sessions(action: Action, ticket_id: str) -> None:
    """End the running sessions of a ticket: its owner has changed, or it is resolved."""
    where = (sessions.c.ticket_id == ticket_id) & sessions.c.state.in_(_GOING)
    ended = update(sessions).where(where).values(state=ShareState.ENDED, ended_at=action.at)
    for session_id in action.connection.execute(ended.returning(sessions.c.id)).scalars().all():
        record(action.connection, action.at, "system", "screenshare.ended", f"screenshare:{session_id}")
        action.hint(f"room:{session_id}", state=ShareState.ENDED)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _session_of(row: Any) -> ScreenShareSession:
    return ScreenShareSession(
        id=row.id,
        ticket_id=row.ticket_id,
        conversation_id=row.conversation_id,
        state=ShareState(row.state),
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        meeting_url=row.meeting_url,
    )
