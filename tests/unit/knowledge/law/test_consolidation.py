"""Numbers and holders of articles after amendments."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge.law.consolidation import ArticleChange, ArticleHolder, Decision, End, account
from knowledge.model import AmendmentKind

FIRST, SECOND = date(2026, 1, 1), date(2027, 1, 1)
ARTICLES = ("1", "2", "3", "4")


def change(
    kind: str, article: str = "", ordinal: int | None = None, becomes: str = "", on: date = FIRST
) -> ArticleChange:
    return ArticleChange(article, AmendmentKind(kind), ordinal, becomes, on)


def test_a_replaced_article_is_held_by_the_decision() -> None:
    made = account(ARTICLES, [Decision("d", (change("replaced", "2", 0), change("repealed", "4")))])
    assert made.ended == {ArticleHolder("", "2"): End(FIRST, "d"), ArticleHolder("", "4"): End(FIRST, "d")}
    assert made.articles == {
        "1": {ArticleHolder("", "1")},
        "2": {ArticleHolder("d", "0")},
        "3": {ArticleHolder("", "3")},
    }


def test_the_later_of_two_decisions_holds() -> None:
    made = account(
        ARTICLES,
        [
            Decision("d", (change("replaced", "2", 0),)),
            Decision("e", (change("replaced", "2", 0, on=SECOND),)),
        ],
    )
    assert made.ended == {ArticleHolder("", "2"): End(FIRST, "d"), ArticleHolder("d", "0"): End(SECOND, "e")}
    assert made.articles["2"] == {ArticleHolder("e", "0")}


def test_numbers_after_an_article_was_added_are_the_new_ones() -> None:
    """第三条 after a new 第二条 is what 第二条 was."""
    added = Decision("d", (change("added", ordinal=0, becomes="2"), change("ordered")))
    made = account(ARTICLES, [added, Decision("e", (change("repealed", "3", on=SECOND),))])
    assert made.ended == {ArticleHolder("", "2"): End(SECOND, "e")}
    assert made.articles["2"] == {ArticleHolder("d", "0")}
    assert made.articles["5"] == {ArticleHolder("", "4")}


def test_numbers_given_one_by_one_are_taken_as_given() -> None:
    moves = [change("moved", str(n), becomes=str(n + 1)) for n in (2, 3, 4)]
    made = account(ARTICLES, [Decision("d", (change("added", ordinal=0, becomes="2"), *moves))])
    assert [made.articles[str(n)] for n in (1, 2, 3, 5)] == [
        {ArticleHolder("", "1")},
        {ArticleHolder("d", "0")},
        {ArticleHolder("", "2")},
        {ArticleHolder("", "4")},
    ]


def test_an_addition_that_says_nothing_of_the_others_shares_its_number() -> None:
    """What is done to that number afterwards ends both: too much rather than too little."""
    added = Decision("d", (change("added", ordinal=0, becomes="2"),))
    made = account(ARTICLES, [added, Decision("e", (change("repealed", "2", on=SECOND),))])
    assert set(made.ended) == {ArticleHolder("", "2"), ArticleHolder("d", "0")}


changes = st.builds(
    change,
    st.sampled_from(["replaced", "repealed", "changed", "added", "moved", "ordered"]),
    st.integers(1, 8).map(str),
    st.integers(0, 3),
    st.integers(1, 8).map(str),
)


@given(st.lists(st.lists(changes, max_size=4), max_size=4))
def test_words_are_either_held_or_ended_and_never_both(script: list[list[ArticleChange]]) -> None:
    made = account(ARTICLES, [Decision(f"d{n}", tuple(each)) for n, each in enumerate(script)])
    held = {holder for holders in made.articles.values() for holder in holders}
    assert {ArticleHolder("", number) for number in ARTICLES} <= held | set(made.ended)
    assert not {holder for holder in held if holder.document_id == ""} & set(made.ended)
