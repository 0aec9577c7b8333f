"""`laofashi tune` as people call it."""

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support.fakes.letters_model import ANSWERING, ASKING, save_letters_model
from tests.support.program import done

Run = Callable[..., "subprocess.CompletedProcess[str]"]
LETTERS = list(zip(ASKING, ANSWERING, strict=True))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `laofashi tune` on a home folder and with models of the test's own."""

    return partial(done, tmp_path / "home", "tune")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--out", "../elsewhere"], "cannot be a folder's name"),
        (["--held-back", "0.99"], "--held-back"),
        (["nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        ([".", "--split", "dev"], "dev.tsv cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(run: Run, arguments: list[str], sentence: str) -> None:
    assert sentence in run(*arguments, code=2).stderr


@pytest.mark.soak  # exports twice
@pytest.mark.timeout(900)
def test_what_does_not_get_better_is_measured_told_and_not_kept(run: Run, tmp_path: Path) -> None:
    pairs = [{"question": f"{a} {b}", "text": f"{x}，{y}"} for a, x in LETTERS for b, y in LETTERS if a < b]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, pairs)), encoding="utf-8")
    models = {"LAOFASHI_MODELS_DIR": str(tmp_path / "models")}
    more = models | {"LAOFASHI_EMBEDDING_MODEL": str(save_letters_model(tmp_path / "letters"))}
    found = json.loads(run(str(path), "--epochs", "1", "--json", code=1, **more).stdout)  # its rate is too low for it
    assert found["folder"] is None
    assert not found["better"]
    assert (found["texts"], found["questions"] + found["comparison"]["questions"]) == (120, 120)
    assert sorted(each.name.split("@")[0] for each in (tmp_path / "models").iterdir()) == ["evaluation", "model"]
