"""The real pages of a district, indexed once for all journeys over them, and their scorer."""

import fcntl
import importlib.util
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from retrieval.embedding.embedder import Embedder
from tests.support.clock import Clock

SHARED = Path(__file__).parent.parent.parent.parent / "shared"
NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # the pages' dates of expiry are judged from here


@pytest.fixture(scope="session")
def score() -> ModuleType:
    """The scorer beside the checkout."""
    file = SHARED / "score_lay.py"
    if not file.exists():
        pytest.skip("the scorer is not beside this checkout (../shared/score_lay.py)")
    spec = importlib.util.spec_from_file_location("score_lay", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def district(embedder: Embedder, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    """The real engine over the real pages, in a home of its own. Of all workers one indexes them."""
    if not (SHARED / "data" / "pages").is_dir():
        pytest.skip("the pages are not beside this checkout (../shared/data/pages)")
    base = tmp_path_factory.getbasetemp()
    indexed = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "district"
    home = tmp_path_factory.mktemp("lay") / "home"
    with indexed.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not indexed.is_dir():
            _index_pages(indexed.with_suffix(".unfinished"), models_dir)
            indexed.with_suffix(".unfinished").rename(indexed)
    shutil.copytree(indexed, home)
    helpdesk = Helpdesk(load_settings({}, home=home, models_dir=models_dir), Clock(NOW))
    yield helpdesk
    helpdesk.close()


def _index_pages(home: Path, models_dir: Path) -> None:
    helpdesk = Helpdesk(load_settings({}, home=home, models_dir=models_dir), Clock(NOW))
    migrate(helpdesk.engine)
    report = helpdesk.indexer.run([SHARED / "data" / "pages"])
    assert len(report.added) == 30
    assert not report.failed
    helpdesk.close()
