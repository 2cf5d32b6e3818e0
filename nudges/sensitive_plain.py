"""Text without its disguises, so that it can be read by plain rules, and where each letter stood.

Full-width letters, accents, letters of other alphabets that look like ours, invisible characters
and digits of other scripts are what people paste, or hide behind.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""From a letter to before another."""
_LOOKALIKES: Final = str.maketrans(
    "аеорсхуіјѕкмтвнАЕОРСХУІЈЅКМТВНВαονικАΒΕΗΙΚΜΝΟΡΤΥΧ‘’‚‛′`´“”„″−",  # noqa: RUF001 - they are the point
    "aeopcxyijskmtbhAEOPCXYIJSKMTBHBaovikABEHIKMNOPTYX'''''''\"\"\"\"-",
)
_WIDEST: Final = 4
"""A letter stands for so many at most; one Arabic sign would be eighteen, and a long text of it."""
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Me"})
_ADDRESS = re.compile(r"\bhttps?://\S++", re.IGNORECASE)
_RECORD = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without its disguises, and for each letter its place in what was written."""

    text: str
    places: Sequence[int]

    def written(self, start: int, end: int) -> Span:
        """Return where a part of the plain text stands in what was written."""
        return self.places[start], self.places[end - 1] + 1


def plainly(text: str) -> Plain:
    """Return a text without its disguises."""
    if text.isascii():
        return Plain(text, range(len(text)))
    pieces = [*map(_plain, text)]
    places = chain.from_iterable(repeat(at, len(piece)) for at, piece in enumerate(pieces))
    return Plain("".join(pieces), [*places])


def without_records(text: str) -> str:
    """Return plain text with blanks for web addresses and record ids: their digits mean nothing."""
    blank = text
    if "://" in blank:
        blank = _ADDRESS.sub(_blank, blank)
    return _RECORD.sub(_blank, blank)


def _blank(part: re.Match[str]) -> str:
    return " " * len(part[0])


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter.isascii():
        return letter
    if kind in _INVISIBLE:
        return ""
    if kind == "Zs":
        return " "
    if kind == "Pd":
        return "-"
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", letter.translate(_LOOKALIKES))
    seen = "".join(p for p in parts if unicodedata.category(p) not in _INVISIBLE)
    return seen[:_WIDEST]
