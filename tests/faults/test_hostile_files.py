"""Hostile and broken files: each is named with its reason, the rest go on, and no limit is only a promise."""

import faulthandler
import os
import pickle
import signal
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import psutil
import pytest
from sqlalchemy import Engine

from knowledge.formats import progress
from knowledge.formats.unreadable import Unreadable
from knowledge.intake import run
from knowledge.load import PRELOAD
from knowledge.load import load as load_file
from knowledge.model import FileFailure, Metadata, ParsedDocument
from knowledge.sandbox.limits import Limits
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock
from tests.support.faults.hostile import ANY, FILES, READ, Hostile
from tests.unit.knowledge.formats.drawn import LINES, page, saved

MEGABYTE = 1024 * 1024
TEXT = (
    "江湾区老年助餐服务办法\n第一条 为了方便老年人就餐，制定本办法。\n第二条 六十五周岁以上的老年人可以享受助餐补贴。\n"
)
# A PDF of one page encrypted with a user password (RC4, 40 bits), and the same kind with nothing on its page.
ENCRYPTED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -44/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>
%%%%EOF""" % (b"41" * 32, b"42" * 32)
BLANK = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF"""


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(load_file, Limits(file_bytes=5 * MEGABYTE), preload=PRELOAD) as running:
        yield running


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def word(folder: Path, name: str, *paragraphs: str) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(folder / name))
    return folder / name


def bomb(folder: Path) -> Path:
    """A .docx of half a megabyte that unpacks to 400."""
    path = word(folder, "压缩炸弹.docx", "第一条 正常的一条。")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/big.bin", "w") as entry:
        for _ in range(400):
            entry.write(bytes(MEGABYTE))
    return path


