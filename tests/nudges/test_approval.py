"""Who is asked to release a broadcast, in which order and when, as a table of moments."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from nudges.address import Address
from nudges.approval import Next, deputy_from, is_there, next_step
from nudges.broadcast import PATIENCE, Broadcast, Draft, Message, Stage
from nudges.delivery import State
from nudges.people import Person
from nudges.roles import Role
from tests.clock import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = MONDAY.replace(hour=8, minute=0)
"""Monday, nine in the morning in Amsterdam."""
FRIDAY = NINE + 4 * DAY


def person(name: str, *roles: Role, **more: Any) -> Person:  # noqa: ANN401 - fields of one
    home = (Address("slack", "T1", name),)
    return replace(Person(name, addresses=home, roles=frozenset(roles)), **more)


ANN, EVE = person("ann", Role.APPROVER), person("eve", Role.APPROVER)
DEE, DAN = person("dee", Role.DEPUTY), person("dan", Role.DEPUTY)


def handed_in(begins: datetime | None, **more: Any) -> Broadcast:  # noqa: ANN401
    draft = Draft(Message({"en": "x"}, {"en": "x"}), "everyone", 60, begins)
    one = Broadcast(7, "joost", draft, Stage.WAITING, NINE)
    return replace(one, **more)


def waiting(begins: datetime | None = None, start: datetime = NINE, **more: Any) -> Broadcast:  # noqa: ANN401
    return handed_in(begins, asked=True, asked_at=start, at=start, **more)


SENT = State.SENT
AWAY = replace(ANN, away_until=NINE + 60 * DAY)


@pytest.mark.parametrize(
    ("people", "asked", "hours", "what", "whom", "why"),
    [
        ((ANN, DEE), {}, 0, "ask", "ann", ""),
        ((ANN, DEE), {"ann": SENT}, 1, "", "", ""),
        ((ANN, DEE), {"ann": SENT}, 3.9, "", "", ""),
        ((ANN, DEE, DAN), {"ann": SENT}, 4, "ask", "dee dan", "silent"),
        ((ANN, DEE), {"ann": SENT, "dee": State.QUEUED}, 5, "", "", ""),
        ((ANN, DEE, EVE), {"ann": SENT}, 1, "ask", "eve", ""),
        ((AWAY, DEE), {}, 0, "ask", "ann dee", "away"),
        ((AWAY, DEE), {"ann": SENT}, 0, "ask", "dee", "away"),
        ((replace(ANN, stopped=True), DEE), {"ann": SENT}, 0, "ask", "dee", "away"),
        ((replace(ANN, addresses=()), DEE), {"ann": State.GONE}, 0, "ask", "dee", "away"),
        ((ANN, DEE), {"ann": State.GONE}, 0, "ask", "dee", "away"),
        ((replace(ANN, paused_until=NINE + 9 * HOUR), DEE), {"ann": SENT}, 0, "ask", "dee", "away"),
        ((replace(ANN, away_until=NINE + 3 * HOUR), DEE), {"ann": SENT}, 1, "", "", ""),
        ((AWAY, EVE, DEE), {"ann": SENT, "eve": SENT}, 1, "", "", ""),
        ((DEE,), {}, 0, "ask", "dee", "away"),
        ((), {}, 0, "warn", "", ""),
        ((AWAY,), {"ann": SENT}, 0, "warn", "", ""),
        ((AWAY, replace(DEE, stopped=True)), {"ann": SENT, "dee": SENT}, 0, "warn", "", ""),
        ((person("joost", Role.APPROVER), DEE), {}, 0, "ask", "dee", "away"),
        ((person("joost", Role.APPROVER, Role.DEPUTY),), {}, 0, "warn", "", ""),
        ((person("both", Role.APPROVER, Role.DEPUTY),), {}, 0, "ask", "both", ""),
        ((ANN, DEE), {"ann": SENT}, 8, "lapse", "", ""),
    ],
)
def test_who_is_asked_of_one_that_is_due_in_eight_hours(  # noqa: PLR0913, PLR0917 - a table
    people: tuple[Person, ...],
    asked: dict[str, State],
    hours: float,
    what: str,
    whom: str,
    why: str,
) -> None:
    begins = NINE + 8 * HOUR
    found = waiting(begins) if asked else handed_in(begins)
    step = next_step(found, people, asked, NINE + hours * HOUR)
    if not what:
        assert step is None
        return
    assert step is not None
    names = " ".join(one.id for one in (*step.approvers, *step.deputies))
    assert (step.what, names, step.why) == (what, whom, why)


@pytest.mark.parametrize(
    ("start", "due", "after"),
    [
        (NINE, 8 * HOUR, 4 * HOUR),  # half of it
        (NINE, 3 * HOUR, 2 * HOUR),  # two hours for who approves
        (NINE, 2 * HOUR, HOUR),  # an hour for the deputy
        (NINE, 1.5 * HOUR, 0.5 * HOUR),
        (NINE, HOUR, 0 * HOUR),  # urgent: both at once
        (NINE, HOUR / 2, 0 * HOUR),
        (NINE, 2 * DAY, DAY),
        (NINE, PATIENCE, PATIENCE / 2),
        (FRIDAY + 2 * HOUR, 3 * DAY - 2 * HOUR, 4.5 * HOUR),  # half is on Saturday: Friday at 15:30
        (FRIDAY + 7.5 * HOUR, 3 * DAY - 7.5 * HOUR, 0 * HOUR),  # half an hour of Friday is left
        (NINE + 7 * HOUR, 18 * HOUR, 9 * HOUR),  # tomorrow at ten leaves the deputy an hour
        (NINE + 7 * HOUR, 17 * HOUR, 0 * HOUR),  # tomorrow at nine: today, before they go
    ],
)
def test_when_a_deputy_is_asked(start: datetime, due: timedelta, after: timedelta) -> None:
    found = waiting(start + due, start)
    assert deputy_from(found, DEE) - start == after


def test_time_runs_from_when_they_were_asked() -> None:
    found = replace(waiting(NINE + 8 * HOUR), asked_at=NINE + 4 * HOUR)
    assert deputy_from(found, DEE) == NINE + 6 * HOUR


def test_an_author_is_warned_once_and_hears_no_more() -> None:
    found = handed_in(NINE + DAY)
    assert next_step(found, (), {}, NINE) == Next("warn")
    assert next_step(replace(found, warned=True), (), {}, NINE) is None
    assert next_step(replace(found, warned=True), (ANN,), {}, NINE) == Next("ask", (ANN,))


@pytest.mark.parametrize("stage", [Stage.DECLINED, Stage.RELEASED, Stage.BEGUN])
def test_what_was_decided_asks_nobody(stage: Stage) -> None:
    found = handed_in(NINE + DAY, stage=stage, decided_by="ann")
    assert next_step(found, (ANN, DEE), {}, NINE) == Next("tell")
    assert next_step(replace(found, told=True), (ANN, DEE), {}, NINE) is None


def test_who_is_here_now_is_there_although_they_leave_later() -> None:
    soon = replace(ANN, away_from=NINE + HOUR, away_until=NINE + 30 * DAY)
    assert is_there(soon, waiting(NINE + DAY), NINE)
    assert not is_there(soon, waiting(NINE + DAY), NINE + 2 * HOUR)
