"""Wires the parts that administrators steer by: the words in use, the records of answers, and ratings."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import Engine

from bot.dialogue.dialogue import RatedAnswer
from bot.dialogue.wording import worded_for
from bot.metrics import Metrics
from bot.settings import Settings
from desk.answers.records import Records, Setup
from desk.audit import Audit
from desk.web.deps import Wording
from desk.words.mining import WordProposal, proposals, resolved_cases
from desk.words.words import Words
from knowledge.golden import GoldenQuestions
from knowledge.store.documents import DocumentStore
from knowledge.store.shelves import words_in_documents
from retrieval.answering.confidence import THRESHOLD
from retrieval.index.chunk_store import Published
from retrieval.language.lexicon import Lexicon
from retrieval.model import Outcome, Question
from retrieval.publishing.effects import ChangedAnswer, asked_both, changed


def wording(
    engine: Engine,
    words: Words,
    golden: GoldenQuestions,
    answering: Callable[[Callable[[], Lexicon]], Callable[[Question], Outcome]],
) -> Wording:
    """Return the parts that the routes for words need. `answering` makes a function that answers by a given lexicon."""

    def holding(asked: Iterable[str]) -> set[str]:
        return words_in_documents(engine, asked)

    def proposed() -> list[WordProposal]:
        return proposals(resolved_cases(engine), holding, words.lexicon(), words.rejected())

    def effects(lexicon: Lexicon) -> tuple[int, tuple[ChangedAnswer, ...]]:
        questions = golden.all()
        live, tried = answering(words.lexicon), answering(lambda: lexicon)
        return len(questions), changed(asked_both(live, tried, questions, worded_for))

    return Wording(words, proposed, effects, holding)


def records(
    store: DocumentStore,
    settings: Settings,
    published: Callable[[], Published],
    lexicon: Callable[[], Lexicon],
    today: Callable[[], date],
) -> Records:
    """Return the records of answers. Each record holds the setup at the time it is made."""

    def setup() -> Setup:
        shown = published()
        threshold = THRESHOLD if settings.answer_threshold is None else settings.answer_threshold
        phraser = settings.llm_model if settings.llm_url else ""
        return Setup(threshold, shown.model or "", shown.revision, _digest(lexicon()), phraser)

    return Records(store, setup, today)


def ratings(audit: Audit, metrics: Metrics) -> Callable[[RatedAnswer, str], None]:
    """Return a function that records an applicant's rating of an answer: his first one, and each change of mind."""

    def rated(answer: RatedAnswer, applicant_id: str) -> None:
        about = f"message:{answer.message_id}"
        before = [each["detail"]["useful"] for each in audit.of(about) if each["action"] == "answer_rated"]
        if before[:1] != [answer.useful]:
            audit.record(f"applicant:{applicant_id}", "answer_rated", about, useful=answer.useful)
            metrics.rated(answer.useful)

    return rated


@lru_cache(maxsize=4)
def _digest(lexicon: Lexicon) -> str:
    """Return a digest of the words in use, in 12 hexadecimal digits."""
    return hashlib.sha256(repr(lexicon.entries).encode()).hexdigest()[:12]
