"""The house keeps its order: libraries in their files, no circles, one meaning for each name, folders to overlook.

Which folder may import which is checked by `lint-imports` (pyproject.toml).
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("knowledge", "retrieval", "desk", "bot")
HOMES = {
    "chromadb": {"retrieval/search/chroma.py"},
    "langchain": {"retrieval/phrasing/chat_model.py", "retrieval/index/chunks.py"},
    "langchain_core": {"retrieval/phrasing/chat_model.py"},
    "langchain_openai": {"retrieval/phrasing/chat_model.py"},
    "langchain_text_splitters": {"retrieval/index/chunks.py"},
    "sentence_transformers": {
        "retrieval/embedding/export.py",
        "retrieval/embedding/weights.py",
        "retrieval/tuning/training.py",
    },
    "torch": {
        "retrieval/embedding/export.py",
        "retrieval/embedding/weights.py",
        "retrieval/learning/base_model.py",
        "retrieval/tuning/training.py",
    },
    "transformers": {"retrieval/embedding/weights.py", "retrieval/learning/base_model.py"},
    "telegram": {"bot/channels/telegram.py"},
}
WORDED_IN = {f"{package}/sentences.py" for package in PACKAGES} | {
    "bot/dialogue/texts.py",
    "bot/dialogue/manners.py",
    "retrieval/phrasing/prompt.py",  # told to a chat model
    "retrieval/embedding/export.py",  # texts to compare models by
}
_SENTENCE = re.compile(r"[\u4e00-\u9fff]{3}.*。\W?$", re.S)
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
SHARED_STEMS = {  # file names that stand in several folders, and the one thing each means there
    "accounts": "accounts of specialists and administrators",
    "documents": "policy documents",
    "files": "files on their way in",
    "golden": "golden questions",
    "guide": "a service guide (办事指南)",
    "model": "the words of a package as types",
    "originals": "files as they were put in",
    "routes": "the HTTP routes of the folder they stand in",
    "rows": "rows of the database as what they stand for, and back",
    "sentences": "what a package tells staff",
    "tables": "the tables of a package",
    "versions": "versions of documents",
    "words": "the words in use",
}
MOST_FILES = 22  # in a folder, `__init__.py` not counted
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def here(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> set[str]:
    """Every module a file imports, at its top or within a function, and what it imports from modules, dotted."""
    found = {a.name for n in ast.walk(module) if isinstance(n, ast.Import) for a in n.names}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return found


def strays(path: str, modules: Iterable[str]) -> list[str]:
    tops = {module.split(".")[0] for module in modules}
    return [f"{path}: {top} belongs in {HOMES[top]}" for top in tops & set(HOMES) if path not in HOMES[top]]


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """The first circle of files that import each other, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def type_names(module: ast.Module) -> list[str]:
    """The public classes and type aliases a file defines."""
    found = [n.name for n in module.body if isinstance(n, ast.ClassDef)]
    for node in module.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
            found.append(target.id)
    return [name for name in found if not name.startswith("_")]


def given_twice(names: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Names that several files give to something, with the files."""
    files = defaultdict(list)
    for file, its in names.items():
        for name in its:
            files[name].append(file)
    return {name: where for name, where in files.items() if len(where) > 1}


@pytest.mark.parametrize("path", SOURCES, ids=here)
def test_each_library_stays_in_its_files(path: Path) -> None:
    assert strays(here(path), imported(tree(path))) == []


@pytest.mark.parametrize("path", SOURCES, ids=here)
def test_first_line_says_what_the_module_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


def test_only_settings_reads_the_environment() -> None:
    texts = {here(path): path.read_text(encoding="utf-8") for path in SOURCES}
    assert {name for name, text in texts.items() if "os.environ" in text or "getenv" in text} <= {"bot/settings.py"}


def sentences(module: ast.Module) -> list[str]:
    """The Chinese sentences of a module for people to read: strings that end one, and are neither docstrings nor what a
    pattern takes or leaves."""
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(module) if isinstance(node, _DOCUMENTED)}
    examples = {n.value for n in ast.walk(module) if isinstance(n, ast.keyword) and n.arg in ("takes", "leaves")}
    strings = [n.value for n in ast.walk(module) if isinstance(n, ast.Constant) and n not in examples]
    return [each for each in strings if isinstance(each, str) and each not in docstrings and _SENTENCE.search(each)]


def test_no_files_import_each_other_in_a_circle() -> None:
    modules = {here(path).removesuffix(".py").replace("/", "."): imported(tree(path)) for path in SOURCES}
    assert circle({name: its & modules.keys() - {name} for name, its in modules.items()}) == []


def test_no_type_name_is_given_twice() -> None:
    assert given_twice({here(path): type_names(tree(path)) for path in SOURCES}) == {}


def test_no_module_stem_means_two_things() -> None:
    stems = Counter(path.stem for path in SOURCES if path.stem != "__init__")
    assert {stem for stem, count in stems.items() if count > 1} == set(SHARED_STEMS)


def test_no_folder_shows_more_files_than_one_can_overlook() -> None:
    counts = Counter(here(path.parent) for path in SOURCES if path.stem != "__init__")
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


@pytest.mark.parametrize("path", SOURCES, ids=here)
def test_sentences_are_worded_in_their_places(path: Path) -> None:
    if here(path) not in WORDED_IN:
        assert sentences(tree(path)) == []


def test_disorder_is_caught() -> None:
    assert sentences(ast.parse('raise Unreadable(f"文件有 {size}。请拆分后再导入。")'))
    assert strays("desk/model.py", {"chromadb.config"})
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert given_twice(
        {"one.py": type_names(ast.parse("class Line: ...")), "two.py": type_names(ast.parse("Line = int"))}
    )
