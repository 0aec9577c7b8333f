"""Does what commands ask of the one writer; that is the running service, or the command itself where none runs."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import singledispatch
from typing import Any

from pydantic import TypeAdapter

from bot.handover import requests as asked
from desk.accounts.accounts import Accounts, names
from desk.admin.answers import replay_json
from desk.admin.version_json import difference_json, effect_json, golden_json, run_json, version_json
from desk.admin.words import entry_json
from desk.answers.given import resting_on
from desk.answers.rehearsal import rehearsed
from desk.answers.replay import Replays
from desk.audit import Audit
from desk.bus import Bus
from desk.errors import NotFound, WrongState
from desk.web.deps import Publication, Wording
from knowledge.golden import Expected, GoldenQuestions
from knowledge.store.documents import DocumentStore
from knowledge.version import Version, VersionState
from knowledge.versions.workflow import Versions
from retrieval.answering.confidence import THRESHOLD
from retrieval.evaluation.calibration import calibration_json
from retrieval.evaluation.threshold import TooFew, proposed
from retrieval.model import Outcome, Question

_PLAIN = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class CommandParts:
    """The parts that acts work with. `publication` is made at its first use: it needs the index, which takes seconds.

    `answer_from` returns a function that answers from a given confidence on. `threshold` is the one in the settings,
    if any.
    """

    accounts: Accounts
    bus: Bus
    audit: Audit
    store: DocumentStore
    versions: Versions
    golden: GoldenQuestions
    publication: Callable[[], Publication]
    wording: Wording
    replays: Replays
    answer_from: Callable[[float], Callable[[Question], Outcome]]
    threshold: float | None


def act(given: asked.CommandRequest, parts: CommandParts) -> Any:
    """Do a request and return the result as plain JSON. Raises VersionError, DeskError, ValueError."""
    return _PLAIN.dump_python(done(given, parts), mode="json")


@singledispatch
def done(given: object, parts: CommandParts) -> Any:
    """Do a request; each kind has its own function. Raises TypeError for an unknown kind."""
    raise TypeError(f"no act does a {type(given).__name__}")


@done.register
def versions(given: asked.ListVersionsRequest, parts: CommandParts) -> Any:
    name_of = names(parts.accounts)
    return [version_json(each, name_of) for each in parts.versions.in_states(*given.states)]


@done.register
def difference(given: asked.DifferenceRequest, parts: CommandParts) -> Any:
    return difference_json(parts.versions.difference(given.version))


@done.register
def effects(given: asked.EffectsRequest, parts: CommandParts) -> Any:
    effect = parts.publication().effects.of([given.version], parts.golden.all())
    return effect_json(effect, resting_on(parts.store, parts.versions, given.version))


@done.register
def publish(given: asked.PublishRequest, parts: CommandParts) -> Any:
    run = _rehearsed(given, parts)
    return _told(parts, parts.publication().publishing.publish([given.version], given.by, given.on)[0]) | run


@done.register
def approve(given: asked.ApproveRequest, parts: CommandParts) -> Any:
    run = _rehearsed(given, parts)
    return _told(parts, parts.publication().publishing.approve(given.version, given.by)) | run


def _rehearsed(given: asked.PublishRequest | asked.ApproveRequest, parts: CommandParts) -> dict[str, Any]:
    """Ask the golden questions with the version before it is published; return how they go."""
    run = rehearsed(parts.publication().effects, parts.golden, [given.version], given.by)
    return {"golden": run and run_json(run, names(parts.accounts))}


@done.register
def release(given: asked.ReleaseRequest, parts: CommandParts) -> Any:
    return _told(parts, parts.versions.release(given.version, given.by, given.reason))


@done.register
def withdraw(given: asked.WithdrawRequest, parts: CommandParts) -> Any:
    return _told(parts, parts.versions.withdraw(given.version, given.by))


@done.register
def roll_back(given: asked.RollBackRequest, parts: CommandParts) -> Any:
    before = parts.publication().publishing.roll_back(given.document, given.by)
    parts.bus.publish("documents", {"document": given.document})
    return {"version": version_json(before, names(parts.accounts)) if before else None}


@done.register
def remove(given: asked.RemoveRequest, parts: CommandParts) -> Any:
    return {"removed": parts.publication().publishing.remove(given.document, given.by)}


@done.register
def golden_add(given: asked.AddGoldenRequest, parts: CommandParts) -> Any:
    expected = Expected(given.document, given.clause, given.words, given.refused)
    made = parts.golden.add(given.question, expected, given.by, given.on)
    parts.audit.record(given.by, "golden.add", f"golden:{made.id}", question=made.question)
    return golden_json(made, names(parts.accounts))


@done.register
def golden_list(given: asked.ListGoldenRequest, parts: CommandParts) -> Any:
    name_of = names(parts.accounts)
    return [golden_json(each, name_of) for each in parts.golden.all()]


@done.register
def golden_remove(given: asked.RemoveGoldenRequest, parts: CommandParts) -> Any:
    if not parts.golden.remove(given.question):
        raise NotFound(f"there is no golden question {given.question!r}: `laofashi golden list` lists them")
    parts.audit.record(given.by, "golden.remove", f"golden:{given.question}")
    return {"removed": True}


@done.register
def golden_run(given: asked.RunGoldenRequest, parts: CommandParts) -> Any:
    """Ask all golden questions now, and record the results."""
    results = parts.golden.ask(parts.publication().ask, parts.golden.all())
    run = parts.golden.record(results, given.by)
    return run_json(run, names(parts.accounts)) | {"results": [asdict(each) for each in results]}


@done.register
def golden_calibrate(given: asked.CalibrateRequest, parts: CommandParts) -> Any:
    """Calibrate the confidence on the golden questions, and propose a threshold for a wanted precision."""
    in_use = THRESHOLD if parts.threshold is None else parts.threshold
    try:
        found = proposed(parts.answer_from, parts.golden.all(), given.precision, in_use)
    except TooFew as error:
        raise WrongState(str(error)) from error
    return asdict(found) | {"calibration": calibration_json(found.calibration)}


@done.register
def words_list(given: asked.ListWordsRequest, parts: CommandParts) -> Any:
    name_of = names(parts.accounts)
    return [entry_json(each, name_of) for each in parts.wording.words.all()]


@done.register
def words_add(given: asked.AddWordsRequest, parts: CommandParts) -> Any:
    """Add an entry. `unheld` in the result are its documents' words that no document holds."""
    made = parts.wording.words.add(given.said, given.written, given.by)
    holds = parts.wording.held(made.written)
    unheld = [word for word in made.written if word not in holds]
    return entry_json(made, names(parts.accounts)) | {"unheld": unheld}


@done.register
def words_remove(given: asked.RemoveWordsRequest, parts: CommandParts) -> Any:
    parts.wording.words.remove(given.entry, given.by)
    return {"removed": True}


@done.register
def words_switch(given: asked.SwitchWordsRequest, parts: CommandParts) -> Any:
    return entry_json(parts.wording.words.switch(given.entry, given.on, given.by), names(parts.accounts))


@done.register
def words_proposed(given: asked.ProposedWordsRequest, parts: CommandParts) -> Any:
    return [asdict(each) for each in parts.wording.proposals()]


@done.register
def replay(given: asked.ReplayRequest, parts: CommandParts) -> Any:
    return replay_json(parts.replays.of(given.message))


def _told(parts: CommandParts, version: Version) -> Any:
    if version.state is VersionState.PUBLISHED:
        parts.bus.publish("documents", {"document": version.document_id})
    return version_json(version, names(parts.accounts))
