"""Questions in nearly the same words, and what may be told of them."""

from datetime import UTC, date, datetime

import pytest

from nudges.people import Person
from nudges.question_report import (
    FLOOR,
    alike,
    doubted,
    due_for,
    grams,
    grouped,
    shared_words,
    stale,
    told_outside,
)
from nudges.questions import Question

NOW = datetime(2026, 11, 16, tzinfo=UTC)


def asked(*texts: str, people: int = 0) -> list[Question]:
    return [
        Question(f"{n:03}", f"p{n % people if people else n}", "howto", t, "en", (), False, NOW)  # noqa: FBT003
        for n, t in enumerate(texts)
    ]


def test_four_people_are_nobody() -> None:
    assert grouped(asked(*["how do i merge"] * (FLOOR - 1))) == ((), 0)
    assert grouped(asked(*["how do i merge"] * 20, people=FLOOR - 1)) == ((), 0)


def test_five_people_are_a_group() -> None:
    (found,), others = grouped(asked(*["How do I merge?"] * FLOOR))
    assert (found.words, found.people, others) == ("how do i merge", FLOOR, 0)


def test_words_of_few_are_nobodys_business() -> None:
    texts = [f"how do i merge accounts of {name}" for name in ("jan", "piet", "ann", "bo", "cas")]
    assert shared_words(asked(*texts)) == "how do i merge accounts of …"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("How do I merge two accounts?", "how do i merge 2 acounts", True),
        ("waar staat mijn verkoopdoel", "Waar staat mijn verkoopdoel??", True),
        ("how do i merge two accounts", "where is my sales target", False),
        ("", "where is my sales target", False),
    ],
)
def test_near_words_are_one_question(one: str, other: str, *, same: bool) -> None:
    assert (alike(grams(one), grams(other)) >= 0.5) is same


def test_others_are_counted_from_five_people_on() -> None:
    texts = ("alpha beta", "gamma delta", "epsilon zeta", "eta theta", "iota kappa")
    assert grouped(asked(*texts)) == ((), 5)
    assert grouped(asked(*texts[:4])) == ((), 0)


def test_old_doubted_and_outside() -> None:
    today = date(2026, 11, 16)
    days = {"old": date(2026, 1, 1), "fresh": date(2026, 10, 1), "never": None}
    assert stale(days, today) == ("old",)
    assert doubted({"a": (1, 5), "b": (5, 5), "c": (0, 4)}) == ("a",)
    assert told_outside({"sales": 5, "service": 4, "data": 9}) == (("data", 9), ("sales", 5))


def test_each_reads_it_on_their_own_monday() -> None:
    late = datetime(2026, 11, 15, 22, tzinfo=UTC)
    assert due_for(Person("a", zone="Pacific/Auckland"), late)[0] == "2026-W47"
    assert due_for(Person("b", zone="America/New_York"), late)[0] == "2026-W46"
