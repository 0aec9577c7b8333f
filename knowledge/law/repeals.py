"""Find the other documents that a document ends: "《甲办法》同时废止" ends 甲办法, never the document that says so."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.formats.blocks import Block
from knowledge.notation import dates, sentence_ends
from knowledge.notation.document_names import bare_number
from knowledge.notation.patterns import pattern

_ENDED = pattern(
    r"废止|停止执行|不再执行|停止施行|失效",
    takes="《老年助餐服务试行办法》同时废止",
    leaves="《老年助餐服务试行办法》同时修改",
)
_AFTER_TITLES = pattern(
    r"^(等[^，。《]{0,16})?[，,]?(自[^，。《]{0,24}起)?[，,]?(也|均|一并|则)?(同时|相应|即行|即)?(予以)?(宣布)?$",
    takes="等文件自本办法施行之日起同时",
    leaves="规定的补贴标准同时",
)
_BETWEEN = pattern(
    r"^[、，,和及与以原]{0,3}(\d{4}年[^《]{0,60}(公布|发布|通过|印发|批准|修正|修订)的)?原?$",
    takes="、2019年3月1日市政府公布的",
    leaves="以及依照它作出的决定、",
)
_NUMBERED = pattern(
    r"^\s?（[^（）]{2,40}）", takes="（穗民规字〔2023〕5号）同时废止", leaves="同时废止（穗民规字〔2023〕5号）"
)
_OWN_DAY = pattern(
    rf"》(?:\s?（[^（）]*）)?(?:等[^，。《]{{0,16}})?[，,]?自(?P<day>{dates.DAY})起[^《》]*$",
    takes="《甲办法》（穗民规字〔2020〕1号）自2024年1月1日起",
    leaves="《甲办法》自本办法施行之日起",
)
_TITLE_ENDS = pattern(
    r"(?:关于|和|及|、|并)(?:宣布)?废止(?=[^《》]{0,2}《)",
    takes="关于废止《甲办法》的决定",
    leaves="关于废止部分文件的决定",
)
_DECIDES = pattern(
    r"(?<![不未])(?:决定|现|同意|予以|宣布|即日起)\s?(?:予以)?废止\s?(?=《)",
    takes="市政府决定废止《甲办法》",
    leaves="市政府不予废止《甲办法》",
)
_AN_ARTICLE = pattern(
    r"[的中]?第[〇零一二三四五六七八九十百\d]+[条章款项]",
    takes="的第五条第二款",
    leaves="和第五条所称的办法",
    how="match",
)
_PROLONGED = pattern(
    rf"(?:有效期|执行期限|实施期限|执行时间)?(?:限)?(?:自动)?(?:延长|延续|顺延|调整|继续有效|继续执行|继续实施|延期执行)(?:有效期)?(?:至|到)(?P<day>{dates.DAY})",
    takes="《甲办法》有效期延长至2026年12月31日",
    leaves="《甲办法》有效期至2026年12月31日",
)
_OF_TITLES = pattern(
    r"^(?:等[^，。《]{0,16})?(?:的|，)?(?:重新发布|继续实施)?[，,]?(?:其)?(?:有效期|执行期限|实施期限)?(?:限)?$",
    takes="的有效期",
    leaves="规定的补贴有效期",
)
_REVIEW = pattern(r"废止|失效|清理", takes="关于公布文件清理结果的通知", leaves="关于公布老年助餐点名单的通知")
_OPENS_LIST = pattern(
    r"(?:废止|失效|停止执行)[^。《]{0,24}(?:[:：]$|目录|清单)|(?:下列|以下|下述)[^。《]{0,40}(?:废止|失效|停止执行)",
    takes="决定废止下列文件：",
    leaves="下列文件继续执行：",
)
_CLOSES_LIST = pattern(
    r"继续有效|予以保留|(?:作|进行)[^。]{0,8}修改|修改(?:以下|下列|为|的)|本(?:决定|通知|公告)自",
    takes="二、对下列文件予以保留",
    leaves="二、下列文件同时失效",
)
_LIST_NUMBER = pattern(
    r"^(?:[（(]?[\d〇一二三四五六七八九十]{1,4}[）)]?[、.．)\s]?\s?)", takes="12.《甲办法》", leaves="《甲办法》12."
)
_TITLED = pattern(r"《[^》]+》", takes="《甲办法》（穗民规字〔2020〕1号）", leaves="甲办法（穗民规字〔2020〕1号）")


def named(texts: Iterable[str], own_title: str) -> tuple[str, ...]:
    """Return the documents that `texts` or `own_title` end, each once, as printed with their 文号."""
    return tuple(endings(texts, own_title))


def endings(texts: Iterable[str], own_title: str) -> dict[str, date | None]:
    """Return the documents as in `named`, each with its first day no longer in force, None if not given."""
    found: dict[str, date | None] = {}
    for text in texts:
        for name, day in _in(text):
            found[name] = found.get(name) or day
    if in_title := _TITLE_ENDS.search(own_title):
        found |= dict.fromkeys(_run_after(own_title[in_title.end() :]), None)
    return found


def extended(texts: Iterable[str]) -> tuple[tuple[str, date], ...]:
    """Return the documents whose validity `texts` prolong, each with its new last day."""
    found: dict[str, date] = {}
    for sentence in (sentence for text in texts for sentence in sentence_ends.split(text)):
        if (until := _PROLONGED.search(sentence)) and (day := dates.first(until["day"])):
            found |= dict.fromkeys(_run_before(sentence[: until.start()], _OF_TITLES), day)
    return tuple(found.items())


def listed(blocks: Iterable[Block], own_title: str) -> tuple[str, ...]:
    """Return the documents that a decision or review ends in a list or table, one per line or row: 决定废止下列文件."""
    if not _REVIEW.search(own_title):
        return ()
    found: list[str] = []
    is_open = False
    for block in blocks:
        entries = [name for row in block.rows for name in _entry_of(row)] if block.rows else _first_title(block.text)
        if not entries:
            is_open = (is_open or bool(_OPENS_LIST.search(block.text))) and not _CLOSES_LIST.search(block.text)
        elif is_open:
            found += entries
    return tuple(dict.fromkeys(found))


def _entry_of(row: tuple[str, ...]) -> list[str]:
    """Return the document in a table row: its 《title》 with the 文号 from another cell."""
    title = next((name for cell in row for name, _, _ in _titles(cell)), "")
    number = next((cell for cell in row if not _TITLED.search(cell) and bare_number(cell)), "")
    return [f"{title}（{number}）" if number and not title.endswith("）") else title] if title else []


def _first_title(text: str) -> list[str]:
    """Return the document on a line of a list, if the line holds hardly anything else."""
    line = _LIST_NUMBER.sub("", text)
    first = next(_titles(line), None)
    return [first[0]] if first and first[1] == 0 and len(line) - first[2] < 40 else []


def _in(text: str) -> Iterator[tuple[str, date | None]]:
    for sentence in sentence_ends.split(text):
        for ended in _ENDED.finditer(sentence):
            day = _OWN_DAY.search(sentence[: ended.start()])
            for name in _run_before(sentence[: ended.start()], _AFTER_TITLES):
                yield name, dates.first(day["day"]) if day else None
        for decided in _DECIDES.finditer(sentence):
            for name in _run_after(sentence[decided.end() :]):
                yield name, None


def _run_before(part: str, after: re.Pattern[str]) -> list[str]:
    """Return the series of 《…》 at the end of `part`. Only words that `after` allows may follow it."""
    titles = list(_titles(part))
    if not titles or not after.match(part[titles[-1][2] :]):
        return []
    row = [titles[-1][0]]
    start = titles[-1][1]
    for name, begin, end in reversed(titles[:-1]):
        if not _BETWEEN.match(part[end:start]):
            break
        row.insert(0, name)
        start = begin
    return row


def _run_after(part: str) -> list[str]:
    """Return the series of 《…》 at the beginning of `part`, but none if one of their articles follows."""
    row: list[str] = []
    end = 0
    for name, begin, behind in _titles(part):
        if not _BETWEEN.match(part[end:begin]):
            break
        row.append(name)
        end = behind
    return [] if _AN_ARTICLE.match(part[end:]) else row


def _titles(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each outermost 《…》 with the （文号） after it, and where the whole begins and ends."""
    depth, begin = 0, 0
    for index, character in enumerate(text):
        if character == "《":
            begin = index if depth == 0 else begin
            depth += 1
        elif character == "》" and depth:
            depth -= 1
            if depth == 0:
                number = _NUMBERED.match(text[index + 1 :])
                end = index + 1 + (number.end() if number else 0)
                yield text[begin:end], begin, end