HOSTILE = {
    "空.txt": (b"", "空的"),
    "空白.html": (b" \n\t\x00\n", "空的"),
    "改名的程序.docx": (b"\x7fELF\x02\x01\x01" + bytes(200), "程序"),
    "改名的程序.pdf": (b"MZ\x90\x00" + bytes(300), "程序"),
    "照片.html": (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "加密.pdf": (ENCRYPTED, "密码"),
    "扫描.pdf": (BLANK, "扫描件"),
    "坏.pdf": (b"%PDF-1.7\ngarbage\n%%EOF", "损坏"),
    "坏.docx": (b"PK\x03\x04" + bytes(range(256)), "损坏"),
    "旧版.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "旧版 Office"),
    "随机.md": (os.urandom(4096).replace(b"\n", b"\x01") + bytes(600), "二进制"),
    "太大.txt": ("第一条 很长。\n".encode() * 400_000, "8.0 MB，超过 5 MB 的上限"),
    "没完没了.txt": (b"Article 1. Far too long a text.\n" * 100_000, "300 万字的上限"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_file_is_named_with_its_reason(parsers: Parsers, tmp_path: Path, name: str) -> None:
    data, word_in_reason = HOSTILE[name]
    answer = parsers.parse(write(tmp_path, name, data))
    assert isinstance(answer, FileFailure), answer
    assert (answer.file, word_in_reason in answer.reason, answer.reason[-1]) == (name, True, "。"), answer.reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked(parsers: Parsers, tmp_path: Path) -> None:
    answer = parsers.parse(bomb(tmp_path))
    assert isinstance(answer, FileFailure)
    assert "压缩炸弹" in answer.reason
    harmless = parsers.parse(word(tmp_path, "正常.docx", "第一条 正常的一条。"))  # the control: only its size was wrong
    assert isinstance(harmless, ParsedDocument)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_text_in_every_usual_encoding_is_read(parsers: Parsers, tmp_path: Path, encoding: str) -> None:
    text = (
        TEXT
        if encoding != "big5"
        else "江灣區老年助餐服務辦法\n第一條 為了方便老年人就餐，制定本辦法。\n第二條 老年人可以享受。\n"
    )
    answer = parsers.parse(write(tmp_path, "办法.txt", text.encode(encoding)))
    assert isinstance(answer, ParsedDocument)
    assert answer.metadata.title == text.split("\n", 1)[0]
    assert "老年人" in answer.clauses[-1].text


def test_a_page_that_says_gb2312_is_read(parsers: Parsers, tmp_path: Path) -> None:
    page = (
        f"<html><head><meta charset=gb2312><title>助餐</title></head><body><div><p>{TEXT * 3}</p></div></body></html>"
    )
    answer = parsers.parse(write(tmp_path, "页.html", page.encode("gb18030")))
    assert isinstance(answer, ParsedDocument)
    assert "六十五周岁" in "".join(clause.text for clause in answer.clauses)


def test_broken_html_and_nul_bytes_do_not_reach_a_clause(parsers: Parsers, tmp_path: Path) -> None:
    page = (
        b"<html><body><div><p>"
        + TEXT.replace("第二条", "\x00第二条").encode()
        + b"</b></td><table><tr><p>"
        + "未闭合的段落，仍然要读出来。".encode()
    )
    answer = parsers.parse(write(tmp_path, "坏.html", page))
    assert isinstance(answer, ParsedDocument)
    text = "".join(clause.text for clause in answer.clauses)
    assert "未闭合的段落" in text
    assert "\x00" not in text + answer.metadata.title


def test_deeply_nested_html_ends_in_a_document_or_a_reason(parsers: Parsers, tmp_path: Path) -> None:
    answer = parsers.parse(write(tmp_path, "深.html", b"<html><body>" + b"<div>" * 100_000 + TEXT.encode()))
    assert isinstance(answer, ParsedDocument | FileFailure)


def test_a_name_full_of_dots_stays_a_name(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    """`..%2f` and the like reach the store as plain names: nothing is opened or written by them."""
    name = "..%2f..%2f..／..＼etc＼passwd;$(touch x)`.md"
    outside = set(tmp_path.parent.iterdir())
    store = DocumentStore(sqlite_engine, clock)
    report = run.ingest([write(tmp_path, name, f"# 办法\n\n{TEXT}".encode())], store, parsers)
    assert report.added == [name]
    assert [document.file for document in store.documents()] == [name]
    assert set(tmp_path.parent.iterdir()) == outside


# --- limits: each parser below misbehaves in one way; the worker must survive it and read the next file -------------


def _greedy(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: bytearray(3 * 1024**3))


def _endless(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: time.sleep(600))


def _spinning(path: Path, name: str, _limit: int) -> ParsedDocument:
    def spin() -> None:
        while True:
            pass

    return _misbehave(path, name, spin)


def _suicidal(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: os.kill(os.getpid(), signal.SIGSEGV))


def _assassin(path: Path, name: str, _limit: int) -> ParsedDocument:
    """Kills its worker, not only itself."""
    return _misbehave(path, name, lambda: (os.kill(os.getppid(), signal.SIGKILL), time.sleep(600)))


def _talkative(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: socket.create_connection(("127.0.0.1", int(path.read_text())), 5).close())


def _writing(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: path.with_name("written").write_text("x" * 5000))


def _launching(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _misbehave(path, name, lambda: subprocess.run(["true"], check=True))


def _long_at_work(path: Path, name: str, _limit: int) -> ParsedDocument:
    """Four pages, half a second each, busy or waiting; the file says which, and whether each page is told of."""
    how = path.read_text("utf-8")

    def read_pages() -> None:
        for _ in range(4):
            end = time.process_time() + 0.5
            while "busy" in how and time.process_time() < end:
                pass
            time.sleep(0 if "busy" in how else 0.5)
            if "told" in how:
                progress.beat()

    return _misbehave(path, name, read_pages)


def _misbehave(path: Path, name: str, deed: object) -> ParsedDocument:
    if path.name != "好.md":
        deed()  # type: ignore[operator]
    return ParsedDocument(Metadata(name), (), "text/plain")


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (_greedy, "内存"),
        (_endless, "秒"),
        (_spinning, "处理器"),
        (_suicidal, "崩溃"),
        (_assassin, "意外中止"),
        (_writing, ""),
    ],
    ids=["memory", "wall time", "processor time", "crash", "kills its worker", "writes a file"],
)
def test_a_misbehaving_parser_costs_its_file_and_no_other(load: object, said: str, tmp_path: Path) -> None:
    limits = Limits(memory_bytes=1024**3, cpu_seconds=1, wall_seconds=3 if load is not _spinning else 30)
    bad, good = write(tmp_path, "坏.md", b"x"), write(tmp_path, "好.md", b"x")
    with Parsers(load, limits, workers=1) as running:  # type: ignore[arg-type]
        failure = running.parse(bad)
        assert isinstance(running.parse(good), ParsedDocument)
    assert isinstance(failure, FileFailure)
    assert said in failure.reason
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_text()


def test_a_parser_cannot_use_the_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = write(tmp_path, "坏.md", str(server.getsockname()[1]).encode())
        with Parsers(_talkative, workers=1) as running:
            assert isinstance(running.parse(port), FileFailure)
        assert _talkative(port, "坏.md", 0).metadata.title == "坏.md"  # the control: out of its cage it gets through


class _Order:
    """What a file that has taken its process over might send instead of an answer."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(Path(__file__).parent / "taken over"),)


def _taken_over(path: Path, name: str, _limit: int) -> ParsedDocument:
    return _Order() if name == "坏.md" else ParsedDocument(Metadata(name), (), "text/plain")  # type: ignore[return-value]


def test_an_answer_that_is_an_order_is_not_obeyed(tmp_path: Path) -> None:
    made = Path(__file__).parent / "taken over"
    with Parsers(_taken_over, workers=1) as running:
        assert isinstance(running.parse(write(tmp_path, "坏.md", b"x")), FileFailure)
        assert isinstance(running.parse(write(tmp_path, "好.md", b"x")), ParsedDocument)
    assert not made.exists()
    pickle.loads(pickle.dumps(_Order()))  # noqa: S301  (the control: read without care, the order is carried out)
    made.rmdir()


def test_a_parser_cannot_start_another_program(tmp_path: Path) -> None:
    bad = write(tmp_path, "坏.md", b"x")
    with Parsers(_launching, workers=1) as running:
        assert isinstance(running.parse(bad), FileFailure)
    assert _launching(bad, "坏.md", 0).metadata.title == "坏.md"  # the control


@pytest.mark.parametrize(
    ("how", "limits"),
    [("busy", Limits(cpu_seconds=1, page_seconds=2)), ("waiting", Limits(wall_seconds=1.5, page_seconds=2))],
)
def test_time_counts_from_the_last_page_that_was_read(tmp_path: Path, how: str, limits: Limits) -> None:
    told, silent = write(tmp_path, "多页.md", f"{how} told".encode()), write(tmp_path, "无声.md", how.encode())
    with Parsers(_long_at_work, limits, workers=1) as running:
        assert isinstance(running.parse(told), ParsedDocument)
        assert isinstance(running.parse(silent), FileFailure)
    with Parsers(_long_at_work, replace(limits, longest_seconds=1), workers=1) as running:
        assert isinstance(running.parse(told), FileFailure)  # told or not, there is an end


def test_without_isolation_the_same_parser_takes_the_program_down(tmp_path: Path) -> None:
    """The negative control: what the worker survives kills a process that calls the parser itself."""
    child = os.fork()
    if child == 0:
        faulthandler.disable()  # its traceback would only look like a failure
        _suicidal(write(tmp_path, "坏.md", b"x"), "坏.md", 0)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGSEGV


def test_failures_are_kept_and_not_tried_again_until_the_file_changes(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    store = DocumentStore(sqlite_engine, clock)
    folder = tmp_path / "文件"
    folder.mkdir()
    bad = write(folder, "表.txt", b"")
    write(folder, "好.txt", TEXT.encode())
    first = run.ingest([folder], store, parsers)
    assert ([f.file for f in first.failed], first.added) == (["表.txt"], ["好.txt"])
    again = run.ingest([folder], store, parsers)
    assert (again.failed, again.unchanged, again.added) == (first.failed, ["好.txt"], [])
    bad.write_text(TEXT.replace("二", "三"), "utf-8")
    assert run.ingest([folder], store, parsers).added == ["表.txt"]
    assert store.failures() == []


def test_the_limit_on_size_is_a_parameter(tmp_path: Path) -> None:
    path = write(tmp_path, "办法.txt", TEXT.encode())
    with pytest.raises(Unreadable, match="上限"):
        load_file(path, path.name, limit_bytes=10)
    assert load_file(path, path.name).clauses


# --- sixty and more hostile files: in time, in bounds, with a reason, and nobody else notices ---

SECONDS, PEAK = 60, 512 * 1024 * 1024
# Those that take a second or less, for the ordinary run; `make soak` has all.
QUICK = {
    "全是零.txt", "反向.txt", "半个字.txt", "公式.csv", "未闭合.csv", "方括号.md", "表中表.html", "外部.html",
    "两面.html", "两面.pdf", "炸弹.zip", "套娃.zip", "路径.zip", "断.zip", "链接.zip", "．．／．．／全角点.zip",
    "实体.docx", "外部实体.docx", "实体.xlsx", "合并.xlsx", "加密.xlsx", "页成环.pdf", "表成环.pdf", "字符表.pdf",
    "自含.pdf", "自称巨大.png", "成环.tif", "百页.tif", "断.jpg",
}  # fmt: skip


@pytest.fixture(scope="module")
def usual() -> Iterator[Parsers]:
    """Parsers with the limits of the service."""
    with Parsers(load_file, workers=1, preload=PRELOAD) as running:
        yield running


def put_in(
    each: Hostile, parsers: Parsers, engine: Engine, clock: Clock, folder: Path
) -> tuple[list[str], list[FileFailure]]:
    """What went in and what was refused when the file is ingested like any other."""
    path = write(folder, each.name.replace("/", "_"), each.make())
    parsers.peak_bytes = 0
    started = time.monotonic()
    report = run.ingest([path], DocumentStore(engine, clock), parsers)
    assert time.monotonic() - started < SECONDS
    assert 0 < parsers.peak_bytes < PEAK
    return report.added, report.failed


def check(each: Hostile, added: list[str], failed: list[FileFailure]) -> None:
    assert added or failed
    assert all(failure.reason.endswith("。") for failure in failed), failed
    if each.wanted == READ:
        assert (bool(added), failed) == (True, [])
    elif each.wanted != ANY:
        assert each.wanted in " ".join(failure.reason for failure in failed)


def test_there_are_sixty_of_them_and_no_two_alike() -> None:
    names = [each.name for each in FILES]
    assert len(set(names)) == len(names) >= 60
    assert set(names) >= QUICK


@pytest.mark.parametrize(
    "each",
    [pytest.param(each, id=each.name, marks=() if each.name in QUICK else pytest.mark.soak) for each in FILES],
)
def test_a_hostile_file_ends_in_time_and_in_bounds(
    each: Hostile, usual: Parsers, sqlite_engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    outside = set(tmp_path.parent.iterdir())
    secret = Path("/etc/passwd").read_text("utf-8").splitlines()[0]
    check(each, *put_in(each, usual, sqlite_engine, clock, tmp_path))
    store = DocumentStore(sqlite_engine, clock)
    assert not any(secret in clause.clause.text for d in store.documents() for clause in store.clauses(d.id))
    assert set(tmp_path.parent.iterdir()) == outside


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_the_rest_is_answered_meanwhile_by_the_same_process(
    sqlite_engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    """All of them in one run, while another thread of the same process reads documents and has good files parsed."""
    folder, process = tmp_path / "敌意", psutil.Process()
    folder.mkdir()
    for each in FILES:
        write(folder, each.name.replace("/", "_"), each.make())
    good = write(tmp_path, "好.txt", TEXT.encode())
    store, done, waits = DocumentStore(sqlite_engine, clock), threading.Event(), list[float]()
    store.put(_misbehave(Path("好.md"), "好.md", None), "好.md", "好.md", "0")

    def ask() -> None:
        with Parsers(load_file, workers=1, preload=PRELOAD) as own:
            while not done.wait(0.05):
                started = time.monotonic()
                assert store.documents()
                assert isinstance(own.parse(good), ParsedDocument)
                waits.append(time.monotonic() - started)

    asking, before = threading.Thread(target=ask), process.memory_info().rss
    asking.start()
    try:
        with Parsers(load_file, preload=PRELOAD) as parsers:
            report = run.ingest([folder], store, parsers)
    finally:
        done.set()
        asking.join()
    named = [failure.file for failure in report.failed] + report.added + report.unchanged
    assert {name.split("/")[0] for name in named} == {each.name for each in FILES}
    assert parsers.peak_bytes < PEAK
    assert process.memory_info().rss - before < 300 * MEGABYTE
    assert len(waits) > 20
    assert sorted(waits)[int(len(waits) * 0.99)] < 3


@pytest.mark.soak
def test_page_after_page_of_a_scan_fits_into_the_same_memory(usual: Parsers, tmp_path: Path) -> None:
    peaks = []
    for count in (1, 8):
        image = page(LINES * 3, (1654, 2339))
        pages = [image.rotate(angle, fillcolor="white") for angle in range(count)]  # no two quite alike
        scan = saved(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=200)
        usual.peak_bytes = 0
        answer = usual.parse(write(tmp_path, f"{count}.pdf", scan))
        assert isinstance(answer, ParsedDocument), answer
        peaks.append(usual.peak_bytes)
    assert peaks[1] < min(peaks[0] * 1.3, PEAK)


def test_out_of_its_cage_such_a_file_takes_more_than_its_share(tmp_path: Path) -> None:
    """The negative control: with limits that limit nothing, the same file takes more memory."""
    endless = "<!doctype html><html><body>" + "<p>第一条 很长的一条。</p>" * 400_000 + "</body></html>"
    path = write(tmp_path, "没完没了.html", endless.encode())
    with Parsers(load_file, Limits(memory_bytes=130 * MEGABYTE), workers=1, preload=PRELOAD) as caged:
        failure = caged.parse(path)
        assert isinstance(failure, FileFailure)
        assert "内存" in failure.reason
        assert caged.peak_bytes < 150 * MEGABYTE
    with Parsers(load_file, Limits(memory_bytes=4096 * MEGABYTE), workers=1, preload=PRELOAD) as free:
        assert isinstance(free.parse(path), FileFailure)
        assert free.peak_bytes > 150 * MEGABYTE
