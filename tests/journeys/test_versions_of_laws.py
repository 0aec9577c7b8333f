"""Real laws at hand in several versions: today's is cited, and on a past day that day's, saying so."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from knowledge.load import load
from knowledge.model import ClauseKind, Metadata
from knowledge.versions.difference import ClauseChange, ClauseDifference, Mark, difference
from retrieval.model import Answer, Question
from tests.support.clock import Clock

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("embedder"), pytest.mark.timeout(900)]

UNSURE = {"LAOFASHI_ANSWER_THRESHOLD": "0.3"}  # what counts here is which version is cited, not how surely
NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)
_DATED = re.compile(r"^(?P<name>.+)\((?P<day>\d{4}-\d{2}-\d{2})\)$")
_ENDS = re.compile(r"[，。；：、（）《》“”\s\d]")


@dataclass(frozen=True, slots=True)
class Case:
    """A matter that two versions of a law word differently, each in an article of its own."""

    older: Path
    newer: Path
    matter: str

    @property
    def question(self) -> str:
        return f"《{_name(self.newer)}》对“{self.matter}”是怎么规定的？"


def _name(path: Path) -> str:
    dated = _DATED.match(path.stem)
    return dated["name"] if dated else path.stem


def cases(data: Path) -> Iterator[Case]:
    """One for each law of which there are several versions, the shortest first."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((data / "laws").rglob("*.md"), key=lambda each: each.stem[-11:]):
        if _DATED.match(path.stem):
            groups[f"{path.parent}/{_name(path)}"].append(path)
    several = [paths for paths in groups.values() if len(paths) > 1]
    several.sort(key=lambda paths: (sum(path.stat().st_size for path in paths), paths))
    for paths in several:
        if case := _case(paths[-2], paths[-1]):
            yield case


def _case(older: Path, newer: Path) -> Case | None:
    old, new = load(older, older.name), load(newer, newer.name)
    if (old.metadata.title, old.metadata.region) != (new.metadata.title, new.metadata.region):
        return None  # renamed in between: another law
    matters = [matter for entry in difference(old.clauses, new.clauses).entries for matter in _matters(entry)]
    texts = ["".join(re.sub(r"\s", "", clause.text) for clause in each.clauses) for each in (old, new)]
    telling = [matter for matter in matters if all(text.count(matter) == 1 for text in texts)]
    return Case(older, newer, max(telling, key=len)) if telling else None


def _matters(entry: ClauseDifference) -> Iterator[str]:
    """What an article said before and says now, word for word, while it changed otherwise."""
    article = entry.new is not None and entry.new.kind is ClauseKind.ARTICLE
    for span in entry.spans if article and entry.change is ClauseChange.CHANGED else ():
        if span.mark is Mark.KEPT:
            yield from (part for part in _ENDS.split(span.text) if 6 <= len(part) <= 24)


@contextmanager
def indexed(cases_: Sequence[Case], home: Path, models_dir: Path) -> Iterator[Helpdesk]:
    """A helpdesk of its own with every version of these laws, the newest first."""
    helpdesk = Helpdesk(load_settings(UNSURE, home=home, models_dir=models_dir), Clock(NOW))
    with closing(helpdesk):
        migrate(helpdesk.engine)
        report = helpdesk.indexer.run([path for case in cases_ for path in (case.newer, case.older)])
        assert len(report.added) == 2 * len(cases_)
        yield helpdesk


def told(helpdesk: Helpdesk, case: Case, path: Path, day: date | None) -> str:
    """What became of a question that `path` answers: right, elsewhere in it, refused or, what may never be, wrong."""
    outcome = helpdesk.answer(Question.of(case.question, day))
    if not isinstance(outcome, Answer):
        return "refused"
    cited = [helpdesk.store.get(citation.document_id) for citation in outcome.citations]
    if not cited or any(each is None or each.source != str(path) for each in cited):
        return "wrong"
    if day and (outcome.another_day is None or outcome.another_day.day != day or not outcome.another_day.past):
        return "undated"
    quoted = [helpdesk.store.clause(citation.clause_id) for citation in outcome.citations]
    found = any(each and case.matter in re.sub(r"\s", "", each.clause.text) for each in quoted)
    return "right" if found else "elsewhere"


def asked(helpdesk: Helpdesk, cases_: Sequence[Case]) -> Counter[str]:
    """Every case asked today, and on the last day before the newer version began, if the older one had begun."""
    by_source = {each.source: each.metadata for each in helpdesk.store.documents()}
    found: Counter[str] = Counter()
    for case in cases_:
        older, newer = (_begins(by_source[str(path)]) for path in (case.older, case.newer))
        past = [(case.older, newer - timedelta(days=1))] if older < newer else []
        for path, day in ((case.newer, None), *past):
            became = told(helpdesk, case, path, day)
            assert became not in ("wrong", "undated"), (became, case, day)
            found[became] += 1
    return found


def _begins(metadata: Metadata) -> date:
    day = metadata.effective_on or metadata.issued_on
    assert day, metadata.title
    return day


def test_the_version_of_the_day_is_cited(data: Path, models_dir: Path, tmp_path: Path) -> None:
    eight = list(islice(cases(data), 8))
    assert len(eight) == 8
    with indexed(eight, tmp_path, models_dir) as helpdesk:
        found = asked(helpdesk, eight)
        other_way_round = {told(helpdesk, case, case.older, None) for case in eight}
    assert found["right"] >= 14, found
    assert other_way_round <= {"wrong", "refused"}  # the judge does tell one version from the other
    assert "wrong" in other_way_round


@pytest.mark.soak
def test_the_version_of_the_day_is_cited_of_every_law_at_hand(data: Path, models_dir: Path, tmp_path: Path) -> None:
    every = list(cases(data))
    assert len(every) > 60
    with indexed(every, tmp_path, models_dir) as helpdesk:
        found = asked(helpdesk, every)
    assert found["right"] >= 0.95 * sum(found.values()), found
