"""Real laws, Word files and PDFs: every article one clause, every heading found, pages rejoined."""

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from knowledge.load import load
from knowledge.model import ClauseKind, ParsedDocument

pytestmark = pytest.mark.data
ARTICLE = re.compile(r"(?m)^\s*(第[〇零一二三四五六七八九十百千]+\s?条(?:之[一二三四五六七八九十]+)?)[\s　]")


def read(path: Path) -> ParsedDocument:
    return load(path, path.name)


def test_word_laws_have_their_articles_in_order(data: Path) -> None:
    for path in sorted((data / "files").glob("*.docx"))[:12]:
        document = read(path)
        numbers = [c.number for c in document.clauses if c.kind == ClauseKind.ARTICLE]
        assert numbers[:2] in (["第一条", "第二条"], []), path.name
        assert document.metadata.title.replace(" ", "") == path.stem.split("_")[0]


def test_the_circular(data: Path) -> None:
    key = json.loads((data / "keys" / "circular.json").read_text("utf-8"))
    document = read(data / "files" / key["file"])
    said = document.metadata
    assert (said.title, said.document_number, said.issued_on) == (
        key["title"],
        key["document_number"],
        date.fromisoformat(key["issued_on"]),
    )
    assert said.issuer.split("、") == key["issuer_list"]
    assert (said.effective_on, said.expires_on, document.repeals) == (None, None, ())
    text = "\n".join(c.text for c in document.clauses) + "\n".join("\n".join(c.path) for c in document.clauses)
    assert [heading for heading in key["headings"] if heading not in text] == []
    marked = [(document.text[h.start : h.end], h.depth) for h in document.headings]
    assert marked == list(zip(key["headings"], key["heading_levels"], strict=True))
    assert re.search(r"[—-] ?\d ?[—-]", text) is None
    assert "2014-2020" in text


def test_the_service_guide(data: Path) -> None:
    key = json.loads((data / "keys" / "guide.json").read_text("utf-8"))
    document = read(data / "files" / key["文件"])
    text = re.sub(r"\s", "", "".join(c.text for c in document.clauses))
    wanted = [key["适用范围"], *key["办理依据"], *key["受理条件"], *key["禁止性要求"], *key["办理流程"], key["收费"]]
    wanted += [material["quote"] for material in key["申请材料"]]
    missing = [quote for quote in wanted if re.sub(r"\s", "", quote) not in text]
    assert missing == []
    assert document.metadata.title == key["标题"]
    assert {c.page for c in document.clauses} >= {1, 2, 3, 17}


def test_the_flow_chart_is_only_an_image(data: Path) -> None:
    key = _plain((data / "keys" / "flowchart.txt").read_text("utf-8"))
    document = read(next((data / "files").glob("*仅图像*.pdf")))
    seen = _plain(document.metadata.title + "".join(c.text for c in document.clauses))
    found = (Counter(key) & Counter(seen)).total()
    assert found / len(key) >= 0.97
    assert found / (len(seen) - len(_plain(document.metadata.title))) >= 0.97
    assert document.metadata.title == "烟草专卖零售许可证审批发放流程图"
    assert "识别可信度：第 1 页" in document.warnings[0]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
