"""Every regular expression that reads language is a row: a sentence it takes and a near one it must leave."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from knowledge.notation.patterns import ROWS, PatternRow

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path for package in ("knowledge", "retrieval", "desk", "bot") for path in (ROOT / package).rglob("*.py")
)
FUNCTIONS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
SYNTAX = {  # files whose own patterns name letters, or are put together, and read no language
    "bot/ice.py": "addresses of STUN and TURN servers",
    "desk/console/routes.py": "addresses of rooms",
    "desk/web/sign_in.py": "addresses of pages",
    "knowledge/formats/detect.py": "tags of HTML and marks of Markdown",
    "knowledge/formats/html.py": "tags and attributes of HTML",
    "knowledge/formats/html_content.py": "class names of HTML",
    "knowledge/formats/html_facts.py": "scripts within HTML",
    "knowledge/formats/html_visible.py": "style sheets and class names",
    "knowledge/formats/pdf_lines.py": "web addresses",
    "knowledge/formats/spreadsheet.py": "XML of workbooks",
    "knowledge/guides/reader.py": "web addresses and file names",
    "knowledge/notation/patterns.py": "compiles the rows",
    "knowledge/notation/sentence_ends.py": "marks of punctuation",
    "knowledge/notation/word_lists.py": "words out of text files",
    "knowledge/privacy.py": "numbers of identity cards",
    "retrieval/language/lexicon.py": "words of the lexicon",
    "retrieval/language/place_names.py": "names of places and peoples, out of lists",
    "retrieval/phrasing/chat_model.py": "a mark of chat models",
    "retrieval/phrasing/novelty.py": "words of the text itself",
    "retrieval/phrasing/polarity.py": "words of the text itself",
}
# What may stand in a pattern and names no letter: escapes, names of groups and flags, ranges.
NO_LETTERS = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\(\?P<\w+>|\(\?[a-z]+[:)]|[a-zA-Z]-[a-zA-Z]|一-龥")
HAN, LETTER = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[^\W\d_]")


def applies_re(node: ast.AST) -> bool:
    """Whether a node is a call like `re.search(…)`."""
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute)):
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in FUNCTIONS


def names_of(expression: ast.expr) -> str:
    """What the literal parts of a pattern hold besides escapes, groups and ranges."""
    texts = [node.value for node in ast.walk(expression) if isinstance(node, ast.Constant)]
    joined = "".join(text.decode("latin-1") if isinstance(text, bytes) else str(text) for text in texts)
    return NO_LETTERS.sub("", joined)


def bare_patterns(module: ast.Module, *, syntax: bool) -> list[str]:
    """The patterns a file compiles or applies by `re` itself and that read, or may read, language.

    Free of a row are patterns that stand whole in the code and name no letter; in a file of `syntax` all that hold no
    Chinese.
    """
    found = [
        f"{n.lineno}: from re import" for n in ast.walk(module) if isinstance(n, ast.ImportFrom) and n.module == "re"
    ]
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and applies_re(node)):
            continue
        names, whole = names_of(node.args[0]), isinstance(node.args[0], ast.Constant)
        if HAN.search(names) or not (syntax or (whole and not LETTER.search(names))):
            found.append(f"{node.lineno}: {ast.unparse(node.args[0])}")
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def here(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def uses_rows(module: ast.Module) -> bool:
    return any(isinstance(n, ast.ImportFrom) and n.module == "knowledge.notation.patterns" for n in ast.walk(module))


def named_rows() -> list[tuple[str, PatternRow]]:
    """Every row under its constant's name, or under its expression where it stands within a tuple or a dict."""
    modules = [import_module(here(path)[:-3].replace("/", ".")) for path in SOURCES if uses_rows(tree(path))]
    names = {
        id(value): f"{module.__name__}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }
    return [(names.get(id(row.compiled), row.compiled.pattern), row) for row in ROWS]


NAMED = named_rows()


@pytest.mark.parametrize("row", [row for _, row in NAMED], ids=[name for name, _ in NAMED])
def test_a_pattern_takes_its_sentence_and_leaves_the_near_one(row: PatternRow) -> None:
    assert row.takes
    assert row.found_in(row.takes)
    assert row.leaves
    assert not row.found_in(row.leaves)


@pytest.mark.parametrize("path", SOURCES, ids=here)
def test_what_reads_language_is_a_row(path: Path) -> None:
    assert bare_patterns(tree(path), syntax=here(path) in SYNTAX) == []


@pytest.mark.parametrize("path", SYNTAX)
def test_no_file_is_excepted_in_vain(path: str) -> None:
    assert bare_patterns(tree(ROOT / path), syntax=False) != []


def test_rows_are_made_once_when_a_module_is_imported() -> None:
    """A row made within a function would be entered at every call, or never be seen by the tests."""
    within = {
        f"{here(path)}:{call.lineno}"
        for path in SOURCES
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "pattern"
    }
    assert within == set()


def test_a_bare_pattern_is_caught() -> None:
    caught = [
        're.compile("废止|失效")',
        're.search(r"(?:how|when)", text)',
        're.sub(rf"^第{NUMERAL}", "", text)',
        "re.compile('|'.join(words))",
        "from re import compile",
    ]
    free = ['re.compile(r"\\s+")', 're.sub(r"(?P<whole>[0-9a-z])-\\d{4}", "", text)', 're.split("[，。；]", text)']
    assert [bool(bare_patterns(ast.parse(each), syntax=False)) for each in caught + free] == [True] * 5 + [False] * 3
    assert bare_patterns(ast.parse('re.compile("<table>|<表格>")'), syntax=True)
    assert bare_patterns(ast.parse('re.compile(f"{tag}表格")'), syntax=True)
    assert not bare_patterns(ast.parse('re.compile("<table>")'), syntax=True)


def test_a_sentence_on_the_wrong_side_is_caught() -> None:
    repeals = PatternRow(re.compile("废止"), "原办法同时废止", "原办法继续有效", "search")
    assert repeals.found_in(repeals.takes)
    assert not repeals.found_in(repeals.leaves)
    assert not PatternRow(re.compile("^废止"), "原办法同时废止", "", "search").found_in("原办法同时废止")
    assert not PatternRow(re.compile("废止"), "废止", "", "fullmatch").found_in("同时废止")
