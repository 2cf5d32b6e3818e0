"""The one place where a rumour's words are looked at before they are kept."""

import pytest

from dialogs.rumour import RefusedError, Sieve, told


def test_what_is_masked_is_left_out() -> None:
    sieve = Sieve(masked=lambda text: text.replace("0612345678", "…"))
    assert told(" call  0612345678\nnow ", sieve) == "call … now"


@pytest.mark.parametrize("why", ["secret", "account"])
def test_what_is_refused_is_not_kept_and_says_why(why: str) -> None:
    sieve = Sieve(refused=lambda _text: why)  # pyright: ignore[reportArgumentType] - either of two
    with pytest.raises(RefusedError) as refused:
        told("the password is x", sieve)
    assert (refused.value.why, refused.value.length) == (why, 17)


def test_length_comes_first() -> None:
    with pytest.raises(RefusedError) as refused:
        told("x" * 1001, Sieve(refused=lambda _text: "secret"))
    assert refused.value.why == "long"
