"""Why a file could not be read."""


class Unreadable(Exception):
    """The file cannot go in; `reason` is a Chinese sentence for the administrator: what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
