"""Pictures of text and PDFs, made for the tests of OCR."""

import io
import subprocess
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

LINES = (
    "江湾区夜市管理办法",
    "第一条 夜市的经营时间由街道办事处公布。",
    "第二条 摊主应当持有营业执照和健康证明。",
    "第三条 摊位费每月三百二十元，按季度缴纳。",
)


@cache
def _font() -> str:
    """A font with Chinese characters on this machine."""
    try:
        listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return next((line.split(":")[0] for line in listed.splitlines() if Path(line.split(":")[0]).is_file()), "")


def page(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (1000, 700), height: int = 36) -> Image.Image:
    """A white page with `lines` of text `height` pixels high, the first of them larger."""
    if not _font():
        pytest.skip("no font with Chinese characters on this machine")
    image = Image.new("RGB", size, "white")
    draw, top = ImageDraw.Draw(image), 60
    for number, line in enumerate(lines):
        points = height if number else round(height * 1.5)
        draw.text((60, top), line, font=ImageFont.truetype(_font(), points), fill="black")
        top += points * 2
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of an image file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    parts, places, start = [b"%PDF-1.4\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(start)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    parts.append(b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))
    return b"".join(parts)


def text_pdf(text: str) -> bytes:
    """A PDF of one page with a line of Latin text as text."""
    content = f"BT /F 14 Tf 72 700 Td ({text}) Tj ET".encode()
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )
