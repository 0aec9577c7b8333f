"""Documents named in 《》: one that is not there is not replaced by another."""

import pytest

from retrieval.answering.named_titles import speaks_of, titles

DOCUMENT = {"广州市", "积分", "入户", "管理", "办法", "住房", "公积金"}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("《劳动法》和《劳动合同法》哪个管加班", ("劳动法", "劳动合同法")),
        ("居住证怎么办", ()),
        ("《》里写了什么", ()),
    ],
)
def test_titles_stand_between_their_marks(question: str, named: tuple[str, ...]) -> None:
    assert titles(question) == named


@pytest.mark.parametrize(
    ("named", "speaks"),
    [
        ((), True),
        (("广州市积分入户管理办法",), True),
        (("机动车驾驶证申领规定",), False),
        (("机动车驾驶证申领规定", "积分入户管理办法"), True),
    ],
)
def test_a_document_speaks_of_what_it_mostly_names(named: tuple[str, ...], speaks: bool) -> None:
    assert speaks_of(named, lambda word: any(word in held for held in DOCUMENT)) is speaks
