"""Measures files and clauses a second by format, against markitdown and LangChain's loaders on the same files."""

import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from langchain_community.document_loaders import BSHTMLLoader, Docx2txtLoader, PyPDFLoader, TextLoader
from langchain_text_splitters import RecursiveCharacterTextSplitter
from markitdown import MarkItDown

from bench.houses import Report
from bench.places import material
from knowledge import load
from knowledge.model import ParsedDocument
from knowledge.sandbox.parsers import Parsers

OURS, CAGED, MARKITDOWN, LANGCHAIN = "laofashi", "laofashi, a process each", "markitdown", "langchain"
_LAWS, _QUICK_LAWS = 300, 60
_ROUNDS = 3
Way = Callable[[Path], int]


@dataclass(frozen=True, slots=True)
class Loaded:
    """One format read in one way, in the fastest round. `pieces` counts clauses, or the pieces of a splitter."""

    format: str
    way: str
    files: int
    pieces: int
    seconds: float
    failed: int

    @property
    def files_per_second(self) -> float:
        return self.files / self.seconds

    @property
    def pieces_per_second(self) -> float:
        return self.pieces / self.seconds


def loading(quick: bool, report: Report) -> list[Loaded]:
    """Read every format in every way, one file after another. Read with our own code also as the service does."""
    warnings.simplefilter("ignore")  # other libraries warn about the files
    done: list[Loaded] = []
    files = _files(quick)
    with Parsers(load.load, preload=load.PRELOAD) as parsers:
        parsers.parse(files["Markdown"][0])  # starts a worker
        for number, (kind, paths) in enumerate(files.items()):
            report("reading files", number, len(files))
            done += [_fastest(kind, way, paths, read) for way, read in _ways(kind).items()]
            done.append(_caged(kind, paths, parsers))
    return done


def _files(quick: bool) -> dict[str, list[Path]]:
    laws, files, pages = material("laws", "files", "pages")
    markdown = [path for path in sorted(laws.rglob("*.md")) if path.name != "_index.md"]
    step = max(len(markdown) // (_QUICK_LAWS if quick else _LAWS), 1)
    pdfs = sorted(files.glob("*.pdf"))
    return {
        "Markdown": markdown[::step],
        "HTML": sorted(pages.glob("*.html")),
        "DOCX": sorted(files.glob("*.docx")),
        "PDF": [path for path in pdfs if "仅图像" not in path.name],
        "PDF, a picture": [path for path in pdfs if "仅图像" in path.name],
    }


def _ways(kind: str) -> dict[str, Way]:
    converter = MarkItDown()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    loader = {"Markdown": _text_loader, "HTML": _page_loader, "DOCX": Docx2txtLoader}.get(kind, PyPDFLoader)

    def markitdown(path: Path) -> int:
        return len(splitter.split_text(converter.convert(path).text_content))

    def langchain(path: Path) -> int:
        return len(splitter.split_documents(loader(str(path)).load()))

    return {OURS: lambda path: len(load.load(path, path.name).clauses), MARKITDOWN: markitdown, LANGCHAIN: langchain}


def _text_loader(path: str) -> TextLoader:
    return TextLoader(path, encoding="utf-8")


def _page_loader(path: str) -> BSHTMLLoader:
    return BSHTMLLoader(path, open_encoding="utf-8")


def _fastest(kind: str, way: str, paths: Sequence[Path], read: Way) -> Loaded:
    """Return the fastest round. A file that gives no text counts as failed."""
    return min((_round(kind, way, paths, read) for _ in range(_ROUNDS)), key=lambda each: each.seconds)


def _round(kind: str, way: str, paths: Sequence[Path], read: Way) -> Loaded:
    pieces = failed = 0
    started = time.perf_counter()
    for path in paths:
        try:
            found = read(path)
        except Exception:  # any library may fail in any way; such failures are counted
            found = 0
        pieces, failed = pieces + found, failed + (not found)
    return Loaded(kind, way, len(paths), pieces, time.perf_counter() - started, failed)


def _caged(kind: str, paths: Sequence[Path], parsers: Parsers) -> Loaded:
    """Read as the service does: in worker processes, two files at a time."""
    started = time.perf_counter()
    with ThreadPoolExecutor(parsers.workers) as threads:
        answers = list(threads.map(parsers.parse, paths))
    seconds = time.perf_counter() - started
    read = [answer for answer in answers if isinstance(answer, ParsedDocument)]
    pieces = sum(len(answer.clauses) for answer in read)
    return Loaded(kind, CAGED, len(paths), pieces, seconds, len(paths) - len(read))
