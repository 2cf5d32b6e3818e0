"""How a tip stays: growing whiles, right and wrong answers, claims, letting it pass."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.recall import SPACES, Came, Said, What, due_day, memory
from tests.nudges.given import PERSON, at

FIRST = at("2026-09-01 09:00")
"""A Tuesday."""


def day(n: int) -> date:
    return date(2026, 9, 1) + timedelta(days=n)


def came(*days: int, quiz: bool = False) -> list[Came]:
    return [Came("t", FIRST + timedelta(days=n), quiz=quiz) for n in days]


def said(what: What, *days: int, hours: int = 1) -> list[Said]:
    return [Said("t", what, FIRST + timedelta(days=n, hours=hours)) for n in days]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], None, id="never came"),
        pytest.param(came(0), 3, id="three days after its words"),
        pytest.param([*came(0), *came(3, quiz=True)], 10, id="let pass: later, but not for good"),
        pytest.param(
            [*came(0), *came(3, 10, 31, 91, quiz=True)], None, id="let pass for good after five"
        ),
        pytest.param([*came(0), *said("right", 0)], 3, id="right at once shows nothing"),
        pytest.param([*came(0), *said("right", 1, 2)], 5, id="nor do many at once"),
        pytest.param([*came(0), *said("right", 3)], 10, id="right after three: a week"),
        pytest.param([*came(0), *said("right", 3, 10)], 31, id="then three weeks"),
        pytest.param([*came(0), *said("right", 3, 10, 31)], 91, id="then sixty days"),
        pytest.param([*came(0), *said("right", 3, 10, 31, 91)], None, id="then it is known"),
        pytest.param([*came(0), *said("right", 20)], 27, id="a box at a time, however late"),
        pytest.param([*came(0), *said("right", 3, 10), *said("wrong", 31)], 34, id="wrong: anew"),
        pytest.param(
            [*came(0), *said("wrong", 3), *said("right", 6)], 13, id="and up again from there"
        ),
        pytest.param([*came(0), *said("knows", 0)], 21, id="who claims is asked in three weeks"),
        pytest.param([*came(0), *said("knows", 0), *said("right", 21)], 81, id="and once more"),
        pytest.param([*came(0), *said("knows", 0, 1, 2)], 23, id="claiming twice is no more"),
        pytest.param([*came(0), *said("used", 2)], None, id="who uses it knows it"),
        pytest.param(
            [*came(0), *came(3, quiz=True), *said("read", 3), *said("right", 3, hours=2)],
            10,
            id="looked up first: it does not count",
        ),
        pytest.param([*came(0), *said("not_useful", 0)], None, id="not useful: it rests"),
        pytest.param([*came(0), *said("not_useful", 0), *said("useful", 1)], 3, id="or is"),
        pytest.param([*came(0), *said("asked", 0)], 3, id="another thing that was said"),
    ],
)
def test_when_it_comes_back(events: list[Came | Said], expected: int | None) -> None:
    arrived = [e for e in events if isinstance(e, Came)]
    words = [e for e in events if isinstance(e, Said)]
    found = due_day(memory("t", arrived, words, PERSON), PERSON)
    assert found == (None if expected is None else day(expected))


def test_four_right_answers_are_needed_so_that_guessing_is_not_enough() -> None:
    for n in range(len(SPACES)):
        days = [sum(SPACES[: i + 1]) for i in range(n + 1)]
        found = memory("t", came(0), said("right", *days), PERSON)
        assert found.known is (n == len(SPACES) - 1)
    assert (1 / 3) ** len(SPACES) < 0.02


def test_what_has_not_left_and_other_tips_do_not_count() -> None:
    waiting = Came("t", FIRST, sent=False)
    other = Said("other", "right", FIRST)
    assert memory("t", [waiting, Came("other", FIRST)], [other], PERSON) == memory(
        "t", [], [], PERSON
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(["right", "wrong", "knows", "read", "came"]))
    )
)
def test_it_never_comes_back_within_three_days(events: list[tuple[int, str]]) -> None:
    arrived = [*came(0), *(c for n, what in events if what == "came" for c in came(n, quiz=True))]
    words = [s for n, what in events if what != "came" for s in said(what, n)]  # pyright: ignore[reportArgumentType]
    found = due_day(memory("t", arrived, words, PERSON), PERSON)
    latest = max((n for n, _ in events), default=0)
    assert found is None or found >= day(latest + SPACES[0])
