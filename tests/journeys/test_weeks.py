"""Weeks with someone: asked, reminded, left in peace, answered, over holidays and clock changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.store.database import Store
from dialogs.speech import catalogue
from nudges.hours import next_morning
from tests import desk
from tests.clock import Clock
from tests.desk import Desk, Seen, open_desk

ZONE = ZoneInfo("Europe/Amsterdam")
NAMES = {"pulse.title": "pulse", "reminder.title": "reminder"}
NOT_NOW = {"ann": "Not now", "bob": "Nu niet"}
LANGUAGES = {"ann": "en", "bob": "nl"}
OPEN = "3"


@pytest.fixture(autouse=True)
def _room_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out budget, tips and other questions: it is the planner's days that are looked at."""
    desk.only_own_tips(monkeypatch)
    desk.nobody_asked_where(monkeypatch)
    roomy = desk.settings().model_copy(update={"touches_a_day": 5, "touches_a_week": 15})
    monkeypatch.setattr(desk, "settings", lambda: roomy)


@dataclass
class Weeks:
    """Someone's weeks: the house wakes when it said it would, and they do what the test says."""

    desk: Desk
    who: str

    async def begin(self) -> None:
        now = self.desk.clock()
        person = replace(await self.desk.person(self.who), zone=ZONE.key, welcomed=True)
        async with self.desk.store.write() as work:
            await work.save([replace(person, next_due=next_morning(person, now))], now)

    async def until(self, day: str) -> list[str]:
        """Go on until the end of a day; returns what came, with its local day and time."""
        end = datetime.fromisoformat(f"{day} 23:59").replace(tzinfo=ZONE).astimezone(UTC)
        came: list[str] = []
        while (due := (await self.desk.person(self.who)).next_due) and due < end:
            self.desk.clock.now = max(due, self.desk.clock.now)
            before = len(self.chat)
            await self.desk.plan()
            now = self.desk.clock().astimezone(ZONE)
            came += [f"{now:%a %d %b %H:%M} {self._name(s)}" for s in self.chat[before:]]
        self.desk.clock.now = end - timedelta(hours=8)
        return came

    @property
    def chat(self) -> list[Seen]:
        return self.desk.chat(self.who)

    @property
    def open(self) -> list[Seen]:
        """Return the cards that can still be answered."""
        return [seen for seen in self.chat if OPEN in seen.buttons]

    async def answers(self, on: Seen) -> None:
        """Answer a card, and what it asks after that."""
        await self.desk.taps(self.who, OPEN, on)
        while more := next((s for s in self.chat if s.ref == on.ref and OPEN in s.buttons), None):
            self.desk.clock.pass_(seconds=20)
            await self.desk.taps(self.who, OPEN, more)

    async def occasions(self) -> list[str]:
        async with self.desk.store.read() as work:
            kept = await work.answers([self.who], self.desk.clock())
        return list(dict.fromkeys(a.occasion for a in kept.get(self.who, ())))

    def _name(self, seen: Seen) -> str:
        said = catalogue(LANGUAGES[self.who])
        return next((n for key, n in NAMES.items() if said.gettext(key) == seen.card.title), "else")


@pytest.fixture(params=["ann", "bob"])
async def weeks(request: pytest.FixtureRequest, memory: Store, clock: Clock) -> Weeks:
    found = Weeks(await open_desk(memory, clock), request.param)
    await found.begin()
    return found


async def test_who_never_answers_is_reminded_twice_over_two_weeks_and_then_only_asked(
    weeks: Weeks,
) -> None:
    assert await weeks.until("2026-12-08") == [
        "Tue 17 Nov 09:00 pulse",
        "Fri 20 Nov 09:00 reminder",
        "Mon 23 Nov 09:00 reminder",
        "Tue 24 Nov 09:00 pulse",
        "Fri 27 Nov 09:00 reminder",
        "Mon 30 Nov 09:00 reminder",
        "Tue 01 Dec 09:00 pulse",
        "Tue 08 Dec 09:00 pulse",
    ]
    await weeks.answers(weeks.chat[-1])
    came = await weeks.until("2026-12-18")
    assert [line for line in came if "else" not in line] == [
        "Tue 15 Dec 09:00 pulse",
        "Fri 18 Dec 09:00 reminder",
    ], "who answered is reminded again"


