"""Every card looks in Teams as it was approved, and no text on it is anything but text."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest

from adapters.teams.adaptive import LIMITS, OURS, adaptive, message, safe
from adapters.teams.form import adaptive_form
from adapters.teams.inert import clean, disguised, escaped
from dialogs.card import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Link,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.picture import Picture
from dialogs.rich import plain, rich
from tests.adapters.teams.drawn import TOKEN, everything
from tests.cases import case

DRAWN = dict(everything())
FORM = Form(
    "A *form*",
    (
        TextField("words", "Your *words*", "many", required=True, hint="a hint", longest=50),
        ChoiceField("one", "One", (Option("a", "A"), Option("b", "[B](http://x)")), value=("a",)),
        ChoiceField(
            "many", "Many", (Option("a", "A"), Option("b", "B")), several=True, value=("a", "b")
        ),
        DateField("day", "Day", value="2026-11-17"),
    ),
    "Send",
    "Back",
    Tap("x.sent", "7"),
    "Lead **as it is**",
)


def test_stays_within_what_teams_takes() -> None:
    for name, card in DRAWN.items():
        with case(name):
            assert len(json.dumps(card, ensure_ascii=False).encode()) <= LIMITS.message_bytes
            for element in elements(card):
                assert len(element.get("actions", ())) <= LIMITS.actions
                for text in ("title", "text", "altText", "tooltip"):
                    assert element.get(text, "x").strip()


def test_every_button_answers_in_old_clients_too() -> None:
    for name, card in DRAWN.items():
        with case(name):
            for element in elements(card):
                if element["type"] != "Action.Execute":
                    continue
                fallback = element["fallback"]
                assert fallback["type"] == "Action.Submit"
                assert fallback["data"] == element["data"]
                assert element["data"][OURS]["token"] == TOKEN
                assert element["verb"] == element["data"][OURS]["verb"]


def elements(card: object) -> Iterator[dict[str, Any]]:
    if isinstance(card, dict):
        box = cast("dict[str, Any]", card)
        if "type" in box:
            yield box
        card = list(box.values())
    if isinstance(card, list):
        for part in cast("list[object]", card):
            yield from elements(part)


HOSTILE = (
    "**x** [a](http://x) <at>all</at> # 1. - `x` _y_ ~~z~~ {{DATE(2026-11-16T08:00:00Z)}} \x00"
    " \ud83d \u202egnp.exe <!channel> @everyone https://evil.example"
)


def test_values_are_shown_as_they_are_and_nothing_else() -> None:
    card = Card(
        HOSTILE,
        (Paragraph(rich("**Hi** {name}!", {"name": HOSTILE})), Facts(((HOSTILE, HOSTILE),))),
    )
    drawn = adaptive(card, TOKEN)
    runs = [e["text"] for e in elements(drawn) if e["type"] == "TextRun"]
    shown = clean(HOSTILE, 999)
    assert runs == ["Hi ", shown, "!", shown, shown]
    assert not re.search("[\x00\ud800-\udfff\u202e]|{{", json.dumps(drawn, ensure_ascii=False))
    assert {e["type"] for e in elements(drawn)} == {
        "AdaptiveCard",
        "TextBlock",
        "RichTextBlock",
        "TextRun",
        "ColumnSet",
        "Column",
    }


def test_a_heading_is_escaped_as_it_reads_markdown() -> None:
    assert escaped("1. *x* [a](b)\n# <b>") == r"1\. \*x\* \[a\]\(b\) \# \<b\>"
    assert escaped("- x") == r"\- x"
    assert escaped("3 - 1.5 = 1.5") == "3 - 1.5 = 1.5"


def test_a_label_is_disguised_where_some_clients_read_markdown() -> None:
    assert not set(disguised("*x* [a](b) _y_ `z` #")) & set("*_`[]#")
    assert disguised("Mon, 09:00 (early)") == "Mon, 09:00 (early)"


def test_long_text_is_cut_and_a_message_never_grows_beyond_what_teams_takes() -> None:
    long = "y" * 65_536
    card = Card(long, (Paragraph(plain(long)), Row((Button(long, Tap("x"), hint=long),))))
    assert len(message(card, TOKEN).encode()) < LIMITS.message_bytes
    assert message(card, TOKEN).count("…") == 8


def test_lines_are_blocks_of_their_own() -> None:
    card = Card("T", (Paragraph(rich("one\ntwo **bold\nthree**\n\nfour")),))
    blocks = adaptive(card, TOKEN)["body"][1:]
    said = ["".join(run["text"] for run in block["inlines"]) for block in blocks]
    assert said == ["one", "two bold", "three", "four"]
    assert [block.get("spacing") for block in blocks] == [None, "Small", "Small", None]


def test_small_print_dividers_pictures_and_links() -> None:
    card = Card("T", (
        Divider(),
        Paragraph(plain("small"), muted=True),
        Divider(),
        Picture("", (), "A chart: *half*", "https://x.example/a.png"),
        Picture("", (), "A picture in words", "data:image/png;base64,xx"),
        Row((Link("Open", "https://x.example/?a=b"), Link("No", "javascript:alert(1)"))),
        Paragraph(()),
        Divider(),
    ))  # fmt: skip
    small, picture, words, links, refused = adaptive(card, TOKEN)["body"][1:]
    assert small["separator"]
    assert small["inlines"][0]["isSubtle"]
    assert picture["separator"]
    assert (picture["type"], picture["altText"]) == ("Image", "A chart: *half*")
    assert words["inlines"][0]["text"] == "A picture in words"
    assert [a["type"] for a in links["actions"]] == ["Action.OpenUrl"]
    assert refused["inlines"][0]["text"] == "No"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc", "ftp://x.example", "//x.example",
     "msteams:/l/x", "http://", "https:///x", "https://x.example/ y", "https://x\n.example", "",
     "https://[x", "https://x.example/" + "y" * 2000],
)  # fmt: skip
def test_only_web_pages_are_links(url: str) -> None:
    assert not safe(url)


def test_seven_buttons_stand_in_two_sets() -> None:
    seven = Row(tuple(Button(str(n), Tap("x", str(n))) for n in range(7)))
    sets = adaptive(Card("T", (seven,)), TOKEN)["body"][1:]
    assert [len(s["actions"]) for s in sets] == [6, 1]


def test_a_form_has_an_input_for_every_field() -> None:
    _, lead, words, one, many, day, buttons = adaptive_form(FORM, TOKEN)["body"]
    assert lead["inlines"][0]["text"] == "Lead **as it is**"
    assert (words["type"], words["isMultiline"], words["maxLength"]) == ("Input.Text", True, 50)
    assert words["isRequired"]
    assert words["errorMessage"]
    assert words["placeholder"] == "a hint"
    assert (one["style"], one["isMultiSelect"], one["value"]) == ("compact", False, "a")
    assert (many["style"], many["isMultiSelect"], many["value"]) == ("expanded", True, "a,b")
    assert (day["type"], day["value"]) == ("Input.Date", "2026-11-17")
    assert "](" not in one["choices"][1]["title"]
    send, back = buttons["actions"]
    assert send["data"][OURS] == {
        "verb": "x.sent", "choice": "7", "token": TOKEN, "fields": ["words", "one", "many", "day"],
    }  # fmt: skip
    assert "associatedInputs" not in send, "the inputs come along, and are checked"
    assert back["associatedInputs"] == "none"
    assert back["data"][OURS] == {"verb": "form.cancel", "choice": "x.sent", "token": TOKEN}


def test_errors_stand_under_their_fields_and_what_was_typed_stays() -> None:
    typed = {"words": "so far", "one": "b"}
    body = adaptive_form(FORM, TOKEN, {"words": "Too short", "else": "Try later"}, typed)["body"]
    assert [e["type"] for e in body[1:5]] == [
        "RichTextBlock", "RichTextBlock", "Input.Text", "RichTextBlock",
    ]  # fmt: skip
    assert body[2]["inlines"][0]["text"] == "Try later"
    assert (body[3]["value"], body[4]["inlines"][0]["text"]) == ("so far", "Too short")
    assert body[5]["value"] == "b"
    assert "value" not in body[6], "nothing was chosen, and nothing comes back"
