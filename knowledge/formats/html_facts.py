"""Read what an official page says about itself: meta tags, box of 索引号 and 文号, line of date and source, scripts."""

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

from knowledge.formats.blocks import tidy
from knowledge.notation.patterns import pattern

_META = {
    "articletitle": "title",
    "pubdate": "published_on",
    "contentsource": "source",
    "url": "url",
    "sitename": "site",
    "og:title": "title",
    "og:url": "url",
    "og:site_name": "site",
    "article:published_time": "published_on",
}
_LABELS = {
    "文号": "document_number",
    "发文字号": "document_number",
    "发布机构": "publisher",
    "发布机关": "issuer",
    "发文机关": "issuer",
    "发文机构": "issuer",
    "制定机关": "issuer",
    "成文日期": "issued_on",
    "印发日期": "issued_on",
    "发布日期": "published_on",
    "发布时间": "published_on",
    "发表时间": "published_on",
    "公开日期": "published_on",
    "公布日期": "published_on",
    "实施日期": "effective_on",
    "施行日期": "effective_on",
    "生效日期": "effective_on",
    "失效日期": "expires_on",
    "废止日期": "repealed_on",
    "文件状态": "status",
    "有效性": "status",
    "时效性": "status",
    "效力状态": "status",
    "信息来源": "source",
    "文章来源": "source",
    "来源": "source",
}
_LABEL = pattern(
    r"^\s*({})\s*[：:]\s*(.*)$".format(
        "|".join(r"[\s\u3000]*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
    ),
    re.DOTALL,
    takes="发布日期：2024-03-04",
    leaves="发布日期由机关决定：见公告",
)
_STATUS_SCRIPT = re.compile(r"""file_?status\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_ABOLISHED = re.compile(r'"is_(abolished|expired)"\s*:\s*"?(1|true)', re.IGNORECASE)
_DETAIL_URL = re.compile(r'DETAIL:\s*\{.*?"url"\s*:\s*"(http[^"]+)"')
_BOX_LABEL = pattern(
    r"^(索引号|分类|主题分类|发布机构|发文机关|成文日期|名称|文\s*号|发文字号|发布日期|主题词|有效性)\s?[：:]$",
    takes="发文机关：",
    leaves="发文机关：市民政局",
)
_GAPS = re.compile(r"[\s\u3000]")
_IN_TEXT = ("published_on", "source")
_VALUE = 120  # characters; the values of a box are shorter
_SITE_NAME = pattern(
    r"\s*[-_|–—]{1,2}\s*(?=\S*(?:网|政府|门户|平台)\S*$)",
    takes="居住证办理指南 - 广州市政府门户网站",
    leaves="居住证 - 办理指南",
)


def read(soup: BeautifulSoup) -> dict[str, str]:
    """Return the facts as printed, under their names in `blocks.FACTS`. Facts that the page does not give are missing.

    A labelled box goes before a meta tag, a meta tag before a line of the text, and that before a script.
    """
    facts: dict[str, str] = {}
    for found in (_labelled(soup, in_text=False), _metas(soup), _labelled(soup, in_text=True), _scripts(soup)):
        facts = {**found, **facts}
    if "title" not in facts and (title := _title(soup)):
        facts["title"] = title
    return facts


def is_box(cells: Iterable[str]) -> bool:
    """Return whether a table's cells are the page's own box of labels (索引号, 发布机构 …), not a table of the text."""
    return sum(bool(_BOX_LABEL.match(cell)) for cell in set(cells)) >= 3


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = _META.get(str(tag.get("name") or tag.get("property") or "").lower())
        value = tidy(str(tag.get("content") or ""))
        if name and value:
            found.setdefault(name, value)
    canonical = soup.find("link", rel="canonical")
    if canonical and canonical.get("href"):
        found.setdefault("url", str(canonical["href"]))
    return found


def _labelled(soup: BeautifulSoup, in_text: bool) -> dict[str, str]:
    """Find labelled values: "失效日期：" in a cell, item or span, with its value after it or beside it.

    With `in_text`, look into paragraphs instead. There only the date of publication and the source are trusted.
    """
    found: dict[str, str] = {}
    for string in soup.find_all(string=_LABEL):
        tag, match = string.parent, _LABEL.match(str(string))
        if tag is None or match is None or tag.name in ("script", "style", "title"):
            continue
        name = _LABELS[_GAPS.sub("", match[1])]
        if (tag.name == "p" or tag.find_parent("p") is not None) != in_text or (in_text and name not in _IN_TEXT):
            continue
        value = tidy(match[2]) or _beside(tag, match[1])
        if value and len(value) < _VALUE and not _LABEL.match(value):
            found.setdefault(name, value)
    return found


def _beside(tag: Tag, label: str) -> str:
    """Return the value next to a label: the rest of its own cell or item, else the next cell."""
    for holder in (tag, tag.parent):
        if holder is None:
            continue
        shown = [s for s in holder.strings if s.parent is not None and s.parent.name not in ("script", "style")]
        rest = re.sub(rf"^.*?{re.escape(tidy(label))}\s*[：:]", "", tidy("".join(shown)), count=1).strip()
        if rest and not _LABEL.match(rest) and tidy(label) not in rest:
            return rest
        if holder.name in ("td", "th", "li", "dt"):
            following = holder.find_next_sibling(("td", "th", "dd"))
            return tidy(following.get_text()) if following else ""
    return ""


def _scripts(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("script"):
        text = tag.string or ""
        if (match := _STATUS_SCRIPT.search(text)) and match[1]:
            found.setdefault("status", match[1])
        if _ABOLISHED.search(text):
            found.setdefault("status", "失效")
        if match := _DETAIL_URL.search(text):
            found.setdefault("url", match[1].replace("\\/", "/"))
    return found


def _title(soup: BeautifulSoup) -> str:
    """Return the first heading of the page, else its window title without the site's name."""
    heading = soup.find("h1")
    if heading and tidy(heading.get_text()):
        return tidy(heading.get_text())
    title = tidy(soup.title.get_text()) if soup.title else ""
    return _SITE_NAME.split(title)[0]
