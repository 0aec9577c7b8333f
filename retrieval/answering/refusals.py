"""What the applicant is told of a rule that was found but is not in force."""

from datetime import date

from knowledge.law.validity import begins
from knowledge.model import Metadata, Standing
from retrieval.model import RuleNotInForce


def rule_not_in_force(
    metadata: Metadata, standing: Standing, locator: str | None, asked_on: date | None
) -> RuleNotInForce:
    """Return the facts of a document, or of its clause at `locator`, with this standing; `asked_on` None is today."""
    title = metadata.title.strip("《》")
    turns_on = _turns_on(metadata, standing) if locator is None else None
    return RuleNotInForce(title, standing, locator, turns_on, asked_on)


def _turns_on(metadata: Metadata, standing: Standing) -> date | None:
    if standing is Standing.NOT_YET:
        return begins(metadata)
    return metadata.repealed_on if standing is Standing.REPEALED else metadata.expires_on
