"""Draws the way of a message or of a question through the code: `python -m bench.ways message|question`.

A room is a module of the four packages. Calls are followed on the thread that does the work. At each call the
calling room and then the called room are noted. A STAY is a maximal run of notes of one room. A RETURN is a stay in a
room that had been left before. A call's end is not noted, so returning through a room is no stay in it. Not counted are

* rounds of a loop: a function called from the same line, with the same lines above it on the stack, counts once;
* functions that call nothing (accessors, most properties), comprehensions, lambdas and constructors of dataclasses;
* modules that stand for others: transactions (`knowledge.database`), rows turned into words (modules named `rows`,
  `model`), the wiring (`bot.app`, `bot.backends`).

The message is the first one of a conversation, followed from the inbox to the stored reply; its answer is canned. The
question is the second turn of a conversation over the sample documents. Before each, another one is handled, so that
parts made once for many are not counted.
"""

import argparse
import dis
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

from bench.houses import opened
from bench.places import CHECKOUT
from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from desk.model import Message
from retrieval.index.chunk_store import Published
from retrieval.model import Answer, Citation, Outcome, Question

PACKAGES = ("knowledge", "retrieval", "desk", "bot")
_STAND_FOR_OTHERS = {"knowledge.database", "bot.app", "bot.backends"}
_STEMS = {"rows", "model"}
_TURNS = ("居住证怎么办", "要带什么材料")
_OTHER_TURNS = ("老年人助餐补贴多少钱", "怎么申请")


@dataclass
class Way:
    """The stays of a way, in order, by the name of the room."""

    stays: list[str] = field(default_factory=list)

    def note(self, room: str) -> None:
        if self.stays[-1:] != [room]:
            self.stays.append(room)

    @property
    def rooms(self) -> list[str]:
        """Each room once, in the order they were entered."""
        return list(dict.fromkeys(self.stays))

    @property
    def returns(self) -> int:
        return len(self.stays) - len(self.rooms)

    @property
    def by_folder(self) -> "Way":
        """The same way with folders for rooms."""
        folders = Way()
        for room in self.stays:
            folders.note(room.rpartition(".")[0])
        return folders

    @property
    def told(self) -> str:
        return f"{len(self.stays)} stays, {self.returns} of them returns, in {len(self.rooms)} rooms"

    def as_json(self) -> dict[str, Any]:
        """Counts and rooms; `folders` counts the same way with folders for rooms."""
        folders = self.by_folder
        return {
            **{"stays": len(self.stays), "returns": self.returns, "rooms": len(self.rooms), "way": self.stays},
            "folders": {"stays": len(folders.stays), "returns": folders.returns, "rooms": len(folders.rooms)},
        }


class Follower:
    """Notes the rooms that calls lead through, by `sys.setprofile`."""

    def __init__(self) -> None:
        self.way = Way()
        self._seen: set[tuple[object, ...]] = set()

    def follow(self, work: Callable[[], object]) -> Way:
        """Do `work` on this thread and return its way."""
        sys.setprofile(self._event)
        try:
            work()
        finally:
            sys.setprofile(None)
        return self.way

    def _event(self, frame: FrameType, event: str, _argument: object) -> None:
        room = _room(frame.f_code)
        if event != "call" or room is None or _passed(frame.f_code):
            return
        path = tuple(_lines_above(frame))
        if (frame.f_code, path) in self._seen:
            return
        self._seen.add((frame.f_code, path))
        for caller in path[:1]:
            self.way.note(caller[0])
        self.way.note(room)


def _lines_above(frame: FrameType) -> list[tuple[str, int]]:
    """Return room and line of each frame above that is in a room, the nearest first."""
    found, above = [], frame.f_back
    while above is not None:
        room = _room(above.f_code)
        if room is not None and not _stands_for_others(room):
            found.append((room, above.f_lineno))
        above = above.f_back
    return found


@cache
def _room(code: CodeType) -> str | None:
    """Return the module of `code`, if it belongs to the four packages."""
    path = Path(code.co_filename)
    if not path.is_relative_to(CHECKOUT):
        return None
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts) if parts[0] in PACKAGES else None


def _stands_for_others(room: str) -> bool:
    return room in _STAND_FOR_OTHERS or room.rpartition(".")[2] in _STEMS


@cache
def _passed(code: CodeType) -> bool:
    calls = any(each.opname.startswith("CALL") for each in dis.get_instructions(code))
    return not calls or code.co_name.startswith("<") or _stands_for_others(_room(code) or "")


def way_of_message(home: Path) -> Way:
    """Follow an applicant's question from its channel to the stored reply; its answer is canned."""
    helpdesk = Helpdesk(load_settings({}, home=home))
    helpdesk.__dict__.update(answer=_canned, index=_NoIndex())
    migrate(helpdesk.engine)
    conversations, inbox = helpdesk.conversations, helpdesk.inbox

    def accepted(key: str) -> Message:
        return conversations.accept(conversations.applicant("web", key), _TURNS[0], None).message

    try:
        inbox.handle(accepted("1"))
        message = accepted("2")
        return Follower().follow(lambda: inbox.handle(message))
    finally:
        helpdesk.close()


def way_of_question(home: Path) -> Way:
    """Follow a question that comes after another, over the sample documents."""
    with opened(home) as helpdesk:
        helpdesk.indexer.run([CHECKOUT / "knowledge" / "documents"])
        answer = helpdesk.answer
        answer(Question(_OTHER_TURNS))
        return Follower().follow(lambda: answer(Question(_TURNS)))


class _NoIndex:
    """Stands in for the index: has only what a record of an answer asks of it."""

    published = Published()

    def close(self) -> None: ...


def _canned(question: Question) -> Outcome:
    citation = Citation("居住证办理指南", "", "一", "身份证", None, "", "residence.html", "d", "c")
    return Answer(f"{question.text}：身份证", 0.9, (citation,))


WAYS = {"message": way_of_message, "question": way_of_question}


def draw(way: Way, name: str, file: Path) -> None:
    """Write `file` (SVG): a line from stay to stay, first stays and returns in two colours."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": name})
    from matplotlib import pyplot

    height = {room: place for place, room in enumerate(way.rooms)}
    places = [height[room] for room in way.stays]
    firsts = [way.stays.index(room) for room in way.rooms]
    again = sorted(set(range(len(places))) - set(firsts))
    size = (max(8, 3.5 + 0.12 * len(places)), 1.3 + 0.27 * len(height))
    figure, panel = pyplot.subplots(figsize=size, layout="constrained")
    panel.plot(places, color="#8a8f98", linewidth=0.8, zorder=1)
    for stays, colour, label in ((firsts, "#0b6e4f", "entered"), (again, "#c8553d", "returned to")):
        panel.scatter(stays, [places[stay] for stay in stays], s=22, color=colour, label=label)
    panel.set_yticks(range(len(height)), list(height))
    panel.invert_yaxis()
    panel.set_title(f"A {name}: {way.told}", loc="left")
    panel.legend(frameon=False, loc="lower left")
    panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    """Follow, count, draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.ways", description=__doc__.splitlines()[0])
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--json", action="store_true", help="print counts and rooms as JSON")
    parser.add_argument("--out", type=Path, metavar="FILE.svg", help="draw the way")
    options = parser.parse_args()
    with TemporaryDirectory() as home:
        way = WAYS[options.way](Path(home))
    print(json.dumps(way.as_json(), indent=1) if options.json else way.told)
    if options.out:
        draw(way, options.way, options.out)


if __name__ == "__main__":
    main()
