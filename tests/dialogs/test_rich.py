"""Text with a little emphasis: what authors may write, and what values can never become."""

import pytest

from dialogs.rich import Rich, Span, plain, rich, slots, words

EVIL = (
    "<!channel> *x* _y_ `z`",
    "**bold**",
    "{other}",
    "[link](https://example.org)",
    "<at>Everyone</at> & <b>",
    "</script><script>alert(1)</script>",
    "\u202egnp.exe\u2066",
    "**{name}**",
    "a\nb",
)
"""What someone may be called, or may write, to become more than words."""


class TestTemplates:
    @pytest.mark.parametrize(
        ("template", "spans"),
        [
            pytest.param("", (), id="nothing"),
            pytest.param("plain", (Span("plain"),), id="plain"),
            pytest.param("**all**", (Span("all", bold=True),), id="all bold"),
            pytest.param(
                "a **b** c", (Span("a "), Span("b", bold=True), Span(" c")), id="bold inside"
            ),
            pytest.param(
                "**a** **b**",
                (Span("a ", bold=True), Span("b", bold=True)),
                id="the nearest marks belong together",
            ),
            pytest.param("**a\nb**", (Span("a\nb", bold=True),), id="bold over the end of a line"),
            pytest.param("a {name} b", (Span("a "), Span("Zoë"), Span(" b")), id="slot"),
            pytest.param(
                "**a {name}**", (Span("a ", bold=True), Span("Zoë", bold=True)), id="slot in bold"
            ),
            pytest.param("{name}{name}", (Span("Zoë"), Span("Zoë")), id="slot twice"),
            pytest.param("{empty}", (), id="an empty value leaves nothing"),
            pytest.param("2 ** 3 and *x*", (Span("2 ** 3 and *x*"),), id="marks without a pair"),
            pytest.param("****", (Span("****"),), id="bold around nothing"),
            pytest.param("{Name} {} {a b}", (Span("{Name} {} {a b}"),), id="braces, no slot"),
        ],
    )
    def test_become_spans(self, template: str, spans: Rich) -> None:
        assert rich(template, {"name": "Zoë", "empty": ""}) == spans

    def test_a_slot_without_a_value_is_a_fault_of_ours(self) -> None:
        with pytest.raises(KeyError, match="day"):
            rich("On {day}.", {"name": "Zoë"})

    def test_a_number_is_said_as_it_is(self) -> None:
        assert words(rich("{n} of {m}", {"n": 3, "m": 4.5})) == "3 of 4.5"


class TestValues:
    @pytest.mark.parametrize("evil", EVIL)
    def test_are_inert(self, evil: str) -> None:
        values = {"name": evil, "other": "LEAKED"}
        assert rich("Hello {name}.", values) == (Span("Hello "), Span(evil), Span("."))
        assert rich("**Hello {name}**", values) == (
            Span("Hello ", bold=True),
            Span(evil, bold=True),
        )

    @pytest.mark.parametrize("evil", EVIL)
    def test_plain_text_is_taken_as_it_is(self, evil: str) -> None:
        assert plain(evil) == (Span(evil),)
        assert plain("") == ()


def test_words_are_the_characters_alone() -> None:
    assert words(rich("a **b {name}**", {"name": "*c*"})) == "a b *c*"
    assert words(()) == ""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", set[str]()),
        ("a {b} **{c_d}** {b}", {"b", "c_d"}),
        ("{B} {} {1}", set[str]()),
    ],
)
def test_slots(template: str, expected: set[str]) -> None:
    assert slots(template) == expected
