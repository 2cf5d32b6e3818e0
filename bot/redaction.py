"""What never gets into a log: tokens, passwords, addresses of people, and what people wrote.

Where something stands decides first: a field named like a secret or a text is left out whole, and
an exception tells its kind and its place, because its text may repeat what somebody typed. What is
left is looked through for the settings' own secrets, for keys and passwords by their shape, and
for e-mail addresses. It leans towards hiding: a log that says less is read all the same.
"""

import os
import re
from collections.abc import Iterable, Mapping
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final, cast

from nudges.sensitive_plain import plainly
from nudges.sensitive_secrets import secrets

HIDDEN: Final = "[hidden]"
LONGEST: Final = 500
"""Characters of a value that are kept."""
DEEPEST, WIDEST = 6, 50
"""Of what holds other things: so many levels, and so many of each."""
SHORTEST_SECRET: Final = 6
"""A setting shorter than this is hidden by its name alone; it would stand in ordinary words."""
_NAMED: Final = re.compile(
    r"authori[sz]ation|cookie|token|secret|passw|pwd|signature|credential|api_?key|private_?key|"
    r"e_?mail|body|bodies|text|comment|words|question|answer|message|payload|query|name$|said",
    re.IGNORECASE,
)
"""Fields that hold a secret, or what people wrote."""
_LINK_PASSWORD: Final = re.compile(r"(://)[^\s/\"'<>]{0,200}:[^\s\"'<>]{0,500}@")
_SHAPES: Final = (
    re.compile(
        r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-slack-signature)\b[\"']?\s{0,2}[:=][^\n]{0,2000}"
    ),
    re.compile(r"(?i)\b(bearer|basic)\s{1,3}[\w.~+/=-]{6,4000}"),
    re.compile(r"\b(eyJ)[\w-]{5,4000}(?:\.[\w-]{0,4000}){0,4}"),
    re.compile(r"\b(xox[a-z]-|xoxe\.xox[a-z]-|xapp-)[\w.-]{1,500}"),
    re.compile(r"\b(v0=)[0-9a-fA-F]{32,128}"),
    re.compile(
        r"(?i)([\w-]{0,40}(?:secret|token|passw(?:or)?d|pwd|api[_-]?key|signature|assertion|"
        r"code|sig|nonce)[\"']?\s{0,2}[=:]\s{0,2}[\"']?)[^\s\"'&,;)}\]]{3,4000}"
    ),
    re.compile(r"([?&][\w.-]{1,60}=)[^&\s\"']{1,2000}"),
)
"""What stays is the first group, so that one sees what was there."""
_EMAIL: Final = re.compile(r"[^\s@<>\"'(),:;=]{1,64}@[^\s@<>\"'(),:;=]{1,200}\.[^\W\d_]{2,24}")


class Redaction:
    """Hide secrets and words from what is logged; ``known`` are the secrets of the settings."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        wanted = sorted({one for one in known if len(one) >= SHORTEST_SECRET}, key=len)
        both = [form for one in reversed(wanted) for form in (one, _escaped(one))]
        self._known = re.compile("|".join(map(re.escape, both))) if both else None

    def text(self, text: str) -> str:
        """Return a text with everything hidden that must not be read."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        text = hide_passwords(text[: 4 * LONGEST])
        for shape in _SHAPES:
            text = shape.sub(_hidden, text)
        text = _EMAIL.sub(HIDDEN, text)
        plain = plainly(text)
        before = len(text)  # a finding that reaches into the next one ends where that begins
        for start, end in sorted({plain.written(*span) for span in secrets(plain.text)})[::-1]:
            text = text[:start] + HIDDEN + text[min(end, before) :]
            before = start
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def value(self, value: object, depth: int = DEEPEST) -> Any:  # noqa: ANN401 - JSON
        """Return a value as it may be logged, in shapes that JSON knows."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case bytes() | bytearray():
                return f"[{len(value)} bytes]"
            case BaseException():
                return kind(value)
            case _ if depth <= 0:
                return HIDDEN
            case Mapping():
                rows = list(cast("Mapping[object, object]", value).items())[:WIDEST]
                return {self.text(str(k)): self.field(str(k), v, depth - 1) for k, v in rows}
            case list() | tuple() | set() | frozenset():
                some = list(cast("Iterable[object]", value))[:WIDEST]
                return [self.value(one, depth - 1) for one in some]
            case _:
                return self.text(str(value)) if _plain(value) else f"[{kind(value)}]"

    def field(self, name: str, value: object, depth: int = DEEPEST) -> Any:  # noqa: ANN401 - JSON
        """Return a named value as it may be logged; some names are enough to hide it."""
        if _NAMED.search(name) and not isinstance(value, bool | int | float | None):
            return HIDDEN
        return self.value(value, depth)


def hide_passwords(text: str) -> str:
    """Hide names and passwords in addresses such as ``postgresql://user:password@host/name``."""
    return _LINK_PASSWORD.sub(rf"\1{HIDDEN}@", text)


def kind(thing: object) -> str:
    """Name what sort of thing it is, and of an error of the machine, which."""
    named = f"{type(thing).__module__}.{type(thing).__qualname__}".removeprefix("builtins.")
    if isinstance(thing, OSError) and isinstance(thing.errno, int):
        return f"{named}: {os.strerror(thing.errno)}"
    return named


def trace(error: BaseException) -> str:
    """Tell where something broke, and what led to it, without a word of what it was about.

    Kinds of errors and places in the code; neither the texts of exceptions nor the lines of code,
    whose values may be somebody's words.
    """
    lines: list[str] = []
    waiting: list[tuple[str, BaseException]] = [("", error)]
    seen = set[int]()
    while waiting and len(lines) < WIDEST:
        link, one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        lines += [f"{link}{kind(one)}", *_places(one.__traceback__)]
        if one.__cause__:
            waiting.append(("because of ", one.__cause__))
        elif one.__context__ and not one.__suppress_context__:
            waiting.append(("while minding ", one.__context__))
        if isinstance(one, BaseExceptionGroup):
            inner = cast("BaseExceptionGroup[BaseException]", one).exceptions
            waiting += [("one of them ", part) for part in inner[:DEEPEST]]
    return "\n".join(lines)


def _places(traceback: TracebackType | None) -> list[str]:
    """Name the places of a traceback; of a long one the beginning and the end."""
    found = [
        f"  {_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}"
        for frame, line in walk_tb(traceback)
    ]
    half = WIDEST // 4
    return found if len(found) <= 2 * half else [*found[:half], "  …", *found[-half:]]


def _short(path: str) -> str:
    """Return the end of a path: enough to find the file, nothing of the machine."""
    return "/".join(path.replace("\\", "/").split("/")[-3:])


def _plain(value: object) -> bool:
    """Tell what a value's text says by nature: a day, a moment, a kind; not what somebody wrote."""
    return type(value).__module__ in {"datetime", "zoneinfo", "decimal", "uuid", "pathlib"}


def _hidden(found: re.Match[str]) -> str:
    joint = "" if found[1].endswith(("=", "-", ":", '"', "'", " ")) else " "
    return f"{found[1]}{joint}{HIDDEN}"


def _escaped(text: str) -> str:
    """Return a secret as it stands within quotes."""
    return repr(text)[1:-1]
