"""Tells what a message is for, by the runs of characters in it: a linear model, learned by `retrieval.learning`."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.language.tokens import normalised

MODEL = Path(__file__).with_name("model.npz")
LONGEST = 400  # characters that are looked at: the first and the last half of so many
RUNS = (1, 2, 3)  # characters of a run
_BEGIN, _END = "\x02", "\x03"


class IntentClass(StrEnum):
    """What a message may be for. QUESTION is a question of fact about procedures or policies."""

    PERSON = "person"
    COMPLAINT = "complaint"
    DISTRESS = "distress"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREETING = "greeting"
    IDENTITY = "identity"
    CENTRE = "centre"
    CANCEL = "cancel"
    UNSOLVED = "unsolved"
    DELETE_DATA = "delete_data"
    SEND_FORM = "send_form"
    SMALL_TALK = "small_talk"
    ABUSE = "abuse"
    UNCLEAR = "unclear"
    QUESTION = "question"


# The probability from which a message counts as one of a class; below it, it is a question. A person is brought, and
# danger is believed, rather once too often than not at all. Measured on 440 messages by a hand that knew nothing of it.
SURE = dict.fromkeys(IntentClass, 0.5) | {
    IntentClass.PERSON: 0.4,
    IntentClass.DISTRESS: 0.35,
    IntentClass.QUESTION: 0.0,
}


class IntentClassifier:
    """A multinomial logistic model over runs of characters, weighted by how rare they are (TF-IDF)."""

    def __init__(self, path: Path = MODEL) -> None:
        with np.load(path) as stored:
            self._places = {run: place for place, run in enumerate(str(stored["runs"]).split("\n"))}
            self._idf = stored["idf"].astype(np.float32)
            self._weights = stored["weights"].astype(np.float32)
            self._intercept = stored["intercept"].astype(np.float32)
            self.classes = tuple(IntentClass(each) for each in str(stored["classes"]).split())

    def probabilities(self, text: str) -> dict[IntentClass, float]:
        """Return the probability of each class; they add up to 1."""
        places, values = self._features(text)
        scores = self._intercept + values @ self._weights[places]
        grown = np.exp(scores - scores.max())
        return dict(zip(self.classes, (grown / grown.sum()).tolist(), strict=True))

    def intent(self, text: str) -> IntentClass:
        """Return the likeliest class that is as sure as `SURE` asks, danger and the wish for a person before others."""
        found = self.probabilities(text)
        first = (each for each in (IntentClass.DISTRESS, IntentClass.PERSON) if found.get(each, 0.0) >= SURE[each])
        likeliest = max(found, key=found.__getitem__)
        return next(first, likeliest if found[likeliest] >= SURE[likeliest] else IntentClass.QUESTION)

    def _features(self, text: str) -> tuple[list[int], npt.NDArray[np.float32]]:
        counted = Counter(self._places[run] for run in runs(text) if run in self._places)
        places = list(counted)
        values = (1 + np.log(np.array([counted[place] for place in places], np.float32))) * self._idf[places]
        length = float(np.linalg.norm(values))
        return places, (values / length if length else values).astype(np.float32)


def runs(text: str) -> Iterator[str]:
    """Yield all runs of characters of a message, its beginning and end marked."""
    plain = " ".join(normalised(text).split())
    if len(plain) > LONGEST:
        plain = plain[: LONGEST // 2] + " " + plain[-LONGEST // 2 :]
    marked = f"{_BEGIN}{plain}{_END}"
    for length in RUNS:
        yield from (marked[start : start + length] for start in range(len(marked) - length + 1))


@cache
def shipped_classifier() -> IntentClassifier:
    """Return the model that is shipped."""
    return IntentClassifier()
