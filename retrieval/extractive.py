"""The clause's own words: the run of sentences that answers, verbatim, lists whole."""

import re

from retrieval.evidence import Idf, coverage
from retrieval.tokens import normalised
from retrieval.understanding import Understanding, offers

WHOLE = 280  # characters; a clause no longer is quoted whole
_RUN = 260  # characters a run may grow to
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+$")
_OPENS = re.compile(r"[：:]\s*$")
_ITEM = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|[①-⑳])")


def quotation(asked: Understanding, clause: str, near: str, idf: Idf) -> str:
    """The run of `clause`'s sentences that answers best, beginning in or about `near`, the piece that was found.

    Verbatim but for whitespace around it. A short clause is quoted whole.
    """
    clause = clause.strip()
    if len(clause) <= WHOLE:
        return clause
    spans = [match.span() for match in _SENTENCE.finditer(clause) if match.group().strip()]
    start = max(clause.find(near.strip()[:40]), 0)
    end = start + len(near)
    worth = [_worth(asked, clause[a:b], idf) + 0.2 * (a < end and b > start) for a, b in spans]
    best = max(range(len(spans)), key=worth.__getitem__)
    first, last = _grown(clause, spans, worth, best)
    return clause[spans[first][0] : spans[last][1]].strip()


def _worth(asked: Understanding, sentence: str, idf: Idf) -> float:
    plain = normalised(sentence)
    return coverage(asked, plain, idf) + 0.3 * offers(asked.wanted, "", plain)


def _grown(clause: str, spans: list[tuple[int, int]], worth: list[float], best: int) -> tuple[int, int]:
    """First and last sentence of the run around `best`: what an item hangs on, then the better neighbour each time."""
    first = last = best
    while True:
        before = first - 1 if first else None
        after = last + 1 if last + 1 < len(spans) else None
        must = after is not None and _OPENS.search(clause[spans[last][0] : spans[last][1]]) is not None
        hangs = before is not None and _ITEM.match(clause[spans[first][0] : spans[first][1]]) is not None
        if must or (after is not None and (before is None or (worth[after] >= worth[before] and not hangs))):
            if spans[after][1] - spans[first][0] > _RUN:  # type: ignore[index]
                break
            last = after  # type: ignore[assignment]
        elif before is not None and spans[last][1] - spans[before][0] <= _RUN:
            first = before
        else:
            break
    return first, last
