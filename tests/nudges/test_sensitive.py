"""What must not be kept, or not be sent unseen, in what people write; and what is only talk."""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges import sensitive_abuse, sensitive_numbers, sensitive_plain, sensitive_secrets
from nudges.abuse_words import WORDS
from nudges.sensitive import DANGERS, Danger, Finding, found, masked, refused, warned
from tests.cases import case
from tests.sensitive.sentences import LANGUAGES, SLOTS, score, sentences

RECALL = {"tune": 1.0, "held_out": 0.9}
PRECISION = {"tune": 1.0, "held_out": 0.9}
"""The lowest of any danger in either language; a little under what was measured."""
ENOUGH = 150


class TestMeasured:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", RECALL)
    def test_no_danger_is_missed_often_or_seen_where_it_is_not(
        self, name: str, language: str
    ) -> None:
        of = [s for s in sentences(name) if s.language == language]
        for danger in DANGERS:
            with case(danger):
                counted = score(of, danger)
                assert counted.recall >= RECALL[name]
                assert counted.precision >= PRECISION[name]

    @pytest.mark.parametrize(("name", "touched"), [("tune", 0), ("held_out", 2)])
    def test_harmless_talk_gets_through_as_it_is(self, name: str, touched: int) -> None:
        talk = [s.text for s in sentences(name) if s.danger is None]
        assert sum(masked(text) != text for text in talk) <= touched

    def test_there_are_enough_of_each_and_none_twice(self) -> None:
        every = [s for name in RECALL for s in sentences(name)]
        assert len({(s.language, s.text) for s in every}) == len(every)
        for language in LANGUAGES:
            of = [s for s in every if s.language == language]
            assert len(of) >= ENOUGH
            assert sum(s.danger is None for s in of) * 2 >= len(of)
            for danger in DANGERS:
                assert sum(s.danger == danger for s in of) >= 20


MASKED = {
    "my password is hunter2": "my password is •••",
    "wachtwoord: Welkom01!": "wachtwoord: •••",
    "pw=abc1, thanks": "pw=•••, thanks",
    "mijn pass\u200bword is hunter2": "mijn pass\u200bword is •••",
    "MY PASSWORD IS HUNTER2": "MY PASSWORD IS •••",
    f"{SLOTS['{pem}']} and more": "••• and more",
    "Pay NL91 ABNA 0417 1643 00 today": "Pay ••• today",
    "Pay N\u200bL91ABNA0417164300.": "Pay •••.",
    "４１１１ １１１１ １１１１ １１１１": "•••",  # noqa: RUF001 - full-width figures are the case
    "2026 4111 1111 1111 1111": "2026 •••",
    "bsn 111222333, order 123456782": "bsn •••, order 123456782",
    "06 12345678 06 87654321": "••• •••",
    "tel 06-12345678/06-87654321": "tel •••/•••",
    "call (212) 555-2368": "call •••",
    "Jörg: jörg@müller.de": "Jörg: •••",
    "wat een klootzak!": "wat een k•••!",
    "KLÓÓTZAK": "K•••",
    "f\u200bu\u200bck": "f•••",
    "кut": "к•••",
    "fuuuuck sh1t f**k": "f••• s••• f•••",
    "k u t, wat een k.u.t": "k•••, wat een k•••",
    "I will kill you. Sincerely": "I•••. Sincerely",
    "wachtwoord: Kut123!": "wachtwoord: •••",
    "idiot@example.com": "•••",
}
TALK = [
    "",
    "password reset is hard",
    "het wachtwoord vergeten scherm",
    "the password policy: 8-12 characters",
    "password: min 12 chars",
    "wachtwoord = klantnummer",
    "my password is the same everywhere",
    "password was reset on 12-03-2026",
    "postgresql://user:password@host/name",
    "pw=...",
    "password is •••",
    "the key AccountNumberAlternateKeyForImport2026 is double",
    "record key 6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "klantnummer 0612345678",
    "artikel 06-1234-5678-90",
    "+10 000 leads, +250000000 turnover",
    "https://crm.example.com/main.aspx?id=0612345678&iban=NL91ABNA0417164300",
    "serial 4111 1111 1111 1112",
    "bsn 123456789",
    "NL92 ABNA 0417 1643 00",
    "logo@2x.png",
    "part SH17 in class A55",
    "kankeronderzoek, Scunthorpe, Kloten, Dick, De Cock, Mongools",
    "idioot veel velden, an idiot-proof form",
    "I'll shoot you an example and kill the process",
    "Ik maak je een kopie en sla hem op",
]


def test_masked() -> None:
    for text, shown in MASKED.items():
        with case(text):
            assert masked(text) == shown
            assert masked(shown) == shown


