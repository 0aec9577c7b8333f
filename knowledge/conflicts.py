"""Which clauses say that older texts no longer hold where they differ, without saying which: somebody has to look."""

import re
from collections.abc import Iterable, Iterator

from knowledge.model import Clause

_SENTENCE = re.compile(r"[。；\n]")
_ITSELF = (
    r"本(?:实施|暂行|管理)?(?:办法|条例|细则|法|规定|规则|决定|意见|通知|方案|标准|规范|通告|公告|指引|指南|规程|解释"
    r"|制度|政策|措施|批复|目录|命令|文件)"
)
_DIFFER = rf"[与和同跟]{_ITSELF}[^，。；]{{0,10}}?(?:不(?:相)?一致|(?:相)?抵触|不(?:相)?符|(?:相)?冲突|不同|有出入)"
_PREVAILS = (
    rf"以{_ITSELF}(?:[^，。；]{{0,6}})为准"
    rf"|(?:按照?|依照?|依据|遵照|适用|执行){_ITSELF}"
    r"|废止|停止执行|不再执行|失效|不再适用"
)
_GIVES_WAY = re.compile(rf"{_DIFFER}[^，。；]{{0,12}}[，,]?[^，。；]{{0,8}}?(?:{_PREVAILS})")
_OLDER = re.compile(r"规定|办法|文件|政策|解释|条例|法规|规章|通知|制度|规范|要求|标准|做法|决定|意见|《")
_AGREED = re.compile(r"合同|协议|约定|章程|公约|承诺书|译文|译本|附件|附表")
_LONGEST = 80  # characters of a sentence shown


def warnings(clauses: Iterable[Clause]) -> tuple[str, ...]:
    """A sentence for the administrator where some clause says so, else nothing."""
    found = [(clause.number, said) for clause in clauses for said in _said(clause.text.removeprefix(clause.number))]
    if not found:
        return ()
    places = "、".join(dict.fromkeys(number.rstrip("、.．") for number, _ in found if number))
    said = found[0][1] if len(found[0][1]) <= _LONGEST else found[0][1][: _LONGEST - 1] + "…"
    return (
        f"{places or '正文'}写明：“{said}”。哪些较早的文件或条款因此不再适用，要由人判断："
        "请逐一核对，给它们填写废止日期或撤下它们。",
    )


def _said(text: str) -> Iterator[str]:
    """The sentences of a text by which others give way to it."""
    for sentence in _SENTENCE.split(text):
        bare = re.sub(r"\s", "", sentence)
        found = _GIVES_WAY.search(bare)
        of = bare[: found.start()] if found else ""
        if _OLDER.search(of) and not _AGREED.search(of):
            yield bare
