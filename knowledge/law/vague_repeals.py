"""Find clauses that end older, conflicting texts without naming them: a person has to look which ones they are."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge import sentences
from knowledge.model import Clause
from knowledge.notation import document_kinds, sentence_ends
from knowledge.notation.patterns import pattern
from knowledge.notation.word_lists import any_of, words

_ITSELF = rf"本(?:实施|暂行|管理)?(?:{document_kinds.ITSELF}|批复|命令|文件)"
_DIFFER = rf"[与和同跟]{_ITSELF}[^，。；]{{0,10}}?(?:不(?:相)?一致|(?:相)?抵触|不(?:相)?符|(?:相)?冲突|不同|有出入)"
_PREVAILS = (
    rf"以{_ITSELF}(?:[^，。；]{{0,6}})为准"
    rf"|(?:按照?|依照?|依据|遵照|适用|执行){_ITSELF}"
    r"|废止|停止执行|不再执行|失效|不再适用"
)
_GIVES_WAY = pattern(
    rf"{_DIFFER}[^，。；]{{0,12}}[，,]?[^，。；]{{0,8}}?(?:{_PREVAILS})",
    takes="此前规定与本办法不一致的，以本办法为准",
    leaves="此前规定与本办法一致的，继续执行",
)
_OLDER = any_of(words(Path(__file__).with_name("older_texts.txt")))
_AGREED = pattern(r"合同|协议|约定|章程|公约|承诺书|译文|译本|附件|附表", takes="合同约定", leaves="此前发布的规定")
_LONGEST = 80  # characters of a sentence shown


def warnings(clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Return one sentence for the administrator if any clause ends older texts so, else nothing."""
    found = [(clause.number, said) for clause in clauses for said in _said(clause.text.removeprefix(clause.number))]
    if not found:
        return ()
    places = "、".join(dict.fromkeys(number.rstrip("、.．") for number, _ in found if number))
    said = found[0][1] if len(found[0][1]) <= _LONGEST else found[0][1][: _LONGEST - 1] + "…"
    return (sentences.VAGUE_REPEAL.format(places=places or sentences.IN_THE_TEXT, words=said),)


def _said(text: str) -> Iterator[str]:
    """Yield the sentences of a text that say other texts give way to it."""
    for sentence in sentence_ends.split(text):
        bare = re.sub(r"\s", "", sentence)
        found = _GIVES_WAY.search(bare)
        of = bare[: found.start()] if found else ""
        if _OLDER.search(of) and not _AGREED.search(of):
            yield bare
