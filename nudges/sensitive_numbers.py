"""Bank accounts, cards, citizen numbers, and how to reach somebody, in what somebody wrote.

A CRM is full of numbers, so shape alone is never enough: checksums decide about accounts, the
numbering plans of the countries about telephones, and a citizen number has to be called one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import phonenumbers
from stdnum import iban, luhn, numdb
from stdnum.nl import bsn

from nudges.sensitive_plain import Span, without_records

_FLAGS = re.IGNORECASE | re.ASCII
MOST: Final = 300
"""So many candidates of a kind are checked in one text. Past them it is no talk any more, and the
shape decides alone: that hides too much rather than too little, and keeps the work bounded."""
_SEPARATOR = re.compile(r"[ .-]")
_IBAN = re.compile(
    r"(?<![a-z0-9])(?=([a-z][ .-]?[a-z][ .-]?\d[ .-]?\d(?:[ .-]?[a-z0-9]){11,30}))", _FLAGS
)
_CARD = re.compile(
    r"(?<![\w.,])(?<!\d[ -])(?=("
    r"\d{15,16}(?!\w)"
    r"|\d{4}([ .-])\d{4}\2\d{4}\2\d{4}(?:\2\d{3})?(?!\d)"
    r"|\d{4}([ .-])\d{6}\3\d{5}(?!\d)"
    r"|\d(?:[ .-]\d){14,15}(?![ .-]?\d)))"
    r"|(?<=\d[ -])(?=((?<!\d)\d{4}([ .-])\d{4}\5\d{4}\5\d{4}(?![ .-]?\d)))",
    re.ASCII,
)
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|[0-9]{3})\d{12}"
)
_CITIZEN = re.compile(
    r"(?<![a-z])(?:bsn(?:-?nummers?)?|burgerservicenummers?|sofi-?nummers?|"
    r"citizen service numbers?|social security numbers?)(?![a-z])",
    _FLAGS,
)
_NINE = re.compile(r"(?<![\w.-])\d(?:[ .-]?\d){8}(?![\d-])", re.ASCII)
_BEFORE, _AFTER, _CALLED = 60, 30, 40
"""So far from a number, in letters, what it is called is looked for."""
_MAIL = re.compile(
    r"(?<![\w.+'-])[\w+][\w.+'-]{0,80}+@(?:[a-z0-9-]{1,63}\.){1,8}(?!(?:png|jpe?g|gif|svg)\b)"
    r"[a-z]{2,24}(?![\w@])"
    r"|(?<![\w.+'-])[\w+][\w.+-]{0,80}+ ?[\[({] ?(?:at|apenstaartje|@) ?[\])}] ?[a-z0-9-]{1,63}"
    r"(?:(?:\.| ?[\[({]?(?:dot|punt)[\])}]? )[a-z0-9-]{2,63}){1,4}",
    _FLAGS,
)
_SHOWN = r"(\(?(?:\+|0)[\d ()./-]{7,26})"
_PHONE = re.compile(rf"(?<![\w.,/#@&=-])(?<!\d[ ]){_SHOWN}", re.ASCII)
_NEXT_PHONE = re.compile(rf"[ ,;/]{{1,3}}{_SHOWN}", re.ASCII)
_DATE = re.compile(
    r"\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d|\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)", re.ASCII
)
_AMERICAN = re.compile(r"(?<![\w.+-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])", re.ASCII)
_CALL = re.compile(
    r"\b(?:phone|tel|telephone|telefoon|call|bel|mobile|mobiel|cell|gsm|dial)\b", _FLAGS
)
_FILED = re.compile(
    r"(?:order|bestelling|factuur|invoice|ticket|case|zaak|klant|customer|artikel|product|seri|quote|"
    r"offerte|zending|shipment|barcode|account|record|lead|contract|dossier|polis)"
    r"[a-z]{0,10}(?:[ -]?(?:nr|no|number|nummer|code|id))?\.?(?: is)?[ :#]{1,3}$",
    _FLAGS,
)
_INTERNATIONAL, _NATIONAL = range(8, 16), {"NL": (10,), "BE": (9, 10)}


def accounts(text: str) -> Iterator[Span]:
    """Yield where account, card and citizen numbers stand in plain text."""
    text = without_records(text)
    tried = 0
    for one in _IBAN.finditer(text):
        compact = _SEPARATOR.sub("", one[1]).upper()
        length = _iban_length(compact[:2])
        if not length or len(compact) < length:
            continue
        tried += 1
        if tried > MOST or iban.is_valid(compact[:length], check_country=False):
            end = one.start() + _after(one[1], length)
            if not text[end : end + 1].isalnum():
                yield one.start(), end
    for one in _CARD.finditer(text):
        shown = one[1] or one[4]
        number = _SEPARATOR.sub("", shown)
        if _ISSUERS.fullmatch(number) and luhn.is_valid(number):
            yield one.start(), one.start() + len(shown)
    yield from _citizens(text)


def people(text: str) -> Iterator[Span]:
    """Yield where addresses for mail and telephone numbers stand in plain text."""
    if "@" in text or "at" in text.casefold() or "apenstaartje" in text:
        yield from (one.span() for one in _MAIL.finditer(text))
    yield from _phones(without_records(text))


def _citizens(text: str) -> Iterator[Span]:
    if not _CITIZEN.search(text):
        return
    for tried, one in enumerate(_NINE.finditer(text)):
        start, end = one.span()
        called = _CITIZEN.search(text, max(0, start - _BEFORE), start) or _CITIZEN.search(
            text, end, end + _AFTER
        )
        if not called or _FILED.search(text, max(0, start - _CALLED), start):
            continue
        if tried > MOST or bsn.is_valid(_SEPARATOR.sub("", one[0])):
            yield start, end


def _phones(text: str) -> Iterator[Span]:
    tried = at = 0
    after: re.Match[str] | None = None
    while one := after or _PHONE.search(text, at):
        start, shown = one.start(1), one[1]
        at, after = start + 1, None
        if _DATE.match(shown) or _is_filed(shown, text, start):
            continue
        tried += 1
        if end := _reach(shown, text[one.end() : one.end() + 2], by_shape=tried > MOST):
            yield start, start + end
            at = start + end
            after = _NEXT_PHONE.match(text, at)
    for one in _AMERICAN.finditer(text):
        if _CALL.search(text, max(0, one.start() - 25), one.start()) and _valid(one[0], "US"):
            yield one.span()


def _is_filed(shown: str, text: str, start: int) -> bool:
    """Say whether bare digits are called the number of an order or the like."""
    bare = shown.split(" ", maxsplit=1)[0].isdigit() and shown.startswith("0")
    return bare and bool(_FILED.search(text, max(0, start - _CALLED), start))


def _reach(shown: str, follows: str, *, by_shape: bool) -> int:
    """Return how much of what begins like a telephone number is one, in letters; 0 if none is."""
    abroad = shown.lstrip("(").startswith(("+", "00"))
    number = shown.replace("(0)", "   ") if abroad else shown
    digits = sum(c.isdigit() for c in number)
    for end in range(len(number), 0, -1):
        if not number[end - 1].isdigit():
            continue
        after = (number + follows)[end : end + 2]
        if not (
            after[:1].isalnum() or after[:1] == "@" or (after[:1] == "-" and after[1:].isdigit())
        ):
            head = "".join(c for c in number[:end] if c.isdigit() or c == "+")
            if by_shape and digits >= 9:  # noqa: PLR2004 - the shortest that is written with its area
                return end
            if _known(head, abroad=abroad):
                return end
        digits -= 1
    return 0


def _known(head: str, *, abroad: bool) -> bool:
    if abroad:
        whole = head if head.startswith("+") else f"+{head[2:]}"
        return len(whole) - 1 in _INTERNATIONAL and whole[1] != "0" and _valid(whole, None)
    return any(len(head) in long and _valid(head, land) for land, long in _NATIONAL.items())


@lru_cache(maxsize=1024)
def _valid(number: str, land: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, land)
    except phonenumbers.NumberParseException:
        return False
    if number.startswith("+") and len(number) > _INTERNATIONAL[2]:
        # a plus and so many figures are a telephone, also where a plan is newer than the table
        possible = phonenumbers.is_possible_number_with_reason(parsed)
        return possible == phonenumbers.ValidationResult.IS_POSSIBLE
    return phonenumbers.is_valid_number(parsed)


@lru_cache(maxsize=1024)
def _iban_length(country: str) -> int:
    """Return how many letters a country's account numbers have; 0 where there are none."""
    parts = numdb.get("iban").info(country)
    structure = parts[0][1].get("bban", "") if parts else ""
    return 4 + sum(map(int, re.findall(r"(\d+)!", structure))) if structure else 0


def _after(shown: str, letters: int) -> int:
    """Return where in a spaced-out number so many of its letters have been."""
    for at, letter in enumerate(shown, 1):
        letters -= letter.isalnum()
        if not letters:
            return at
    return len(shown)
