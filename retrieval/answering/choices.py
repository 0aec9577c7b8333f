"""What is offered where nothing is sure: up to three clauses that may answer, none of them told as the answer."""

from collections.abc import Callable, Sequence

from knowledge.notation.patterns import pattern
from retrieval.answering.rerank import RankedPassage
from retrieval.model import Choice, Citation

MOST = 3
OF_ONE_DOCUMENT = 2  # choices at most, while another document may be meant
FAINT = 0.05  # confidence of the best passage, below which nothing is offered
ALIKE = 0.3  # cosine of a passage that may be meant although it has none of the question's words
_NEAR = 0.5  # share of the best rank that another passage has to have
_LABEL = 24  # characters

_ENCLOSED = pattern(r"^《([^《》]*)》$", takes="《居住证办法》", leaves="《居住证》办理指南")

Cite = Callable[[RankedPassage], Citation | None]


def choices(found: Sequence[RankedPassage], cite: Cite) -> tuple[Choice, ...]:
    """Return what may be meant, the likeliest first.

    A clause is offered once. `cite` quotes the words of a passage that most likely answer; None if the clause was
    replaced since it was found.
    """
    offered: list[Choice] = []
    for each in _varied([each for each in found if _may_be_meant(each)]):
        citation = cite(each) if each.rank >= _NEAR * found[0].rank else None
        if citation and citation.clause_id not in {choice.citations[0].clause_id for choice in offered}:
            offered.append(Choice(_label(citation, offered), citation.quote, (citation,)))
        if len(offered) == MOST:
            break
    return tuple(offered)


def _may_be_meant(found: RankedPassage) -> bool:
    near = found.evidence.words > 0 or found.evidence.cosine >= ALIKE
    return near and found.here and found.evidence.year > 0


def _varied(found: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Put the third passage of one document, and further ones, behind those of other documents."""
    first: list[RankedPassage] = []
    later: list[RankedPassage] = []
    for each in found:
        same = sum(other.document.id == each.document.id for other in first)
        (first if same < OF_ONE_DOCUMENT else later).append(each)
    return first + later


def _label(citation: Citation, offered: Sequence[Choice]) -> str:
    """Return the matter in a few characters: the document's title, or the place in it where the title is taken."""
    title = _ENCLOSED.sub(r"\1", citation.title)
    taken = any(choice.citations[0].document_id == citation.document_id for choice in offered)
    label = citation.locator if taken and citation.locator else title
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
