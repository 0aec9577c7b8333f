"""Why a file could not be read."""


class Unreadable(Exception):
    """The file cannot go in; `reason` is a Chinese sentence for the administrator: what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NeedsOffice(Exception):
    """Only an office program reads this: `suffix` is how it names such files (".doc"), `target` what to make of it."""

    def __init__(self, suffix: str, target: str) -> None:
        super().__init__(suffix, target)
        self.suffix, self.target = suffix, target
