"""The only door through which a person reaches a conversation or a ticket; unknown and forbidden look alike."""

from sqlalchemy import ColumnElement, Engine, or_, select

from desk.conversations.rows import find_conversation, find_tickets
from desk.errors import NotFound
from desk.model import Account, Conversation, Role, Ticket, TicketState
from desk.tables import accounts, conversations, tickets
from knowledge.database import reading


class Access:
    """An applicant reaches his own conversations. A specialist reaches the tickets that wait in the queue and those
    that are his, resolved or not. An administrator reaches everything. Everything else is NotFound.

    Only the id of an `Account` counts. Role and disablement are read anew each time, so an old object opens nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def conversation_for(self, account: Account, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NotFound unless the account may see one of its tickets."""
        seen = select(tickets.c.id).where(tickets.c.conversation_id == conversations.c.id, _sees(account)).exists()
        may = or_(_serves(account, Role.ADMINISTRATOR), seen)
        with reading(self._engine) as connection:
            return find_conversation(connection, conversations.c.id == conversation_id, may)

    def ticket_for(self, account: Account, ticket_id: str) -> Ticket:
        """Return a ticket. Raises NotFound unless the account may see it."""
        with reading(self._engine) as connection:
            found = find_tickets(connection, tickets.c.id == ticket_id, _sees(account))
        if not found:
            raise NotFound
        return found[0]

    def administration(self, account: Account) -> None:
        """Raise NotFound for everybody but administrators."""
        with reading(self._engine) as connection:
            if not connection.execute(select(_serves(account, Role.ADMINISTRATOR))).scalar_one():
                raise NotFound


def _serves(account: Account, *roles: Role) -> ColumnElement[bool]:
    """Whether the account, as it stands in the database now, is enabled and has one of these roles."""
    roles_or_any = roles or tuple(Role)
    where = (accounts.c.id == account.id, ~accounts.c.disabled, accounts.c.role.in_(roles_or_any))
    return select(accounts.c.id).where(*where).correlate(None).exists()


def _sees(account: Account) -> ColumnElement[bool]:
    """Which tickets the account may see."""
    his = (tickets.c.owner_id == account.id) | (tickets.c.state == TicketState.QUEUED)
    return or_(_serves(account, Role.ADMINISTRATOR), _serves(account) & his)
