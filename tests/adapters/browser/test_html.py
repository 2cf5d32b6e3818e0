"""Cards and forms as HTML: complete, inert, and readable without seeing them."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from adapters.browser import html
from adapters.browser.forms import draw_form
from dialogs.card import (
    Block,
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
from dialogs.gallery import cards, forms
from dialogs.picture import Bar, Picture
from dialogs.rich import plain, rich, words
from dialogs.speech import languages

HOSTILE = "Zoë <!channel> *van* [den](http://x) \"><script>alert('1')</script> & Zn."
TOKEN = "opaque-32"  # noqa: S105 - made up
VOID = {"hr", "img", "input"}
TAGS = {
    *("a", "button", "dd", "div", "dl", "dt", "fieldset", "form", "h2", "h3", "hr", "img"),
    *("input", "label", "legend", "option", "p", "select", "span", "strong", "textarea"),
}


class Page(HTMLParser):
    """A drawing, read back: its tags in order, its words, and whether it closes what it opens."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(drawn)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert len(dict(attrs)) == len(attrs)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def every(self, *tags: str) -> list[dict[str, str | None]]:
        return [found for tag, found in self.tags if tag in tags]


@pytest.mark.parametrize("language", languages())
def test_every_card_says_all_its_words_and_offers_all_its_buttons(language: str) -> None:
    for name, card in cards(language):
        page = Page(html.draw(card, TOKEN))
        assert page.tags[1] == ("h3", {"class": "card-title"}), name
        buttons = [b for block in card.body if isinstance(block, Row) for b in block.buttons]
        drawn = page.every("button", "a")
        for block in card.body:
            if isinstance(block, Paragraph):
                assert words(block.text) in page.words, name
        assert len(drawn) == len(buttons), name
        for button, shown in zip(buttons, drawn, strict=True):
            assert button.label in page.words
            if isinstance(button, Button):
                assert shown["data-verb"] == button.tap.verb
                assert shown["data-choice"] == str(button.tap.choice)
                assert shown["data-token"] == TOKEN
                assert button.label in (shown.get("aria-label") or button.label)


@pytest.mark.parametrize("language", languages())
def test_every_form_ties_each_field_to_its_label_and_its_error(language: str) -> None:
    for name, form in forms(language):
        page = Page(draw_form(form, TOKEN, {f.name: f"wrong {f.name}" for f in form.fields}))
        assert page.every("form")[0]["data-verb"] == form.tap.verb, name
        ids = {found["id"] for _, found in page.tags if "id" in found}
        assert len(ids) == sum("id" in found for _, found in page.tags)
        for _, found in page.tags:
            told = (found.get("aria-describedby") or "").split()
            assert ids.issuperset(told), name
        assert ids.issuperset(found["for"] for found in page.every("label") if "for" in found)
        for field in form.fields:
            assert field.label in page.words
            assert f"wrong {field.name}" in page.words


