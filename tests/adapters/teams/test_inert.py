"""Words on a Teams card mean nothing but their letters, wherever a client may read markdown."""

import pytest

from adapters.teams.inert import WORD_JOINER, clean, disguised, escaped


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("four", 5, "four"),
        ("fives", 5, "fives"),
        ("longer", 5, "long…"),
        ("a\0b\x7fc\ud800d\u202ee\u2066f", 9, "abcdef"),
        ("line\nand\ttab", 20, "line\nand\ttab"),
        ("{{DATE(2026)}}", 30, f"{{{WORD_JOINER}{{DATE(2026)}}}}"),
        ("{one} {", 30, "{one} {"),
    ],
)
def test_what_no_screen_shows_is_dropped_and_what_is_long_is_cut(
    text: str, longest: int, shown: str
) -> None:
    assert clean(text, longest) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("*bold* _it_ `c` ~s~", r"\*bold\* \_it\_ \`c\` \~s\~"),
        ("[a](http://x)", r"\[a\]\(http://x\)"),
        ("# head > quote | cell !", r"\# head \> quote \| cell \!"),
        ("<at>x</at>", r"\<at\>x\</at\>"),
        ("R&D &amp; &#64;", r"R&D \&amp; \&\#64;"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("12+ item", r"12\+ item"),
        ("a - b 1. c", "a - b 1. c"),
        ("two\n  lines", "two lines"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_markdown_is_escaped_where_it_is_read(text: str, written: str) -> None:
    assert escaped(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain (words) <b>", "plain (words) <b>"),
        ("*_`[]~#", "∗ˍˋ［］∼＃"),  # noqa: RUF001 - the look-alikes are the point
        ("R&D &amp;", f"R&D &{WORD_JOINER}amp;"),
        ("- item", f"{WORD_JOINER}-{WORD_JOINER} item"),
        ("1. item", f"1{WORD_JOINER}.{WORD_JOINER} item"),
    ],
)
def test_markdown_is_disguised_where_nobody_knows(text: str, written: str) -> None:
    assert disguised(text) == written
