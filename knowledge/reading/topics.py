"""Tells what a document is about, from a short list that administrators and filters share."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.formats.blocks import Block
from knowledge.notation.word_lists import any_of, lines

_FILE = Path(__file__).with_name("topics.txt")
_PATTERNS = {
    topic.strip(): any_of(words.split()) for _, line in lines(_FILE) for topic, _, words in [line.partition("=")]
}
TOPICS = tuple(_PATTERNS)
MOST = 3
_TITLE = 5  # a word in the title weighs as much as this many headings


def topics_of(title: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return at most three topics, the likeliest first. The title or several headings name each of them."""
    headings = [
        block.text for block in blocks if block.level > 1 or (block.text.startswith("第") and len(block.text) < 25)
    ]
    weights: dict[str, int] = {}
    for topic, words in _PATTERNS.items():
        weight = _TITLE * len(set(words.findall(title))) + sum(bool(words.search(text)) for text in headings)
        if weight >= 2:
            weights[topic] = weight
    ranked = sorted(weights, key=lambda topic: -weights[topic])
    return tuple(ranked[:MOST])
