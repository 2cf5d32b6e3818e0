"""Text with a little emphasis, free of any platform's markup.

Authors write ``**bold**`` in catalogues and content; values arrive through ``{slots}`` and are
inert: a name can never become a mention, a link or bold text. A link is a button.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

_TOKEN = re.compile(r"\*\*(?P<bold>.+?)\*\*|\{(?P<slot>[a-z_]+)\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with one look."""

    text: str
    bold: bool = False


Rich: TypeAlias = tuple[Span, ...]
NOTHING: Mapping[str, object] = MappingProxyType({})


def rich(template: str, values: Mapping[str, object] = NOTHING) -> Rich:
    """Read a template and drop the values into its slots.

    Raises:
        KeyError: the template has a slot for which no value was given.

    """
    return _joined(span for span in _spans(template, values, bold=False) if span.text)


def _joined(spans: Iterable[Span]) -> Rich:
    """Let a blank go with the words before it: Teams draws no run of blanks alone."""
    found: list[Span] = []
    for span in spans:
        if found and span.text.isspace():
            found[-1] = Span(found[-1].text + span.text, found[-1].bold)
        else:
            found.append(span)
    return tuple(found)


def plain(text: str) -> Rich:
    """Take text as it is, whatever marks it holds."""
    return (Span(text),) if text else ()


def words(text: Rich) -> str:
    """Return the characters alone, for notifications and screen readers."""
    return "".join(span.text for span in text)


def slots(template: str) -> frozenset[str]:
    """Return the names of a template's slots, so that languages can be compared."""
    return frozenset(m["slot"] for m in re.finditer(r"\{(?P<slot>[a-z_]+)\}", template))


def _spans(template: str, values: Mapping[str, object], *, bold: bool) -> Iterator[Span]:
    at = 0
    for found in _TOKEN.finditer(template):
        yield Span(template[at : found.start()], bold)
        at = found.end()
        if found["bold"] is not None:
            yield from _spans(found["bold"], values, bold=True)
        else:
            yield Span(str(values[found["slot"]]), bold)
    yield Span(template[at:], bold)
