"""Who is due what, and when: pulses, their reminders, and nothing twice or too late."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.delivery import Delivery, Priority, State
from nudges.hours import at_work, local_day
from nudges.people import Hours, Person
from nudges.pulse import PulseNote
from nudges.reminders import UNDER_WAY, Asked, ReminderNote
from nudges.schedule import WEEKS_BACK, due, next_pulse, pulse_occasion, recent_pulses
from tests.nudges.given import AMSTERDAM, DAY, NEW_YORK, PERSON, WEEK, at, utc, workers

AWAY_TILL_THURSDAY = replace(PERSON, away_until=at("2026-11-19 00:00"))
TUE_THU = replace(PERSON, hours=Hours(days=(1, 3)))
MONDAY = Asked("pulse:2026-W47", at("2026-11-16 09:00"), questions=("B4",))
FRIDAY = replace(MONDAY, at=at("2026-11-20 09:00"))
IGNORED = (
    Asked("pulse:2026-W45", at("2026-11-02 09:00"), questions=("A1",)),
    Asked("pulse:2026-W46", at("2026-11-09 09:00"), questions=("D1",)),
)


def plan(person: Person, now: str, *asked: Asked) -> tuple[str, datetime]:
    """Plan for one person; returns the occasion of what they are due, and when to look again."""
    ((delivery, again),) = due([person], at(now), {person.id: asked})
    return (delivery.occasion if delivery else "", again)


class TestNextPulse:
    @pytest.mark.parametrize(
        ("person", "now", "expected"),
        [
            pytest.param(PERSON, "2026-11-16 09:30", "2026-11-23 09:00", id="a week on"),
            pytest.param(PERSON, "2026-11-20 16:59", "2026-11-27 09:00", id="Friday to Friday"),
            pytest.param(PERSON, "2026-11-21 12:00", "2026-11-30 09:00", id="from a Saturday"),
            pytest.param(PERSON, "2026-10-19 09:30", "2026-10-26 09:00", id="over put back"),
            pytest.param(PERSON, "2026-03-23 09:30", "2026-03-30 09:00", id="over put forward"),
            pytest.param(
                replace(PERSON, fewer=True), "2026-11-16 09:30", "2026-11-30 09:00", id="fewer"
            ),
            pytest.param(
                replace(PERSON, away_until=at("2026-12-01 00:00")),
                "2026-11-16 09:30",
                "2026-12-01 09:00",
                id="after being away",
            ),
        ],
    )
    def test_when(self, person: Person, now: str, expected: str) -> None:
        assert next_pulse(person, at(now)) == at(expected)

    @pytest.mark.parametrize(
        ("zone", "now", "occasion"),
        [
            pytest.param(AMSTERDAM, "2026-11-16T08:30", "pulse:2026-W47", id="Monday"),
            pytest.param(AMSTERDAM, "2026-11-22T22:59", "pulse:2026-W47", id="Sunday night"),
            pytest.param(AMSTERDAM, "2026-11-22T23:00", "pulse:2026-W48", id="Monday there"),
            pytest.param(NEW_YORK, "2026-11-23T04:00", "pulse:2026-W47", id="Sunday there still"),
            pytest.param(AMSTERDAM, "2027-01-01T09:00", "pulse:2026-W53", id="new year, old week"),
            pytest.param(AMSTERDAM, "2027-01-04T09:00", "pulse:2027-W01", id="two digits"),
        ],
    )
    def test_the_occasion_is_the_week_where_they_are(
        self, zone: str, now: str, occasion: str
    ) -> None:
        assert pulse_occasion(replace(PERSON, zone=zone), utc(now)) == occasion


class TestDue:
    @pytest.mark.parametrize(
        ("person", "now", "again"),
        [
            pytest.param(
                replace(PERSON, welcomed=False), "2026-11-16 09:30", "2026-11-17 09:00", id="new"
            ),
            pytest.param(
                replace(PERSON, stopped=True), "2026-11-16 09:30", "2026-11-17 09:00", id="stopped"
            ),
            pytest.param(
                replace(PERSON, left=True), "2026-11-16 09:30", "2026-11-17 09:00", id="left"
            ),
            pytest.param(AWAY_TILL_THURSDAY, "2026-11-16 09:30", "2026-11-19 09:00", id="away"),
            pytest.param(
                replace(PERSON, paused_until=at("2026-11-20 00:00")),
                "2026-11-16 09:30",
                "2026-11-20 09:00",
                id="paused",
            ),
            pytest.param(PERSON, "2026-11-16 08:59", "2026-11-16 09:00", id="too early"),
            pytest.param(PERSON, "2026-11-16 17:00", "2026-11-17 09:00", id="too late"),
            pytest.param(PERSON, "2026-11-20 17:00", "2026-11-23 09:00", id="Friday evening"),
            pytest.param(PERSON, "2026-11-21 10:00", "2026-11-23 09:00", id="Saturday"),
            pytest.param(TUE_THU, "2026-11-16 08:00", "2026-11-17 09:00", id="a day off"),
        ],
    )
    def test_not_now(self, person: Person, now: str, again: str) -> None:
        assert due([person], at(now)) == [(None, at(again))]

    @pytest.mark.parametrize(
        "person",
        [
            PERSON,
            replace(PERSON, away_until=at("2026-11-16 09:30")),
            replace(PERSON, paused_until=at("2026-11-16 00:00")),
        ],
        ids=["at work", "back this very moment", "pause is over"],
    )
    def test_now(self, person: Person) -> None:
        now = at("2026-11-16 09:30")
        ((delivery, again),) = due([person], now)
        assert delivery
        assert (delivery.occasion, delivery.person) == ("pulse:2026-W47", "p")
        assert delivery.note == PulseNote("pulse:2026-W47")
        assert (delivery.priority, delivery.due) == (Priority.PULSE, now)
        assert again == at("2026-11-19 09:00"), "the day of the first reminder"

    def test_each_in_the_order_given(self) -> None:
        people = [replace(PERSON, id="a"), replace(PERSON, id="b", stopped=True), PERSON]
        planned = due(people, at("2026-11-16 09:30"))
        assert [d.person if d else None for d, _ in planned] == ["a", None, "p"]

    def test_planned_again_in_the_same_week_it_is_the_same_occasion(self) -> None:
        planned = [due([PERSON], at(f"2026-11-{day} 10:00"))[0][0] for day in range(16, 21)]
        assert {d.occasion for d in planned if d} == {"pulse:2026-W47"}
        assert all(planned)


class TestReminders:
    """Day 3 and day 5 after the pulse, on the next working morning, and then no more."""

    @pytest.mark.parametrize(
        ("pulse", "expected"),
        [
            pytest.param("2026-11-16", {3: "2026-11-19"}, id="Monday: day 5 is the next pulse"),
            pytest.param("2026-11-17", {3: "2026-11-20", 5: "2026-11-23"}, id="Tuesday"),
            pytest.param("2026-11-18", {3: "2026-11-23"}, id="Wednesday: both fall on Monday"),
            pytest.param("2026-11-19", {3: "2026-11-23", 5: "2026-11-24"}, id="Thursday"),
            pytest.param("2026-11-20", {3: "2026-11-23", 5: "2026-11-25"}, id="Friday"),
            pytest.param("2026-12-22", {3: "2026-12-28"}, id="over Christmas"),
            pytest.param("2026-10-22", {3: "2026-10-26", 5: "2026-10-27"}, id="clocks put back"),
            pytest.param("2026-03-26", {3: "2026-03-30", 5: "2026-03-31"}, id="clocks put forward"),
            pytest.param("2028-02-25", {3: "2028-02-28", 5: "2028-03-01"}, id="29 February"),
        ],
    )
    def test_on_which_days(self, pulse: str, expected: dict[int, str]) -> None:
        asked = replace(MONDAY, at=at(f"{pulse} 10:00"))
        found: dict[int, str] = {}
        look = asked.at + timedelta(minutes=1)
        while look < next_pulse(PERSON, asked.at):
            ((delivery, look_again),) = due([PERSON], look, {"p": [asked]})
            if delivery:
                found[int(delivery.occasion.split(":")[1])] = str(local_day(PERSON, look))
                assert delivery.priority is Priority.NUDGE
                assert isinstance(delivery.note, ReminderNote)
                assert delivery.note.questions == ("B4",)
                assert date.fromisoformat(delivery.note.until) == local_day(
                    PERSON, next_pulse(PERSON, asked.at)
                )
            assert look_again > look
            look = look_again
        assert found == expected
        assert look == next_pulse(PERSON, asked.at)

    @pytest.mark.parametrize(
        ("person", "now", "asked", "expected", "again"),
        [
            pytest.param(
                PERSON, "2026-11-19 09:00", [MONDAY], "reminder:3:pulse:2026-W47", "23", id="due"
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [replace(MONDAY, answered=at("2026-11-18 12:00"))],
                "",
                "25",
                id="answered: a week on from there",
            ),
            pytest.param(PERSON, "2026-11-20 09:00", [MONDAY], "", "23", id="its day went by"),
            pytest.param(PERSON, "2026-11-19 17:30", [MONDAY], "", "20", id="after hours"),
            pytest.param(PERSON, "2026-11-19 08:30", [MONDAY], "", "19", id="before hours"),
            pytest.param(
                replace(PERSON, away_until=at("2026-11-20 00:00")),
                "2026-11-19 09:00",
                [MONDAY],
                "",
                "20",
                id="away on the day",
            ),
            pytest.param(
                replace(PERSON, away_until=at("2026-11-20 00:00")),
                "2026-11-20 09:00",
                [MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="back the day after",
            ),
            pytest.param(
                replace(PERSON, fewer=True),
                "2026-11-23 09:00",
                [MONDAY],
                "reminder:5:pulse:2026-W47",
                "30",
                id="fewer: day 5 has room",
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [*IGNORED, MONDAY],
                "",
                "23",
                id="two ignored before it",
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [IGNORED[1], MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="one ignored before it",
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [IGNORED[0], replace(IGNORED[1], answered=at("2026-11-10 10:00")), MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="one answered in between",
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [replace(IGNORED[0], answered=at("2026-11-17 10:00")), IGNORED[1], MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="an old one answered late",
            ),
            pytest.param(
                replace(
                    PERSON,
                    away_from=at("2026-11-10 00:00"),
                    away_until=at("2026-11-14 00:00"),
                ),
                "2026-11-19 09:00",
                [*IGNORED, MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="away for one of them: not missed",
            ),
            pytest.param(
                replace(
                    PERSON,
                    away_from=at("2026-10-01 00:00"),
                    away_until=at("2026-10-14 00:00"),
                ),
                "2026-11-19 09:00",
                [*IGNORED, MONDAY],
                "",
                "23",
                id="away before: both missed",
            ),
            pytest.param(
                replace(PERSON, paused_until=at("2026-11-07 00:00")),
                "2026-11-19 09:00",
                [*IGNORED, MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="paused for one of them",
            ),
            pytest.param(
                PERSON,
                "2026-11-19 09:00",
                [replace(IGNORED[0], state=State.GONE), IGNORED[1], MONDAY],
                "reminder:3:pulse:2026-W47",
                "23",
                id="one never arrived",
            ),
        ],
    )
    def test_who(
        self, person: Person, now: str, asked: list[Asked], expected: str, again: str
    ) -> None:
        occasion, look = plan(person, now, *asked)
        assert (occasion, str(local_day(person, look))) == (expected, f"2026-11-{again}")

    @pytest.mark.parametrize("state", State)
    def test_only_what_has_arrived_is_reminded_of(self, state: State) -> None:
        occasion, again = plan(PERSON, "2026-11-19 09:00", replace(MONDAY, state=state))
        assert bool(occasion) is (state is State.SENT)
        under_way = state in UNDER_WAY
        assert again == at("2026-11-20 09:00" if under_way else "2026-11-23 09:00")


class TestNoBacklog:
    @pytest.mark.parametrize("weeks", [1, 2, 3, 10])
    def test_after_a_long_sleep_there_is_one_pulse_and_no_reminder(self, weeks: int) -> None:
        now = MONDAY.at + WEEK * weeks + timedelta(hours=3)
        ((delivery, again),) = due([PERSON], now, {"p": [MONDAY]})
        assert delivery
        assert delivery.occasion == pulse_occasion(PERSON, now) != MONDAY.pulse
        assert again > now

    def test_while_one_is_under_way_there_is_no_other(self) -> None:
        late = replace(MONDAY, state=State.QUEUED)
        assert plan(PERSON, "2026-12-07 09:00", late) == ("", at("2026-12-08 09:00"))

    def test_one_that_left_late_counts_from_then(self) -> None:
        late = replace(MONDAY, at=at("2026-11-20 09:00"), answered=at("2026-11-20 09:01"))
        assert plan(PERSON, "2026-11-23 09:00", late) == ("", at("2026-11-27 09:00"))

    def test_started_again_in_the_week_of_a_pulse_waits_for_the_next(self) -> None:
        assert plan(PERSON, "2026-11-17 09:00", MONDAY) == ("", at("2026-11-19 09:00"))

    @pytest.mark.parametrize("hour", range(0, 24, 3))
    @pytest.mark.parametrize("day", ["2026-11-15", "2026-11-22", "2027-01-03", "2028-02-29"])
    def test_the_pulses_looked_for_are_those_of_every_zone(self, day: str, hour: int) -> None:
        now = utc(f"{day}T{hour:02}:30")
        recent = recent_pulses(now)
        assert len(set(recent)) == WEEKS_BACK + 1
        for zone in ("Pacific/Kiritimati", AMSTERDAM, "Pacific/Pago_Pago"):
            person = replace(PERSON, zone=zone)
            for back in range(WEEKS_BACK):
                assert pulse_occasion(person, now - WEEK * back) in recent


@dataclass
class Post:
    """Someone's chat: what was sent to them, and how they react to it."""

    person: Person
    reacts: list[int]
    asked: list[Asked] = field(default_factory=list[Asked])
    sent: list[tuple[datetime, Delivery]] = field(default_factory=list[tuple[datetime, Delivery]])

    def take(self, delivery: Delivery, now: datetime) -> None:
        """Let a delivery arrive; they answer a pulse after some hours, or never (0)."""
        self.sent.append((now, delivery))
        if isinstance(delivery.note, PulseNote):
            hours = self.reacts[len(self.asked) % len(self.reacts)]
            answered = now + timedelta(hours=hours) if hours else None
            self.asked.append(Asked(delivery.occasion, now, State.SENT, answered, ("A1",)))

    def known(self, now: datetime) -> list[Asked]:
        """Return what the store would say at this moment."""
        recent = recent_pulses(now)
        return [
            replace(a, answered=a.answered if a.answered and a.answered <= now else None)
            for a in self.asked
            if a.pulse in recent
        ]

    def look(self, now: datetime, again: datetime) -> datetime:
        """Return when the planner looks again; an answer puts that off, as the dialog does."""
        answers = [a.answered for a in self.asked if a.answered and now < a.answered < again]
        return max([again, *(next_pulse(self.person, at) for at in answers)])


