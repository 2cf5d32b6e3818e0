"""An outlook tells for every later moment what a standing worked out then would."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nudges.adkar import Answer, Element, Question, stand
from nudges.outlook import barrier_at, fingerprint, outlook
from tests.clock import MONDAY

BANK = {
    **{f"{e}{n}": Question(f"{e}{n}", e, reversed=n == 2) for e in Element for n in (1, 2)},
    "stance": Question("stance", Element.DESIRE, kind="stance"),
}
DAY = timedelta(days=1)
moments = st.integers(-130, 30).map(lambda half: MONDAY + half * DAY / 2)
answers = st.builds(
    Answer,
    st.just("ann"),
    st.sampled_from([*BANK, "gone"]),
    st.none() | st.integers(1, 5),
    moments,
    st.booleans(),
)


@given(st.lists(answers, max_size=15), st.lists(st.integers(0, 160), max_size=8), st.booleans())
def test_it_tells_what_a_standing_would(said: list[Answer], later: list[int], live: bool) -> None:  # noqa: FBT001 - hypothesis fills it
    found = outlook(said, BANK, MONDAY)
    go_live = MONDAY - DAY if live else None
    edges = [stretch.until for stretch in found]
    moments: list[datetime] = [
        MONDAY,
        *edges,
        *(edge - timedelta(microseconds=1) for edge in edges),
    ]
    for moment in [*moments, *(MONDAY + half * DAY / 2 for half in later)]:
        if moment >= MONDAY:
            assert (
                barrier_at(found, moment, live=live) == stand(said, BANK, moment, go_live).barrier
            )
    assert all(a.until <= b.since for a, b in pairwise(found))
    assert all(stretch.since < stretch.until for stretch in found)


def test_a_clock_that_is_behind_finds_the_barrier_too() -> None:
    found = outlook([Answer("ann", "desire1", 1, MONDAY)], BANK, MONDAY)
    assert barrier_at(found, MONDAY - timedelta(seconds=5), live=False) == "desire"
    assert [stretch.until for stretch in found] == [MONDAY + timedelta(days=60)]


def test_nothing_known_has_no_outlook() -> None:
    assert outlook([], BANK, MONDAY) == ()
    assert outlook([Answer("ann", "stance", 1, MONDAY)], BANK, MONDAY) == ()


def test_the_fingerprint_changes_with_what_counts() -> None:
    turned = {**BANK, "desire1": Question("desire1", Element.DESIRE, reversed=True)}
    more = {**BANK, "sender": Question("sender", Element.DESIRE, kind="sender")}
    assert fingerprint(BANK) == fingerprint(more) != fingerprint(turned)
