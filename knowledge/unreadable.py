"""Why a file could not be read."""

LIMIT_CHARACTERS = 3_000_000  # of text in one file; the longest codes of the country have some hundred thousand


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


def refuse_endless(length: int) -> None:
    """Raise `Unreadable` for a text of so many characters that nobody wrote it as one document."""
    if length > LIMIT_CHARACTERS:
        sizes = f"{length / 10_000:.0f} 万字，超过 {LIMIT_CHARACTERS // 10_000} 万字的上限"
        raise Unreadable(f"文件的正文有 {sizes}，很可能不是一份文件。请核对原件，拆分成几个文件再导入。")
