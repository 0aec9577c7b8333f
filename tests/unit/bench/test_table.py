"""The contest's table: who is ahead where, with its reason, and the chart."""

from dataclasses import replace
from pathlib import Path

from bench.peers.chart import draw_peers
from bench.peers.contest import Contest, Terms
from bench.peers.entrant import Figures
from bench.peers.kinds import KINDS, OURS
from bench.peers.table import COLUMNS, as_json, behind, lines

OURS_FIGURES = Figures(10, 0.9, 0.95, 5.0, 9.0, 300.0, 12.0, 400.0)


def made(**others: Figures) -> Contest:
    return Contest(
        "little", 3, 20, Terms(10, 2, 2), {OURS: OURS_FIGURES, **others}, {"haystack": "no reply within 3 s"}
    )


def test_a_peer_that_is_ahead_nowhere_needs_no_reason() -> None:
    worse = Figures(10, 0.8, 0.9, 6.0, 10.0, 200.0, 13.0, 500.0)
    assert behind(made(txtai=worse)) == []
    assert behind(made(txtai=OURS_FIGURES)) == []


def test_each_figure_in_which_a_peer_is_ahead_is_told() -> None:
    better = Figures(10, 0.91, 0.96, 4.0, 8.0, 400.0, 11.0, 300.0)
    found = behind(made(someone=better))
    assert [each.column for each in found] == list(COLUMNS)
    assert {each.why for each in found} == {"no reason is known"}


def test_the_reason_stands_beside_the_figure() -> None:
    faster = replace(OURS_FIGURES, p50_ms=0.2)
    contest = made(**{"bm25s": faster, "bm25s, jieba": faster})
    (told,) = [line for line in lines(contest) if " behind " in line]
    said, why = told.split(": ", 1)
    assert said == "  p50 ms behind bm25s 0.20; bm25s, jieba 0.20 (here 5.00)"
    assert "no reason" not in why
    assert as_json(contest)["behind"] == [
        {"figure": "p50_ms", "peer": name, "why": why} for name in ("bm25s", "bm25s, jieba")
    ]


def test_whoever_is_missing_is_told() -> None:
    assert "  haystack is missing: no reply within 3 s" in list(lines(made()))


def test_the_best_of_a_column_is_marked() -> None:
    table = "\n".join(lines(made(txtai=replace(OURS_FIGURES, p50_ms=0.2, ndcg_10=0.5))))
    assert "0.900*" in table
    assert "0.20*" in table
    assert "5.00*" not in table


def test_every_contestant_has_its_row_in_the_table() -> None:
    names = [kind.name for kind in KINDS]
    table = "\n".join(lines(made(**dict.fromkeys(names[1:], OURS_FIGURES))))
    assert [name for name in names if f"\n {name} " not in table and f"\n  {name} " not in table] == []
    assert all(kind.settings in table for kind in KINDS)


def test_the_chart_is_drawn(tmp_path: Path) -> None:
    paths = draw_peers(made(txtai=OURS_FIGURES), tmp_path)
    assert [path.name for path in paths] == ["peers-little.svg", "peers-little.png"]
    assert all(path.stat().st_size > 5000 for path in paths)
