"""Pages of a PDF as pictures: the right one, of bounded size, and a sentence where there is none."""

import struct
from pathlib import Path

import pytest
from pypdf import PdfWriter

from knowledge.formats.unreadable import Unreadable
from knowledge.sandbox.page_images import WIDTH, Pictures


def blank(path: Path, *sizes: tuple[float, float]) -> Path:
    writer = PdfWriter()
    for wide, high in sizes:
        writer.add_blank_page(wide, high)
    writer.write(path)
    return path


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def test_each_page_is_drawn_and_counted(tmp_path: Path) -> None:
    pictures, path = Pictures(), blank(tmp_path / "a.pdf", (600, 800), (800, 600))
    assert pictures.pages(path) == 2
    assert [size(pictures.page(path, number)) for number in (1, 2)] == [(WIDTH, 1600), (WIDTH, 900)]


def test_a_picture_is_drawn_once(tmp_path: Path) -> None:
    pictures, path = Pictures(), blank(tmp_path / "a.pdf", (600, 800))
    drawn = pictures.page(path, 1)
    path.unlink()
    assert pictures.page(path, 1) == drawn


def test_a_page_a_kilometre_high_is_bounded(tmp_path: Path) -> None:
    wide, high = size(Pictures().page(blank(tmp_path / "a.pdf", (100, 14_000)), 1))
    assert high <= 4 * WIDTH
    assert wide < WIDTH


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n" + bytes(500), b"<html>"])
def test_what_is_no_pdf_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="原件"):
        Pictures().page(path, 1)


def test_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Pictures().page(blank(tmp_path / "a.pdf", (600, 800)), 2)
