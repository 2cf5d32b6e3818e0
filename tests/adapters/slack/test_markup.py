"""Bold in Slack's own markup, only where nothing else in the words could be taken for it."""

import pytest

from adapters.slack.markup import markup
from dialogs.rich import Span


def bold(text: str) -> Span:
    return Span(text, bold=True)


WRITTEN = {
    "no bold": ((Span("Hello, Ann."),), "Hello, Ann."),
    "all bold": ((bold("Hello"),), "*Hello*"),
    "between words": ((Span("a "), bold("b"), Span(" c")), "a *b* c"),
    "before a comma": ((bold("Ann"), Span(", hello")), "*Ann*, hello"),
    "in brackets": ((Span("("), bold("x"), Span(")")), "(*x*)"),
    "in quotes": ((Span('"'), bold("x"), Span('"')), '"*x*"'),
    "stars against the letters": ((Span("a"), bold(" b "), Span("c")), "a *b* c"),
    "never over two lines": ((bold("one\n two"),), "*one*\n *two*"),
    "on a line of its own": ((Span("a\n"), bold("b"), Span("\nc")), "a\n*b*\nc"),
    "a blank in bold": ((Span("a"), bold(" "), Span("b")), "a b"),
    "two in a row": ((bold("a"), Span(" "), bold("b")), "*a* *b*"),
    "nothing": ((), ""),
    "an hour": ((Span("at 10:30, "), bold("now")), "at 10:30, *now*"),
}
LEFT = {
    "inside a word": (Span("un"), bold("believ"), Span("able")),
    "behind a letter": (Span("a"), bold("b")),
    "before a letter": (bold("a"), Span("b")),
    "side by side": (bold("a"), Span("b "), bold("c")),
    **{
        f"a {sign!r}": (Span(f"a {sign} "), bold("b"))
        for sign in ("*", "_", "~", "`", "<", ">", "&", "@", "#", "|", "\\")
    },
    "an emoji": (Span(":Wave: "), bold("b")),
    "an address": (Span("https://x.example "), bold("b")),
    "www": (Span("WWW.x.example "), bold("b")),
    "mail": (Span("mailto:x "), bold("b")),
    "a sign in bold": (bold("a*b"),),
    "a sign over two spans": (Span(":wa"), bold("ve:")),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_is_written_where_it_is_certain(case: str) -> None:
    text, written = WRITTEN[case]
    assert markup(text) == written


@pytest.mark.parametrize("case", LEFT)
def test_is_left_to_rich_text_where_it_is_not(case: str) -> None:
    assert markup(LEFT[case]) is None
