"""HTML as a page shows it: a small tree, enough to read a card and to fill in a form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

from tests.contracts.platforms.seen import Input, Pressed, Seen, Window

VOID = frozenset({"hr", "img", "input"})
LIVE = frozenset({"script", "style", "iframe", "object", "embed", "link", "meta", "base", "svg"})


@dataclass
class Node:
    """One element; ``said`` are the words and elements in it, in order."""

    tag: str
    about: dict[str, str] = field(default_factory=dict[str, str])
    said: "list[Node | str]" = field(default_factory=list["Node | str"])

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.said)

    def every(self, *tags: str) -> Iterator["Node"]:
        for part in self.said:
            if isinstance(part, Node):
                if not tags or part.tag in tags:
                    yield part
                yield from part.every(*tags)

    def having(self, holds: Callable[["Node"], bool]) -> list["Node"]:
        return [node for node in self.every() if holds(node)]

    def looks(self, name: str) -> bool:
        return name in self.about.get("class", "").split()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self.opened = [self.root]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.opened[-1].said.append(node)
        if tag not in VOID:
            self.opened.append(node)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop().tag == tag

    @override
    def handle_data(self, data: str) -> None:
        self.opened[-1].said.append(data)


def tree(drawn: str) -> Node:
    reader = _Reader()
    reader.feed(drawn)
    reader.close()
    assert len(reader.opened) == 1, "everything that is opened is closed"
    return reader.root


def card(drawn: str, ref: str, summary: str, raw: str) -> Seen:
    root = tree(drawn)
    texts: list[str] = []
    buttons: list[Pressed] = []
    links: list[tuple[str, str]] = []
    title = ""
    for node in root.every():
        match node.tag:
            case "h3":
                title = node.text
            case "p" | "dt" | "dd" | "span":
                texts.append(node.text)
            case "img":
                texts.append(node.about["alt"])
            case "button":
                told = {name: node.about[f"data-{name}"] for name in ("verb", "choice", "token")}
                buttons.append(Pressed(node.text, (told,), node.about.get("aria-label", "")))
            case "a":
                links.append((node.text, node.about["href"]))
            case _:
                pass
    return Seen(ref, title, tuple(texts), tuple(buttons), tuple(links), summary, raw)


def window(drawn: str) -> Window:
    root = tree(drawn)
    (form,) = root.every("form")
    about = {name: form.about[f"data-{name}"] for name in ("verb", "choice", "token")}
    send, back = form.every("button")
    assert send.about["type"] == "submit"
    assert "data-cancel" in back.about
    fields = [_field(node) for node in form.having(lambda n: "data-field" in n.about)]
    lead = tuple(node.text for node in form.every("p") if node.looks("lead"))
    (title,) = form.every("h2")
    named = {one.name: one for one in fields}
    return Window(title.text, lead, named, about, send.text, back.text)


def _field(node: Node) -> Input:
    name = node.about["data-field"]
    controls = [n for n in node.every("input", "select", "textarea") if n.about["name"] == name]
    first = controls[0]
    (label,) = (n for n in node.every("label", "legend") if n.looks("label"))
    said = "".join(part for part in label.said if isinstance(part, str))
    hints = "".join(n.text for n in node.every("p") if n.looks("hint"))
    must = "required" in first.about or "data-required" in node.about
    kind = first.tag if first.tag != "input" else first.about["type"]
    match kind:
        case "checkbox" | "radio":
            boxes = [n for n in node.every("label") if n.looks("option")]
            values = [next(b.every("input")).about["value"] for b in boxes]
            options = dict(zip(values, (b.text for b in boxes), strict=True))
            chosen = ",".join(c.about["value"] for c in controls if "checked" in c.about)
            many = "several" if kind == "checkbox" else "choice"
            return Input(name, said, many, chosen, options, must, hints, kind)
        case "select":
            listed = list(first.every("option"))
            options = {o.about["value"]: o.text for o in listed}
            chosen = [o.about["value"] for o in listed if "selected" in o.about]
            value = chosen[-1] if chosen else listed[0].about["value"]
            return Input(name, said, "choice", value, options, must, hints, kind)
        case "textarea":
            text = first.text.removeprefix("\n")
            return Input(name, said, "text", text, {}, must, hints, kind)
        case _:
            sort = "date" if kind == "date" else "text"
            return Input(name, said, sort, first.about["value"], {}, must, hints, kind)


def alive(drawn: str) -> list[str]:
    """Return what a page would run, load or follow."""
    found: list[str] = []
    for node in tree(drawn).every():
        if node.tag in LIVE:
            found.append(node.tag)
        for name, value in node.about.items():
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{name}={value}")
            if name in {"href", "src"} and not value.startswith(("http://", "https://")):
                found.append(f"{name}={value}")
    return found
