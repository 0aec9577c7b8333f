"""What the desk tells an applicant by itself: sentences handed in from bot/texts.py, plain defaults here."""

from dataclasses import dataclass
from typing import Any, Literal

from desk.model import Sender
from desk.store import Draft

Event = Literal["claimed", "released", "transferred", "resolved", "reopened", "rated", "closed"]


@dataclass(frozen=True, slots=True)
class Notices:
    """One sentence for each thing that happens to an applicant's matter; `{name}` is the specialist's display name.

    An empty sentence says nothing. The labels are those of the buttons under `resolved`.
    """

    claimed: str = "{name}已接手您的问题，正在查看前面的对话。"
    released: str = "您的问题已回到等候队列，会由下一位老法师继续处理。"
    transferred: str = "您的问题已转给{name}继续处理，前面的对话都会带过去。"
    resolved: str = "{name}已处理完您的问题。解决了吗？"
    reopened: str = "已为您重新排队，老法师会接着处理，不用重复说明。"
    rated: str = "谢谢您的评价。"
    closed: str = "本次咨询已结束。有新的问题，直接发消息就可以。"
    solved_label: str = "解决了"
    unsolved_label: str = "没有解决"

    def draft(self, event: Event, name: str = "") -> Draft | None:
        """What is said of an event, as a system message; None where nothing is."""
        sentence: str = getattr(self, event)
        return Draft(Sender.SYSTEM, sentence.replace("{name}", name), body=self._body(event)) if sentence else None

    def _body(self, event: Event) -> dict[str, Any]:
        if event != "resolved":
            return {"kind": "notice"}
        solved = {"label": self.solved_label, "value": "/solved"}
        unsolved = {"label": self.unsolved_label, "value": "/unsolved"}
        return {"kind": "notice", "buttons": [solved, unsolved]}
