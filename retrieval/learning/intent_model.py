"""Makes the model that tells what a message is for, from the utterances and the questions."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.intents.classifier import MODEL, IntentClass, runs
from retrieval.learning.lessons import Lesson

QUESTIONS = 4_000  # turns of the questions that stand beside the utterances
POLITE = 1_000  # questions that begin with a greeting or thanks
STRENGTH = 20.0  # inverse of the regularisation: 10 to 30 measure alike
_STEPS = 400
_RARE = 2  # runs of characters in fewer messages are left out


def make_intents(utterances: Sequence[tuple[str, str]], lessons: Sequence[Lesson], target: Path = MODEL) -> int:
    """Train on the utterances, and on turns of the lessons as questions; return the number of features.

    The classes weigh the same, however many messages each has.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    asked = sorted({turn for lesson in lessons for turn in lesson.turns})
    random.Random(1).shuffle(asked)  # noqa: S311
    questions = [*asked[:QUESTIONS], *_politely(utterances, asked[-POLITE:])]
    texts = [text for text, _ in utterances] + questions
    classes = [intent for _, intent in utterances] + [IntentClass.QUESTION] * len(questions)
    counted = TfidfVectorizer(analyzer=lambda text: list(runs(text)), min_df=_RARE, sublinear_tf=True)
    features = counted.fit_transform(texts)
    model = LogisticRegression(C=STRENGTH, max_iter=_STEPS, class_weight="balanced")
    model.fit(features, [str(each) for each in classes])
    names = counted.get_feature_names_out().tolist()
    kept = [place for place, name in enumerate(names) if "\n" not in name]
    unfinished = target.with_suffix(".unfinished.npz")
    np.savez_compressed(
        unfinished,
        runs=np.array("\n".join(names[place] for place in kept)),
        idf=counted.idf_[kept].astype(np.float16),
        weights=model.coef_.T[kept].astype(np.float16),
        intercept=model.intercept_.astype(np.float32),
        classes=np.array(" ".join(model.classes_)),
    )
    unfinished.replace(target)
    return len(kept)


def _politely(utterances: Sequence[tuple[str, str]], asked: Sequence[str]) -> list[str]:
    """Return the questions with somebody's greeting or thanks before them: such a message is a question."""
    said = [text for text, intent in utterances if intent in (IntentClass.GREETING, IntentClass.THANKS)]
    return [f"{said[place % len(said)]}，{question}" for place, question in enumerate(asked) if said]
