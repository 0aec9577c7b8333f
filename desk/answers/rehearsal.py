"""Ask the golden questions before each publishing, of the documents as they will be, and keep how they went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.golden import GoldenQuestions, Run
from knowledge.version import VersionError

if TYPE_CHECKING:  # heavy to import
    from retrieval.publishing.effects import Effects


def rehearsed(effects: "Effects", golden: GoldenQuestions, version_ids: Sequence[str], by: str) -> Run | None:
    """Ask the golden questions as if these versions were published, and record the run.

    None where there are no questions, or the versions cannot be published; publishing itself then tells why. The run
    holds nothing up: whoever publishes has been shown the effects.
    """
    questions = golden.all()
    if not questions:
        return None
    try:
        results = effects.rehearse(version_ids, questions)
    except VersionError:
        return None
    return golden.record(results, by, " ".join(version_ids)[:200])
