"""Which pieces of the multilingual vocabulary are kept: those of Chinese, of English and of what stands between."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SPACE = "▁"
LATIN = 20_000  # lower-case words and syllables of the Latin script that are kept, the most frequent ones
_HAN = "CJK"
_MARKS = frozenset({"Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "So", "No", "Nl"})


def kept(pieces: Sequence[str], scores: npt.NDArray[np.float32]) -> list[int]:
    """Return the ids of the pieces that are kept, in their order, the special ones first.

    Kept are all pieces of Han characters and of marks and digits, and the most frequent of the Latin script. Texts are
    lower-cased before they are cut into pieces, so that one with a capital letter would never be found.
    """
    special = list(range(len(SPECIAL)))
    if tuple(pieces[: len(SPECIAL)]) != SPECIAL:
        raise ValueError(f"the vocabulary begins with {pieces[: len(SPECIAL)]} instead of {SPECIAL}")
    rest = range(len(SPECIAL), len(pieces))
    kinds = {i: _kind(pieces[i]) for i in rest}
    latin = sorted((i for i in rest if kinds[i] == "latin"), key=lambda i: -scores[i])[:LATIN]
    return special + sorted([*(i for i in rest if kinds[i] in ("han", "mark")), *latin])


def _kind(piece: str) -> str:
    """Return han, latin, mark or other."""
    letters = [each for each in piece if each.isalpha()]
    if not letters:
        return "mark" if all(map(_is_mark, piece)) else "other"
    if all(unicodedata.name(each, "").startswith(_HAN) for each in letters):
        return "han" if all(map(_is_mark, set(piece) - set(letters))) else "other"
    return "latin" if piece.removeprefix(SPACE).isascii() and piece == piece.lower() else "other"


def _is_mark(character: str) -> bool:
    """Whether the character is ASCII, or punctuation or a symbol that Chinese texts use."""
    return character.isascii() or (unicodedata.category(character) in _MARKS and ord(character) < 0xFFFF)


def tokenizer(pieces: Sequence[str], scores: npt.NDArray[np.float32]) -> Tokenizer:
    """Return the tokenizer of these pieces, the special ones first: NFKC, lower case, spaces as one ▁."""
    vocabulary = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>")))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement=SPACE, prepend_scheme="always")
    made.add_special_tokens(list(SPECIAL))
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", SPECIAL.index("<s>")), ("</s>", SPECIAL.index("</s>"))],
    )
    return made
