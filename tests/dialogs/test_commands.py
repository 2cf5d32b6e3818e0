"""What can be typed: each command by each of its names, typos forgiven, sentences left alone."""

import pytest

from dialogs.commands import COMMANDS, LONGEST, names, read, simple
from dialogs.speech import catalogue, languages
from tests.cases import case

NAMES = [
    (command, name)
    for language in languages()
    for command in COMMANDS
    for name in catalogue(language).gettext(f"typed.{command}").split(", ")
]


class TestNames:
    def test_each_name_is_understood(self) -> None:
        for command, name in NAMES:
            with case(name):
                assert read(name) == command

    def test_however_it_is_decorated(self) -> None:
        for command, name in NAMES:
            with case(name):
                for typed in (
                    "{}!",
                    " {} ",
                    "{}.",
                    "**{}**",
                    "/{}",
                    "{} 🙂",
                    "\u200b{}\u200b",
                    "{}\n",
                ):
                    assert read(typed.format(name.upper())) == command, typed

    def test_no_name_is_claimed_by_two_commands(self) -> None:
        claimed: dict[str, set[str]] = {}
        for command, name in NAMES:
            claimed.setdefault(simple(name), set()).add(command)
        assert {name: who for name, who in claimed.items() if len(who) > 1} == {}

    def test_every_command_has_a_name_in_every_language(self) -> None:
        for language in languages():
            for command in COMMANDS:
                assert catalogue(language).gettext(f"typed.{command}").strip(" ,")
        assert set(names().values()) == set(COMMANDS)

    @pytest.mark.parametrize("language", languages())
    def test_the_label_of_a_button_can_be_typed(self, language: str) -> None:
        for command in COMMANDS:
            label = catalogue(language).gettext(f"button.{command}")
            if label != f"button.{command}":
                assert read(label) == command, label


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("Why are we doing this?", "why"),
        ("WAAROM DOEN WE DIT", "why"),
        ("why did i get this???", "why_this"),
        ("?", "help"),
        ("help me", "help"),
        ("helpp", "help"),
        ("???", "help"),
        ("why???", "why"),
        ("setings", "settings"),
        ("instelingen", "settings"),
        ("instellingne", "settings"),
        ("pauzee", "pause"),
        ("unsuscribe", "stop"),
        ("afmeldne", "stop"),
        ("wijzg", "change"),
        ("goede morgen", "hello"),
        ("dank je wel!", "thanks"),
        ("dankjewle", "thanks"),
        ("he\u0301", "hello"),
        ("HÉ", "hello"),
        ("\uff50\uff41\uff55\uff53\uff45", "pause"),
        ("what\u2019s my data", None),
        ("my  data", "mine"),
        ("why_this", "why_this"),
        ("opt-out", "stop"),
        ("opt-in", "resume"),
    ],
)
def test_typed(typed: str, command: str | None) -> None:
    assert read(typed) == command


@pytest.mark.parametrize(
    "sentence",
    [
        "I had to pause my car at the roadside today",
        "the meeting will stop at three",
        "can you help Jan with his quote",
        "ik stop vandaag wat eerder",
        "we moeten de instellingen van het CRM nog nakijken",
        "why is the sky blue",
        "waarom is de lucht blauw",
        "my data plan is too small",
        "the customer has a question about the invoice",
        "een vraag van de klant over de factuur",
        "change the oil",
        "stop the press",
        "not a great day",
        "where do I find the quote of Jansen",
        "how is Jan doing?",
        "hi-fi",
        "4",
        "vier",
        "skip",
        "",
        " ",
        "👍",
        "🙏🏽🙏🏽",
        "…",
        "!!!",
        "\u202epots\u202c",
        "'; drop table people; --",
        "<script>stop</script>",
    ],
)
def test_a_sentence_that_merely_holds_a_word_is_no_command(sentence: str) -> None:
    assert read(sentence) is None


DENIALS = {
    "en": ("don't", "don\u2019t", "do not", "not", "no", "never", "please never"),
    "nl": ("niet", "geen", "nooit", "nu niet", "liever niet"),
}


@pytest.mark.parametrize("language", DENIALS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_denied_is_not_done(command: str, language: str) -> None:
    for name in catalogue(language).gettext(f"typed.{command}").split(", "):
        for before in DENIALS[language]:
            said = f"{before} {name}"
            assert name == "?" or simple(said) in names() or read(said) is None, said


@pytest.mark.parametrize(
    "typed",
    ["subscribe", "resubscribe", "unpause", "unstop", "aanmelden", "start", "opt in", "Subscribe!"],
)
def test_the_opposite_of_stopping_is_starting(typed: str) -> None:
    assert read(typed) == "resume"


class TestMuchOrOdd:
    @pytest.mark.parametrize(
        "text",
        [
            "stop " * 13_107,
            "x" * 65_536,
            "pauze" + "x" * 65_536,
            "👍" * 16_384,
            "é" * 65_536,
            "\u0301" * 65_536,
            "ﷺ" * 65_536,
        ],
        ids=["words", "letters", "a word first", "emoji", "accents", "marks", "ligatures"],
    )
    def test_sixty_four_kibibytes_are_no_command(self, text: str) -> None:
        assert read(text) is None

    def test_longer_than_any_command_is_none(self) -> None:
        assert read("help" + " ." * LONGEST) == "help", "what is dropped does not count"
        assert max(len(name) for name in names()) <= LONGEST

    @pytest.mark.parametrize("short", ["hx", "he!", "ok", "ty", "t", "no", "stp", "pul"])
    def test_a_short_word_is_taken_as_typed_or_not_at_all(self, short: str) -> None:
        assert read(short) == names().get(simple(short))
