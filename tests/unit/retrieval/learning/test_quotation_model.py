"""Fitting quotations on invented clauses: the sign that tells is found, and what it leads to holds the answer."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.model import Clause
from retrieval.answering.quotation import FoundPiece
from retrieval.answering.understanding import understand
from retrieval.learning.lessons import Lesson, Verdict
from retrieval.learning.looked_at import TODAY, LookedAt
from retrieval.learning.quotation_model import fit_quotation
from retrieval.model import Question
from tests.support.fakes.library import Library

FILLER = "本办法所称服务机构应当依法登记并接受主管部门的监督检查，按照要求报送第{}年度情况和有关材料。"


@dataclass
class Shelf:
    """Documents of one clause each."""

    texts: dict[str, str]

    def read(self, document: str) -> "Shelf":
        self.clauses = (Clause(0, "", (), self.texts[document]),)
        return self


def invented(count: int, telling: bool) -> tuple[list[LookedAt], Shelf]:
    """Questions whose answering sentence comes nearest, if `telling`, or another one."""
    chance, seen, texts = np.random.default_rng(7), [], {}
    for number in range(count):
        sentences = [FILLER.format(place) for place in range(12)]
        place = int(chance.integers(12))
        span = f"逾期的每日加收{number + 3}元"
        sentences[place] = f"未按时办结且没有正当理由说明情况的，{span}。"
        text = texts[f"laws/{number}.md"] = "".join(sentences)
        pointed = text.find(sentences[place if telling else int(chance.integers(12))])
        piece = FoundPiece(text, lambda start, end, at=pointed: 0.9 if start <= at < end else 0.05)  # type: ignore[misc]
        lesson = Lesson(str(number), ("晚了怎么罚",), "plain", Verdict.WHOLLY, f"laws/{number}.md", 0, "", span)
        passages = (Library().ranked("居住证申领办法", 1),)
        seen.append(LookedAt(lesson, understand(Question(lesson.turns), TODAY), passages, np.zeros((1, 1)), 0, piece))
    return seen, Shelf(texts)


def test_the_sign_that_tells_is_weighed_and_the_quotation_holds_the_answer(tmp_path: Path) -> None:
    target = tmp_path / "weights.json"
    target.write_text('{"threshold": 0.5}')
    found = fit_quotation(*invented(60, telling=True), target)  # type: ignore[arg-type]
    assert json.loads(target.read_text()) == {"threshold": 0.5, "quotation": found}
    assert max(found["signs"], key=found["signs"].__getitem__) == "said"
    assert found["fitted_on"]["holds_the_answer"] > 0.95
    assert found["fitted_on"]["median_characters"] < 150


def test_a_nearness_at_random_is_not_believed(tmp_path: Path) -> None:
    """The negative control."""
    found = fit_quotation(*invented(60, telling=False), tmp_path / "w.json")  # type: ignore[arg-type]
    assert abs(found["signs"]["said"]) < 1.0
