"""What is said about manners and truth in a play, by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.content.files import load_library
from bot.rehearsal.manners import NAMES, Touch, a_week, breaches
from bot.rehearsal.truth import truths
from nudges.adkar import WINDOW, Answer

MONDAY = date(2027, 3, 1)
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
BANK = load_library().bank
AWARENESS = next(q.id for q in BANK.values() if q.element == "awareness" and not q.reversed)


def touches(*days: int, who: str = "ann", wrong: tuple[str, ...] = ()) -> list[Touch]:
    """Return messages on these days after a Monday."""
    return [
        Touch(f"delivery-{day}", who, who, AT, MONDAY + timedelta(days=day), wrong) for day in days
    ]


@pytest.mark.parametrize(
    ("days", "broken"),
    [
        ((), []),
        ((0, 2, 4), []),
        ((0, 0), ["one_a_day"]),
        ((0, 2, 4, 7), []),
        ((0, 2, 4, 6), ["three_a_week"]),
        ((1, 3, 5, 7), ["three_a_week"]),
        ((0, 0, 0, 0), ["one_a_day", "three_a_week"]),
    ],
)
def test_too_many_messages_are_counted(days: tuple[int, ...], broken: list[str]) -> None:
    found = breaches(touches(*days))
    assert [name for name in NAMES if found[name]] == broken


def test_two_people_are_not_one() -> None:
    assert not any(breaches(touches(0, 2, 4) + touches(0, 2, 6, who="bob")).values())


@pytest.mark.parametrize("name", ["working_hours", "public_holidays", "asked_for_quiet"])
def test_a_wrong_moment_is_told_by_its_name(name: str) -> None:
    found = breaches(touches(1, wrong=(name,)))
    assert [key for key, lines in found.items() if lines] == [name]


def test_weeks_without_a_message_count_too() -> None:
    here = {"ann": (MONDAY, MONDAY + timedelta(days=20)), "bob": (MONDAY, MONDAY)}
    assert a_week(touches(0, 1, 9), here) == {"mean": 0.75, "p99": 2, "max": 2}
    assert a_week([], {}) == {"mean": 0.0, "p99": 0, "max": 0}


def test_a_score_holds_from_its_answer_until_the_next_or_until_it_is_too_old() -> None:
    def given(score: int, days: int) -> Answer:
        return Answer("ann", AWARENESS, score, AT + timedelta(days=days))

    def told(*answers: Answer, days: int) -> list[tuple[float, int, int]]:
        lines = truths(answers, BANK, None, AT + timedelta(days=days))
        start = datetime.fromisoformat
        return [
            (line["value"], (start(line["from"]) - AT).days, (start(line["to"]) - AT).days)
            for line in lines
        ]

    assert told(days=9) == []
    assert told(given(4, 0), days=9) == [(4.0, 0, 9)]
    assert told(given(4, 0), given(2, 3), days=9) == [(4.0, 0, 3), (2.0, 3, 9)]
    assert told(given(4, 0), given(4, 3), days=9) == [(4.0, 0, 9)]
    assert told(given(4, 0), days=99) == [(4.0, 0, WINDOW.days)]
