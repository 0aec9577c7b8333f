"""Wires what administrators steer by: words in use, what answers rested on, the same asked again, ratings."""

import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.dialogue import RatedAnswer
from desk.mining import Proposal, proposals, resolved_cases
from desk.records import Records, Setup
from desk.replay import Replays
from desk.web import Wording
from knowledge.holding import held
from retrieval.confidence import THRESHOLD
from retrieval.effects import ChangedAnswer, asked_both, changed
from retrieval.lexicon import Lexicon

if TYPE_CHECKING:
    from bot.app import Helpdesk


def wording(helpdesk: "Helpdesk") -> Wording:
    """What the routes of words need."""

    def holding(words: Iterable[str]) -> set[str]:
        return held(helpdesk.engine, words)

    def proposed() -> list[Proposal]:
        words = helpdesk.words
        return proposals(resolved_cases(helpdesk.engine), holding, words.lexicon(), words.rejected())

    def effects(lexicon: Lexicon) -> tuple[int, tuple[ChangedAnswer, ...]]:
        golden, parts = helpdesk.golden.all(), (helpdesk.index, helpdesk.store)
        live, tried = helpdesk.answerer(*parts), helpdesk.answerer(*parts, lexicon=lambda: lexicon)
        return len(golden), changed(asked_both(live.answer, tried.answer, golden))

    return Wording(helpdesk.words, proposed, effects, holding)


def records(helpdesk: "Helpdesk") -> Records:
    """Records of answers, with the setup as it is when one is made."""

    def setup() -> Setup:
        settings, published = helpdesk.settings, helpdesk.index.published
        threshold = THRESHOLD if settings.answer_threshold is None else settings.answer_threshold
        phraser = settings.llm_model if settings.llm_url else ""
        return Setup(threshold, published.model or "", published.revision, _digest(helpdesk.words.lexicon()), phraser)

    return Records(helpdesk.store, setup, helpdesk.today)


def replays(helpdesk: "Helpdesk") -> Replays:
    """Asks again what was asked, of what answers now."""
    answer = lambda question: helpdesk.answer(question)  # noqa: E731  (made when first asked)
    return Replays(helpdesk.conversations, helpdesk.store, records(helpdesk), answer, helpdesk.today)


def ratings(helpdesk: "Helpdesk") -> Callable[[RatedAnswer, str], None]:
    """Records what an applicant thinks of an answer: the first time he says so, or when he changes his mind."""

    def rated(answer: RatedAnswer, applicant_id: str) -> None:
        about = f"message:{answer.message_id}"
        before = [each["detail"]["useful"] for each in helpdesk.audit.of(about) if each["action"] == "answer_rated"]
        if before[:1] != [answer.useful]:
            helpdesk.audit.record(f"applicant:{applicant_id}", "answer_rated", about, useful=answer.useful)
            helpdesk.metrics.rated(answer.useful)

    return rated


@lru_cache(maxsize=4)
def _digest(lexicon: Lexicon) -> str:
    """The words in use in 12 hexadecimal digits."""
    return hashlib.sha256(repr(lexicon.entries).encode()).hexdigest()[:12]
