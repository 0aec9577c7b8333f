"""Split a line of text that names organs into the single organs."""

from pathlib import Path

from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words

_ENDS = any_of(words(Path(__file__).with_name("organ_ends.txt"))).pattern

_ORGAN = pattern(
    rf"^[\u4e00-\u9fff·（）()]{{2,40}}(?:{_ENDS})(?:（[^）]{{2,30}}）)?$",
    takes="广州市天河区教育局",
    leaves="由广州市天河区教育局负责",
)

_SEPARATORS = pattern(r"[\s、，,;；]+", takes="教育局、财政局", leaves="教育局和财政局")


def organs(text: str) -> tuple[str, ...]:
    """Return the organs on a line, in order. The result is empty if the line holds anything else."""
    parts = [part for part in _SEPARATORS.split(text.strip()) if part]
    return tuple(parts) if parts and all(_ORGAN.match(part) for part in parts) else ()
