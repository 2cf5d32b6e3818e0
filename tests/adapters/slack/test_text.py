import pytest

from adapters.slack.text import clean, fit, inert, pieces, size, typed

FITS = [
    ("short", 10, "short"),
    ("exactly ten", 11, "exactly ten"),
    ("a word that ends", 14, "a word that…"),
    ("a word, that", 8, "a word…"),
    ("unbreakable", 6, "unbre…"),
    ("👍👍👍", 4, "👍…"),
    ("  spaces  ", 10, "spaces"),
    ("", 5, "–"),  # noqa: RUF001 - the dash that stands for nothing
    ("é" * 5, 5, "é" * 5),
]


@pytest.mark.parametrize(("text", "limit", "kept"), FITS)
def test_a_text_is_cut_where_a_word_ends(text: str, limit: int, kept: str) -> None:
    assert fit(text, limit) == kept
    assert size(fit(text, limit)) <= limit


TYPED = {
    "hello": "hello",
    "<@U0BOT> help": "help",
    "<@U0BOT|wayfinder> help": "help",
    "<!here> help": "help",
    "<!subteam^S1|@sales> help": "help",
    "see <https://x.nl/a?b=1&amp;c=2>": "see https://x.nl/a?b=1&c=2",
    "see <https://x.nl|the page>": "see the page",
    "mail <mailto:a@x.nl|a@x.nl>": "mail a@x.nl",
    "in <#C1|general>": "in #general",
    "in <#C1>": "in #C1",
    "a &lt; b &amp;&amp; c &gt; d": "a < b && c > d",
    "&amp;lt;": "&lt;",
    "a < b": "a < b",
    "nul\0 \ud83d": "nul",
    " 4 ": "4",
    "<" * 5_000: "<" * 5_000,
}


@pytest.mark.parametrize(("sent", "meant"), TYPED.items(), ids=range(len(TYPED)))
def test_a_message_reads_as_it_was_typed(sent: str, meant: str) -> None:
    assert typed(sent) == meant


@pytest.mark.parametrize("text", ["", "x", "👍" * 5, "a👍b", "é" * 7])
def test_pieces_lose_nothing(text: str) -> None:
    parts = list(pieces(text, 3))
    assert "".join(parts) == text
    assert all(size(part) <= 3 for part in parts)


def test_what_cannot_be_stored_is_taken_out() -> None:
    assert clean("a\0b\ud800c\udfffd👍") == "abcd👍"
    assert inert("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("mailto links keep their end mailto:", 99, "mailto links keep their end mailto:"),
        ("a\u202eb\u2066c", 9, "abc"),
        ("é\u202eb", 9, "éb"),
        ("an X at its end X and more", 18, "an X at its end X…"),
        ("one two!three", 9, "one two!…"),
    ],
)
def test_a_cut_drops_what_turns_words_around_and_keeps_letters(
    text: str, limit: int, kept: str
) -> None:
    assert fit(text, limit) == kept


def test_an_address_is_read_without_its_kind() -> None:
    assert typed("<mailto:a@x.nl>") == "a@x.nl"
    assert typed("<https://x.nl/mailto:>") == "https://x.nl/mailto:"


@pytest.mark.parametrize(("text", "units"), [("", 0), ("abc", 3), ("é", 1), ("👍", 2), ("a👍é", 4)])
def test_characters_are_counted_as_slack_does(text: str, units: int) -> None:
    assert size(text) == units
    assert isinstance(size(text), int)
