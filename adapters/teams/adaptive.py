"""How a card looks in Teams: an Adaptive Card 1.5, the newest that every client draws.

Running text is drawn as runs, which read no markup, so a person's name shows as it is written.
Every button is an Action.Execute, which lets Teams replace the card on the same request, with an
Action.Submit to fall back on in clients that do not know it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never
from urllib.parse import urlsplit

from adapters.teams.inert import clean, disguised, escaped
from dialogs.card import (
    Block,
    Button,
    Card,
    Divider,
    Facts,
    Link,
    Paragraph,
    Row,
    Tap,
)
from dialogs.picture import Picture, written
from dialogs.rich import Rich, Span, plain

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What Teams takes, and where we stay a little below; sizes in characters unless named."""

    actions: int = 6
    message_bytes: int = 80 * 1024
    """Teams takes 100 KB, its own wrapping included."""
    text: int = 7000
    title: int = 200
    label: int = 80
    hint: int = 200
    summary: int = 200
    url: int = 2000


LIMITS: Final = Limits()
CARD_TYPE: Final = "application/vnd.microsoft.card.adaptive"
OURS: Final = "wayfinder"
"""Where a button's data keeps what is ours; what was typed into a form stands beside it."""
CANCEL: Final = "form.cancel"
"""The verb of a form's way back: the message becomes the card again that it was."""
_SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
_LOOKS: Final = {"plain": "default", "primary": "positive", "danger": "destructive"}


def message(card: Card, token: str) -> str:
    """Draw a card as the JSON of a whole message, ready to be sent or to replace another."""
    drawn = {
        "type": "message",
        "summary": clean(card.summary, LIMITS.summary),
        "attachments": [{"contentType": CARD_TYPE, "content": adaptive(card, token)}],
    }
    return json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))


def draw(card: Card, token: str) -> str:
    """Draw a card as text that people can read, for a preview."""
    return json.dumps(adaptive(card, token), ensure_ascii=False, indent=1)


def adaptive(card: Card, token: str) -> Json:
    """Draw a card; every tap on it carries the token."""
    return framed(card.title, list(_blocks(card.body, token)), card.summary)


def framed(title: str, body: list[Json], summary: str) -> Json:
    """Put a heading above the elements of a card or a form."""
    heading: Json = {
        "type": "TextBlock",
        "style": "heading",
        "size": "Large",
        "weight": "Bolder",
        "wrap": True,
        # Only a TextBlock can be a heading for a screen reader, and a TextBlock reads markdown.
        "text": escaped(clean(title, LIMITS.title)),
    }
    return {
        "type": "AdaptiveCard",
        "$schema": _SCHEMA,
        "version": "1.5",
        "fallbackText": disguised(clean(summary, LIMITS.summary)),
        "body": [heading, *body],
    }


def _blocks(body: tuple[Block, ...], token: str) -> Iterator[Json]:
    """Draw blocks; a divider is a line above whatever follows it."""
    line: Json = {}
    for block in body:
        for number, element in enumerate(_block(block, token)):
            yield element if number else element | line
            line = {}
        if isinstance(block, Divider):
            line = {"separator": True, "spacing": "Medium"}


def _block(block: Block, token: str) -> Iterator[Json]:
    match block:
        case Divider():
            return
        case Paragraph(text, muted):
            yield from paragraphs(text, {"isSubtle": True, "size": "Small"} if muted else {})
        case Facts(rows):
            yield from (_fact(*row, first=not number) for number, row in enumerate(rows))
        case Row(buttons):
            yield from _row(buttons, token)
        case Picture(alt=alt, url=url) if safe(url):
            words = clean(alt, LIMITS.text)
            yield {"type": "Image", "url": url, "altText": words, "size": "Stretch"}
        case Picture():
            yield from paragraphs(written(block))
        case _:
            assert_never(block)


def paragraphs(text: Rich, look: Mapping[str, object] | None = None) -> Iterator[Json]:
    """Draw running text; a line break starts a block of its own, as a run would swallow it."""
    spacing: Json = {}
    for lines in _lines(text):
        if not any(span.text.strip() for span in lines):
            spacing = {}
            continue
        runs = [_run(span, look or {}) for span in lines if span.text]
        yield {"type": "RichTextBlock", "inlines": runs} | spacing
        spacing = {"spacing": "Small"}


def _lines(text: Rich) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in text:
        first, *more = clean(span.text, LIMITS.text).split("\n")
        line.append(Span(first, span.bold))
        for part in more:
            yield line
            line = [Span(part, span.bold)]
    yield line


def _run(span: Span, look: Mapping[str, object]) -> Json:
    bold = {"weight": "Bolder"} if span.bold else {}
    return {"type": "TextRun", "text": span.text, **look, **bold}


def _fact(name: str, value: str, *, first: bool) -> Json:
    """Draw a pair as two columns; a FactSet would read markdown in both."""
    spacing = {} if first else {"spacing": "Small"}
    sides = (("2", Span(name, bold=True)), ("3", Span(value)))
    return {
        "type": "ColumnSet",
        **spacing,
        "columns": [
            {"type": "Column", "width": width, "items": list(paragraphs((span,)))}
            for width, span in sides
        ],
    }


def _row(buttons: tuple[Button | Link, ...], token: str) -> Iterator[Json]:
    """Draw buttons, six in a set; a link that is no web page is shown as words instead."""
    pressed = [b for b in buttons if isinstance(b, Button) or safe(b.url)]
    for start in range(0, len(pressed), LIMITS.actions):
        actions = [_action(b, token) for b in pressed[start : start + LIMITS.actions]]
        yield {"type": "ActionSet", "actions": actions}
    for button in buttons:
        if isinstance(button, Link) and not safe(button.url):
            yield from paragraphs(plain(button.label))


def _action(button: Button | Link, token: str) -> Json:
    match button:
        case Button(label, tap, look, hint):
            tooltip = {"tooltip": clean(hint, LIMITS.hint)} if hint else {}
            shown = {"title": clean(label, LIMITS.label), "style": _LOOKS[look], **tooltip}
            return execute(shown, tap, token)
        case Link(label, url):
            return {"type": "Action.OpenUrl", "title": clean(label, LIMITS.label), "url": url}
        case _:
            assert_never(button)


def execute(shown: Json, tap: Tap, token: str, fields: tuple[str, ...] | None = None) -> Json:
    """Draw a button that answers; ``fields`` names what is sent along with a form."""
    ours: Json = {"verb": tap.verb, "choice": tap.choice, "token": token}
    if fields is not None:
        ours["fields"] = list(fields)
    common = shown | {"data": {OURS: ours}}
    if fields is None:
        common |= {"associatedInputs": "none"}
    fallback = {"type": "Action.Submit", **common}
    return {"type": "Action.Execute", "verb": tap.verb, **common, "fallback": fallback}


def safe(url: str) -> bool:
    """Say whether this opens a web page and nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and len(url) <= LIMITS.url
        and url.isprintable()
        and " " not in url
    )