async def test_an_answer_on_the_reminder_is_an_answer_to_the_question(weeks: Weeks) -> None:
    await weeks.until("2026-11-23")
    first, *reminders = weeks.chat
    assert len(weeks.open) == 3
    await weeks.answers(reminders[0])
    assert await weeks.occasions() == ["pulse:2026-W47"]
    assert weeks.open == [], "no card keeps its buttons"
    said = catalogue(LANGUAGES[weeks.who])
    above, _, below = (s.text for s in weeks.chat[:3])
    assert said.gettext("answered.body") in above
    assert said.gettext("answered.above") in below
    assert next(s for s in weeks.chat if s.ref == first.ref).history
    came = await weeks.until("2026-11-30")
    assert [line for line in came if "else" not in line] == ["Mon 30 Nov 09:00 pulse"]


async def test_an_answer_on_the_question_closes_its_reminder(weeks: Weeks) -> None:
    await weeks.until("2026-11-20")
    question, _ = weeks.chat
    await weeks.answers(question)
    assert weeks.open == []
    came = await weeks.until("2026-11-26")
    assert not any("reminder" in line or "pulse" in line for line in came)


async def test_a_typed_answer_closes_all_of_them(weeks: Weeks) -> None:
    await weeks.until("2026-11-20")
    await weeks.desk.says(weeks.who, "4")
    await weeks.desk.says(weeks.who, "4")
    assert await weeks.occasions() == ["pulse:2026-W47"]
    assert weeks.open == []


async def test_not_now_is_the_end_of_reminding_and_leaves_the_question(weeks: Weeks) -> None:
    await weeks.until("2026-11-20")
    question, reminder = weeks.chat
    await weeks.desk.taps(weeks.who, NOT_NOW[weeks.who], reminder)
    assert [s.ref for s in weeks.open] == [question.ref]
    assert await weeks.until("2026-11-24") == ["Tue 24 Nov 09:00 pulse"]
    await weeks.answers(next(s for s in weeks.open if s.ref == question.ref))
    assert await weeks.occasions() == ["pulse:2026-W47"]


async def test_a_reminder_that_waits_while_they_answer_is_not_sent(weeks: Weeks) -> None:
    await weeks.until("2026-11-17")
    question = weeks.chat[0]
    weeks.desk.clock.now = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    await weeks.desk.app.ticker.plan()
    await weeks.answers(question)
    assert [s.ref for s in weeks.chat] == [question.ref]
    assert weeks.open == []


async def test_holidays_are_free(memory: Store) -> None:
    clock = Clock(datetime(2026, 12, 14, 8, 30, tzinfo=UTC))
    weeks = Weeks(await open_desk(memory, clock), "bob")
    await weeks.begin()
    await weeks.until("2026-12-17")
    await weeks.desk.taps("bob", OPEN, weeks.chat[0])
    clock.now = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
    await weeks.answers(weeks.open[0])
    came = await weeks.until("2027-01-04")
    assert [line for line in came if "else" not in line] == [
        "Mon 28 Dec 09:00 pulse",
        "Thu 31 Dec 09:00 reminder",
        "Mon 04 Jan 09:00 pulse",
    ], "not on Christmas Day; and day 5 falls on the day of the next question"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param(
            datetime(2026, 10, 19, 7, 30, tzinfo=UTC),
            ["Tue 20 Oct 09:00 pulse", "Fri 23 Oct 09:00 reminder", "Mon 26 Oct 09:00 reminder"],
            id="put back",
        ),
        pytest.param(
            datetime(2028, 3, 20, 8, 30, tzinfo=UTC),
            ["Tue 21 Mar 09:00 pulse", "Fri 24 Mar 09:00 reminder", "Mon 27 Mar 09:00 reminder"],
            id="put forward",
        ),
    ],
)
async def test_nine_stays_nine_when_the_clocks_change(
    memory: Store, start: datetime, expected: list[str]
) -> None:
    weeks = Weeks(await open_desk(memory, Clock(start)), "bob")
    await weeks.begin()
    assert await weeks.until(str(start.date() + timedelta(days=7))) == expected


async def test_on_every_kind_of_store(store: Store, clock: Clock) -> None:
    weeks = Weeks(await open_desk(store, clock), "ann")
    await weeks.begin()
    assert await weeks.until("2026-11-20") == [
        "Tue 17 Nov 09:00 pulse",
        "Fri 20 Nov 09:00 reminder",
    ]
    await weeks.answers(weeks.chat[-1])
    assert weeks.open == []
    assert await weeks.occasions() == ["pulse:2026-W47"]
