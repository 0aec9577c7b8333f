"""Regular expressions that read language, each with one sentence that it matches and a similar one that it must not."""

import re
from dataclasses import dataclass
from typing import Literal

Matching = Literal["search", "match", "fullmatch"]


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A compiled pattern and its two sentences. `how` names the method of `re` by which the code applies it."""

    compiled: re.Pattern[str]
    takes: str
    leaves: str
    how: Matching

    def found_in(self, text: str) -> bool:
        """Return whether the pattern matches `text`, applied as the code does."""
        return getattr(self.compiled, self.how)(text) is not None


ROWS: list[PatternRow] = []  # in the order of import; the tests read every row


def pattern(expression: str, flags: int = 0, *, takes: str, leaves: str, how: Matching = "search") -> re.Pattern[str]:
    """Compile `expression` and add it to `ROWS`.

    `takes` is a sentence that the pattern matches. `leaves` is one that a sloppier pattern would match too. Patterns
    for nothing but white space, file names, tags or digits need no row: compile them with `re`.
    """
    compiled = re.compile(expression, flags)
    ROWS.append(PatternRow(compiled, takes, leaves, how))
    return compiled
