"""Milliseconds of one question answered in process, against the bare floor and against the stock pipeline."""

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
from retrieval.beir import read_benchmark
from retrieval.index import DEPTH
from retrieval.model import Question
from retrieval.vectors import VectorReader, connect_vectors

OURS, FLOOR, STOCK = "laofashi", "floor", "stock"


@dataclass(frozen=True, slots=True)
class Speed:
    """Times of each way over one index of so many documents and chunks."""

    documents: int
    chunks: int
    times: dict[str, Times]


def speed(home: Path, questions: Sequence[Turns], rounds: int, stock: Stock | None = None) -> Speed:
    """Ask the helpdesk of `home` and the floor in turn, and a stock pipeline where one is given."""
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
    """The whole way from a question to an answer, with its citations."""
    return lambda turns: helpdesk.answer(Question.of(turns))


def floor(helpdesk: Helpdesk, reader: VectorReader) -> Ask:
    """Nothing but the model and the vector index, for as many candidates as the engine asks for."""
    embed = helpdesk.embedder.embed_query
    return lambda turns: reader.nearest("current", embed(turns[-1]), DEPTH)


def documents_for_stock(home: Path) -> Callable[[], list[Document]]:
    """The notices as they are, and the pages as our readers see them: clean text, a help to the stock pipeline."""

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
