"""Versions, their differences and their effects as the administrator's page reads them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from desk.answers.given import Resting
from knowledge.golden import GoldenAnswer, GoldenQuestion, Run
from knowledge.model import Clause
from knowledge.version import Version
from knowledge.versions import checks
from knowledge.versions.difference import ClauseDifference, Difference
from knowledge.versions.rows import metadata_json

if TYPE_CHECKING:  # heavy to import
    from retrieval.publishing.effects import ChangedAnswer, Effect

_WENT = 12  # runs told of one question
NameOf = Callable[[str], str]
_PEOPLE = ("created_by", "confirmed_by", "released_by", "asked_by", "approved_by", "published_by")


def version_json(version: Version, name_of: NameOf) -> dict[str, Any]:
    """A version without its clauses; `people` has the names of everybody who had to do with it."""
    plain = asdict(version)
    plain["decided"] = metadata_json(version.decided) if version.decided else None
    plain["holds"] = [asdict(hold) | {"sentence": checks.sentence(hold)} for hold in version.holds]
    plain |= {
        "kind": version.kind,
        "needs_confirmation": version.needs_confirmation,
        "awaits_approval": version.awaits_approval,
        "people": {field: name_of(getattr(version, field)) for field in _PEOPLE if getattr(version, field)},
    }
    del plain["original"], plain["source"]
    return plain | {"has_original": bool(version.original)}


def clause_json(clause: Clause | None) -> dict[str, Any] | None:
    """A clause with its place in the document's text."""
    return None if clause is None else asdict(clause) | {"locator": clause.locator}


def difference_json(found: Difference) -> dict[str, Any]:
    """How many clauses of each kind, and every entry in the new order."""
    return {"counts": found.counts, "entries": [_entry_json(entry) for entry in found.entries]}


def _entry_json(entry: ClauseDifference) -> dict[str, Any]:
    plain: dict[str, Any] = {"change": entry.change, "moved": entry.moved}
    plain["old"], plain["new"] = clause_json(entry.old), clause_json(entry.new)
    plain["spans"] = [{"mark": span.mark, "text": span.text} for span in entry.spans]
    return plain


def effect_json(effect: "Effect", resting: Resting) -> dict[str, Any]:
    """What publishing would change."""
    return {
        "golden": golden_effect_json(effect.asked, effect.changed),
        "documents": [asdict(each) for each in effect.documents],
        "past_answers": asdict(resting),
    }


def golden_effect_json(asked: int, changed: "Sequence[ChangedAnswer]") -> dict[str, Any]:
    """How many golden questions were asked before and after, and those that would be answered otherwise."""
    return {
        "asked": asked,
        "changed": [
            {
                "id": each.question.id,
                "question": each.question.question,
                "before": said_json(each.before, each.problem_before),
                "after": said_json(each.after, each.problem_after),
            }
            for each in changed
        ],
    }


def said_json(said: GoldenAnswer, problem: str) -> dict[str, Any]:
    return asdict(said) | {"problem": problem}


def golden_json(question: GoldenQuestion, name_of: NameOf) -> dict[str, Any]:
    return asdict(question) | {"created_by": name_of(question.created_by)}


def run_json(run: Run, name_of: NameOf) -> dict[str, Any]:
    """A run without the ids of the questions that were right; how many they were stays."""
    plain = asdict(run) | {"by": name_of(run.by)}
    del plain["right"]
    return plain


def went(question_id: str, runs: Sequence[Run]) -> list[bool]:
    """How one question went in the newest runs that asked it. `runs` come newest first, the result oldest first."""
    asked = [(question_id in run.right, any(each["id"] == question_id for each in run.failures)) for run in runs]
    return [right for right, wrong in asked if right or wrong][:_WENT][::-1]
