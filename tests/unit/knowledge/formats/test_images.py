"""Pictures and scanned pages: their text, how sure it is, and what is refused."""

import io
import re

import pypdf
import pytest
from PIL import Image

from knowledge.formats import images, ocr, pdf
from knowledge.formats.blocks import RawDocument
from knowledge.formats.unreadable import Unreadable
from tests.unit.knowledge.formats.drawn import LINES, page, saved, text_pdf

OWN_TEXT = "A page with a text layer of its own, left alone."


def text_of(document: RawDocument) -> str:
    return re.sub(r"\s", "", "".join(block.text for block in document.blocks))


def wanted(lines: tuple[str, ...] = LINES) -> str:
    return re.sub(r"\s", "", "".join(lines))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_a_picture_of_any_usual_kind_is_read(kind: str) -> None:
    document = images.read(saved(page(), kind))
    assert text_of(document) == wanted()
    assert document.facts["title"] == LINES[0]
    assert re.search(r"第 1 页 (9\d|100)%", document.warnings[0])


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_lying_on_its_side_or_head_is_turned(turned: int) -> None:
    assert text_of(images.read(saved(page().rotate(turned, expand=True), "PNG"))) == wanted()


def test_a_transparent_picture_and_one_of_sixteen_bits_are_read() -> None:
    black = page().convert("L").point(lambda value: 255 - value)
    see_through = Image.new("RGBA", black.size, (0, 0, 0, 0))
    see_through.putalpha(black)
    assert text_of(images.read(saved(see_through, "PNG"))) == wanted()
    deep = page().convert("I").point(lambda value: value * 200).convert("I;16")
    assert text_of(images.read(saved(deep, "TIFF"))) == wanted()


def test_the_pages_of_a_tiff_are_pages() -> None:
    second = page(("附件", "第四条 本办法自公布之日起施行。"))
    document = images.read(saved(page(), "TIFF", save_all=True, append_images=[second]))
    assert {block.page for block in document.blocks} == {1, 2}
    assert "第 2 页" in document.warnings[0]


def test_a_long_screenshot_is_read_in_strips_without_losing_a_line() -> None:
    lines = tuple(f"第{number}条 第{number}号摊位每月{number}百元。" for number in "一二三四五六七八九" * 2)
    document = images.read(saved(page(lines, (800, 2600), 34), "PNG"))
    assert text_of(document) == wanted(lines)
    assert [block.text[:4] for block in document.blocks] == [line[:4] for line in lines]


def test_a_doubtful_page_is_named() -> None:
    assert ocr.warnings({1: 0.99}) == ("这些页是图片，文字由机器识别，请与原件核对。识别可信度：第 1 页 99%。",)
    assert "第 2、4 页识别可信度低" in ocr.warnings({1: 0.99, 2: 0.7, 4: 0.5})[1]
    assert ocr.warnings({}) == ()
    coarse = page().resize((120, 84)).resize((1000, 700))
    assert "可信度低" in images.read(saved(coarse, "PNG")).warnings[-1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved(Image.new("RGB", (400, 400), "white"), "PNG"), "没有识别出文字"),
        (saved(Image.new("1", (60_000, 2_000)), "PNG"), "像素"),
        (saved(Image.new("RGB", (400, 400), "white"), "PNG")[:60], "损坏"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "损坏"),
        (b"GIF89a\xff\xff\xff\xff", "损坏"),
    ],
    ids=["blank", "too many pixels", "truncated", "nothing behind its mark", "torn"],
)
def test_what_cannot_be_read_is_said(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        images.read(data)


def mixed(*parts: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_only_the_pages_of_a_pdf_without_text_are_read_as_pictures() -> None:
    document = pdf.read(mixed(text_pdf(OWN_TEXT), saved(page(), "PDF", resolution=150), text_pdf(OWN_TEXT)))
    assert [block.text for block in document.blocks if block.page != 2] == [OWN_TEXT] * 2
    assert re.sub(r"\s", "", "".join(block.text for block in document.blocks if block.page == 2)) == wanted()
    assert "第 2 页" in document.warnings[0]
    assert "第 1 页" not in document.warnings[0]
    assert pdf.read(text_pdf(OWN_TEXT)).warnings == ()  # the control: text needs no picture


def test_a_scan_with_a_stamp_of_text_on_it_is_read() -> None:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(saved(page(), "PDF", resolution=150)))
    writer.pages[0].merge_page(pypdf.PdfReader(io.BytesIO(text_pdf("Page 1"))).pages[0])
    file = io.BytesIO()
    writer.write(file)
    assert wanted(LINES[2:]) in text_of(pdf.read(file.getvalue()))


def test_a_file_of_too_many_pictures_is_refused() -> None:
    with pytest.raises(Unreadable, match="101 页图片"):
        ocr.refuse_many(ocr.MOST_PAGES + 1)
    ocr.refuse_many(ocr.MOST_PAGES)