def test_talk_is_left_alone() -> None:
    for text in TALK:
        with case(text):
            assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "no", "careful"),
    [
        ("a slow screen", None, None),
        ("password: Welcome01!", "secret", None),
        ("NL91ABNA0417164300", "account", None),
        ("NL91ABNA0417164300, password: Welcome01!", "secret", None),
        ("you idiot", None, "abuse"),
        ("you idiot, mail jan@example.com", None, "person"),
        ("you idiot, my pin is 4821", "secret", "abuse"),
    ],
)
def test_what_is_refused_and_what_is_warned_of(
    text: str, no: Danger | None, careful: Danger | None
) -> None:
    assert refused(text) == no
    assert warned(text) == careful


def test_what_overlaps_is_one_and_the_graver() -> None:
    text = "pw: fuck@example.com1"
    assert found(text) == (Finding("secret", 4, len(text)),)


@pytest.mark.parametrize("slot", SLOTS)
def test_a_key_is_hidden_whole(slot: str) -> None:
    text = f"the token {SLOTS[slot]} is old"
    assert masked(text) == "the token ••• is old"


def test_the_lists_are_modest_and_plain() -> None:
    for words in WORDS.values():
        assert 40 <= len(words.split()) <= 80
        assert re.fullmatch(r"[a-z\s-]+", words)


PIECES = st.sampled_from(
    [s.text for name in RECALL for s in sentences(name)] + list(MASKED) + ["\u200b", "é", "ﷺ", "\0"]
)


class TestAnyText:
    @given(st.text(st.characters(), max_size=200) | st.lists(PIECES, max_size=4).map(" ".join))
    def test_findings_are_in_order_and_apart(self, text: str) -> None:
        every = found(text)
        assert all(0 <= one.start < one.end <= len(text) for one in every)
        assert all(a.end <= b.start for a, b in pairwise(every))

    @given(st.lists(PIECES, min_size=1, max_size=4))
    def test_the_rest_of_the_text_stays(self, pieces: list[str]) -> None:
        text = "\n".join(pieces)
        kept = masked(text)
        for one in reversed(found(text)):
            first = text[one.start] if one.danger == "abuse" else ""
            text = f"{text[: one.start]}{first}•••{text[one.end :]}"
        assert kept == text

    @given(
        st.sampled_from(list(SLOTS.values())), st.integers(0, 99), st.sampled_from("\u200b\u2060")
    )
    def test_nothing_invisible_hides_a_key(self, key: str, at: int, between: str) -> None:
        at %= len(key)
        assert refused(f"the token {key[:at]}{between}{key[at:]}") == "secret"


LONG = 100_000
NASTY = """
a 1 0 + 1_ 0_ 06 0612345678_ +1_ 00_31_ 0012_ nl91 nl91_ n_l_9_1_ a@ a. a@b. @ pw= pw=a1_ eyJ eyJa.
eyJaaaaaaaa- xoxb- token_ key_aB3 -----BEGIN_PRIVATE_KEY----- ://a: https:// k_u_t_ k_ f* $ * _
i_will_kill_ you_are_ 4111_ 4_1_ 411111111111111 bsn_ bsn_123456782_ 1. 1- (0 als_wachtwoord_
password_for_a_ a_(at)_b. ﷺ iemand_moet_a_ aB3dE5fG7 é
"""
PER_LETTER = 25
"""Calls for each letter, at most; Python's own and those into it."""


def calls(work: Callable[[], object]) -> int:
    """Count the calls that some work makes, which no busy machine changes."""
    made = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal made
        made += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_a_long_and_nasty_text_takes_steps_by_its_length_alone() -> None:
    for piece in NASTY.split():
        with case(piece):
            text = (piece.replace("_", " ") * LONG)[:LONG]
            half, whole = (
                calls(lambda t=text: found(t[: LONG // 2])),
                calls(lambda t=text: found(t)),
            )
            assert whole <= 2.2 * half + 1000
            assert whole <= PER_LETTER * LONG


parser: Any = import_module("re._parser")
"""How Python itself reads a pattern; it has no public door."""
OURS = (sensitive_abuse, sensitive_numbers, sensitive_plain, sensitive_secrets)


def unbounded(pattern: str) -> list[str]:
    """Return the repeats of a pattern that have no bound and may be taken back."""
    loose: list[str] = []

    def walk(node: Any) -> None:  # noqa: ANN401 - the parser of re has no types
        if isinstance(node, parser.SubPattern | list | tuple):
            parts: list[Any] = list(node)
            if (
                str(parts[:1]) in {"[MAX_REPEAT]", "[MIN_REPEAT]"}
                and parts[1][1] == parser.MAXREPEAT
            ):
                loose.append("loose")
            for part in parts:
                walk(part)

    walk(parser.parse(pattern))
    return loose


def test_no_pattern_can_go_back_and_forth_without_end() -> None:
    for module in OURS:
        patterns: dict[str, str] = {
            name: value.pattern
            for name, value in vars(module).items()
            if hasattr(value, "groupindex")
        }
        assert patterns
        for name, pattern in patterns.items():
            with case(f"{module.__name__}.{name}"):
                assert unbounded(pattern) == []


def test_a_loose_pattern_would_be_found() -> None:
    assert unbounded("(a+)+b") == ["loose", "loose"]
    assert unbounded("a{1,64}b++") == []
