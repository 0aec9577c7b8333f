"""Draws pages of a PDF as pictures, each in a process of its own that may use little and reach nothing."""

import io
import resource
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from knowledge import sentences
from knowledge.formats.unreadable import Unreadable

WIDTH = 1200  # pixels
_TALLEST = 4  # times the width
_MEMORY = 1_500_000_000  # bytes of address space
_SECONDS = 20
_KEPT = 48  # pictures in memory


class Pictures:
    """Draws pages on demand, two at a time at most, and keeps the latest. Several threads may use it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()
        self._lock, self._places = threading.Lock(), threading.Semaphore(2)

    def pages(self, path: Path) -> int:
        """Return how many pages the PDF at `path` has. Raises Unreadable. A path's content must never change."""
        return int(self._made(path, 0))

    def page(self, path: Path, number: int) -> bytes:
        """Return page `number`, counted from 1, as PNG. Raises Unreadable, also where there is no such page."""
        return self._made(path, max(number, 1))

    def _made(self, path: Path, number: int) -> bytes:
        with self._lock:
            if (path, number) in self._kept:
                self._kept.move_to_end((path, number))
                return self._kept[path, number]
        with self._places:
            made = _drawn(path, number)
        with self._lock:
            self._kept[path, number] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def _drawn(path: Path, number: int) -> bytes:
    command = [sys.executable, "-m", "knowledge.sandbox.page_images", str(path), str(number)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unreadable(sentences.PAGE_NOT_DRAWN) from None
    if done.returncode or not done.stdout:
        raise Unreadable(sentences.PAGE_NOT_DRAWN)
    return done.stdout


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        raise PermissionError(1, "a page is drawn with neither network nor other programs")


def _draw(path: str, number: int, write: Callable[[bytes], object]) -> None:
    """Write the page as PNG, or for 0 the number of pages in digits. This runs in the child."""
    import pypdfium2

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 2))
    if sys.platform != "darwin":  # macOS does not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.addaudithook(_forbid)
    document = pypdfium2.PdfDocument(path)
    if number == 0:
        write(str(len(document)).encode())
        return
    page = document[number - 1]
    wide, high = page.get_size()
    scale = min(WIDTH / max(wide, 1), WIDTH * _TALLEST / max(high, 1))
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().save(picture, "PNG")
    write(picture.getvalue())


if __name__ == "__main__":
    _draw(sys.argv[1], int(sys.argv[2]), sys.stdout.buffer.write)
