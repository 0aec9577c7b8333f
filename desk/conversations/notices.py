"""What the desk tells an applicant by itself; the sentences come from bot/dialogue/texts.py."""

from dataclasses import dataclass
from typing import Literal

from desk.conversations.rows import MessageDraft
from desk.message_body import Button, MessageBody
from desk.model import Sender

Event = Literal["claimed", "released", "transferred", "resolved", "reopened", "rated", "closed"]


@dataclass(frozen=True, slots=True)
class Notices:
    """One sentence for each thing that happens to an applicant's matter; `{name}` is the specialist's display name.

    An empty sentence says nothing. The labels are those of the buttons under `resolved`.
    """

    claimed: str
    released: str
    transferred: str
    resolved: str
    reopened: str
    rated: str
    closed: str
    solved_label: str
    unsolved_label: str

    def draft(self, event: Event, name: str = "") -> MessageDraft | None:
        """Return the system message about an event; None where nothing is said."""
        sentence: str = getattr(self, event)
        return (
            MessageDraft(Sender.SYSTEM, sentence.replace("{name}", name), body=self._body(event)) if sentence else None
        )

    def _body(self, event: Event) -> MessageBody:
        solved, unsolved = Button(self.solved_label, "/solved"), Button(self.unsolved_label, "/unsolved")
        return MessageBody("notice", buttons=(solved, unsolved) if event == "resolved" else ())
