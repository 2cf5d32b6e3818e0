"""Every card and form in every language: as approved, and as two referees see it."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack import limits
from adapters.slack.blocks import Json, blocks, home, message, pack, plain, unpack, web_page
from adapters.slack.markup import markup
from adapters.slack.text import NOTHING, size
from adapters.slack.views import modal
from dialogs import gallery
from dialogs.card import Block as Part
from dialogs.card import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Link,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.picture import Picture
from dialogs.rich import Span, words
from dialogs.rich import plain as as_is
from dialogs.speech import languages
from dialogs.token import Tokens
from tests.cases import case

TOKEN = Tokens(b"t" * 32).make(7, "p1")
EVERYTHING = Card(
    "All there is",
    (
        Paragraph((Span("plain "), Span("bold", bold=True))),
        Paragraph(as_is("small print"), muted=True),
        Facts((("Name", "Zoë"), ("Nothing", ""))),
        Divider(),
        Row((Button("1", Tap("scale", "1"), "primary", "not at all"), Link("Go", "https://x.nl"))),
        Picture("", (), "a chart that rises", "https://x.nl/a.png"),
    ),
)
FORM = Form(
    "A title that is much too long for a window",
    (
        TextField("one", "One line", hint="as you like", value="x"),
        TextField("many", "Many lines", "many", required=True, longest=9_000),
        ChoiceField("radio", "Radio", (Option("a", "A"), Option("b", "B")), required=True),
        ChoiceField("menu", "Menu", tuple(Option(str(n), f"{n}") for n in range(9)), value=("3",)),
        ChoiceField("boxes", "Boxes", (Option("a", "A"),), several=True, value=("a",)),
        ChoiceField("pick", "Pick", tuple(Option(str(n), f"{n}") for n in range(40)), several=True),
        DateField("day", "Day", value="2026-11-16"),
        ChoiceField("none", "Nothing to choose", ()),
    ),
    "Send it off to whoever reads it",
    "Cancel",
    Tap("form.sent", "x"),
    lead="Before you begin",
)


def _drawn() -> list[tuple[str, dict[str, Any]]]:
    found = [("everything", message(EVERYTHING, TOKEN)), ("everything-form", modal(FORM, TOKEN))]
    for language in languages():
        found += [(f"{n}.{language}", message(c, TOKEN)) for n, c in gallery.cards(language)]
        found += [(f"{n}.{language}", modal(f, TOKEN)) for n, f in gallery.forms(language)]
    return found


DRAWN = dict(_drawn())


def test_slacks_own_models_accept_it() -> None:
    for name, drawn in DRAWN.items():
        with case(name):
            if drawn.get("type") == "modal":
                View(**drawn).validate_json()
            for block in drawn["blocks"]:
                parsed = _parsed(block)
                parsed.validate_json()
                assert parsed.type == block["type"]


def _parsed(block: Json) -> Block:
    parsed = Block.parse(block)  # pyright: ignore[reportUnknownMemberType] - JSON
    assert parsed is not None
    return parsed


def test_the_referee_finds_a_planted_fault() -> None:
    faulty = _parsed({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}})
    with pytest.raises(SlackObjectFormationError):
        faulty.validate_json()


def test_nothing_in_it_is_markup_but_bold() -> None:
    for name, drawn in DRAWN.items():
        with case(name):
            for sign in ("<", ">"):
                assert sign not in drawn.get("text", "")
            for text in _markups(drawn["blocks"]):
                assert text["verbatim"] is True
                assert text["text"].count("*") % 2 == 0
                assert not set(text["text"]) & set("_~`<>&@#|\\")


def _markups(found: Any) -> list[Json]:  # noqa: ANN401 - a part of any depth
    match found:
        case {"type": "mrkdwn"}:
            return [found]
        case dict():
            return [m for value in cast("Json", found).values() for m in _markups(value)]
        case list():
            return [m for value in cast("list[Any]", found) for m in _markups(value)]
        case _:
            return []


def test_each_button_of_a_card_has_its_own_name_and_carries_the_token() -> None:
    for name in (n for n in DRAWN if "text" in DRAWN[n]):
        with case(name):
            buttons = [
                e for b in DRAWN[name]["blocks"] if b["type"] == "actions" for e in b["elements"]
            ]
            names = [button["action_id"] for button in buttons]
            assert len(set(names)) == len(names)
            for button in buttons:
                assert "url" in button or unpack(button["value"])["t"] == TOKEN


@pytest.mark.parametrize("language", languages())
def test_every_word_of_a_card_is_on_it(language: str) -> None:
    for _, card in gallery.cards(language):
        shown = " ".join(_texts(blocks(card, TOKEN, "message")))
        for part in card.body:
            for text in _said(part):
                assert text in shown, text


def _said(part: Part) -> list[str]:
    match part:
        case Paragraph(text):
            return [words(text)]
        case Facts(rows):
            return list(chain.from_iterable(rows))
        case Row(buttons):
            return [button.label for button in buttons]
        case _:
            return []


def _texts(found: Any) -> list[str]:  # noqa: ANN401 - a part of any depth
    match found:
        case {"type": "rich_text_section", "elements": list()}:
            return ["".join(map(_run, cast("list[Json]", found["elements"])))]
        case {"type": "mrkdwn", "text": str(text)}:
            return [text.replace("*", "")]
        case {"text": str(text)}:
            return [text]
        case dict():
            return [t for value in cast("Json", found).values() for t in _texts(value)]
        case list():
            return [t for value in cast("list[Any]", found) for t in _texts(value)]
        case _:
            return []


def _run(run: Json) -> str:
    return run["text"]


def test_a_home_page_is_the_card_on_another_surface() -> None:
    assert home(EVERYTHING, TOKEN) == {
        "type": "home",
        "blocks": blocks(EVERYTHING, TOKEN, "home"),
    }


NAMES = ("<!channel> *x*", "<@U1>", ":smile:", "_a_ `b` ~c~", "&lt;", "[a](http://b)", "> quote")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_shows_as_it_is_everywhere(name: str) -> None:
    card = Card(
        name,
        (
            Paragraph((Span(name),)),
            Paragraph((Span("bold ", bold=True), Span(name))),
            Paragraph((Span(name),), muted=True),
            Facts(((name, name),)),
            Row((Button(name, Tap("v", name)),)),
        ),
    )
    drawn = message(card, TOKEN)
    header, text, bold, small, facts, row = drawn["blocks"]
    assert header["text"] == {"type": "plain_text", "text": name, "emoji": False}
    assert text["text"] == {"type": "plain_text", "text": name, "emoji": False}
    assert bold["elements"][0]["elements"][1:] == [{"type": "text", "text": name}]
    assert small["elements"] == [{"type": "plain_text", "text": name, "emoji": False}]
    assert _texts(facts) == [f"{name}: {name}"]
    assert facts["type"] == "rich_text"
    assert row["elements"][0]["text"]["text"] == name
    assert unpack(row["elements"][0]["value"])["c"] == name
    assert "<" not in drawn["text"]
    assert "&" not in drawn["text"].replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


Draw: TypeAlias = Callable[[str], str]
EDGES: list[tuple[str, int, Draw]] = [
    ("title", limits.TITLE, lambda t: message(Card(t), TOKEN)["blocks"][0]["text"]["text"]),
    ("label", limits.LABEL, lambda t: _row(Button(t, Tap("v")))["text"]["text"]),
    ("hint", limits.LABEL, lambda t: _row(Button("b", Tap("v"), hint=t))["accessibility_label"]),
    ("link", limits.LABEL, lambda t: _row(Link(t, "https://x.nl"))["text"]["text"]),
    ("alt", limits.ALT, lambda t: _one(Picture("", (), t, "https://x.nl"))["alt_text"]),
    ("window", limits.WINDOW, lambda t: _form(title=t)["title"]["text"]),
    ("submit", limits.WINDOW, lambda t: _form(submit=t)["submit"]["text"]),
    ("cancel", limits.WINDOW, lambda t: _form(cancel=t)["close"]["text"]),
    ("lead", limits.TEXT, lambda t: _form(lead=t)["blocks"][0]["text"]["text"]),
    ("field", limits.FIELD, lambda t: _field(TextField("f", t))["label"]["text"]),
    ("help", limits.FIELD, lambda t: _field(TextField("f", "l", hint=t))["hint"]["text"]),
    ("value", 2_000, lambda t: _field(TextField("f", "l", value=t))["element"]["initial_value"]),
    (
        "option",
        limits.LABEL,
        lambda t: _field(ChoiceField("f", "l", (Option("o", t),)))["element"]["options"][0]["text"][
            "text"
        ],
    ),
]


def _one(part: Part) -> dict[str, Any]:
    return blocks(Card("", (part,)), TOKEN, "message")[0]


def _row(button: Button | Link) -> dict[str, Any]:
    return _one(Row((button,)))["elements"][0]


def _form(**changes: object) -> dict[str, Any]:
    return modal(replace(Form("t", (), "s", "c", Tap("v")), **changes), TOKEN)


def _field(field: Field) -> dict[str, Any]:
    return _form(fields=(field,))["blocks"][0]


@pytest.mark.parametrize(("what", "limit", "draw"), EDGES, ids=[e[0] for e in EDGES])
def test_a_text_is_whole_at_its_limit_and_cut_one_past_it(
    what: str, limit: int, draw: Draw
) -> None:
    assert what
    assert draw("x" * limit) == "x" * limit
    cut = draw("x" * (limit + 1))
    assert size(cut) == limit
    assert cut.endswith("x…")
    assert size(draw("👍" * limit)) <= limit
    assert draw("a\0b\ud800c") == "abc"


def test_running_text_is_divided_and_never_lost() -> None:
    text = "Zoë 👍 " * 2_000
    drawn = blocks(Card("", (Paragraph(as_is(text)),)), TOKEN, "message")
    assert "".join(_texts(drawn)) == text
    for block in drawn:
        assert size("".join(_texts(block))) <= limits.TEXT
    small = blocks(Card("", (Paragraph(as_is("x" * 31_000), muted=True),)), TOKEN, "message")
    assert [len(b["elements"]) for b in small] == [10, 1]


def test_long_bold_text_is_divided_too() -> None:
    text = (Span("why ", bold=True), Span("Zoë 👍 " * 2_000))
    drawn = blocks(Card("", (Paragraph(text),)), TOKEN, "message")
    assert "".join(_texts(drawn)) == words(text)
    for block in drawn:
        assert size("".join(_texts(block))) <= limits.TEXT


WRITTEN: list[tuple[tuple[tuple[str, bool], ...], str | None]] = [
    ((("Why? ", True), ("Because.", False)), "*Why?* Because."),
    ((("Type ", False), ("pause", True), (", and rest.", False)), "Type *pause*, and rest."),
    ((("Name: ", True), ("09:00–17:00", False)), "*Name:* 09:00–17:00"),  # noqa: RUF001 - a range
    ((("one\n", True), ("two", False)), "*one*\ntwo"),
    ((("one\ntwo", True),), "*one*\n*two*"),
    (((" all ", True),), " *all* "),
    ((("over", True), ("joined", False)), None),
    ((("be", False), ("fore", True)), None),
    ((("a", True), ("b", True)), None),
    ((("x ", True), ("*y*", False)), None),
    ((("x ", True), ("_y_", False)), None),
    ((("x ", True), ("`y`", False)), None),
    ((("x ", True), ("~y~", False)), None),
    ((("x ", True), ("<!here>", False)), None),
    ((("x ", True), ("R&D", False)), None),
    ((("x ", True), ("@here", False)), None),
    ((("x ", True), ("#general", False)), None),
    ((("x ", True), (":smile:", False)), None),
    ((("x ", True), ("https://evil.example", False)), None),
    ((("x ", True), ("www.evil.example", False)), None),
    ((("x ", True), ("> quoted", False)), None),
    ((("x ", True), (":smi", False), ("le:", False)), None),
]


@pytest.mark.parametrize(("spans", "written"), WRITTEN, ids=range(len(WRITTEN)))
def test_bold_is_markup_only_where_nothing_else_can_be(
    spans: tuple[tuple[str, bool], ...], written: str | None
) -> None:
    assert markup(tuple(Span(text, bold) for text, bold in spans)) == written


@given(st.lists(st.tuples(st.text(), st.booleans())))
def test_markup_adds_stars_and_nothing_else(spans: list[tuple[str, bool]]) -> None:
    text = tuple(Span(text, bold) for text, bold in spans)
    written = markup(text)
    if written is not None:
        assert written.replace("*", "") == words(text)


def test_rows_of_more_than_five_go_on_the_next_line() -> None:
    buttons = tuple(Button(str(n), Tap("v", str(n))) for n in range(7))
    drawn = blocks(Card("", (Row(buttons),)), TOKEN, "message")
    assert [len(b["elements"]) for b in drawn] == [5, 2]


@pytest.mark.parametrize(("surface", "most"), limits.BLOCKS.items())
def test_more_blocks_than_fit_is_a_mistake(surface: str, most: int) -> None:
    fits = Card("", (Divider(),) * most)
    assert len(blocks(fits, TOKEN, surface)) == most
    with pytest.raises(ValueError, match="blocks"):
        blocks(Card("t", fits.body), TOKEN, surface)


@pytest.mark.parametrize(
    "field",
    [
        ChoiceField("f", "l", tuple(Option(str(n), "x") for n in range(101))),
        ChoiceField("f", "l", (Option("v" * 151, "x"),)),
    ],
)
def test_more_options_than_fit_is_a_mistake(field: ChoiceField) -> None:
    with pytest.raises(ValueError, match=r"option"):
        _field(field)


def test_what_a_button_carries_fits_or_is_a_mistake() -> None:
    room = limits.VALUE - size(pack(Tap("v", "x"), TOKEN)) + 1
    assert size(_row(Button("b", Tap("v", "x" * room)))["value"]) == limits.VALUE
    with pytest.raises(ValueError, match="2,000"):
        _row(Button("b", Tap("v", "x" * (room + 1))))
    with pytest.raises(ValueError, match="modal"):
        _form(tap=Tap("v", "x" * limits.METADATA))


def test_empty_texts_become_what_slack_takes() -> None:
    assert (
        blocks(Card(" ", (Paragraph(()), Paragraph((), muted=True), Facts(()))), "", "home") == []
    )
    assert plain("  ", 10)["text"] == NOTHING
    assert blocks(Card("", (Row(()),)), "", "home") == []


WEB = {
    "https://x.nl": True,
    "http://x.nl/a?b=c#d": True,
    "HTTPS://X.NL": True,
    "javascript:alert(1)": False,
    "data:text/html,x": False,
    "slack://open": False,
    "//x.nl": False,
    "x.nl": False,
    "": False,
    "https://": False,
    "https://[::1": False,
    "https://x.nl/a b": False,
    "https://x.nl/\n": False,
    "https://x.nl/" + "x" * 3_000: False,
}


@pytest.mark.parametrize(("url", "good"), WEB.items())
def test_only_web_pages_are_linked_and_pictured(url: str, good: bool) -> None:  # noqa: FBT001
    assert web_page(url) is good
    row = blocks(Card("", (Row((Link("go", url),)),)), TOKEN, "message")
    assert bool(row) is good
    picture = _one(Picture("", (), "what it shows", url))
    assert picture["type"] == ("image" if good else "section")
    assert "what it shows" in json.dumps(picture)


@pytest.mark.parametrize(
    "value", ["", "x", "[]", "1", '{"c":"x"}', '{"v":1}', '{"v":"x","c":[]}', "[" * 9_000, '"v"']
)
def test_a_value_that_is_not_ours_says_nothing(value: str) -> None:
    assert unpack(value) == {}


@pytest.mark.parametrize("choice", ["", "4", "é👍", '"}', "\\", "<!here>"])
def test_what_is_packed_is_read_back(choice: str) -> None:
    told = unpack(pack(Tap("pulse.answer", choice), TOKEN))
    assert (told["v"], told.get("c", ""), told["t"]) == ("pulse.answer", choice, TOKEN)
