"""Keep what a visitor can see of a page: folded parts (tabs, accordions) stay, hidden parts and second copies go."""

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_MEDIA = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # rules only for print or small screens
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]*)\}")
_SIMPLE = re.compile(r"^(?:[a-z]+)?([.#])([\w-]+)$", re.IGNORECASE)  # one class or id, perhaps after an element's name
_UNSEEN = {"sr-only", "visually-hidden", "screen-reader-text", "print-only", "only-print", "printonly"}
_FOLDED = re.compile(
    r"(?i)(^|[\s_-])(tab[_-]?(pane|panel|con\w*|item|box|bd|body|detail)|accordion\w*|collaps\w*|fold\w*|toggle\w*|panel\w*"
    r"|answer\w*|faq\w*|unfold\w*|slide-?down\w*)"
)
_BARS = re.compile(
    r"(?i)(^|[\s_-])(share\w*|bdshare\w*|social\w*|toolbar\w*|tools?|qr-?code\w*|ewm|pagination|pager|crumbs?|breadcrumb\w*|"
    r"related\w*|xgwz\w*|xglj\w*|xgyd\w*|recommend\w*|hot-?news\w*|prev-?next|print-?bar\w*|font-?size\w*)(?=$|[\s_-])"
)
_LONG = 100  # characters; a part this long can be a copy; a bar of links is shorter or nothing but links
_PROSE = 60  # characters of sentences; a form with this many is the page's own content
_COPY = 0.9  # share of common lines that makes one part a copy of another
_CANDIDATES = 400  # at most this many parts are compared with each other


def prepare(soup: BeautifulSoup) -> None:
    """Mark what style sheets hide, unfold what visitors can open, and remove bars and second copies."""
    _mark_hidden(soup)
    _unwrap(soup)
    _unfold(soup)
    for bar in soup.find_all(_is_bar):
        bar.extract()
    _drop_copies(soup)


def is_hidden(tag: Tag) -> bool:
    """Return whether no visitor sees this element. A hidden body does not count: a script shows it later."""
    if tag.name in ("html", "body"):
        return False
    return bool(_HIDDEN.search(str(tag.get("style") or ""))) or tag.has_attr("hidden")


def _mark_hidden(soup: BeautifulSoup) -> None:
    names = {("." + name) for name in _UNSEEN}
    for sheet in soup.find_all("style"):
        if "print" not in str(sheet.get("media") or ""):
            names |= set(_hiding(sheet.get_text()))
    for tag in soup.find_all(True):
        own = {f".{name}" for name in tag.get("class") or []} | {f"#{tag.get('id')}"}
        if own & names or str(tag.get("aria-hidden")).lower() == "true":
            tag["hidden"] = ""


def _hiding(css: str) -> Iterator[str]:
    """Yield the single classes and ids that a style sheet hides on every screen."""
    shown = set()
    found = []
    for selectors, rule in _RULE.findall(_MEDIA.sub("", _COMMENT.sub("", css[:500_000]))):
        for selector in selectors.split(","):
            if simple := _SIMPLE.match(selector.strip()):
                name = simple[1] + simple[2]
                if _HIDDEN.search(rule):
                    found.append(name)
                elif re.search(r"display\s*:", rule):
                    shown.add(name)
    yield from (name for name in found if name not in shown)


def _unwrap(soup: BeautifulSoup) -> None:
    """Keep the text of a form around the whole page and of a button that opens a part: they are not mere controls."""
    for form in soup.find_all("form"):
        strings = [s for s in form.find_all(string=re.compile("[，。；：]")) if s.parent is not None]
        sentences = [str(s) for s in strings if s.parent and s.parent.name not in _CONTROLS]
        if sum(len(sentence.strip()) for sentence in sentences) >= _PROSE:
            form.unwrap()
    for button in soup.find_all("button"):
        if button.find_parent(_HEADINGS):
            button.unwrap()
        elif button.has_attr("aria-expanded") or button.has_attr("aria-controls"):
            button.name = "h4"


_CONTROLS = ("option", "label", "button", "textarea", "script", "style")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt")


def _unfold(soup: BeautifulSoup) -> None:
    """Show hidden tabs and answers that stand nowhere else on the page. A tab gets its label as heading."""
    folded = [tag for tag in soup.find_all(True) if is_hidden(tag) and _is_folded(tag)]
    seen = set(_lines(soup, shown_only=True)) if folded else set()
    for tag in folded:
        lines = _lines(tag)
        if lines and sum(line in seen for line in lines) < len(lines) / 2:
            del tag["hidden"]
            tag["style"] = _HIDDEN.sub("", str(tag.get("style") or ""))
            seen |= set(lines)
    for panel in soup.find_all(role="tabpanel"):
        label = soup.find(id=str(panel.get("aria-labelledby") or "-"))
        text = label.get_text(strip=True) if label else ""
        if label and text and not is_hidden(panel) and not panel.get_text(strip=True).startswith(text):
            heading = soup.new_tag("h3")
            heading.string = text
            panel.insert(0, heading)
            label.extract()


def _is_folded(tag: Tag) -> bool:
    label = f"{tag.get('id') or ''} {' '.join(tag.get('class') or [])}"
    return tag.get("role") == "tabpanel" or tag.name == "dd" or bool(_FOLDED.search(label))


def _is_bar(tag: Tag) -> bool:
    """Return whether a tag is a bar of links or tools: its name says so, and it is short or at least half links."""
    label = f"{tag.get('id') or ''} {' '.join(tag.get('class') or [])}"
    if tag.name in ("html", "body") or not _BARS.search(label):
        return False
    size = len(tag.get_text(strip=True))
    linked = sum(len(link.get_text(strip=True)) for link in tag.find_all("a"))
    return linked >= size * 0.5 or size < _LONG / 2


def _drop_copies(soup: BeautifulSoup) -> None:
    """Keep only the first of parts with the same text (for telephones, for print). Hidden parts are not compared."""
    kept: list[tuple[Tag, frozenset[str]]] = []
    for tag in _parts(soup)[:_CANDIDATES]:
        if tag.decomposed or tag.parent is None:
            continue
        lines = frozenset(_lines(tag))
        if sum(map(len, lines)) < _LONG or len(lines) < 3:
            continue
        copied = any(
            len(other) * 2 >= len(lines) * _COPY
            and len(lines) * 2 >= len(other)
            and len(lines & other) >= _COPY * len(lines)
            and not any(above is first for above in tag.parents)
            for first, other in kept
        )
        if copied:
            tag.extract()
        else:
            kept.append((tag, lines))


def _parts(soup: BeautifulSoup) -> Sequence[Tag]:
    return [
        tag
        for tag in soup.find_all(("div", "section", "article", "main", "table"))
        if not is_hidden(tag) and not any(is_hidden(above) for above in tag.parents if isinstance(above, Tag))
    ]


def _lines(tag: Tag, shown_only: bool = False) -> list[str]:
    """Return the longer runs of text below an element, without spaces."""
    found = []
    for string in tag.find_all(string=True):
        if (
            not isinstance(string, NavigableString)
            or string.parent is None
            or string.parent.name in ("script", "style")
        ):
            continue
        text = re.sub(r"\s", "", str(string))
        if len(text) >= 6 and not (shown_only and any(is_hidden(above) for above in string.parents)):
            found.append(text)
    return found