BLOCKS: dict[str, Block] = {
    "paragraph": Paragraph(plain(HOSTILE)),
    "bold": Paragraph(rich("**{name}**", {"name": HOSTILE})),
    "muted": Paragraph(plain(HOSTILE), muted=True),
    "facts": Facts(((HOSTILE, HOSTILE),)),
    "button": Row((Button(HOSTILE, Tap(HOSTILE, HOSTILE), hint=HOSTILE),)),
    "link": Row((Link(HOSTILE, "https://example.org/"),)),
    "unsafe link": Row((Link(HOSTILE, HOSTILE),)),
    "picture": Picture(HOSTILE, (Bar(HOSTILE, 0.4, HOSTILE),), HOSTILE),
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_name_that_looks_like_markup_shows_as_it_is_typed(block: Block) -> None:
    page = Page(html.draw(Card(HOSTILE, (block,)), HOSTILE))
    assert page.words.count(HOSTILE) >= 2
    for button in page.every("button"):
        assert (button["data-verb"], button["data-token"]) == (HOSTILE, HOSTILE)


def test_a_form_shows_hostile_words_as_they_are_typed() -> None:
    option = Option(HOSTILE, HOSTILE)
    fields = (
        TextField(HOSTILE, HOSTILE, value=HOSTILE, hint=HOSTILE),
        TextField("many", HOSTILE, lines="many", value="\n</textarea>" + HOSTILE),
        DateField("day", HOSTILE, value=HOSTILE),
        ChoiceField("list", HOSTILE, (option,), value=(HOSTILE,)),
        ChoiceField("one", HOSTILE, (option,), required=True),
        ChoiceField("some", HOSTILE, (option,), several=True),
    )
    form = Form(HOSTILE, fields, HOSTILE, HOSTILE, Tap(HOSTILE, HOSTILE), HOSTILE)
    page = Page(draw_form(form, HOSTILE, {"day": HOSTILE}))
    assert page.words.count(HOSTILE) >= 15
    assert page.every("form")[0]["data-verb"] == HOSTILE
    assert "\n\n</textarea>" in page.words


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://example.org/a?b=c&d=%22", True),
        ("http://[::1]:8080/", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("\x01javascript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("mailto:jan@example.org", False),
        ("//example.org", False),
        ("/people", False),
        ("https:", False),
        ("https://", False),
        ("https:\\\\example.org", False),
        ("http://[", False),
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_a_link_only_opens_a_page(url: str, *, opens: bool) -> None:
    page = Page(html.draw(Card("T", (Row((Link("Open it", url),)),)), TOKEN))
    assert "Open it" in page.words
    links = page.every("a")
    assert bool(links) == opens
    if opens:
        assert links[0]["href"] == url
        assert links[0]["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a.png", True),
        ("/pictures/1.png", True),
        ("data:image/png;base64,AAAA", True),
        ("//example.org/a.png", False),
        ("/\\example.org/a.png", False),
        ("data:image/svg+xml;base64,AAAA", False),
        ("data:image/png;base64,<>", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_picture_that_cannot_be_shown_says_its_words_instead(url: str, *, shown: bool) -> None:
    page = Page(html.draw(Card("T", (Picture("", (), "Half of it", url),)), TOKEN))
    assert [p["alt"] for p in page.every("img")] == (["Half of it"] if shown else [])
    assert ("Half of it" in page.words) != shown


def long_title(length: int) -> str:
    return html.draw(Card("x" * length), TOKEN)


def long_text(length: int) -> str:
    half = "x" * (length // 2)
    return html.draw(Card("", (Paragraph(rich(half + "**" + half + "**")),)), TOKEN)


def long_fact(length: int) -> str:
    return html.draw(Card("", (Facts((("", "x" * length),)),)), TOKEN)


def long_label(length: int) -> str:
    return html.draw(Card("", (Row((Button("x" * length, Tap("v")),)),)), TOKEN)


@pytest.mark.parametrize(
    ("limit", "drawing"),
    [("title", long_title), ("text", long_text), ("fact", long_fact), ("label", long_label)],
)
def test_what_is_too_long_shows_that_it_was_cut(limit: str, drawing: Callable[[int], str]) -> None:
    longest = html.LIMITS[limit]
    assert Page(drawing(longest)).words.count("x") == longest
    over = Page(drawing(longest * 2)).words
    assert over.endswith("…")
    assert len(over) == longest


def test_more_buttons_than_fit_go_on_another_row() -> None:
    buttons = tuple(Button(f"Go {n}", Tap("go", str(n))) for n in range(7))
    page = Page(html.draw(Card("T", (Row(buttons), Divider())), TOKEN))
    groups = [d for d in page.every("div") if d.get("role") == "group"]
    assert [g["aria-label"] for g in groups] == ["T", "T"]
    assert len(page.every("button")) == 7


def test_one_to_five_looks_like_a_scale_and_says_what_each_means() -> None:
    buttons = tuple(Button(str(n), Tap("a", str(n)), hint=f"{n}, so") for n in range(1, 6))
    page = Page(html.draw(Card("T", (Row(buttons),)), TOKEN))
    assert page.every("div")[1]["class"] == "scale"
    assert [b["aria-label"] for b in page.every("button")] == [f"{n}, so" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("hint", "name"),
    [("", None), ("Yes, gladly", "Yes, gladly"), ("gladly", "Yes, gladly")],
)
def test_what_is_read_out_holds_what_is_seen(hint: str, name: str | None) -> None:
    page = Page(html.draw(Card("T", (Row((Button("Yes", Tap("v"), hint=hint),)),)), TOKEN))
    assert page.every("button")[0].get("aria-label") == name


def test_bold_is_bold_and_what_turns_words_around_is_left_out() -> None:
    text = (*plain("a\u202e<"), *rich("**b\0>**", {}), *plain(" c"))
    assert html.draw(Card("T\u2066", (Paragraph(text),)), TOKEN) == (
        '<div class="card"><h3 class="card-title">T</h3>'
        '<p class="text">a&lt;<strong>b&gt;</strong> c</p></div>'
    )
    muted = Card("T", (Paragraph(plain("x"), muted=True), Divider(), Facts((("n", "v"),))))
    assert html.draw(muted, TOKEN).endswith(
        '<p class="text muted">x</p><hr class="divider">'
        '<dl class="facts"><div><dt>n</dt><dd>v</dd></div></dl></div>'
    )


@pytest.mark.parametrize(("over", "ends"), [(0, "x"), (1, "…"), (50, "…")])
def test_a_paragraph_is_cut_at_its_limit_and_says_so(over: int, ends: str) -> None:
    longest = html.LIMITS["text"]
    (page,) = [Page(html.draw(Card("", (Paragraph(plain("x" * (longest + over))),)), TOKEN))]
    assert len(page.words) == longest
    assert page.words.endswith(ends)
    assert len(html.cut("y" * (html.LIMITS["label"] + over), "label")) == html.LIMITS["label"]


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://x.example/", True),
        ("http://x.example:80/a?b#c", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://[x", False),
        ("https://x.example/a b", False),
        ("https:\\\\x.example", False),
        ("//x.example", False),
        ("https://x.example/" + "a" * (2_000 - 18), True),
        ("https://x.example/" + "a" * (2_001 - 18), False),
    ],
)
def test_a_link_opens_a_page_or_nothing(url: str, opens: bool) -> None:  # noqa: FBT001 - a table
    drawn = Page(html.draw(Card("", (Row((Link("Go", url),)),)), TOKEN))
    assert [a["href"] for a in drawn.every("a")] == ([url] if opens else [])
    assert drawn.words == "Go"
