"""Writes the contest as a table and as JSON, with the reason beside every figure in which another is ahead."""

import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bench.peers.contest import Contest
from bench.peers.kinds import KINDS, OURS
from bench.peers.reasons import reason

_WIDTH = 160  # characters


@dataclass(frozen=True, slots=True)
class Column:
    """A figure: the field of Figures, its heading, its format, and whether more of it is better."""

    field: str
    heading: str
    form: str
    more: bool = False


COLUMNS = (
    Column("ndcg_10", "nDCG@10", ".3f", more=True),
    Column("recall_5", "recall@5", ".3f", more=True),
    Column("p50_ms", "p50 ms", ".2f"),
    Column("p99_ms", "p99 ms", ".2f"),
    Column("per_second", "questions/s", ".0f", more=True),
    Column("index_seconds", "index s", ".1f"),
    Column("peak_mb", "memory MB", ".0f"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure in which another is ahead of this program, and why."""

    column: Column
    name: str
    ours: float
    theirs: float
    why: str


def behind(contest: Contest) -> list[Behind]:
    """Return all such figures; none where this program was not measured."""
    if OURS not in contest.figures:
        return []
    found = []
    for column in COLUMNS:
        mine = getattr(contest.figures[OURS], column.field)
        for name, figures in contest.figures.items():
            theirs = getattr(figures, column.field)
            if theirs > mine if column.more else theirs < mine:
                found.append(Behind(column, name, mine, theirs, reason(column.field, name)))
    return found


def lines(contest: Contest) -> Iterator[str]:
    """Yield the lines of the table and its notes, for a person to read."""
    terms = contest.terms
    yield (
        f"{contest.documents} documents of {contest.corpus}/, {contest.questions} questions; {terms.questions} of them "
        f"timed in {terms.rounds} rounds, one at a time and by {terms.threads} threads; * best"
    )
    yield from _drawn(contest)
    for name, why in contest.failures.items():
        yield f"  {name} is missing: {why}"
    for (column, why), some in groupby(behind(contest), lambda each: (each.column, each.why)):
        ahead = list(some)
        theirs = "; ".join(f"{each.name} {format(each.theirs, column.form)}" for each in ahead)
        yield f"  {column.heading} behind {theirs} (here {format(ahead[0].ours, column.form)}): {why}"


def as_json(contest: Contest) -> dict[str, Any]:
    """Return the whole contest, with the figures in which this program is behind and why."""
    late = [{"figure": each.column.field, "peer": each.name, "why": each.why} for each in behind(contest)]
    return asdict(contest) | {"behind": late}


def _drawn(contest: Contest) -> Iterator[str]:
    table = Table("", *(column.heading for column in COLUMNS), "passages", "set up as", box=SIMPLE_HEAD)
    table.columns[0].no_wrap = True
    for column in table.columns[1:-1]:
        column.justify = "right"
    settings = {kind.name: kind.settings for kind in KINDS}
    best = {column.field: _best(contest, column) for column in COLUMNS}
    for name, figures in contest.figures.items():
        values = {column: getattr(figures, column.field) for column in COLUMNS}
        cells = (_cell(value, column, value == best[column.field]) for column, value in values.items())
        table.add_row(name, *cells, str(figures.passages), settings.get(name, ""))
    console = Console(file=io.StringIO(), width=_WIDTH)
    with console.capture() as capture:
        console.print(table)
    yield from capture.get().rstrip().splitlines()


def _cell(value: float, column: Column, best: bool) -> str:
    return format(value, column.form) + ("*" if best else " ")


def _best(contest: Contest, column: Column) -> float:
    values = [getattr(figures, column.field) for figures in contest.figures.values()]
    return float(max(values) if column.more else min(values)) if values else 0.0
