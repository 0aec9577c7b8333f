"""The errors that say why a file could not be read."""

from knowledge import sentences

LIMIT_CHARACTERS = 3_000_000  # of text in one file; the country's longest codes have a few hundred thousand


class Unreadable(Exception):
    """The file cannot go in. `reason` tells the administrator in a Chinese sentence what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NeedsOffice(Exception):
    """Only an office program can read this file. `suffix` is its usual ending (".doc"), `target` the format to make."""

    def __init__(self, suffix: str, target: str) -> None:
        super().__init__(suffix, target)
        self.suffix, self.target = suffix, target


def refuse_endless(length: int) -> None:
    """Raise `Unreadable` for a text of more than `LIMIT_CHARACTERS`: nobody writes that as one document."""
    if length > LIMIT_CHARACTERS:
        raise Unreadable(sentences.TEXT_TOO_LONG.format(length=length / 10_000, most=LIMIT_CHARACTERS // 10_000))
