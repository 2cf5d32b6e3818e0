"""Draw cards as Slack messages.

Values are inert: text is ``plain_text`` without emoji codes; with bold in it, it is markup in
which nothing else can be markup, or ``rich_text``, in which Slack reads none. Text that is too
long is divided over more blocks; a card with more blocks than Slack takes is a mistake in a
dialog, and said so.
"""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, TypeAlias, assert_never
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from adapters.slack import limits
from adapters.slack.markup import markup
from adapters.slack.text import NOTHING, clean, drawn, fit, inert, pieces, size
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
    Tap,
)
from dialogs.picture import Picture, written
from dialogs.rich import Rich, Span, words

Json: TypeAlias = dict[str, Any]
ORIGIN = "o"
"""Where a button keeps the message, or a window the place, that it is about."""
_TOLD = TypeAdapter(dict[str, str])


def message(card: Card, token: str) -> Json:
    """Draw a card as a message: its blocks, and a line for notifications."""
    return {
        "text": inert(fit(card.summary, limits.FALLBACK)),
        "blocks": blocks(card, token, "message"),
    }


def passing(card: Card, token: str, origin: str) -> Json:
    """Draw a card as a reply in passing, whose buttons say which message it is about."""
    drawn = message(card, token)
    for block in drawn["blocks"] if origin else ():
        for button in block.get("elements", ()) if block["type"] == "actions" else ():
            if told := unpack(button.get("value", "")):
                told = {**told, ORIGIN: origin}
                button["value"] = json.dumps(told, separators=(",", ":"))
    return drawn


def draw(card: Card, token: str) -> str:
    """Draw a card as the text of a message."""
    return json.dumps(message(card, token), ensure_ascii=False, indent=1)


def home(card: Card, token: str) -> Json:
    """Draw a card as the app's home page."""
    return {"type": "home", "blocks": blocks(card, token, "home")}


def without_pictures(message: Json) -> Json:
    """Return a drawn message with the words of each picture in its place."""
    worded = (
        _section(plain(block["alt_text"], limits.ALT)) if block["type"] == "image" else block
        for block in message["blocks"]
    )
    return message | {"blocks": list(worded)}


def blocks(card: Card, token: str, surface: str) -> list[Json]:
    """Draw a card's blocks.

    Raises:
        ValueError: the card has more blocks than the surface takes.

    """
    places = count(1)
    drawn: list[Json] = []
    if card.title.strip():
        drawn.append({"type": "header", "text": plain(card.title, limits.TITLE)})
    for block in card.body:
        drawn.extend(_block(block, token, places))
    if len(drawn) > limits.BLOCKS[surface]:
        problem = f"“{card.title}” has {len(drawn)} blocks; a {surface} takes 50 or 100"
        raise ValueError(problem)
    return drawn


def plain(text: str, limit: int) -> Json:
    """Draw a text in which nothing means anything, not even ``:smile:``."""
    return {"type": "plain_text", "text": fit(text, limit), "emoji": False}


def pack(tap: Tap, token: str, **more: str) -> str:
    """Write what a button tells us, as it travels with the button."""
    told = {"v": tap.verb, "c": tap.choice, "t": token} | more
    return json.dumps({k: v for k, v in told.items() if v}, separators=(",", ":"))


def unpack(value: str) -> dict[str, str]:
    """Read back what a button told us; nothing if we did not write it."""
    try:
        told = _TOLD.validate_json(value)
    except ValidationError:
        return {}
    return {name: clean(text) for name, text in told.items()} if "v" in told else {}


def _block(block: Block, token: str, places: Iterator[int]) -> Iterator[Json]:
    match block:
        case Paragraph(text, muted=True):
            yield from _small_print(words(text))
        case Paragraph(text):
            yield from _running(text)
        case Facts(rows):
            yield from _running(_facts(rows))
        case Divider():
            yield {"type": "divider"}
        case Row(buttons):
            drawn = [_button(b, token, next(places)) for b in buttons if _usable(b)]
            for start in range(0, len(drawn), BUTTONS_A_ROW):
                yield {"type": "actions", "elements": drawn[start : start + BUTTONS_A_ROW]}
        case Picture(alt=alt, url=url) if web_page(url):
            yield {"type": "image", "image_url": url, "alt_text": fit(alt, limits.ALT)}
        case Picture():
            yield from _running(written(block))
        case _:
            assert_never(block)


def _running(given: Rich) -> Iterator[Json]:
    text = tuple(Span(drawn(span.text), span.bold) for span in given)
    whole = words(text)
    if not any(span.bold for span in text):
        for part in pieces(whole, limits.TEXT):
            if part.strip():
                yield _section({"type": "plain_text", "text": part, "emoji": False})
        return
    written = markup(text)
    if written and size(written) <= limits.TEXT:
        yield _section({"type": "mrkdwn", "text": written, "verbatim": True})
    else:
        yield from _rich(text)


def _section(text: Json) -> Json:
    return {"type": "section", "text": text}


def _rich(text: Rich) -> Iterator[Json]:
    line: list[Json] = []
    room = limits.TEXT
    for span in text:
        for part in pieces(span.text, limits.TEXT):
            if size(part) > room:
                yield _rich_text(line)
                line, room = [], limits.TEXT
            line.append(_span(Span(part, span.bold)))
            room -= size(part)
    yield _rich_text(line)


def _rich_text(line: list[Json]) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": line}]}


def _span(span: Span) -> Json:
    drawn: Json = {"type": "text", "text": span.text}
    return drawn | {"style": {"bold": True}} if span.bold else drawn


def _facts(rows: tuple[tuple[str, str], ...]) -> Rich:
    spans: list[Span] = []
    for name, value in rows:
        before = "\n" if spans else ""
        spans += [Span(f"{before}{name}: ", bold=True), Span(value or NOTHING)]
    return tuple(spans)


def _small_print(text: str) -> Iterator[Json]:
    elements = [plain(part, limits.TEXT) for part in pieces(text, limits.TEXT) if part.strip()]
    for start in range(0, len(elements), limits.CONTEXT):
        yield {"type": "context", "elements": elements[start : start + limits.CONTEXT]}


def _button(button: Button | Link, token: str, place: int) -> Json:
    drawn: Json = {"type": "button", "text": plain(button.label, limits.LABEL)}
    match button:
        case Button(_, tap, look, hint):
            drawn |= {"action_id": f"tap-{place}", "value": _value(tap, token)}
            if look != "plain":
                drawn["style"] = look
            if hint:
                drawn["accessibility_label"] = fit(hint, limits.LABEL)
            return drawn
        case Link(_, url):
            return drawn | {"action_id": f"link-{place}", "url": url}
        case _:
            assert_never(button)


def _value(tap: Tap, token: str) -> str:
    value = pack(tap, token)
    if size(value) > limits.VALUE:
        problem = f"the button {tap.verb} carries {size(value)} characters; Slack takes 2,000"
        raise ValueError(problem)
    return value


def _usable(button: Button | Link) -> bool:
    """Leave out a link that opens no web page: nobody is lured into ``javascript:``."""
    return isinstance(button, Button) or web_page(button.url)


def web_page(url: str) -> bool:
    """Say whether an address is a web page that Slack takes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    spotless = url.isprintable() and " " not in url and size(url) <= limits.URL
    return spotless and parts.scheme in {"http", "https"} and bool(parts.hostname)
