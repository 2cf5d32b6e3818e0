"""Silence, by the table: when it is high time, from what it is counted, and what is never told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nudges.phases import KINDS, Kind
from nudges.silence import Heard, Level, Silence, counts, silence
from tests.clock import MONDAY

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("ago", "days", "level"),
    [
        (timedelta(), 0, "calm"),
        (27 * DAY, 27, "calm"),
        (28 * DAY - SECOND, 27, "calm"),
        (28 * DAY, 28, "amber"),
        (41 * DAY, 41, "amber"),
        (42 * DAY - SECOND, 41, "amber"),
        (42 * DAY, 42, "red"),
        (400 * DAY, 400, "red"),
        (-DAY, 0, "calm"),
    ],
)
def test_days_and_levels(ago: timedelta, days: int, level: str) -> None:
    found = silence(Heard("sales", 5, MONDAY - ago), MONDAY)
    assert (found.days, found.level, found.quiet) == (days, level, level != "calm")


@pytest.mark.parametrize(
    ("got", "now", "days"),
    [
        (
            datetime(2026, 10, 4, 9, tzinfo=AMSTERDAM),
            datetime(2026, 11, 1, 9, tzinfo=AMSTERDAM),
            28,
        ),
        (
            datetime(2026, 10, 4, 9, tzinfo=AMSTERDAM),
            datetime(2026, 11, 1, 7, tzinfo=AMSTERDAM),
            27,
        ),
        (
            datetime(2026, 10, 4, 9, tzinfo=AMSTERDAM),
            datetime(2026, 11, 1, 8, tzinfo=AMSTERDAM),
            28,
        ),
        (datetime(2027, 3, 1, 9, tzinfo=AMSTERDAM), datetime(2027, 3, 29, 9, tzinfo=AMSTERDAM), 27),
        (
            datetime(2027, 3, 1, 9, tzinfo=AMSTERDAM),
            datetime(2027, 3, 29, 10, tzinfo=AMSTERDAM),
            28,
        ),
    ],
    ids=["longer", "an hour early", "the same length", "a short day", "and its hour"],
)
def test_a_day_has_24_hours_when_clocks_change(got: datetime, now: datetime, days: int) -> None:
    here = silence(Heard("sales", 5, got), now)
    elsewhere = silence(Heard("sales", 5, got.astimezone(UTC)), now.astimezone(UTC))
    assert here == elsewhere
    assert here.days == days


@pytest.mark.parametrize(
    ("heard", "since", "ever"),
    [
        (Heard("s", 5, MONDAY - 30 * DAY), 30, True),
        (Heard("s", 5, MONDAY - 2 * DAY, MONDAY - 30 * DAY), 2, True),
        (Heard("s", 5, None, MONDAY - 30 * DAY), 30, False),
        (Heard("s", 5), None, False),
        (Heard("s", 4, MONDAY - 30 * DAY), None, False),
        (Heard("s", 4, None, MONDAY - 90 * DAY), None, False),
        (Heard("s", 0, MONDAY - 90 * DAY), None, False),
    ],
    ids=[
        "a receipt",
        "before the first word",
        "never",
        "nobody wrote",
        "four",
        "never four",
        "left",
    ],
)
def test_from_what_it_is_counted(heard: Heard, since: int | None, *, ever: bool) -> None:
    found = silence(heard, MONDAY)
    if since is None:
        assert found == Silence("s"), "neither days nor colour"
    else:
        assert (found.since, found.ever) == (MONDAY - since * DAY, ever)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_what_tells_that_the_change_goes_on_counts(kind: Kind) -> None:
    assert counts(kind, "everyone") is (kind in {"change", "roadmap"})
    assert not counts(kind, "segment is sales and barrier is desire")
    assert not counts(kind, "not (level is 3)")


def test_each_level_of_each_silence_has_a_name_of_its_own() -> None:
    late = datetime(2026, 10, 18, 23, 30, tzinfo=UTC)
    found = [
        silence(Heard(who, 9, got), now).occasion
        for who, got, now in (
            ("sales", late, late + 28 * DAY),
            ("sales", late.astimezone(ZoneInfo("Pacific/Auckland")), late + 41 * DAY),
            ("sales", late, late + 42 * DAY),
            ("sales", late + DAY, late + 29 * DAY),
            ("service", late, late + 28 * DAY),
        )
    ]
    assert found == [
        "silence:sales:amber:2026-10-18",
        "silence:sales:amber:2026-10-18",
        "silence:sales:red:2026-10-18",
        "silence:sales:amber:2026-10-19",
        "silence:service:amber:2026-10-18",
    ]
    assert silence(Heard("s", 5, MONDAY), MONDAY).level is Level.CALM
