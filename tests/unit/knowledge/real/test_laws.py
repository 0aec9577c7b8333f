"""The real laws: every 第…条 is one clause with its number and all its text, and Word says the same as Markdown."""

import difflib
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.load import load
from knowledge.model import ClauseKind, ParsedDocument

pytestmark = pytest.mark.data
NUMERALS = set("〇零一二三四五六七八九十百千")
ENOUGH = 0.995
SAME = 0.99  # share of equal text of two editions; they differ in typing errors and half-width signs


def printed_articles(markdown: str) -> dict[str, str]:
    """The articles of a law by their numbers, straight from its lines and by no rule of ours.

    A line begins an article when it begins with 第, numerals, 条 and perhaps 之一, and then ends or leaves a gap.
    """
    found: dict[str, str] = {}
    number = ""
    for line in markdown.splitlines():
        line = line.strip().lstrip("*#> ").replace("\u3000", " ")
        head, gap, rest = line.partition(" ")
        if gap and rest.startswith("条") and is_number(head + "条"):  # a gap inside the number: 第七十五 条
            head, rest = f"{head} 条", rest[1:]
        if is_number(head.replace(" ", "")):
            number = head if head not in found else f"{head}#{len(found)}"
            found[number] = rest
        elif line.startswith("第") and is_division(head):
            number = ""
        elif number and line:
            found[number] += "\n" + line
    return found


def is_number(word: str) -> bool:
    body, mark, more = word.partition("条")
    plain = bool(mark) and body.startswith("第") and bool(body[1:]) and set(body[1:]) <= NUMERALS
    return plain and (not more or (more.startswith("之") and bool(more[1:]) and set(more[1:]) <= NUMERALS))


def is_division(word: str) -> bool:
    return word[-1:] in ("编", "章", "节") and set(word[1:-1].removesuffix("分")) <= NUMERALS


class Tally:
    """How many printed articles were found, and how many clauses are printed articles."""

    def __init__(self) -> None:
        self.printed = self.found = self.right = self.whole = 0
        self.wrong: list[str] = []

    def add(self, name: str, printed: dict[str, str], document: ParsedDocument) -> None:
        articles = [clause for clause in document.clauses if clause.kind is ClauseKind.ARTICLE]
        wanted = Counter(number.partition("#")[0] for number in printed)
        right = sum((wanted & Counter(clause.number for clause in articles)).values())
        self.printed, self.found, self.right = (
            self.printed + len(printed),
            self.found + len(articles),
            self.right + right,
        )
        if not right == len(printed) == len(articles):
            self.wrong.append(f"{name}: {len(printed)} printed, {len(articles)} found, {right} right")
        texts = Counter(bare(clause.text) for clause in articles)
        begun = Counter(bare(number.partition("#")[0] + text) for number, text in printed.items())
        self.whole += sum((texts & begun).values())

    def report(self) -> str:
        return f"precision {self.precision:.5f}, recall {self.recall:.5f}, text {self.whole / self.printed:.5f}"

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.printed


def bare(text: str) -> str:
    return re.sub(r"[\s*\\]", "", text)


def laws(data: Path) -> list[Path]:
    return [path for path in sorted((data / "laws").rglob("*.md")) if path.name != "_index.md"]


def tally(paths: Iterable[Path]) -> Tally:
    counted = Tally()
    for path in paths:
        counted.add(path.name, printed_articles(path.read_text("utf-8")), load(path, path.name))
    print(counted.report(), *counted.wrong, sep="\n")
    return counted


def test_every_article_of_a_sample_of_laws_is_one_clause(data: Path) -> None:
    counted = tally(random.Random(7).sample(laws(data), 150))
    assert min(counted.precision, counted.recall) >= ENOUGH
    assert counted.whole / counted.printed >= 0.98


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_every_article_of_every_law_is_one_clause(data: Path) -> None:
    counted = tally(laws(data))
    assert min(counted.precision, counted.recall) >= ENOUGH
    assert counted.whole / counted.printed >= 0.98


def test_the_checker_notices_lost_and_invented_articles(data: Path) -> None:
    path = next(path for path in laws(data) if path.name.startswith("行政处罚法"))
    printed, document = printed_articles(path.read_text("utf-8")), load(path, path.name)
    invented, lost = Tally(), Tally()
    invented.add(path.name, dict(list(printed.items())[:-5]), document)
    assert (invented.found - invented.right, invented.recall) == (5, 1.0)
    lost.add(path.name, printed, replace(document, clauses=document.clauses[:-5]))
    assert (lost.printed - lost.right, lost.precision) == (5, 1.0)
    assert max(invented.precision, lost.recall) < ENOUGH


def editions(data: Path) -> list[tuple[Path, Path]]:
    """The laws there are as Word and as Markdown, by title and day."""
    found = []
    for word in sorted((data / "files").glob("*.docx")):
        title, _, day = word.stem.rpartition("_")
        names = (f"{title}(", f"{title.removeprefix('中华人民共和国')}(")
        same = [
            p for p in laws(data) if p.name.startswith(names) and day == re.sub(r"\D", "", p.stem.rpartition("(")[2])
        ]
        found += [(word, same[0])] if same else []
    return found


def test_word_and_markdown_say_the_same(data: Path) -> None:
    pairs, shares = editions(data), []
    assert len(pairs) >= 25
    for word, markdown in pairs:
        one, other = articles(load(word, word.name)), articles(load(markdown, markdown.name))
        assert list(one) == list(other), word.name
        share = [likeness(one[place], other[place]) for place in one]
        print(f"{sum(share) / len(share):.4f} {word.name}")
        shares.append(sum(share) / len(share))
    print(f"{sum(shares) / len(shares):.5f} of the text in {len(pairs)} laws")
    assert min(shares) >= SAME


def articles(document: ParsedDocument) -> dict[str, str]:
    """The articles by their place, signs in one width."""
    found = [clause for clause in document.clauses if clause.kind is ClauseKind.ARTICLE]
    return {bare(clause.locator): bare(unicodedata.normalize("NFKC", clause.text)) for clause in found}


def likeness(one: str, other: str) -> float:
    return 1.0 if one == other else difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
