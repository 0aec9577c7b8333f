"""Makes the shipped models again: `python -m retrieval.learning DOCUMENTS`."""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from retrieval.embedding.embedder import connect_embedder
from retrieval.learning.base_model import wheel
from retrieval.learning.confidence_model import fit
from retrieval.learning.encoder import RECIPE, Making, make_encoder
from retrieval.learning.intent_model import make_intents
from retrieval.learning.lessons import DATA, NotLessons, faults, overlap, read_lessons, read_utterances, repeated
from retrieval.learning.looked_at import LookedAt, distractors, looked_at
from retrieval.learning.quotation_model import fit_quotation
from retrieval.learning.sources import NoSource, Sources, may_be_learned_from

log = logging.getLogger("laofashi.learning")
_EVERY = 20.0  # seconds between two lines of progress


def main() -> int:
    """Read the arguments, do what they ask for, and return the exit code."""
    options = argparse.ArgumentParser(prog="python -m retrieval.learning", description=__doc__)
    options.add_argument("documents", type=Path, help="folder with laws/, policies/, messages/ and stard/")
    options.add_argument("--work", type=Path, default=Path(".cache/learning"), help="where stages are kept")
    options.add_argument("--epochs", type=int, default=2, help="how often to go through the questions (default 2)")
    options.add_argument(
        "--only",
        choices=("intents", "encoder", "reader", "confidence"),
        help="which of the models to make (default all)",
    )
    options.add_argument("--check", action="store_true", help="only check the questions against the documents")
    given = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if given.check:
            return checked(given.documents)
        given.work.mkdir(parents=True, exist_ok=True)
        for name, make in _MAKERS.items():
            if given.only in (None, name):
                log.info("%s: %s", name, make(given))
    except (NoSource, NotLessons, OSError, ValueError) as error:
        log.error("%s", error)
        return 1
    return 0


def _intents(_: argparse.Namespace) -> str:
    return f"{make_intents(read_utterances(), read_lessons())} features"


def _encoder(given: argparse.Namespace) -> str:
    recipe = replace(RECIPE, epochs=given.epochs)
    making = Making(wheel(given.work), given.documents, given.work, recipe)
    return str(make_encoder(making, read_lessons(), ProgressLines(), log.info))


def _confidence(given: argparse.Namespace) -> str:
    seen = _calibration(given)
    return json.dumps([fit(seen), fit_quotation(seen, Sources(given.documents))], indent=1)


def _calibration(given: argparse.Namespace) -> list[LookedAt]:
    """Return what is found for questions over documents that no model learns from."""
    lessons, sources = read_lessons(DATA / "calibration"), Sources(given.documents)
    embedder = connect_embedder(announce=log.info)
    return [*looked_at(lessons, distractors(lessons, sources), sources, embedder, given.work, ProgressLines())]


_MAKERS = {"intents": _intents, "encoder": _encoder, "confidence": _confidence}


def checked(documents: Path) -> int:
    """Print what is wrong with the questions, and what they are; return 1 if anything is wrong."""
    sources, lessons = Sources(documents), [*read_lessons(), *read_lessons(DATA / "calibration")]
    wrong = [f"{id_}: asked before" for id_ in repeated(lessons)]
    copied = []
    for lesson in lessons:
        clauses = sources.read(lesson.document).clauses
        text = clauses[lesson.clause].text if lesson.clause < len(clauses) else ""
        wrong += [f"{lesson.id}: {fault}" for fault in faults(lesson, text)]
        if not may_be_learned_from(lesson.document):
            wrong.append(f"{lesson.id}: {lesson.document} is of the half that is never learned from")
        copied.append(overlap(lesson.question, text))
    for fault in wrong:
        log.error("%s", fault)
    log.info("%d questions over %d documents", len(lessons), len({each.document for each in lessons}))
    for what in ("verdict", "style", "reason", "people"):
        log.info("%s: %s", what, dict(Counter(str(getattr(each, what)) for each in lessons).most_common()))
    log.info("pairs of characters shared with the clause: %.2f on average", sum(copied) / max(1, len(copied)))
    return 1 if wrong else 0


class ProgressLines:
    """Writes a line of progress now and then, with the time that a stage has taken."""

    def __init__(self) -> None:
        self._stage, self._began, self._said = "", 0.0, 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._said = stage, now, 0.0
        if now - self._said >= _EVERY or done == total:
            self._said = now
            log.info("%s %d/%d, %.0f s", stage, done, total, now - self._began)


if __name__ == "__main__":
    sys.exit(main())
