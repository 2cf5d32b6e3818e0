"""Rumours as facts: which are one, for whom the answer is, when they are put down, how many."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.audience_language import parse
from nudges.rumours import HOUR, WEEKS, Told, batch_due, by_week, grouped, roughly, trouble, volume

DAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_those_that_are_the_same_are_one_with_its_own_words_first() -> None:
    told = [
        Told("b", "second", "service", DAY, "a"),
        Told("a", "first", "sales", DAY - timedelta(days=9)),
        Told("c", "other", "", DAY),
        Told("d", "first", "sales", DAY, "a"),
    ]
    found = grouped(told)
    one = found["a"]
    assert set(found) == {"a", "c"}
    assert one.texts == ("first", "second")
    assert one.segments == ("sales", "service")
    assert one.weeks == (DAY - timedelta(days=14), DAY)


@pytest.mark.parametrize(
    ("segments", "rule"),
    [
        (("sales",), "segment is sales"),
        (("sales", "service"), "segment is sales or service"),
        (("sales", ""), "everyone"),
        (("",), "everyone"),
    ],
)
def test_the_answer_goes_where_it_lives_or_to_everyone(
    segments: tuple[str, ...], rule: str
) -> None:
    told = [Told(f"k{n}", "x", one, DAY, "k0" if n else "") for n, one in enumerate(segments)]
    found = grouped(told)["k0"].rule
    assert parse(found) == parse(rule)


def test_what_was_merged_into_one_that_is_gone_is_still_one() -> None:
    assert set(grouped([Told("b", "x", "", DAY, "a"), Told("c", "y", "", DAY, "a")])) == {"a"}


@pytest.mark.parametrize(("hour", "due"), [(0, False), (HOUR - 1, False), (HOUR, True), (23, True)])
def test_put_down_from_its_hour_on(hour: int, *, due: bool) -> None:
    assert (batch_due(NOW.replace(hour=hour)) == NOW.date()) is due


@pytest.mark.parametrize(
    ("text", "why"), [("", "empty"), ("x", None), ("x" * 1000, None), ("x" * 1001, "long")]
)
def test_what_is_kept_has_some_length_and_not_too_much(text: str, why: str | None) -> None:
    assert trouble(text) == why


def test_weeks_tell_no_number_below_five_and_no_empty_week() -> None:
    days = {DAY: 3, DAY + timedelta(days=2): 2, DAY - timedelta(days=1): 4}
    found = volume(by_week(days), NOW)
    assert len(found) == WEEKS
    assert found[-1] == (DAY, "5")
    assert {many for _, many in found[:-1]} == {"<5"}
    assert [roughly(n) for n in (0, 4, 5, 12)] == ["<5", "<5", "5", "12"]
