"""Measures nDCG@10 of the engine and of the stock pipeline, on the same questions about notices."""

from pathlib import Path

from bench.houses import Report, opened
from bench.places import CACHE, material
from bench.stock import Stock
from retrieval.evaluation.beir import read_benchmark
from retrieval.evaluation.measures import measured
from retrieval.evaluation.ranking_quality import Figures, evaluate


def our_quality(home: Path, report: Report) -> Figures:
    """Measure our quality as `laofashi evaluate` does, on the dev questions of policies/."""
    (policies,) = material("policies")
    (CACHE / "evaluate").mkdir(parents=True, exist_ok=True)
    with opened(home) as helpdesk:
        return evaluate(policies, "dev", helpdesk.embedder, CACHE / "evaluate", report)


def stock_quality(stock: Stock, report: Report) -> Figures:
    """Measure the stock pipeline on the same questions. Rankings leave out pages: the corpus of policies/ has none."""
    (policies,) = material("policies")
    benchmark = read_benchmark(policies, "dev")
    notices = {text.id for text in benchmark.corpus}
    judged = []
    for done, asked in enumerate(benchmark.questions):
        ranking = [each for each in stock.ranking(asked.text) if each in notices]
        judged.append((ranking, asked.relevant))
        report("asking stock", done + 1, len(benchmark.questions))
    return dict(measured(judged))
