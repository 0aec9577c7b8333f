"""Mask identity, phone and bank-card numbers before they reach a log, an index or a model."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")
_LONG = re.compile(r"\d(?:[ -]?\d){10}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


_MOBILE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])")
_BANKS = "3456"  # first digits of the cards that banks issue (ISO/IEC 7812); China's begin with 62


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A number that belongs to a person. `kind` is identity, card or mobile; `number` holds the bare digits."""

    kind: str
    start: int
    number: str
    masked: str


def numbers_in(text: str) -> Iterator[PersonalNumber]:
    """Yield every identity, bank-card and personal mobile number in `text`. The numbers of offices are left out.

    This is stricter than `mask`, which would rather mask too much. A card number must begin as banks' cards do; a code
    that merely happens to be 15 to 19 digits long is not one.
    """
    if not _LONG.search(text):
        return
    for found in _IDENTITY.finditer(text):
        if is_identity(found[0]):
            yield PersonalNumber("identity", found.start(), found[0], _starred(found[0], 6, 0))
    for found in _CARD.finditer(text):
        bare = re.sub(r"\D", "", found[0])
        if bare[0] in _BANKS and len(bare) >= 16 and is_card(bare) and not _IDENTITY.fullmatch(bare):
            yield PersonalNumber("card", found.start(), bare, _starred(bare, 4, 4))
    for found in _MOBILE.finditer(text):
        bare = re.sub(r"\D", "", found[0])
        yield PersonalNumber("mobile", found.start(), bare, _starred(bare, 3, 2))


def mask(text: str) -> str:
    """Return `text` with personal numbers masked: asterisks replace all but a few outer digits. The rest is unchanged.

    An identity number has the right check digit (ISO 7064 MOD 11-2, GB 11643). A card number passes Luhn (ISO/IEC
    7812). A phone number is one that libphonenumber finds valid for China. Public service numbers (12345) stay.
    """
    text = _replace(_IDENTITY, text, is_identity, head=6, tail=0)
    text = _replace(_CARD, text, is_card, head=4, tail=4)
    return _mask_phones(text)


def is_identity(number: str) -> bool:
    """Return whether the last digit of an 18-digit identity number is the right check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """Return whether a card number of 15 to 19 digits passes Luhn. Spaces and hyphens are ignored."""
    digits = [int(c) for c in number if c.isdecimal()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _replace(pattern: re.Pattern[str], text: str, valid: Callable[[str], bool], head: int, tail: int) -> str:
    return pattern.sub(lambda found: _starred(found[0], head, tail) if valid(found[0]) else found[0], text)


def _starred(number: str, head: int, tail: int) -> str:
    return number[:head] + "*" * (len(number) - head - tail) + (number[-tail:] if tail else "")


def _mask_phones(text: str) -> str:
    if sum(character.isdecimal() for character in text) < 7:
        return text
    found = [(match.start, match.raw_string) for match in phonenumbers.PhoneNumberMatcher(text, "CN")]
    for start, raw in reversed(found):
        digits = sum(character.isdecimal() for character in raw)
        if digits >= 7:
            text = text[:start] + _starred(raw, 3, 2) + text[start + len(raw) :]
    return text
