"""Times one question answered in process, against the bare floor and the stock pipeline."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from langchain_core.documents import Document

from bench.houses import opened
from bench.places import material
from bench.questions import Turns
from bench.stock import Stock
from bench.timing import Ask, Times, timed
from bot.app import Helpdesk
from retrieval.evaluation.beir import read_benchmark
from retrieval.index.index import DEPTH
from retrieval.model import Question
from retrieval.search.connect import connect_vectors
from retrieval.search.vectors import VectorReader

OURS, FLOOR, STOCK = "laofashi", "floor", "stock"


@dataclass(frozen=True, slots=True)
class Speed:
    """Times of each way over one index of so many documents and chunks."""

    documents: int
    chunks: int
    times: dict[str, Times]


def speed(home: Path, questions: Sequence[Turns], rounds: int, stock: Stock | None = None) -> Speed:
    """Time the helpdesk of `home` and the floor in turn, and the stock pipeline where one is given."""
    with opened(home) as helpdesk:
        shown = helpdesk.index.published
        if not shown.generation:
            raise RuntimeError(f"nothing is published in {home}: {helpdesk.index.trouble or 'no generation'}")
        with closing(connect_vectors(None, home / "index").open(shown.generation)) as reader:
            ways: dict[str, Ask] = {FLOOR: floor(helpdesk, reader), OURS: answering(helpdesk)}
            if stock:
                ways[STOCK] = lambda turns: stock.ask(turns[-1])
            times = timed(ways, questions, rounds)
        return Speed(len(helpdesk.store.documents()), shown.chunk_count, times)


def answering(helpdesk: Helpdesk) -> Ask:
    """Return a function that goes the whole way from a question to an answer with its citations."""
    return lambda turns: helpdesk.answer(Question.of(turns))


def floor(helpdesk: Helpdesk, reader: VectorReader) -> Ask:
    """Return a function that asks only the model and the vectors, for as many candidates as the engine asks for."""
    embed = helpdesk.embedder.embed_query
    return lambda turns: reader.nearest("current", embed(turns[-1]), DEPTH)


def documents_for_stock(home: Path) -> Callable[[], list[Document]]:
    """Return a function that reads the stock pipeline's documents.

    Notices are taken as they are. Pages are taken as our readers see them: clean text, which helps the stock pipeline.
    """

    def read() -> list[Document]:
        (policies,) = material("policies")
        corpus = read_benchmark(policies, "dev").corpus
        notices = [Document(f"{text.title}\n\n{text.text}", metadata={"id": text.id}) for text in corpus]
        return notices + _pages(home)

    return read


def _pages(home: Path) -> list[Document]:
    with opened(home) as helpdesk:
        pages = [each for each in helpdesk.store.documents() if each.media_type == "text/html"]
        return [
            Document(
                "\n".join([page.metadata.title, *(each.clause.text for each in helpdesk.store.clauses(page.id))]),
                metadata={"id": page.file},
            )
            for page in pages
        ]
