"""Finding documents: the shelves agree with the rule for standing, every word counts, pages do not overlap."""

from datetime import date, timedelta
from itertools import product

from sqlalchemy import Engine

from knowledge.law.validity import standing_on
from knowledge.model import Clause, Metadata, ParsedDocument, Standing
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.store.shelves import PAGE, Looking, Shelf, find_documents
from tests.support.clock import Clock

TODAY = date(2026, 11, 19)


def put(store: DocumentStore, *metadata: Metadata) -> None:
    items = [
        IncomingDocument(
            ParsedDocument(each, (Clause(1, "", (), "一"),), "text/plain"), f"{i}.md", f"/{i}.md", f"{i:064}"
        )
        for i, each in enumerate(metadata)
    ]
    store.put_many(items)


def titles(engine: Engine, shelf: Shelf = Shelf.ALL, words: str = "", page: int = 0) -> list[str]:
    return [each.metadata.title for each in find_documents(engine, Looking(shelf, words, page), TODAY).documents]


def test_every_shelf_holds_what_the_rule_for_standing_says(engine: Engine, clock: Clock) -> None:
    days = (None, *(TODAY + timedelta(days=n) for n in (-1, 0, 1, 60, 61)))
    metadata = [
        Metadata(f"文{i}", effective_on=begins, expires_on=expires, repealed_on=repealed)
        for i, (begins, expires, repealed) in enumerate(product(days[:4], days, days))
    ]
    metadata += [Metadata(f"文号{i}", issued_on=day) for i, day in enumerate(days)]
    put(DocumentStore(engine, clock), *metadata)
    expected: dict[Shelf, set[str]] = {shelf: set() for shelf in Shelf}
    for each in metadata:
        standing = standing_on(each, TODAY)
        shelves = {
            Standing.IN_FORCE: Shelf.IN_FORCE,
            Standing.NOT_YET: Shelf.NOT_YET,
            Standing.EXPIRED: Shelf.ENDED,
            Standing.REPEALED: Shelf.ENDED,
        }
        expected[Shelf.ALL].add(each.title)
        expected[shelves[standing]].add(each.title)
        last = min((day for day in (each.expires_on, each.repealed_on) if day), default=date.max)
        if standing is Standing.IN_FORCE and last <= TODAY + timedelta(days=60):
            expected[Shelf.EXPIRING].add(each.title)
    for shelf in Shelf:
        listing = find_documents(engine, Looking(shelf), TODAY)
        found = [title for page in range(3) for title in titles(engine, shelf, page=page)]
        assert set(found) == expected[shelf]
        assert (len(found), listing.total, listing.counts[shelf]) == (len(expected[shelf]),) * 3


def test_all_words_must_be_in_title_number_file_or_issuer(engine: Engine, clock: Clock) -> None:
    store = DocumentStore(engine, clock)
    put(store, Metadata("犬只登记办法", "江湾区公安局", "江公〔2026〕3号"), Metadata("100%补贴_办法"), Metadata("别的"))
    assert titles(engine, words="犬只 〔2026〕") == ["犬只登记办法"]
    assert titles(engine, words="公安局") == ["犬只登记办法"]
    assert titles(engine, words="2.md") == ["别的"]
    assert titles(engine, words="%补") == titles(engine, words="贴_") == ["100%补贴_办法"]
    assert titles(engine, words="犬只 补贴") == []


def test_pages_of_many(engine: Engine, clock: Clock) -> None:
    put(DocumentStore(engine, clock), *(Metadata(f"文{i}") for i in range(PAGE + 3)))
    first, second = titles(engine), titles(engine, page=1)
    assert (len(first), len(second), len({*first, *second})) == (PAGE, 3, PAGE + 3)
    assert titles(engine, page=2) == []


def test_an_empty_store_has_empty_shelves(engine: Engine) -> None:
    assert find_documents(engine, Looking(), TODAY).counts == dict.fromkeys(Shelf, 0)
