"""What people write freely may hold secrets, personal data or abuse: where it does.

Here it is only found. Whoever asks for free text refuses what may not be kept at all, warns the
writer of the rest before it is sent, and shows others the masked text. The finding leans towards
silence: a wish about passwords, full of order numbers, has to get through as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from nudges.sensitive_abuse import abuse
from nudges.sensitive_numbers import accounts, people
from nudges.sensitive_plain import Plain, Span, plainly
from nudges.sensitive_secrets import secrets

Danger: TypeAlias = Literal["secret", "account", "person", "abuse"]
"""A password or key; a bank account, card or citizen number; an address or telephone number of
somebody; an insult or a threat. The gravest comes first."""
DANGERS: Final[tuple[Danger, ...]] = get_args(Danger)
REFUSED: Final[tuple[Danger, ...]] = ("secret", "account")
WARNED: Final[tuple[Danger, ...]] = ("person", "abuse")
MASK: Final = "•••"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in a text, from ``start`` to before ``end``."""

    danger: Danger
    start: int
    end: int


def found(text: str) -> tuple[Finding, ...]:
    """Return what is sensitive in a text, in its order; what overlaps is one, and the graver."""
    plain = plainly(text)
    each = [
        *_all("secret", secrets(plain.text), plain),
        *_all("account", accounts(plain.text), plain),
        *_all("person", people(plain.text), plain),
        *_all("abuse", abuse(plain.text), plain),
    ]
    joined: list[Finding] = []
    for one in sorted(each, key=lambda f: (f.start, f.end)):
        if joined and one.start < joined[-1].end:
            last = joined.pop()
            graver = min((last, one), key=lambda f: DANGERS.index(f.danger)).danger
            joined.append(Finding(graver, last.start, max(last.end, one.end)))
        else:
            joined.append(one)
    return tuple(joined)


def masked(text: str) -> str:
    """Return a text as others may read it; of abuse its first letter stays, so that it is told."""
    parts: list[str] = []
    at = 0
    for one in found(text):
        kept = text[one.start] if one.danger == "abuse" else ""
        parts += (text[at : one.start], kept, MASK)
        at = one.end
    return "".join((*parts, text[at:]))


def refused(text: str) -> Danger | None:
    """Return why a text may not be kept at all, the graver first, or nothing."""
    return _gravest(text, REFUSED)


def warned(text: str) -> Danger | None:
    """Return what the writer is to be warned of before sending, the graver first, or nothing."""
    return _gravest(text, WARNED)


def _gravest(text: str, dangers: tuple[Danger, ...]) -> Danger | None:
    there = {one.danger for one in found(text)}
    return next((danger for danger in dangers if danger in there), None)


def _all(danger: Danger, spans: Iterable[Span], plain: Plain) -> list[Finding]:
    return [Finding(danger, *plain.written(*span)) for span in spans]
