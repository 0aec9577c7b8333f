"""The only door through which a person reaches a conversation or a ticket; unknown and forbidden look alike."""

from sqlalchemy import ColumnElement, Engine, or_, select

from desk.errors import NotFound
from desk.model import Account, Applicant, Conversation, Role, Ticket, TicketState
from desk.store import find_conversation, find_tickets
from desk.tables import accounts, conversations, tickets
from knowledge.database import reading


class Access:
    """An applicant reaches his own conversations. A specialist reaches the tickets that wait in the queue and those
    that are his, resolved or not. An administrator reaches everything. Everything else is NotFound.

    Only the identity of an `Account` counts: role and disablement are read anew, so an old object opens nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def conversation_for_applicant(self, applicant: Applicant, conversation_id: str) -> Conversation:
        """One of the applicant's own conversations, or NotFound."""
        mine = conversations.c.applicant_id == applicant.id
        with reading(self._engine) as connection:
            return find_conversation(connection, conversations.c.id == conversation_id, mine)

    def conversation_for(self, account: Account, conversation_id: str) -> Conversation:
        """A conversation one of whose tickets this account may see, or NotFound."""
        seen = select(tickets.c.id).where(tickets.c.conversation_id == conversations.c.id, _sees(account)).exists()
        may = or_(_serves(account, Role.ADMINISTRATOR), seen)
        with reading(self._engine) as connection:
            return find_conversation(connection, conversations.c.id == conversation_id, may)

    def ticket_for(self, account: Account, ticket_id: str) -> Ticket:
        """A ticket this account may see, or NotFound."""
        with reading(self._engine) as connection:
            found = find_tickets(connection, tickets.c.id == ticket_id, _sees(account))
        if not found:
            raise NotFound
        return found[0]

    def own_ticket_for(self, account: Account, ticket_id: str) -> Ticket:
        """A ticket of this very account, or NotFound; that it may still write is for its epoch to show."""
        ticket = self.ticket_for(account, ticket_id)
        if ticket.owner_id != account.id:
            raise NotFound
        return ticket

    def administration(self, account: Account) -> None:
        """NotFound for everybody but administrators."""
        with reading(self._engine) as connection:
            if not connection.execute(select(_serves(account, Role.ADMINISTRATOR))).scalar_one():
                raise NotFound


def _serves(account: Account, *roles: Role) -> ColumnElement[bool]:
    """Whether the account, as it stands in the database now, is enabled and has one of these roles."""
    roles_or_any = roles or tuple(Role)
    where = (accounts.c.id == account.id, ~accounts.c.disabled, accounts.c.role.in_(roles_or_any))
    return select(accounts.c.id).where(*where).correlate(None).exists()


def _sees(account: Account) -> ColumnElement[bool]:
    """Of the tickets, those an account may see."""
    his = (tickets.c.owner_id == account.id) | (tickets.c.state == TicketState.QUEUED)
    return or_(_serves(account, Role.ADMINISTRATOR), _serves(account) & his)
