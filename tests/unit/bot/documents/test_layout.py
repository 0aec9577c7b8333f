"""A document laid out for its page: nothing lost, headings told, the clause asked for marked."""

from hypothesis import given
from hypothesis import strategies as st

from bot.documents.layout import laid_out
from knowledge.model import Clause, ClauseKind, DocumentText, Heading, PageStart, StoredClause

TEXT = (
    "犬只办法\n第一章 登记\n第一条 养犬的，三十日内登记。\n带身份证。\n第二条 收费如下：\n成犬：100元\n幼犬：50元\n附则"
)


def stored(number: int, start: str, end: str, **more: object) -> StoredClause:
    at, until = TEXT.index(start), TEXT.index(end) + len(end)
    clause = Clause(number, f"第{number}条", ("第一章 登记",), TEXT[at:until], start=at, end=until, **more)  # type: ignore[arg-type]
    return StoredClause(f"d.1.{number}", "d", clause)


TABLE = (("犬", "元"), ("成犬", "100元"), ("幼犬", "50元"))
CLAUSES = [
    stored(1, "第一条", "带身份证。"),
    stored(2, "第二条", "幼犬：50元"),
    stored(3, "成犬", "50元", kind=ClauseKind.TABLE, rows=TABLE, header_rows=1),
]
CHAPTER = TEXT.index("第一章")
WHOLE = DocumentText(
    TEXT, (PageStart(1, 0), PageStart(2, TEXT.index("第二条"))), (Heading(CHAPTER, CHAPTER + len("第一章 登记"), 1),)
)


def test_lines_keep_their_order_and_their_clauses() -> None:
    parts = laid_out(WHOLE, CLAUSES, "d.1.1")
    assert [(part.text, part.clause_id) for part in parts] == [
        ("犬只办法", ""),
        ("第一章 登记", ""),
        ("第一条 养犬的，三十日内登记。", "d.1.1"),
        ("带身份证。", "d.1.1"),
        ("第二条 收费如下：", "d.1.2"),
        ("成犬：100元", "d.1.3"),
        ("附则", ""),
    ]
    assert [part.text for part in parts if part.cited] == ["第一条 养犬的，三十日内登记。", "带身份证。"]
    assert [part.depth for part in parts] == [0, 1, 0, 0, 0, 0, 0]
    assert [part.page for part in parts] == [1, None, None, None, 2, None, None]


def test_a_table_is_one_part_with_its_rows_and_marked_with_the_clause_it_stands_in() -> None:
    parts = laid_out(WHOLE, CLAUSES, "d.1.2")
    (table,) = [part for part in parts if part.rows]
    assert (table.rows, table.header_rows, table.cited) == (TABLE, 1, True)


def test_nothing_is_marked_for_a_clause_that_is_not_there() -> None:
    assert not [part for part in laid_out(WHOLE, CLAUSES, "d.9.1") if part.cited]


def test_without_the_text_the_clauses_stand_under_their_headings() -> None:
    parts = laid_out(DocumentText(), CLAUSES[:2], "d.1.2")
    assert [(part.depth, part.cited) for part in parts] == [(1, False), (0, False), (0, True)]
    assert parts[0].text == "第一章 登记"


lines = st.lists(st.text("第一条甲乙，。", min_size=1, max_size=8), min_size=1, max_size=12)


@given(lines, st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=8))
def test_nothing_is_lost_wherever_clauses_begin_and_end(lines: list[str], places: list[tuple[int, int]]) -> None:
    text = "\n".join(lines)
    clauses = [
        StoredClause(f"d.1.{i}", "d", Clause(i, "", (), "x", start=start, end=min(start + size, len(text))))
        for i, (start, size) in enumerate(places)
    ]
    laid = laid_out(
        DocumentText(text), [*clauses, StoredClause("d.1.99", "d", Clause(99, "", (), "x", start=0, end=1))]
    )
    assert "".join("".join(part.text for part in laid).split()) == "".join(text.split())
