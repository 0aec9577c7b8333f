"""The command: `python -m bench.first_contact`, in a home into which `pages/` were indexed."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from typing import Any

from bench.first_contact.judging import DATA, conversations, questions, rows, utterances, wide
from bench.places import DATA as DOCUMENTS
from bot.commands.common import opened
from bot.dialogue.replies import answered_json
from retrieval.learning.lessons import read_utterances
from retrieval.model import Question


def main() -> int:
    """Ask the sets named, print what came of each, and return the exit code."""
    names = sorted(path.stem for path in DATA.glob("*.jsonl"))
    options = argparse.ArgumentParser(prog="python -m bench.first_contact", description=__doc__)
    options.add_argument("sets", nargs="*", metavar="SET", help=f"which sets to ask: {', '.join(names)}")
    options.add_argument("--json", action="store_true", help="print JSON instead of text")
    given = options.parse_args()
    if unknown := set(given.sets) - set(names):
        options.error(f"no such set: {', '.join(sorted(unknown))}")
    if not (scorer := _scorer()):
        print("score_lay.py is not beside the real documents: nothing can be judged", file=sys.stderr)
        return 1
    with opened() as helpdesk:

        def ask(turns: Sequence[str]) -> dict[str, Any]:
            return answered_json(helpdesk.answer, Question(tuple(turns)))

        known = frozenset(text.strip() for text, _ in read_utterances())
        kinds = {
            "questions": lambda given: questions(given, ask, scorer),
            "dialogues": lambda given: conversations(given, ask, scorer),
            "wide": lambda given: wide(given, ask),
            "utterances": lambda given: utterances(given, known),
        }
        for name in given.sets or names:
            figures = kinds[name.split("-")[0]](rows(name))
            print(json.dumps({"set": name} | figures) if given.json else _line(name, figures), flush=True)
    return 0


def _line(name: str, figures: dict[str, float]) -> str:
    return f"{name}: " + ", ".join(f"{key} {value:.3f}".removesuffix(".000") for key, value in figures.items())


def _scorer() -> Any:
    path = DOCUMENTS.parent / "score_lay.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("score_lay", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
