"""Sixty hostile files, each made by a function, and what has to come of them."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import docx
import openpyxl
from PIL import Image

from tests.unit.knowledge.formats.drawn import pdf_of, saved, text_pdf

MEGABYTE = 1_000_000
TEXT = "江湾区夜市管理办法\n第一条 夜市由街道办事处管理。\n第二条 摊主应当持有营业执照。\n"
READ = "read"  # the file is harmless once read rightly
ANY = ""  # read or refused, whichever: it ends in time
PROGRAM = "程序"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: its name, how its bytes are made, and a word of the reason it is refused for; or READ or ANY."""

    name: str
    make: Callable[[], bytes]
    wanted: str


def laughs(root: str, depth: int = 9) -> str:
    """An XML prologue whose last entity is ten to the `depth` times itself."""
    lines = ["<!ENTITY e0 '哈哈哈哈哈哈哈哈哈哈'>"]
    lines += [f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, depth + 1)]
    return f"<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE {root} [{''.join(lines)}]>"


# --- archives and what is inside them ---


def packed(members: dict[str, bytes], base: bytes = b"") -> bytes:
    """A ZIP of these members, those of the ZIP `base` before them unless they are replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packing:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as before:
                for name in before.namelist():
                    if name not in members:
                        packing.writestr(name, before.read(name))
        for name, data in members.items():
            packing.writestr(name, data)
    return file.getvalue()


def word(text: str = "第一条 正常的一条。") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def excel(sheet: bytes = b"", **others: bytes) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["事项", "电话", "地址"])
    book.active.append(["社保", "021-55550001", "江湾路1号"])
    file = io.BytesIO()
    book.save(file)
    parts = {"xl/worksheets/sheet1.xml": sheet} if sheet else {}
    return packed(parts | {name.replace("__", "/"): data for name, data in others.items()}, file.getvalue())


def million_cells() -> bytes:
    row = "".join(f'<c t="inlineStr"><is><t>{n}</t></is></c>' for n in range(100))
    return excel(sheet_xml(f"<row>{row}</row>" * 10_000))


def overlapping() -> bytes:
    """Two thousand members that are all the same bytes of the file, each a few megabytes unpacked."""
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = data.compress(bytes(4 * MEGABYTE)) + data.flush()
    check = zlib.crc32(bytes(4 * MEGABYTE))
    sizes = struct.pack("<III", check, len(body), 4 * MEGABYTE)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 5, 0) + b"a.txt"
    central = b"".join(
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0)
        + b"a.txt"
        for _ in range(2000)
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2000, 2000, len(central), len(local + body), 0)
    return local + body + central + end


def linked() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packing:
        info = zipfile.ZipInfo("链接.txt")
        info.external_attr = 0o120777 << 16
        packing.writestr(info, "/etc/passwd")
    return file.getvalue()


# --- PDF ---

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def stream(data: bytes, extra: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def pdf_page(content: bytes, *more: bytes, box: bytes = b"0 0 595 842", resources: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)
    return pdf_of([CATALOGUE, PAGES, page, content, *more])


def inflated(times: int) -> bytes:
    """Two hundred megabytes of spaces, packed over and over."""
    data = b" " * (200 * MEGABYTE)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [%s]" % (b"/FlateDecode " * times))


def pickled_map() -> bytes:
    """A font whose character map is a path: some readers would unpickle what lies there."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /#2Ftmp#2Fevil /DescendantFonts [6 0 R] >>"
    inner = (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /F "
        b"/CIDSystemInfo << /Registry (..#2F..#2Ftmp#2Fevil) /Ordering (x) /Supplement 0 >> >>"
    )
    content = stream(b"BT /F 14 Tf 72 700 Td (Hello) Tj ET", b"")
    return pdf_page(content, font, inner, resources=b"/Font << /F 5 0 R >>")


def huge_picture() -> bytes:
    pixels = zlib.compress(bytes(60_000 * 60_000 // 8 // 10), 9)
    picture = stream(
        pixels,
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Filter /FlateDecode",
    )
    return pdf_page(stream(b"600 0 0 800 0 0 cm /I Do", b""), picture, resources=b"/XObject << /I 5 0 R >>")


def recursive_form() -> bytes:
    form = stream(
        b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    )
    return pdf_page(stream(b"/X Do", b""), form, resources=b"/XObject << /X 5 0 R >>")


def many_pages() -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 50_003))
    return pdf_of([CATALOGUE, b"<< /Type /Pages /Kids [%s] /Count 50000 >>" % kids, *[page] * 50_000])


def many_lines() -> bytes:
    """A page of a quarter of a million drawn lines, which a search for tables would compare one with another."""
    drawn = b"".join(b"%d %d m %d %d l S\n" % (n % 595, n % 842, (n * 7) % 595, n % 842) for n in range(250_000))
    return pdf_page(stream(zlib.compress(drawn)))


def looped(pdf: bytes) -> bytes:
    start = pdf.rindex(b"startxref\n") + 10
    place = pdf[start:].split(b"\n")[0]
    return pdf.replace(b"trailer\n<< ", b"trailer\n<< /Prev %s " % place)


