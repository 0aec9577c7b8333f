"""Find the main content of an official web page, without the navigation, hidden copies and footers around it."""

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PreformattedString

from knowledge.formats import html_visible
from knowledge.formats.html_visible import is_hidden
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words

_NEVER = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "button",
    "select",
    "input",
    "textarea",
    "form",
    "nav",
    "footer",
    "aside",
    "link",
    "meta",
)
_AROUND = re.compile(
    r"(?i)(^|[\s_-])(foot\w*|header\w*|nav\w*|menu\w*|side\w*|share\w*|search\w*|crumbs?|breadcrumb|curb|related|toolbar|qrcode|pagination|comment\w*|copyright\w*|xgwz\w*|ewm)"
)
_CONTENT = re.compile(r"(?i)(zoom|article|content|detail|trs_editor|ucap|newsmain|main|info_cont|news)")
_NOISE = any_of(words(Path(__file__).with_name("page_words.txt")))
_LINE = pattern(
    r"^[\s|｜>»·]*(分享(到|至|本文)?[：:]?.{0,30}|扫一扫.{0,24}|【?\s?字[体号]\s?[：:].{0,20}|(浏览|阅读|点击)(次数|量|数)?\s?[：:]\s?\d*\s?次?"
    r"|(责任)?编辑\s?[：:].{0,12}|上一[篇条]\s?[：:].*|下一[篇条]\s?[：:].*|【?(打印|关闭|收藏|纠错|内容纠错|我要纠错|返回列表|返回顶部|顶部|打印本页|关闭窗口)】?"
    r"|(当前|您的|您现在的|您所在的)位置\s?[：:]?.*|.{0,20}ICP备.{0,30}|.{0,20}公网安备.{0,30}|网站标识码.{0,20}|版权所有.{0,40})[\s|｜]*$",
    takes="上一篇：关于老年助餐的通知",
    leaves="编辑部设在市民政局",
)
_RELATED = pattern(
    r"^[\s【\[]*(相关(链接|阅读|文件|新闻|稿件|信息|推荐|内容|文章)|推荐阅读|猜你喜欢|热门(推荐|阅读|文章)|延伸阅读)[\s】\]：:]*$",
    takes="【相关链接】",
    leaves="相关链接见附件",
)
_ENOUGH = 60  # the least sum that makes an element the main content
_NOISE_LENGTH = 60  # characters; a longer text with such a word is prose that mentions it
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "table",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "center",
    "figure",
    "tr",
    "td",
    "th",
    "tbody",
    "main",
    "header",
    "details",
    "summary",
    "fieldset",
    "legend",
    "address",
    "caption",
    "figcaption",
    "dialog",
    "form",
}


def strip(soup: BeautifulSoup) -> None:
    """Remove what is never read from the tree: scripts, comments, forms, navigation."""
    for text in soup.find_all(string=lambda s: isinstance(s, Comment | PreformattedString)):
        text.extract()
    html_visible.prepare(soup)
    for tag in soup.find_all(_NEVER):
        tag.extract()
    for video in soup.find_all(("video", "audio")):
        source = video.find("source", src=True)
        if source is not None and not video.get("src"):
            video["src"] = str(source["src"])
        video.clear()  # "your browser cannot play this"


def main_content(soup: BeautifulSoup) -> Tag:
    """Return the element that holds the page's own text.

    Every run of text adds its length if it reads as prose. It takes away if it is a link or page furniture. The element
    with the greatest sum is the content; of nearly equal ones it is the innermost. Hidden elements count only if
    there is nothing else. A page of links only (a list of notices) is weighed by its longer links.
    """
    body = soup.body or soup
    for links, hidden in ((False, False), (True, False), (False, True)):
        found, total = _heaviest(body, links, hidden)
        if total >= _ENOUGH:
            break
    else:
        found = body  # no element stands out: take the whole page
    if not hidden:
        for tag in [tag for tag in found.find_all(True) if not tag.decomposed and is_hidden(tag)]:
            tag.extract()
    return found


def _heaviest(body: Tag, links: bool, hidden: bool) -> tuple[Tag, float]:
    best: tuple[Tag, float] = (body, 0.0)

    def weigh(tag: Tag, linked: bool) -> float:
        nonlocal best
        if is_hidden(tag) and not hidden:
            return 0.0
        linked = linked or tag.name == "a"
        total = 0.0
        for child in tag.children:
            if isinstance(child, Tag):
                total += weigh(child, linked)
            elif isinstance(child, NavigableString):
                total += _worth(str(child).strip(), linked, links)
        label = f"{tag.get('id') or ''} {' '.join(tag.get('class') or [])}"
        if _AROUND.search(label) and not _CONTENT.search(label):
            total = min(total, 0.0) if not links else total * 0.2
        if (
            tag.name in _BLOCKS
            and tag.name not in ("p", "li", "tr", "td", "th", "tbody", "table", "ul", "ol")
            and total > best[1] * 1.03
        ):
            best = (tag, total)
        return total

    weigh(body, False)
    return best


def _worth(text: str, linked: bool, links: bool) -> float:
    size = len(text)
    if not size:
        return 0.0
    if size <= _NOISE_LENGTH and (_NOISE.search(text) or text.startswith(("当前位置", "您的位置"))):
        return -30.0 - size
    if linked:
        return float(size) if links and size >= 10 else -5.0 - size * 0.3
    if size >= 20 or any(mark in text for mark in "。；，：、"):
        return float(size)
    return size * 0.3 - 1.0


def lines(tag: Tag) -> Iterator[Tag | list[NavigableString | Tag]]:
    """Yield the element's tables and its runs of inline nodes, in reading order. A `<br>` ends a run."""
    run: list[NavigableString | Tag] = []
    for child in tag.children:
        if isinstance(child, Tag) and child.name == "table":
            yield from _flush(run)
            yield child
        elif isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
            yield from _flush(run)
            yield from lines(child)
        elif isinstance(child, Tag) and child.name == "br":
            yield from _flush(run)
        elif isinstance(child, Tag) and child.find("br"):
            yield from _broken(run, child)
        elif isinstance(child, Tag | NavigableString):
            run.append(child)
    yield from _flush(run)


def _flush(run: list[NavigableString | Tag]) -> Iterator[list[NavigableString | Tag]]:
    if run:
        yield list(run)
        run.clear()


def _broken(run: list[NavigableString | Tag], tag: Tag) -> Iterator[list[NavigableString | Tag]]:
    """Yield the pieces of an inline element with `<br>` inside. The first piece continues `run`."""
    for child in list(tag.children):
        if isinstance(child, Tag) and child.name == "br":
            yield from _flush(run)
        elif isinstance(child, Tag) and child.find("br"):
            yield from _broken(run, child)
        elif isinstance(child, Tag | NavigableString):
            run.append(child)


def is_noise(text: str) -> bool:
    """Return whether a line is about the page: share, print, counters, the way back, previous and next page."""
    return len(text) <= _NOISE_LENGTH * 2 and bool(_LINE.match(text))


def heads_related(text: str) -> bool:
    """Return whether a line heads a list of other pages."""
    return bool(_RELATED.match(text))
