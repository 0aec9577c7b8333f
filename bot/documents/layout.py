"""Lays a document's text out for a page: headings, paragraphs and tables in reading order, each with its clause."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.model import DocumentText, StoredClause

TableRows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading, paragraph or table.

    `depth` is the depth of a heading (1 is outermost) and 0 for all else. `clause_id` names the innermost clause that
    the part belongs to, "" for none. `cited`: the part lies within the clause asked for. `page` counts from 1 and is
    set only where a new printed page begins.
    """

    text: str
    depth: int = 0
    clause_id: str = ""
    cited: bool = False
    page: int | None = None
    rows: TableRows = ()
    header_rows: int = 0


def laid_out(whole: DocumentText, clauses: Sequence[StoredClause], cited: str = "") -> list[Part]:
    """Return all of the document's text in reading order. `cited` is the id of the clause to mark.

    Where the text as read is not stored, the clauses under their headings take its place.
    """
    placed = [each for each in clauses if each.clause.end > each.clause.start]
    if not whole.text or not placed:
        return list(_from_clauses(clauses, cited))
    return list(_Layout(whole, placed, cited).parts())


class _Layout:
    def __init__(self, whole: DocumentText, clauses: Sequence[StoredClause], cited: str) -> None:
        self._whole = whole
        self._clauses = sorted(clauses, key=lambda each: (each.clause.start, -each.clause.end))
        self._bounds = next(((c.clause.start, c.clause.end) for c in clauses if c.id == cited), (0, 0))
        self._depths = {start: depth for start, _, depth in whole.headings}

    def parts(self) -> Iterator[Part]:
        tables: set[str] = set()  # ids of the tables already laid out: one table spans several lines
        printed = 0
        for start, end, owner in self._pieces():
            text = self._whole.text[start:end].strip()
            rows = owner.clause.rows if owner else ()
            if not text or (owner and owner.id in tables):
                continue
            page = self._page(start)
            if owner and rows:
                tables.add(owner.id)
            yield Part(
                text,
                depth=0 if rows else self._depths.get(start, 0),
                clause_id=owner.id if owner else "",
                cited=self._bounds[0] <= start < self._bounds[1],
                page=page if page != printed else None,
                rows=rows,
                header_rows=owner.clause.header_rows if owner else 0,
            )
            printed = page or printed

    def _pieces(self) -> Iterator[tuple[int, int, StoredClause | None]]:
        """Cut the text at line ends and at the bounds of clauses and headings; yield each with its innermost clause."""
        open_: list[StoredClause] = []
        waiting = iter(self._clauses)
        coming = next(waiting, None)
        for start, end in pairwise(self._cuts()):
            while coming and coming.clause.start <= start:
                open_.append(coming)
                coming = next(waiting, None)
            open_ = [each for each in open_ if each.clause.end > start]
            yield start, end, min(open_, key=lambda each: each.clause.end - each.clause.start, default=None)

    def _cuts(self) -> list[int]:
        text = self._whole.text
        cuts = {0, len(text)} | {i + 1 for i, letter in enumerate(text) if letter == "\n"}
        for each in self._clauses:
            cuts |= {each.clause.start, each.clause.end}
        for heading in self._whole.headings:
            cuts |= {heading.start, heading.end}
        return sorted(cut for cut in cuts if 0 <= cut <= len(text))

    def _page(self, start: int) -> int | None:
        place = bisect_right(self._whole.pages, start, key=lambda each: each.start)
        return self._whole.pages[place - 1].page if place else None


def _from_clauses(clauses: Sequence[StoredClause], cited: str) -> Iterator[Part]:
    above: tuple[str, ...] = ()
    printed: int | None = None
    for each in clauses:
        clause = each.clause
        same = next((i for i, (a, b) in enumerate(zip(above, clause.path, strict=False)) if a != b), None)
        shared = min(len(above), len(clause.path)) if same is None else same
        for depth, heading in enumerate(clause.path[shared:], shared + 1):
            yield Part(heading, depth=depth)
        above = clause.path
        question = "" if not clause.question or clause.text.startswith(clause.question) else f"{clause.question}\n"
        page = clause.page if clause.page != printed else None
        yield Part(
            question + clause.text, 0, each.id, each.id == cited, page, rows=clause.rows, header_rows=clause.header_rows
        )
        printed = clause.page
