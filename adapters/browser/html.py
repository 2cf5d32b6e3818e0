"""Draw cards as HTML.

Every character someone wrote is escaped, so a name that looks like markup shows as it is typed.
Nothing is styled or scripted here: the page's own stylesheet and script know the class names.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import assert_never
from urllib.parse import urlsplit

from dialogs.card import (
    BUTTONS_A_ROW,
    Block,
    Button,
    Card,
    Divider,
    Facts,
    Link,
    Paragraph,
    Row,
)
from dialogs.picture import Picture, written
from dialogs.rich import Rich, Span, words

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "title": 300,
        "text": 20_000,
        "fact": 2_000,
        "label": 150,
        "hint": 300,
        "url": 2_000,
        "picture": 300_000,
        "buttons": BUTTONS_A_ROW,
    }
)
"""What a page can show with grace, in characters; what is longer ends in a visible "…"."""

_UNSHOWN = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""What no page can hold, and what would turn around the words after it."""
_SCALE = re.compile(r"\d{1,2}")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
_BLANK_OR_BACKSLASH = re.compile(r"[\x00-\x20\x7f\\]")


def draw(card: Card, token: str) -> str:
    """Draw a card; each of its buttons carries the message's token."""
    title = cut(card.title, "title")
    body = "".join(_block(block, title, token) for block in card.body)
    return f'<div class="card"><h3 class="card-title">{escape(title)}</h3>{body}</div>'


def cut(text: str, limit: str) -> str:
    """Shorten a text to one of the limits, and let it show that it was."""
    text, longest = clean(text), LIMITS[limit]
    return text if len(text) <= longest else text[: longest - 1] + "…"


def clean(text: str) -> str:
    """Drop what is nothing to look at; letters keep their own direction."""
    return _UNSHOWN.sub("", text)


def attributes(**values: str) -> str:
    """Write HTML attributes; ``data_verb`` becomes ``data-verb``."""
    return "".join(f' {name.replace("_", "-")}="{escape(v)}"' for name, v in values.items())


def _block(block: Block, title: str, token: str) -> str:
    match block:
        case Paragraph(text, muted):
            look = "text muted" if muted else "text"
            return f'<p class="{look}">{_rich(text)}</p>'
        case Facts(rows):
            return f'<dl class="facts">{"".join(_fact(*row) for row in rows)}</dl>'
        case Divider():
            return '<hr class="divider">'
        case Row(buttons):
            return "".join(_row(some, title, token) for some in _rows(buttons))
        case Picture():
            return _picture(block)
        case _:
            assert_never(block)


def _rich(text: Rich) -> str:
    """Draw spans; the limit is on the paragraph as a whole."""
    drawn, room = "", LIMITS["text"]
    text = tuple(Span(clean(span.text), span.bold) for span in text)
    cut_off = len(words(text)) > room
    if cut_off:
        room -= 1
    for span in text:
        shown = escape(span.text[:room])
        drawn += f"<strong>{shown}</strong>" if span.bold else shown
        room -= min(room, len(span.text))
    return f"{drawn}…" if cut_off else drawn


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{escape(cut(name, 'fact'))}</dt><dd>{escape(cut(value, 'fact'))}</dd></div>"


def _rows(buttons: tuple[Button | Link, ...]) -> Iterator[tuple[Button | Link, ...]]:
    size = LIMITS["buttons"]
    for start in range(0, len(buttons), size):
        yield buttons[start : start + size]


def _row(buttons: tuple[Button | Link, ...], title: str, token: str) -> str:
    numbers = all(isinstance(b, Button) and _SCALE.fullmatch(b.label) for b in buttons)
    look = "scale" if numbers and len(buttons) > 1 else "row"
    drawn = "".join(_button(button, token) for button in buttons)
    return f'<div class="{look}" role="group"{attributes(aria_label=title)}>{drawn}</div>'


def _button(button: Button | Link, token: str) -> str:
    label = cut(button.label, "label")
    match button:
        case Button(_, tap, look, hint):
            what = attributes(data_verb=tap.verb, data_choice=str(tap.choice), data_token=token)
            name = _name(label, cut(hint, "hint"))
            named = attributes(aria_label=name, title=name) if name else ""
            return (
                f'<button type="button" class="button {look}"{what}{named}>{escape(label)}</button>'
            )
        case Link(_, url) if _opens(url):
            return (
                f'<a class="button link" target="_blank" rel="noopener noreferrer"'
                f"{attributes(href=url)}>{escape(label)}</a>"
            )
        case Link():
            return f'<span class="inert">{escape(label)}</span>'
        case _:
            assert_never(button)


def _name(label: str, hint: str) -> str:
    """Return what is read out instead of the label; whoever says the label must be understood."""
    if not hint or label in hint:
        return hint
    return f"{label}, {hint}"


def _opens(url: str) -> bool:
    """Say whether a link leads to a page, and not to a script or a file."""
    if len(url) > LIMITS["url"] or _BLANK_OR_BACKSLASH.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _picture(picture: Picture) -> str:
    url, alt = picture.url, cut(picture.alt, "text")
    ours = url.startswith("/") and not url.startswith("//")
    inside = len(url) <= LIMITS["picture"] and _PICTURE.fullmatch(url)
    if inside or _opens(f"http://self{url}" if ours else url):
        return f'<img class="picture"{attributes(src=url, alt=alt)}>'
    return f'<p class="text">{_rich(written(picture))}</p>'
