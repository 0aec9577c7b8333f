"""A generated history of a district's rules: the files as officials would write them, and an account of its own of
which words are in force on which day. Nothing here is taken from the program."""

from dataclasses import dataclass, field
from datetime import date, timedelta

SUBJECTS = ("送餐", "助浴", "摆摊", "停车", "养犬")
ASPECTS = ("补贴", "押金", "工本费")  # articles two to four
NUMERALS = ("一", "二", "三", "四", "五", "六")
Amounts = dict[int, int]  # by article; every amount is used once in a history


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass
class Text:
    """One issue of the measures on a subject."""

    source: str
    subject: str
    issued: date
    begins: date
    last: date | None
    amounts: Amounts


@dataclass
class Change:
    """A decision on single articles, or a repeal by the way: `amounts` by article, None where it is repealed.

    `articles` empty: the whole measures are repealed.
    """

    source: str
    subject: str
    issued: date
    begins: date
    articles: dict[int, int | None]
    own: int  # an amount the document sets for something else; 0 for none


@dataclass
class Timeline:
    """What was issued and is still in the store."""

    texts: list[Text] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    used: int = 1000

    def amount(self) -> int:
        self.used += 1
        return self.used

    def of(self, subject: str) -> list[Text]:
        return [text for text in self.texts if text.subject == subject]

    def in_force(self, day: date) -> set[int]:
        """The amounts that stand in words in force on `day`."""
        own = {change.own for change in self.changes if change.own and change.begins <= day}
        return own.union(*(self._amounts(text, day) for text in self.texts))

    def answer(self, subject: str, aspect: str, day: date) -> int | None:
        """The one amount that answers what a subject's aspect costs on `day`."""
        article = ASPECTS.index(aspect) + 2
        for text in self.of(subject):
            if self._stands(text, day):
                return self._article(text, article, day)
        return None

    def _amounts(self, text: Text, day: date) -> set[int]:
        if not self._stands(text, day):
            return set()
        return {amount for article in text.amounts if (amount := self._article(text, article, day))}

    def _stands(self, text: Text, day: date) -> bool:
        if day < text.begins or (text.last and day > text.last):
            return False
        if any(other.issued > text.issued and other.begins <= day for other in self.of(text.subject)):
            return False
        return not any(
            change.subject == text.subject and not change.articles and text.begins < change.begins <= day
            for change in self.changes
        )

    def _article(self, text: Text, article: int, day: date) -> int | None:
        now: int | None = text.amounts[article]
        for change in sorted(self.changes, key=lambda each: (each.begins, each.issued)):
            older = [each for each in self.of(change.subject) if each.issued < change.issued]
            mine = bool(older) and max(older, key=lambda each: each.issued) is text
            if mine and article in change.articles and change.begins <= day:
                now = change.articles[article]
        return now


def measures(text: Text, repeals: str = "") -> str:
    """The file of an issue of the measures."""
    articles = [f"第{NUMERALS[n - 1]}条 {text.subject}{ASPECTS[n - 2]}每人每月{a}元。" for n, a in text.amounts.items()]
    lasts = f"，有效期至{chinese(text.last)}" if text.last else ""
    return _file(
        title(text.subject),
        [
            f"第一条 为了做好{text.subject}工作，制定本办法。",
            *articles,
            f"第五条 本办法自{chinese(text.begins)}起施行{lasts}。{repeals}",
        ],
        text.issued,
    )


def decision(change: Change) -> str:
    """The file of a decision to amend."""
    items = []
    for place, (n, amount) in enumerate(change.articles.items()):
        article = f"第{NUMERALS[n - 1]}条"
        words = f"{change.subject}{ASPECTS[n - 2]}每人每月{amount}元。"
        said = f"将{article}修改为：“{article} {words}”" if amount else f"删去{article}。"
        items.append(f"{NUMERALS[place]}、{said}")
    name = title(change.subject)
    opening = f"江湾区人民政府决定，对《{name}》作如下修改："
    return _file(
        f"江湾区人民政府关于修改《{name}》的决定",
        [opening, *items, f"本决定自{chinese(change.begins)}起施行。"],
        change.issued,
    )


def other_measures(change: Change, name: str) -> str:
    """The file of measures on something else that repeal by the way."""
    articles = "、".join(f"第{NUMERALS[n - 1]}条" for n in change.articles)
    return _file(
        name,
        [
            f"第一条 {name}的服务费每人每月{change.own}元。",
            f"第二条 本办法自{chinese(change.begins)}起施行。《{title(change.subject)}》{articles}同时废止。",
        ],
        change.issued,
    )


def title(subject: str) -> str:
    return f"江湾区{subject}办法"


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _file(name: str, paragraphs: list[str], issued: date) -> str:
    return "\n\n".join([f"# {name}", *paragraphs, "江湾区人民政府", chinese(issued)]) + "\n"
