"""Tokens: good for one message and its one reader, and for nobody who guesses or changes one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from dialogs.token import Tokens

OURS = Tokens(b"made up for tests, 32 bytes long")
OTHERS = Tokens(b"made up for others, also 32 long")
LARGEST = 2**64 - 1


@pytest.mark.parametrize("delivery", [1, 255, 256, 70_000, LARGEST])
def test_its_reader_gets_its_number_back(delivery: int) -> None:
    token = OURS.make(delivery, "ann")
    assert OURS.read(token, "ann") == delivery
    assert len(token) == 32
    assert token == OURS.make(delivery, "ann"), "a card drawn again carries the same one"


def test_nobody_else_and_no_other_house_can_use_it() -> None:
    token = OURS.make(7, "ann")
    assert OURS.read(token, "bob") is None
    assert OTHERS.read(token, "ann") is None
    assert OURS.read(OTHERS.make(7, "ann"), "ann") is None


def test_a_bit_that_was_changed_anywhere_makes_it_worthless() -> None:
    raw = urlsafe_b64decode(OURS.make(7, "ann"))
    for place in range(len(raw)):
        for bit in (1, 128):
            odd = bytearray(raw)
            odd[place] ^= bit
            assert OURS.read(urlsafe_b64encode(odd).decode(), "ann") is None, place


def test_a_shorter_or_longer_one_is_none() -> None:
    raw = urlsafe_b64decode(OURS.make(7, "ann"))
    for odd in (raw[:-1], raw + b"\0", raw[:8], raw + raw, b""):
        assert OURS.read(urlsafe_b64encode(odd).decode(), "ann") is None


@pytest.mark.parametrize("odd", ["", "x", "not a token", "é" * 32, "=" * 32, "\0", "\ud800"])
def test_what_is_no_token_at_all_is_refused_calmly(odd: str) -> None:
    assert OURS.read(odd, "ann") is None


def test_what_it_names_can_be_read_by_whoever_logs_a_refusal() -> None:
    for delivery in (1, 256, LARGEST):
        assert Tokens.claimed(OURS.make(delivery, "ann")) == delivery
        assert Tokens.claimed(OTHERS.make(delivery, "bob")) == delivery, "genuine or not"


@pytest.mark.parametrize(
    "odd", ["", "x", "not a token", "é" * 32, "A" * 28, "A" * 36, "A" * 12, "\ud800"]
)
def test_what_is_no_token_names_nothing(odd: str) -> None:
    assert Tokens.claimed(odd) is None


def test_the_secret_is_not_shown() -> None:
    assert "made up" not in repr(OURS)