REACTIONS = st.lists(st.sampled_from([0, 0, 1, 30, 75, 100, 160]), min_size=1, max_size=6)
STARTS = st.datetimes(datetime(2026, 2, 20), datetime(2028, 2, 20))  # noqa: DTZ001 - aware below


@settings(max_examples=200, deadline=None, derandomize=True)
@given(workers(), REACTIONS, STARTS)
def test_following_the_alarm_clock_for_a_quarter(
    person: Person, reacts: list[int], start: datetime
) -> None:
    """Wake whenever we said we would, and keep every promise of the schedule."""
    now = start.replace(tzinfo=UTC)
    end = now + 13 * WEEK
    post = Post(person, reacts)
    while now < end:
        ((delivery, again),) = due([person], now, {"p": post.known(now)})
        if delivery:
            assert at_work(person, now)
            assert not person.quiet(now)
            post.take(delivery, now)
        assert again > now
        now = post.look(now, again)
    pulses = [(at, d) for at, d in post.sent if isinstance(d.note, PulseNote)]
    reminded = [(at, d) for at, d in post.sent if isinstance(d.note, ReminderNote)]
    occasions = [d.occasion for _, d in post.sent]
    days = [local_day(person, at) for at, _ in post.sent]
    assert len(occasions) == len(set(occasions))
    assert len(days) == len(set(days)), "one touch a day"
    on = [local_day(person, at_) for at_, _ in pulses]
    assert all(b - a >= WEEK for a, b in pairwise(on))
    for at_, delivery in reminded:
        place = next(n for n, asked in enumerate(post.asked) if asked.pulse in delivery.occasion)
        asked = post.asked[place]
        after = int(delivery.occasion.split(":")[1])
        assert local_day(person, at_) >= local_day(person, asked.at) + timedelta(days=after)
        assert asked.answered is None or asked.answered > at_
        later = [a.at for a in post.asked[place + 1 :]]
        assert all(local_day(person, at_) < local_day(person, other) for other in later)
    rhythm = 2 * WEEK if person.fewer else WEEK
    if person.away_until is None and len(person.hours.days) > 3:
        assert len(pulses) >= 13 * WEEK // (rhythm + 7 * DAY) - 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(STARTS, st.booleans())
def test_who_never_answers_is_reminded_of_two_pulses_only(start: datetime, fewer: bool) -> None:  # noqa: FBT001 - drawn
    person = replace(PERSON, fewer=fewer, hours=Hours(time(9), time(17)))
    now = start.replace(tzinfo=UTC)
    end = now + 12 * WEEK
    post = Post(person, [0])
    while now < end:
        ((delivery, now_again),) = due([person], now, {"p": post.known(now)})
        if delivery:
            post.take(delivery, now)
        now = now_again
    reminded = {d.note.pulse for _, d in post.sent if isinstance(d.note, ReminderNote)}
    assert reminded <= {a.pulse for a in post.asked[:2]}
    assert len(post.asked) >= 5
