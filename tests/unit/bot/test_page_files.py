"""Every file that a page asks for is served, and no page names a file that is not there."""

import posixpath
import re

import pytest

from bot.page_files import CHAT, DOCUMENT, PAGES, page_files
from desk.web.templates import PAGES as DESK_PAGES

IMPORT = re.compile(r'^import (?:[^"]*? from )?"(\.{1,2}/[^"]+)";', re.M)


def imported(name: str, script: str) -> set[str]:
    """What a script imports, by folder and name."""
    return {posixpath.normpath(posixpath.join(posixpath.dirname(name), found)) for found in IMPORT.findall(script)}


@pytest.mark.parametrize(("folder", "names"), [("chat", CHAT), ("document", DOCUMENT)])
def test_a_page_is_served_all_that_its_scripts_import_and_no_more(folder: str, names: tuple[str, ...]) -> None:
    files = page_files(folder, names).files
    scripts = {name: content.decode() for name, content in files.items() if name.endswith(".js")}
    asked = set().union(*(imported(name, script) for name, script in scripts.items()))
    for page in (PAGES / folder).glob("*.html"):
        asked |= set(re.findall(r"\{\{ assets \}\}/([\w./]+)", page.read_text(encoding="utf-8")))
    assert asked - set(files) == set()
    own = {name for name in files if name.startswith(f"{folder}/")}
    assert own - asked == set()


def test_the_version_changes_with_any_file() -> None:
    chat, document = page_files("chat", CHAT), page_files("document", DOCUMENT)
    assert chat.version != document.version
    assert page_files("chat", CHAT).version == chat.version


def test_what_the_desks_scripts_import_is_there() -> None:
    scripts = {path.relative_to(DESK_PAGES).as_posix(): path for path in DESK_PAGES.glob("*/*.js")}
    missing = {
        name: sorted(found - set(scripts))
        for name, path in scripts.items()
        if (found := imported(name, path.read_text(encoding="utf-8"))) - set(scripts)
    }
    assert missing == {}
    assert sum(bool(IMPORT.findall(path.read_text(encoding="utf-8"))) for path in scripts.values()) > 20
