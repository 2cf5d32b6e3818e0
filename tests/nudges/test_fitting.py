"""The last look before sending: does it still fit, and what does it say now?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.adkar import Answer, Element
from nudges.delivery import Claimed, Delivery, Note, Priority, Settled, State
from nudges.fitting import SOON, fitting
from nudges.follow_up import FollowUp, FollowUpNote
from nudges.people import Person
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote
from tests.clock import MONDAY
from tests.nudges.given import BANK, said

NOW = MONDAY
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY_MORNING = NOW - timedelta(minutes=30) + DAY
PERSON = Person("p", zone="Europe/Amsterdam", welcomed=True)
FOLLOW_UPS = (FollowUp("time", Element.ABILITY),)
PULSE, FIXED = PulseNote("pulse:2026-W47"), PulseNote("pulse:2026-W47", ("K2",))
REMINDER = ReminderNote("pulse:2026-W47", ("K2",), "2026-11-18")
FOLLOW_UP = FollowUpNote("time", "B1")
OTHER = Note()
QUIET = {
    "stopped": replace(PERSON, stopped=True),
    "left": replace(PERSON, left=True),
    "away": replace(PERSON, away_until=NOW + HOUR),
    "paused": replace(PERSON, paused_until=NOW + HOUR),
}


def fit(
    note: Note,
    priority: Priority = Priority.INTERACTIVE,
    person: Person = PERSON,
    *,
    answers: Sequence[Answer] = (),
    later: timedelta = timedelta(),
) -> Note | Settled:
    claimed = Claimed(7, 1, 1, Delivery("o", "p", note, priority, NOW))
    return fitting(claimed, person, BANK, answers, FOLLOW_UPS, None, NOW + later)


def fit_instead(root: State | None, ref: str = "", person: Person = PERSON) -> Note | Settled:
    """Look at something that is to replace message 3."""
    delivery = Delivery("o", "p", OTHER, Priority.INTERACTIVE, NOW, "replace", 3)
    claimed = Claimed(7, 1, 1, delivery, ref=ref, root=root)
    return fitting(claimed, person, BANK, (), FOLLOW_UPS, None, NOW)


class TestQuiet:
    @pytest.mark.parametrize("priority", Priority)
    @pytest.mark.parametrize("why", QUIET)
    def test_what_they_asked_for_comes_and_nothing_else(self, why: str, priority: Priority) -> None:
        found = fit(OTHER, priority, QUIET[why])
        if priority is Priority.INTERACTIVE:
            assert found is OTHER
            return
        assert isinstance(found, Settled)
        for_good = why in {"stopped", "left"} or priority is Priority.PULSE
        assert found.state is (State.CANCELLED if for_good else State.QUEUED)
        assert found.due == (None if for_good else TUESDAY_MORNING)
        assert found.why

    @pytest.mark.parametrize("priority", Priority)
    def test_once_the_pause_is_over_it_comes(self, priority: Priority) -> None:
        assert fit(OTHER, priority, QUIET["paused"], later=HOUR) is OTHER

    def test_a_follow_up_waits_for_the_end_of_an_absence(self) -> None:
        back = NOW + 3 * DAY
        found = fit(FOLLOW_UP, Priority.NUDGE, replace(PERSON, away_until=back))
        assert found == Settled(
            State.QUEUED, back + DAY - timedelta(minutes=30), why="the person is away"
        )


class TestHours:
    """What we start keeps to working hours, also when a backlog is sent late."""

    @pytest.mark.parametrize("priority", Priority)
    @pytest.mark.parametrize(
        ("later", "due"),
        [
            pytest.param(timedelta(hours=12), TUESDAY_MORNING, id="in the evening"),
            pytest.param(timedelta(hours=-2), NOW - HOUR / 2, id="before work"),
            pytest.param(timedelta(days=5), NOW - HOUR / 2 + 7 * DAY, id="on a Saturday"),
        ],
    )
    def test_outside(self, priority: Priority, later: timedelta, due: object) -> None:
        found = fit(OTHER, priority, later=later)
        if priority in {Priority.PULSE, Priority.NUDGE}:
            assert isinstance(found, Settled)
            assert (found.state, found.due) == (State.QUEUED, due)
        else:
            assert found is OTHER

    @pytest.mark.parametrize("priority", Priority)
    def test_inside(self, priority: Priority) -> None:
        assert fit(OTHER, priority) is OTHER


class TestReplacing:
    @pytest.mark.parametrize("root", State)
    def test_what_is_replaced_has_to_have_arrived(self, root: State) -> None:
        found = fit_instead(root)
        if root in {State.QUEUED, State.CLAIMED, State.SENDING}:
            assert found == Settled(State.QUEUED, NOW + SOON, why="the message is still on its way")
        else:
            assert found == Settled(State.CANCELLED, why="there is no message to replace")

    @pytest.mark.parametrize("root", [State.SENT, State.UNKNOWN])
    def test_once_it_has_a_name_it_is_replaced(self, root: State) -> None:
        assert fit_instead(root, "m1") is OTHER

    def test_also_for_someone_who_stopped(self) -> None:
        assert fit_instead(State.SENT, "m1", QUIET["stopped"]) is OTHER

    def test_of_a_target_nobody_knows_nothing_is_left(self) -> None:
        found = fit_instead(None)
        assert isinstance(found, Settled)
        assert found.state is State.CANCELLED


class TestPulse:
    def test_the_questions_are_chosen_now(self) -> None:
        assert fit(PULSE, Priority.PULSE) == replace(PULSE, questions=("A1", "D1"))
        answered = said({"A1": 4, "D1": 4}, NOW - DAY)
        assert fit(PULSE, Priority.PULSE, answers=answered) == replace(
            PULSE, questions=("K1", "B1")
        )

    def test_chosen_once(self) -> None:
        assert fit(FIXED) == FIXED

    def test_a_question_that_was_dropped_is_not_asked(self) -> None:
        gone = replace(FIXED, questions=("K1", "gone"))
        assert fit(gone) == Settled(State.CANCELLED, why="there is nothing to ask")

    def test_without_a_bank_there_is_nothing_to_ask(self) -> None:
        claimed = Claimed(7, 1, 1, Delivery("o", "p", PULSE, Priority.PULSE, NOW))
        assert fitting(claimed, PERSON, {}, (), (), None, NOW) == Settled(
            State.CANCELLED, why="there is nothing to ask"
        )


class TestReminder:
    @pytest.mark.parametrize(
        ("note", "answered", "later", "why"),
        [
            pytest.param(REMINDER, "", 0, "", id="still open"),
            pytest.param(REMINDER, "pulse:2026-W47", 0, "answered meanwhile", id="answered"),
            pytest.param(REMINDER, "pulse:2026-W46", 0, "", id="another was answered"),
            pytest.param(REMINDER, "", 1, "", id="a day late"),
            pytest.param(REMINDER, "", 2, "the next question is due", id="too late"),
            pytest.param(REMINDER, "", 9, "the next question is due", id="much too late"),
            pytest.param(
                replace(REMINDER, questions=("gone",)), "", 0, "nothing to ask", id="dropped"
            ),
        ],
    )
    def test_fits(self, note: ReminderNote, answered: str, later: int, why: str) -> None:
        answers = [Answer("p", "K2", None, NOW - DAY, occasion=answered)] if answered else ()
        found = fit(note, Priority.NUDGE, answers=answers, later=later * DAY)
        if why:
            assert isinstance(found, Settled)
            assert found.state is State.CANCELLED
            assert why in found.why
        else:
            assert found is note


class TestFollowUp:
    @pytest.mark.parametrize(
        ("note", "suspended", "fits"),
        [
            pytest.param(FOLLOW_UP, set[Element](), True, id="fits"),
            pytest.param(FOLLOW_UP, {Element.ABILITY}, False, id="called wrong meanwhile"),
            pytest.param(FOLLOW_UP, {Element.DESIRE}, True, id="another was called wrong"),
            pytest.param(FollowUpNote("gone", "B1"), set[Element](), False, id="dropped"),
        ],
    )
    def test_fits(self, note: FollowUpNote, suspended: set[Element], *, fits: bool) -> None:
        person = replace(PERSON, suspended=frozenset(suspended))
        found = fit(note, Priority.NUDGE, person)
        expected = note if fits else Settled(State.CANCELLED, why="it does not fit any more")
        assert found == expected
