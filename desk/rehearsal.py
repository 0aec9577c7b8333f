"""The golden questions asked before each publishing, of the documents as they will be, and how it went kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.golden import GoldenQuestions, Run
from knowledge.version import VersionError

if TYPE_CHECKING:  # heavy to import
    from retrieval.effects import Effects


def rehearsed(effects: "Effects", golden: GoldenQuestions, version_ids: Sequence[str], by: str) -> Run | None:
    """How they go with these versions published; None where there are none, or the versions cannot be published.

    Why not is then told by publishing itself. Nothing is held up: whoever publishes has been shown the effects.
    """
    questions = golden.all()
    if not questions:
        return None
    try:
        results = effects.rehearse(version_ids, questions)
    except VersionError:
        return None
    return golden.record(results, by, " ".join(version_ids)[:200])
