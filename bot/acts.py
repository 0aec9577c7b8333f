"""What commands of publishing ask for, done by whoever is the one writer: the running service or the command itself."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel, TypeAdapter

from bot.app import Helpdesk
from bot.steering import replays, wording
from desk.answers import replay_json
from desk.errors import NotFound, WrongState
from desk.past_answers import resting_on
from desk.people import names
from desk.rehearsal import rehearsed
from desk.versions_json import difference_json, effect_json, golden_json, run_json, version_json
from desk.word_routes import entry_json
from knowledge.golden import Expected
from knowledge.holding import held
from knowledge.version import Version, VersionState
from retrieval.calibration import calibration_json
from retrieval.confidence import THRESHOLD
from retrieval.threshold import TooFew, proposed

_PLAIN = TypeAdapter(Any)


class Act(BaseModel):
    """What is asked for; each act takes what it needs. `by` is who asks, for the record."""

    by: str = "system"
    version: str = ""
    document: str = ""
    on: date | None = None
    reason: str = ""
    states: list[VersionState] = []
    question: str = ""
    clause: str = ""
    words: list[str] = []
    refused: bool = False
    precision: float = 0.95
    written: list[str] = []
    entry: str = ""
    message: int = 0


def versions(helpdesk: Helpdesk, given: Act) -> Any:
    """Those in these states, all for none given."""
    name_of = names(helpdesk.accounts)
    return [version_json(each, name_of) for each in helpdesk.versions.in_states(*given.states)]


def difference(helpdesk: Helpdesk, given: Act) -> Any:
    return difference_json(helpdesk.versions.difference(given.version))


def effects(helpdesk: Helpdesk, given: Act) -> Any:
    effect = helpdesk.effects.of([given.version], helpdesk.golden.all())
    return effect_json(effect, resting_on(helpdesk.store, helpdesk.versions, given.version))


def publish(helpdesk: Helpdesk, given: Act) -> Any:
    run = _rehearsed(helpdesk, given)
    return _told(helpdesk, helpdesk.publishing.publish([given.version], given.by, given.on)[0]) | run


def approve(helpdesk: Helpdesk, given: Act) -> Any:
    run = _rehearsed(helpdesk, given)
    return _told(helpdesk, helpdesk.publishing.approve(given.version, given.by)) | run


def _rehearsed(helpdesk: Helpdesk, given: Act) -> dict[str, Any]:
    """How the golden questions go with the version, asked before it is published."""
    run = rehearsed(helpdesk.effects, helpdesk.golden, [given.version], given.by)
    return {"golden": run and run_json(run, names(helpdesk.accounts))}


def release(helpdesk: Helpdesk, given: Act) -> Any:
    return _told(helpdesk, helpdesk.versions.release(given.version, given.by, given.reason))


def withdraw(helpdesk: Helpdesk, given: Act) -> Any:
    return _told(helpdesk, helpdesk.versions.withdraw(given.version, given.by))


def roll_back(helpdesk: Helpdesk, given: Act) -> Any:
    before = helpdesk.publishing.roll_back(given.document, given.by)
    helpdesk.bus.publish("documents", {"document": given.document})
    return {"version": version_json(before, names(helpdesk.accounts)) if before else None}


def remove(helpdesk: Helpdesk, given: Act) -> Any:
    return {"removed": helpdesk.publishing.remove(given.document, given.by)}


def golden_add(helpdesk: Helpdesk, given: Act) -> Any:
    expected = Expected(given.document, given.clause, tuple(given.words), given.refused)
    made = helpdesk.golden.add(given.question, expected, given.by, given.on)
    helpdesk.audit.record(given.by, "golden.add", f"golden:{made.id}", question=made.question)
    return golden_json(made, names(helpdesk.accounts))


def golden_list(helpdesk: Helpdesk, given: Act) -> Any:
    name_of = names(helpdesk.accounts)
    return [golden_json(each, name_of) for each in helpdesk.golden.all()]


def golden_remove(helpdesk: Helpdesk, given: Act) -> Any:
    if not helpdesk.golden.remove(given.question):
        raise NotFound(f"there is no golden question {given.question!r}: `laofashi golden list` lists them")
    helpdesk.audit.record(given.by, "golden.remove", f"golden:{given.question}")
    return {"removed": True}


def golden_run(helpdesk: Helpdesk, given: Act) -> Any:
    """Ask them all now, and keep how it went."""
    results = helpdesk.golden.ask(helpdesk.ask_golden, helpdesk.golden.all())
    run = helpdesk.golden.record(results, given.by)
    return run_json(run, names(helpdesk.accounts)) | {"results": [asdict(each) for each in results]}


def golden_calibrate(helpdesk: Helpdesk, given: Act) -> Any:
    """What the confidence is worth on the golden questions, and the threshold for a wanted precision."""
    threshold = helpdesk.settings.answer_threshold
    in_use = THRESHOLD if threshold is None else threshold
    try:
        found = proposed(helpdesk.answer_from, helpdesk.golden.all(), given.precision, in_use)
    except TooFew as error:
        raise WrongState(str(error)) from error
    return asdict(found) | {"calibration": calibration_json(found.calibration)}


def words_list(helpdesk: Helpdesk, given: Act) -> Any:
    name_of = names(helpdesk.accounts)
    return [entry_json(each, name_of) for each in helpdesk.words.all()]


def words_add(helpdesk: Helpdesk, given: Act) -> Any:
    """`unheld` are the documents' words that no document holds."""
    made = helpdesk.words.add(given.words, given.written, given.by)
    holds = held(helpdesk.engine, made.written)
    unheld = [word for word in made.written if word not in holds]
    return entry_json(made, names(helpdesk.accounts)) | {"unheld": unheld}


def words_remove(helpdesk: Helpdesk, given: Act) -> Any:
    helpdesk.words.remove(given.entry, given.by)
    return {"removed": True}


def words_on(helpdesk: Helpdesk, given: Act) -> Any:
    return entry_json(helpdesk.words.switch(given.entry, True, given.by), names(helpdesk.accounts))


def words_off(helpdesk: Helpdesk, given: Act) -> Any:
    return entry_json(helpdesk.words.switch(given.entry, False, given.by), names(helpdesk.accounts))


def words_proposed(helpdesk: Helpdesk, given: Act) -> Any:
    return [asdict(each) for each in wording(helpdesk).proposals()]


def replay(helpdesk: Helpdesk, given: Act) -> Any:
    return replay_json(replays(helpdesk).of(given.message))


def _told(helpdesk: Helpdesk, version: Version) -> Any:
    if version.state is VersionState.PUBLISHED:
        helpdesk.bus.publish("documents", {"document": version.document_id})
    return version_json(version, names(helpdesk.accounts))


ACTS: dict[str, Callable[[Helpdesk, Act], Any]] = {
    "versions": versions,
    "difference": difference,
    "effects": effects,
    "publish": publish,
    "approve": approve,
    "release": release,
    "withdraw": withdraw,
    "roll-back": roll_back,
    "remove": remove,
    "golden-add": golden_add,
    "golden-list": golden_list,
    "golden-remove": golden_remove,
    "golden-run": golden_run,
    "golden-calibrate": golden_calibrate,
    "words-list": words_list,
    "words-add": words_add,
    "words-remove": words_remove,
    "words-on": words_on,
    "words-off": words_off,
    "words-proposed": words_proposed,
    "replay": replay,
}


def act(helpdesk: Helpdesk, name: str, given: Act) -> Any:
    """Do it; the answer is plain JSON. Raises VersionError, DeskError, ValueError."""
    return _PLAIN.dump_python(ACTS[name](helpdesk, given), mode="json")
