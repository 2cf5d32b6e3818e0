"""Block Kit as Slack shows it: a message, a modal, and what in them would be more than words."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from tests.contracts.platforms.seen import Input, Pressed, Seen, Window

Json = dict[str, Any]
SIGNS = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
MEANS = re.compile(r"<[^>]*>|https?://|\bwww\.|mailto:|:[a-z0-9_+'-]+:|[_~`]", re.IGNORECASE)


def words(text: Json) -> str:
    """Return a text object as it is shown."""
    if text["type"] == "plain_text":
        return text["text"]
    assert text["type"] == "mrkdwn"
    return shown(text["text"].replace("*", ""))


def shown(text: str) -> str:
    for written, sign in SIGNS:
        text = text.replace(written, sign)
    return text


def message(found: Json) -> Seen:
    title, texts = "", list[str]()
    buttons: list[Pressed] = []
    links: list[tuple[str, str]] = []
    for block in found["blocks"]:
        match block:
            case {"type": "header", "text": text}:
                assert not title
                title = words(text)
            case {"type": "section", "text": text}:
                assert set(block) <= {"type", "text", "block_id"}
                texts.append(words(text))
            case {"type": "rich_text", "elements": [{"elements": elements}]}:
                texts.append("".join(e["text"] for e in elements))
            case {"type": "context", "elements": elements}:
                texts += [words(e) for e in elements]
            case {"type": "image", "alt_text": alt}:
                texts.append(alt)
            case {"type": "divider"}:
                pass
            case {"type": "actions", "elements": elements}:
                links += [(words(e["text"]), e["url"]) for e in elements if "url" in e]
                buttons += [_button(e) for e in elements if "url" not in e]
            case _:
                raise AssertionError(block)
    raw = json.dumps(found, ensure_ascii=False)
    return Seen(
        found.get("ts", ""),
        title,
        tuple(texts),
        tuple(buttons),
        tuple(links),
        shown(found["text"]),
        raw,
    )


def _button(element: Json) -> Pressed:
    return Pressed(words(element["text"]), (element,), element.get("accessibility_label", ""))


def window(view: Json) -> Window:
    assert view["type"] == "modal"
    texts: list[str] = []
    fields: dict[str, Input] = {}
    for block in view["blocks"]:
        match block:
            case {"type": "section", "text": text}:
                texts.append(words(text))
            case {"type": "input"}:
                fields[block["block_id"]] = _field(block)
            case _:
                raise AssertionError(block)
    return Window(
        words(view["title"]),
        tuple(texts),
        fields,
        view,
        words(view["submit"]),
        words(view["close"]),
    )


def _field(block: Json) -> Input:
    element = block["element"]
    kind = element["type"]
    options = {o["value"]: words(o["text"]) for o in element.get("options", ())}
    chosen = [element["initial_option"]] if "initial_option" in element else []
    chosen = element.get("initial_options", chosen)
    value = ",".join(o["value"] for o in chosen)
    value = value or element.get("initial_value", "") or element.get("initial_date", "")
    sort = {
        "plain_text_input": "text",
        "datepicker": "date",
        "checkboxes": "several",
        "multi_static_select": "several",
    }.get(kind, "choice")
    hint = words(block["hint"]) if "hint" in block else ""
    must = not block["optional"]
    label = words(block["label"])
    return Input(block["block_id"], label, sort, value, options, must, hint, kind)  # pyright: ignore[reportArgumentType] - one of the four


def state(filled: Window) -> Json:
    """Write what stands in a modal as Slack sends it along."""
    values: Json = {}
    for block in filled.told["blocks"]:
        if block["type"] != "input":
            continue
        one, element = filled.fields[block["block_id"]], block["element"]
        values[one.name] = {element["action_id"]: {"type": one.drawn, **_sent(one)}}
    return values


def _sent(one: Input) -> Json:
    given = one.value.split(",") if one.value else []
    options = [
        {"text": {"type": "plain_text", "text": one.options[v], "emoji": False}, "value": v}
        for v in given
        if v in one.options
    ]
    match one.drawn:
        case "plain_text_input":
            return {"value": one.value or None}
        case "datepicker":
            return {"selected_date": one.value or None}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": options}
        case _:
            return {"selected_option": options[0] if options else None}


def alive(found: Json) -> list[str]:
    """Return what Slack would read as more than words."""
    # The line for notifications is always read as markup.
    live = re.findall(r"<[^>]*>", found["text"])
    for part in _parts(found.get("blocks", [])):
        match part:
            case {"type": "mrkdwn", "text": text}:
                live += MEANS.findall(text)
                live += [] if part.get("verbatim") else [f"not verbatim: {text}"]
            case {"type": "plain_text", "emoji": True, "text": text}:
                live.append(f"emoji in {text}")
            case {"type": "rich_text_section", "elements": elements}:
                live += [e["type"] for e in elements if e["type"] != "text"]
            case {"url": url} | {"image_url": url} if not url.startswith(("http://", "https://")):
                live.append(url)
            case _:
                pass
    return live


def _parts(found: Any) -> Iterator[Json]:  # noqa: ANN401 - JSON
    if isinstance(found, dict):
        part = cast("Json", found)
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(found, list):
        for value in cast("list[Any]", found):
            yield from _parts(value)
