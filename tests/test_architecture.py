"""Imports point one way, and each backend's library stays in the files named for it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["knowledge", "retrieval", "desk", "bot"]  # each may import those before it
HOMES = {
    "chromadb": {"retrieval/chroma.py"},
    "langchain": {"retrieval/llm.py", "retrieval/chunks.py"},
    "langchain_core": {"retrieval/llm.py"},
    "langchain_openai": {"retrieval/llm.py"},
    "langchain_text_splitters": {"retrieval/chunks.py"},
    "sentence_transformers": {"retrieval/export.py", "retrieval/rerank.py", "retrieval/tuning_training.py"},
    "torch": {"retrieval/export.py", "retrieval/tuning_training.py"},
    "telegram": {"bot/channels/telegram.py"},
}
SOURCES = sorted(path for package in ORDER for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    return names | {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}


def violations(path: Path, modules: set[str]) -> list[str]:
    package = path.relative_to(ROOT).parts[0]
    forbidden = set(ORDER[ORDER.index(package) + 1 :])
    tops = {module.split(".")[0] for module in modules}
    found = [f"{path}: imports {top}, which stands to its left" for top in tops & forbidden]
    here = path.relative_to(ROOT).as_posix()
    return found + [f"{path}: {top} belongs in {HOMES[top]}" for top in tops & set(HOMES) if here not in HOMES[top]]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    assert violations(path, imported(path)) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_first_line_says_what_the_module_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_only_settings_reads_the_environment() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in SOURCES}
    assert {name for name, text in texts.items() if "os.environ" in text or "getenv" in text} <= {"bot/settings.py"}


def test_a_wrong_import_is_caught() -> None:
    assert violations(ROOT / "knowledge/model.py", {"desk.model"})
    assert violations(ROOT / "desk/model.py", {"chromadb"})
