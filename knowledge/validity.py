"""Whether a document, or one clause of it, is in force on a day."""

from datetime import date

from knowledge.model import ClauseDays, Metadata, Standing


def standing_on(metadata: Metadata, day: date) -> Standing:
    """The document's standing on `day`.

    `expires_on` is the last day in force, `repealed_on` the first day no longer in force. A document that does not
    say when it takes effect is in force from its publication, else its issue, and always when those are unknown, too.
    """
    if metadata.repealed_on and day >= metadata.repealed_on:
        return Standing.REPEALED
    if metadata.expires_on and day > metadata.expires_on:
        return Standing.EXPIRED
    begins = metadata.effective_on or metadata.published_on or metadata.issued_on
    if begins and day < begins:
        return Standing.NOT_YET
    return Standing.IN_FORCE


def clause_standing_on(metadata: Metadata, days: ClauseDays | None, day: date) -> Standing:
    """The standing of a clause: its document's, unless the clause ended before or begins later."""
    standing = standing_on(metadata, day)
    if standing is not Standing.IN_FORCE or days is None:
        return standing
    if days.repealed_on and day >= days.repealed_on:
        return Standing.REPEALED
    if days.effective_on and day < days.effective_on:
        return Standing.NOT_YET
    return Standing.IN_FORCE