# --- pictures ---


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def blank_png(side: int) -> bytes:
    """A true picture of `side` by `side` pixels, all black, written row by row."""
    rows = zlib.compressobj(1)
    row = bytes(1 + -(-side // 8))
    data = b"".join(rows.compress(row * 100) for _ in range(side // 100)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            (b"IDAT", data),
            (b"IEND", b""),
        )
    )


def tiff_in_a_circle() -> bytes:
    """Its directory of pages names itself as the next one."""
    entries = [
        (256, 4, 1, 8),
        (257, 4, 1, 8),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 64),
        (259, 3, 1, 1),
    ]
    body = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return (
        b"II*\x00" + struct.pack("<I", 72) + bytes(64) + struct.pack("<H", len(entries)) + body + struct.pack("<I", 72)
    )


def noise(side: int) -> bytes:
    return saved(Image.frombytes("L", (side, side), random.Random(5).randbytes(side * side)), "PNG")


def speckled() -> bytes:
    """Five thousand little marks, each of which could be a character."""
    image, dice = Image.new("L", (3000, 3000), 255), random.Random(6)
    mark = Image.new("L", (14, 6), 0)
    for _ in range(5000):
        image.paste(mark, (dice.randrange(2980), dice.randrange(2980)))
    return saved(image, "PNG")


def frames(count: int) -> bytes:
    image = Image.new("1", (50, 50), 1)
    return saved(image, "TIFF", save_all=True, append_images=[image] * (count - 1))


# --- all of them ---

H = Hostile
FILES = (
    H("空.txt", lambda: b"", "空的"),
    H("空白.html", lambda: b" \n\t\x00\n" * 1000, "空的"),
    H("全是零.txt", lambda: bytes(MEGABYTE), "空的"),
    H("随机.md", lambda: random.Random(1).randbytes(200_000), "二进制"),
    H("程序.docx", lambda: b"\x7fELF\x02\x01\x01" + bytes(200), PROGRAM),
    H("程序.pdf", lambda: b"MZ\x90\x00" + bytes(300), PROGRAM),
    H("脚本.txt", lambda: b"#!/bin/sh\nrm -rf /\n", PROGRAM),
    H("太大.txt", lambda: b"x" * 51 * MEGABYTE, "上限"),
    H("没完没了.txt", lambda: "第一条 很长的一条。\n".encode() * 400_000, "上限"),
    H("一行.txt", lambda: "夜".encode() * 2 * MEGABYTE, ANY),
    H("十万条.txt", lambda: "".join(f"第{n}条 夜市。\n" for n in range(100_000)).encode(), ANY),
    H("层层.txt", lambda: "一、（一）1.（1）①".encode() * 50_000, ANY),
    H("坏编码.txt", lambda: TEXT.encode() + b"\xff\xfe\x80\xc0" * 50_000, ANY),
    H("反向.txt", lambda: (TEXT + "\u202e\u200b\u2066" * 50_000).encode(), READ),
    H("半个字.txt", lambda: b"\xff\xfe" + b"\x00\xd8" * 100_000 + TEXT.encode("utf-16-le"), ANY),
    H("引用.md", lambda: b"# x\n" + b">" * 20_000 + TEXT.encode(), ANY),
    H("嵌套列表.md", lambda: b"# x\n" + b"".join(b" " * n + b"- a\n" for n in range(2000)), ANY),
    H("强调.md", lambda: b"# x\n" + b"*a **b " * 30_000, ANY),
    H("方括号.md", lambda: b"# x\n" + b"[" * 50_000 + b"](" * 50_000, ANY),
    H("宽表.md", lambda: b"|a" * 20_000 + b"|\n" + b"|-" * 20_000 + b"|\n" + b"|b" * 20_000 + b"|\n", ANY),
    H("未闭合.csv", lambda: b'a,b,c\n1,2,3\n4,5,"' + b"x,y\n" * 500_000, "CSV"),
    H("百万格.csv", lambda: b",".join([b"1"] * 100) + (b"\n" + b",".join([b"1"] * 100)) * 10_000, "单元格"),
    H("公式.csv", lambda: "事项,电话,备注\n=cmd|'/c calc'!A1,1,x\n@SUM(1),2,y\n".encode(), READ),
    H("深.html", lambda: b"<html><body>" + b"<div>" * 100_000 + TEXT.encode(), ANY),
    H("粗.html", lambda: b"<html><body>" + b"<b><i>" * 100_000 + TEXT.encode(), ANY),
    H("属性.html", lambda: b"<html><body><p class='" + b"x" * 20 * MEGABYTE + b"'>" + TEXT.encode(), ANY),
    H("实体.html", lambda: (laughs("html") + "<html><body><p>&e9;</p>" + TEXT).encode(), ANY),
    H(
        "跨列.html",
        lambda: f"<html><body><table><tr><td colspan=99999999 rowspan=99999999>{TEXT}</table>".encode(),
        ANY,
    ),
    H("表中表.html", lambda: b"<html><body>" + b"<table><tr><td>" * 3000 + TEXT.encode(), ANY),
    H(
        "外部.html",
        lambda: f"<html><body><iframe src='file:///etc/passwd'></iframe><p>{TEXT * 3}</p></body></html>".encode(),
        READ,
    ),
    H("两面.html", lambda: b"GIF89a/*" + f"*/=1;<html><body><p>{TEXT}</p></body></html>".encode(), "图片"),
    H(
        "两面.pdf",
        lambda: b"<html><body>" + text_pdf("A page between two worlds, and a harmless one.") + b"</html>",
        ANY,
    ),
    H("炸弹.zip", lambda: packed({"零.txt": bytes(100 * MEGABYTE)}), "炸弹"),
    H("重叠.zip", overlapping, "炸弹"),
    H("套娃.zip", lambda: packed({"里.zip": packed({"再里.zip": packed({"a.txt": TEXT.encode()})})}), "解压"),
    H("路径.zip", lambda: packed({"../../../tmp/逃.txt": TEXT.encode(), "C:\\逃.txt": TEXT.encode()}), READ),
    H("太多.zip", lambda: packed({f"{n}.txt": b"" for n in range(20_000)}), "20000 个文件"),
    H("断.zip", lambda: packed({"a.txt": TEXT.encode() * 100})[:90], "损坏"),
    H("链接.zip", linked, ANY),
    H("．．／．．／全角点.zip", lambda: packed({"．．／．．／etc／办法.txt": TEXT.encode()}), READ),
    H("炸弹.docx", lambda: packed({"word/media/a.bin": bytes(400 * MEGABYTE)}, word()), "炸弹"),
    H("实体.docx", lambda: packed({"word/document.xml": (laughs("x") + "<x>&e9;</x>").encode()}, word()), ANY),
    H(
        "外部实体.docx",
        lambda: packed(
            {"word/document.xml": b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>"}, word()
        ),
        ANY,
    ),
    H("断.docx", lambda: word()[:5000], "损坏"),
    H("百万格.xlsx", million_cells, "单元格"),
    H("共享串.xlsx", lambda: excel(**{"xl__sharedStrings.xml": bytes(200 * MEGABYTE)}), ANY),
    H("实体.xlsx", lambda: excel(sheet_xml("<row><c t='str'><v>&e9;</v></c></row>", laughs("worksheet"))), ANY),
    H(
        "合并.xlsx",
        lambda: excel(
            sheet_xml(
                "<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row>" * 2,
                after="<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>",
            )
        ),
        ANY,
    ),
    H(
        "稀疏.xlsx",
        lambda: excel(sheet_xml("".join(f"<row r='{n}'><c r='XFD{n}'><v>1</v></c></row>" for n in range(1, 5000)))),
        ANY,
    ),
    H(
        "加密.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        "密码",
    ),
    H(
        "假旧版.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument\x00".encode("utf-16-le"),
        ANY,
    ),
    H("深.rtf", lambda: b"{\\rtf1 " + b"{" * 200_000 + b"x", ANY),
    H(
        "加密.pdf",
        lambda: pdf_of([CATALOGUE, PAGES]).replace(
            b"/Root 1 0 R",
            b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >> /ID [<00> <00>]"
            % (b"41" * 32, b"42" * 32),
        ),
        "密码",
    ),
    H("空白.pdf", lambda: pdf_page(stream(b"", b"")), "扫描件"),
    H("坏.pdf", lambda: b"%PDF-1.7\ngarbage\n%%EOF", "损坏"),
    H("断.pdf", lambda: text_pdf("cut off " * 40)[:400], ANY),
    H("页成环.pdf", lambda: pdf_of([CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]), ANY),
    H("表成环.pdf", lambda: looped(text_pdf("around and around it goes")), ANY),
    H("膨胀.pdf", lambda: pdf_page(inflated(1)), ANY),
    H("层层膨胀.pdf", lambda: pdf_page(inflated(3)), ANY),
    H("字符表.pdf", pickled_map, ANY),
    H("五万页.pdf", many_pages, ANY),
    H("巨页.pdf", lambda: pdf_page(stream(b"0 0 100 100 re f", b""), box=b"0 0 1000000000 1000000000"), ANY),
    H("巨图.pdf", huge_picture, ANY),
    H("自含.pdf", recursive_form, ANY),
    H("乱线.pdf", many_lines, ANY),
    H("六万像素.png", lambda: blank_png(60_000), "像素"),
    H("自称巨大.png", lambda: png_claiming(2**31 - 1, 2**31 - 1), ANY),
    H("长条.jpg", lambda: saved(Image.new("L", (200, 60_000), 255), "JPEG"), "文字"),
    H("大图.tif", lambda: saved(Image.new("1", (60_000, 20_000)), "TIFF", compression="group4"), "像素"),
    H("成环.tif", tiff_in_a_circle, ANY),
    H("百页.tif", lambda: frames(150), "150 页图片"),
    H("断.jpg", lambda: saved(Image.effect_noise((800, 800), 90), "JPEG")[:3000], "损坏"),
    H("噪点.png", lambda: noise(2000), ANY),
    H("斑点.png", speckled, ANY),
)
