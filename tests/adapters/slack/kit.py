"""What Slack checks of Block Kit before it takes a message, a window or a home page.

Written from the references at docs.slack.dev, without the product's own table of limits: a fake
that shared a mistake with what it checks would let it through. Returns a line for everything that
is wrong.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

Json: TypeAlias = dict[str, Any]
Surface: TypeAlias = Literal["message", "modal", "home"]
MOST = {"message": 50, "modal": 100, "home": 100}
KINDS = {
    "message": {"header", "section", "divider", "image", "actions", "context", "rich_text"},
    "home": {"header", "section", "divider", "image", "actions", "context", "rich_text"},
    "modal": {"header", "section", "divider", "image", "actions", "context", "rich_text", "input"},
}
CHOICES = {"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}
STYLES = {None, "primary", "danger"}


def wrong_message(arguments: Json) -> list[str]:
    """Check a message."""
    line = _long(arguments.get("text", ""), "line", 40_000, least=1)
    return [*line, *_blocks(arguments.get("blocks", ()), "message")]


def wrong_view(view: Json) -> list[str]:
    """Check a window, or a home page."""
    surface: Surface = "home" if view["type"] == "home" else "modal"
    found = [*_blocks(view["blocks"], surface)]
    if surface == "modal":
        for name in ("title", "submit", "close"):
            found += _text(view[name], name, 24, plain=True)
    found += _long(view.get("private_metadata", ""), "metadata", 3000)
    return [*found, *_long(view.get("callback_id", ""), "callback", 255)]


def _blocks(blocks: list[Json], surface: Surface) -> Iterator[str]:
    if len(blocks) > MOST[surface]:
        yield f"{len(blocks)} blocks in a {surface}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield f"a block_id twice: {ids}"
    for block in blocks:
        kind = block["type"]
        yield from _long(block.get("block_id", ""), "block_id", 255)
        if kind not in KINDS[surface]:
            yield f"a block {kind} in a {surface}"
        elif kind in _BLOCKS:
            yield from _BLOCKS[kind](block)


def _header(block: Json) -> Iterator[str]:
    yield from _text(block["text"], "header", 150, plain=True)


def _section(block: Json) -> Iterator[str]:
    yield from _text(block["text"], "section", 3000)


def _image(block: Json) -> Iterator[str]:
    yield from _long(block["image_url"], "image_url", 3000, least=1)
    yield from _long(block["alt_text"], "alt_text", 2000, least=1)


def _context(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield f"{len(block['elements'])} elements in a context"
    for element in block["elements"]:
        if element["type"] != "image":
            yield from _text(element, "context", 3000)


def _actions(block: Json) -> Iterator[str]:
    elements = block["elements"]
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements in a row"
    names = [element["action_id"] for element in elements]
    if len(names) != len(set(names)):
        yield f"an action_id twice: {names}"
    for element in elements:
        if element["type"] != "button":
            yield f"a {element['type']} in a row"
        yield from _text(element["text"], "button", 75, plain=True)
        yield from _long(element["action_id"], "action_id", 255, least=1)
        yield from _long(element.get("value", ""), "value", 2000)
        yield from _long(element.get("url", ""), "url", 3000)
        yield from _long(element.get("accessibility_label", ""), "accessibility_label", 75)
        if element.get("style") not in STYLES:
            yield f"the style {element['style']}"


def _input(block: Json) -> Iterator[str]:
    yield from _text(block["label"], "label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], "hint", 2000, plain=True)
    element = block["element"]
    yield from _long(element["action_id"], "action_id", 255, least=1)
    kind = element["type"]
    if kind == "plain_text_input":
        most = element.get("max_length", 3000)
        if not 1 <= most <= 3000:
            yield f"a field of {most}"
        yield from _long(element.get("initial_value", ""), "initial_value", most)
    elif kind in CHOICES:
        yield from _choice(element)
    elif kind != "datepicker":
        yield f"a field {kind}"


def _choice(element: Json) -> Iterator[str]:
    options = element["options"]
    if not 1 <= len(options) <= CHOICES[element["type"]]:
        yield f"{len(options)} options in {element['type']}"
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        yield f"an option twice: {values}"
    for option in options:
        yield from _text(option["text"], "option", 75, plain=True)
        yield from _long(option["value"], "option's value", 150, least=1)
    chosen = [element["initial_option"]] if "initial_option" in element else []
    for one in (*chosen, *element.get("initial_options", ())):
        if one not in options:
            yield f"{one} is chosen, and no option"


def _text(text: Json, what: str, most: int, *, plain: bool = False) -> Iterator[str]:
    if text["type"] != "plain_text" and (plain or text["type"] != "mrkdwn"):
        yield f"a {what} of {text['type']}"
    yield from _long(text["text"], what, most, least=1)


def _long(text: str, what: str, most: int, least: int = 0) -> Iterator[str]:
    """Check a length as Slack counts it: in units of UTF-16."""
    size = len(text.encode("utf-16-le")) // 2
    if not least <= size <= most:
        yield f"a {what} of {size}"


_BLOCKS: dict[str, Callable[[Json], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "image": _image,
    "context": _context,
    "actions": _actions,
    "input": _input,
}
