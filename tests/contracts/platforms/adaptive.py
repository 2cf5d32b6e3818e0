"""Adaptive Cards as Teams shows them: a message, a form, and what in them is more than words."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from tests.contracts.platforms.seen import Input, Pressed, Seen, Window

Json = dict[str, Any]
LOOKALIKES = str.maketrans("∗ˍˋ［］∼＃", "*_`[]~#", "\u2060")  # noqa: RUF001 - the look-alikes are the point
CARD = "application/vnd.microsoft.card.adaptive"
SENTENCE = "application/vnd.microsoft.activity.message"
KINDS = {"Input.Text": "text", "Input.ChoiceSet": "choice", "Input.Date": "date"}
ELEMENTS = frozenset({"TextBlock", "RichTextBlock", "ColumnSet", "ActionSet", "Image", *KINDS})
MARKED = re.compile(r"[*_`~\[\]]|(?<!\w)#|&#?\w+;")


def unescaped(text: str) -> str:
    """Read the markdown of a heading, in which every mark is escaped."""
    return re.sub(r"\\(.)", r"\1", text)


def looks(text: str) -> str:
    """Read a text in which look-alikes stand for marks."""
    return text.translate(LOOKALIKES)


def runs(block: Json) -> str:
    return "".join(run["text"] for run in block["inlines"]).replace("\u2060", "")


def content(message: Json) -> Json:
    (attached,) = message["attachments"]
    assert attached["contentType"] == CARD
    return attached["content"]


def is_form(card: Json) -> bool:
    return any(e["type"] in KINDS for e in card["body"])


def message(found: Json, ref: str) -> Seen:
    return card(content(found), ref, found.get("summary", ""), json.dumps(found))


def card(drawn: Json, ref: str, summary: str, raw: str) -> Seen:
    heading, *body = drawn["body"]
    assert (heading["type"], heading["style"]) == ("TextBlock", "heading")
    texts: list[str] = []
    buttons: list[Pressed] = []
    links: list[tuple[str, str]] = []
    for element in body:
        assert element["type"] in ELEMENTS, element
        match element["type"]:
            case "RichTextBlock":
                texts.append(runs(element))
            case "ColumnSet":
                texts += [runs(i) for column in element["columns"] for i in column["items"]]
            case "Image":
                texts.append(element["altText"])
            case "ActionSet":
                for action in element["actions"]:
                    if action["type"] == "Action.OpenUrl":
                        links.append((action["title"], action["url"]))
                    else:
                        buttons.append(_button(action))
            case _:
                raise AssertionError(element)
    title = unescaped(heading["text"]).replace("\u2060", "")
    return Seen(ref, title, tuple(texts), tuple(buttons), tuple(links), summary, raw)


def _button(action: Json) -> Pressed:
    fallback = action["fallback"]
    assert (action["type"], fallback["type"]) == ("Action.Execute", "Action.Submit")
    return Pressed(action["title"], (action, fallback), action.get("tooltip", ""))


def window(drawn: Json) -> Window:
    heading, *body = drawn["body"]
    texts: list[str] = []
    fields: dict[str, Input] = {}
    errors: dict[str, str] = {}
    *_, bottom = body
    asked = ""
    for element in body[:-1]:
        if element["type"] in KINDS:
            asked = element["id"]
            fields[asked] = _field(element)
        elif element["inlines"][0].get("color") == "Attention":
            errors[asked] = runs(element)
        else:
            assert not fields, "the words of a form stand above its fields"
            texts.append(runs(element))
    send, back = bottom["actions"]
    title = unescaped(heading["text"])
    return Window(
        title, tuple(texts), fields, send, send["title"], back["title"], errors, back=back
    )


def _field(element: Json) -> Input:
    several = element.get("isMultiSelect", False)
    options = {c["value"]: looks(c["title"]) for c in element.get("choices", ())}
    return Input(
        element["id"],
        looks(element["label"]),
        "several" if several else KINDS[element["type"]],  # pyright: ignore[reportArgumentType] - one of the four
        element.get("value", ""),
        options,
        element.get("isRequired", False),
        element.get("placeholder", ""),
        element["type"],
    )


def sent(action: Json, typed: dict[str, str] | None = None) -> Json:
    """Return what a client sends for a button: its data, and what stands in the inputs."""
    if action.get("associatedInputs") == "none":
        return action["data"]
    return {**action["data"], **(typed or {})}


def alive(found: Json) -> list[str]:
    """Return what Teams would read as more than words."""
    live = [str(entity) for entity in found.get("entities", ())]
    if "text" in found:
        live.append(f"markdown beside the card: {found['text']}")
    drawn = content(found)
    live += MARKED.findall(drawn["fallbackText"])
    for part in _parts(drawn["body"]):
        match part:
            case {"type": "TextBlock", "text": text}:
                live += MARKED.findall(re.sub(r"\\.", "", text))
                live += re.findall(r"\{\{", text)
            case {"type": "TextRun"}:
                assert part.keys() <= {"type", "text", "weight", "isSubtle", "size", "color"}
                live += re.findall(r"\{\{", part["text"])
            case {"type": "Action.OpenUrl" | "Image", "url": url}:
                live += [] if url.startswith(("http://", "https://")) else [url]
            case {"type": "FactSet" | "Media"}:
                live.append(part["type"])
            case _:
                assert "selectAction" not in part
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
