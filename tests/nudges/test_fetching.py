"""Which weeks are fetched: each once it is over, again a week later, and never without an end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.adoption import METRICS, WEEK, Fetch, Metric, Use
from nudges.fetching import BACK, TRIES, due, grown

W46 = date(2026, 11, 9)
PAST = frozenset({Metric.ACTIVE_DAYS, Metric.RECORDS})
OVER = datetime(2026, 11, 16, 3, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def whole(*, again: bool, week: date = W46, at: datetime = OVER) -> Fetch:
    return Fetch("crm", week, again, at, 1, PAST if again else METRICS)


def asked(
    now: datetime, *fetched: Fetch, past: frozenset[Metric] = PAST
) -> list[tuple[date, bool]]:
    return [(one.week, one.again) for one in due(fetched, past, now)]


def all_before(week: date) -> list[Fetch]:
    told = [whole(again=True, week=week - nth * WEEK) for nth in range(1, BACK + 2)]
    return [whole(again=False, week=week - WEEK), *told]


@pytest.mark.parametrize(
    ("now", "weeks"),
    [
        (OVER - MINUTE, []),
        (OVER, [(W46, False)]),
        (OVER + 3 * WEEK / 7, [(W46, False)]),
        (OVER + WEEK - MINUTE, [(W46, False)]),
    ],
)
def test_a_week_is_fetched_once_it_is_over(now: datetime, weeks: list[tuple[date, bool]]) -> None:
    assert asked(now, *all_before(W46)) == weeks
    assert asked(now, *all_before(W46), whole(again=False)) == []


def test_a_week_later_it_is_fetched_again_and_then_never() -> None:
    before = [*all_before(W46), whole(again=False)]
    (first, again) = due(before, PAST, OVER + WEEK)
    assert (first.week, first.again, first.wanted) == (W46 + WEEK, False, METRICS)
    assert (again.week, again.again, again.wanted) == (W46, True, PAST)
    later = [*before, whole(again=True), *(whole(again=False, week=W46 + WEEK),)]
    assert asked(OVER + WEEK, *later) == []
    assert W46 not in {week for week, _ in asked(OVER + 2 * WEEK, *later)}


def test_who_connects_first_gets_some_weeks_back() -> None:
    assert asked(OVER) == [
        (W46, False),
        *((W46 - nth * WEEK, True) for nth in range(1, BACK)),
    ]
    assert asked(OVER, past=frozenset()) == [(W46, False)]


def test_what_was_not_told_is_asked_for_alone() -> None:
    some = Fetch("crm", W46, again=False, at=OVER, whole=PAST)
    (one,) = due([*all_before(W46), some], PAST, OVER + HOUR)
    assert one.wanted == METRICS - PAST
    assert one.tries == 1


def test_waits_grow_and_come_to_an_end() -> None:
    at, tried = OVER, list[timedelta]()
    fetch = Fetch("crm", W46, again=False, at=at)
    while at < OVER + WEEK - MINUTE:
        at += MINUTE
        if asked(at, *all_before(W46), fetch):
            tried.append((at - fetch.at) / HOUR * HOUR)
            fetch = Fetch("crm", W46, again=False, at=at, tries=fetch.tries + 1)
    assert tried == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR]
    assert fetch.tries == TRIES


@pytest.mark.parametrize(
    ("told", "known", "days"), [(3, 4, 4), (5, 4, 5), (4, 4, 4), (3, None, 3), (None, 4, None)]
)
def test_what_comes_late_takes_no_day_away(
    told: int | None, known: int | None, days: int | None
) -> None:
    def use(value: int | None) -> Use:
        rest = {Metric.RECORDS: 1.0 if value else 2.0}
        return Use("ann", W46, rest if value is None else {Metric.ACTIVE_DAYS: value, **rest})

    found = grown(use(told), use(known))
    assert found.values.get(Metric.ACTIVE_DAYS) == days
    assert found.values[Metric.RECORDS] == use(told).values[Metric.RECORDS]
    assert grown(use(told), None) == use(told)
