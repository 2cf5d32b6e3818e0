"""The days of a programme on the clock: before, the day, the calm time, and day 90.

Everything that happens by itself happens once, in each person's own morning, and never late:
with one ticker or two, after a restart, and after a long sleep.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from bot.wiring.parts import Connection, build
from nudges.delivery import RunState
from nudges.edits import SegmentEdit
from nudges.people import Person
from nudges.programme import Outcome, Programme, Segment
from nudges.roles import Grant, Role
from nudges.stories import Consent, StoryJudged, StoryTold
from tests import desk as desks
from tests.clock import Clock
from tests.desk import Desk, open_desk, read, settings

GO_LIVE = date(2026, 11, 9)
PROGRAMME = Programme(
    {"en": "Customer First", "nl": "Klant Centraal"},
    crm="Dynamics",
    outcomes=(Outcome({"en": "Same day", "nl": "Zelfde dag"}, "%", 10, 60, {"2027-01": 61}),),
    segments={
        "sales": Segment("sales", {"en": "Sales"}, GO_LIVE, sponsor="Marieke Vos, Director"),
        "service": Segment("service"),
    },
)
PEOPLE = (
    Person("ann", "Ann Field", zone="Europe/London", segment="sales"),
    Person("bob", "Bob van Dam", language="nl", segment="sales"),
    Person("kai", "Kai Ngata", zone="Pacific/Auckland", segment="sales"),
    Person("lou", "Lou Diaz", zone="America/Los_Angeles", segment="sales"),
    Person("eve", "Eve Moss", segment="service"),
    Person("cor", "Cor Team", segment="service", roles=frozenset({"crm_team"})),
)
HOURS = {3, 8, 9, 14, 17, 20}
"""In UTC: the night, nine o'clock in each of the zones, and an afternoon."""
ZONES = {person.id: ZoneInfo(person.zone) for person in PEOPLE}


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 2, 12, tzinfo=UTC))


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(desks, "PROGRAMME", PROGRAMME)
    monkeypatch.setattr(desks, "PEOPLE", PEOPLE)
    return await open_desk(memory, clock)


class Days:
    """Hours pass, and whatever wakes wakes; what came is noted with its local time."""

    def __init__(self, desk: Desk, wake: Callable[[], Awaitable[object]]) -> None:
        self.desk = desk
        self.wake = wake
        self.came: list[tuple[str, str, str]] = []

    async def until(self, moment: str, *, asleep: bool = False) -> None:
        end = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        if asleep:
            self.desk.clock.now = end - timedelta(hours=1)
        while self.desk.clock.now < end:
            self.desk.clock.now = min(_next(self.desk.clock.now), end)
            before = {who: len(self.desk.chat(who)) for who in ZONES}
            await self.wake()
            for who, zone in ZONES.items():
                local = self.desk.clock.now.astimezone(zone)
                new = self.desk.chat(who)[before[who] :]
                self.came += [(who, f"{local:%a %d %b %H}", s.card.title) for s in new]

    def of(self, title: str) -> list[tuple[str, str]]:
        return [(who, when) for who, when, said in self.came if said == title]


def _next(now: datetime) -> datetime:
    """Return the next hour at which somebody's day begins, or is well under way."""
    later = (now + timedelta(hours=n) for n in range(1, 25))
    return next(hour for hour in later if hour.hour in HOURS)


def other(desk: Desk) -> Desk:
    """Return a second process on the same database."""
    browser = Connection("browser", read, desk.notebook)
    return replace(desk, app=build(settings(), desk.store, [browser], desk.clock))


def one(desk: Desk) -> Days:
    return Days(desk, desk.plan)


def two(desk: Desk) -> Days:
    second = other(desk)

    async def both() -> None:
        apps = (desk.app, second.app)
        await asyncio.gather(*(app.rounds["moments"][0]() for app in apps))
        await asyncio.gather(*(app.ticker.spread() for app in apps))
        await desk.app.settle()

    return Days(desk, both)


def restarted(desk: Desk) -> Days:
    async def again() -> None:
        await other(desk).plan()

    return Days(desk, again)


WAYS = pytest.mark.parametrize("days_of", [one, two, restarted])
BEGIN = "We begin with Dynamics"
BEGIN_NL = "We beginnen met Dynamics"
WISH = "What do you wish for?"
STORY = "What went well for a colleague"
NONE = "No story is waiting"
NINETY = "Ninety days on"


async def tell(desk: Desk, who: str, text: str, consent: Consent = Consent.NAMED) -> int:
    async with desk.store.write() as work:
        await work.keep([StoryTold(text, consent, "sales")], who, desk.clock())
        number = (await work.told_by(who))[-1].number
        await work.keep([StoryJudged(number, approved=True)], "cor", desk.clock())
        return number


@WAYS
async def test_ninety_days(desk: Desk, days_of: Callable[[Desk], Days]) -> None:
    days = days_of(desk)
    await days.until("2026-11-08 12:00")
    assert days.came == [], "nothing happens before"
    await days.until("2026-11-11 12:00")
    assert sorted(days.of(BEGIN) + days.of(BEGIN_NL)) == [
        ("ann", "Mon 09 Nov 09"),
        ("bob", "Mon 09 Nov 09"),
        ("kai", "Mon 09 Nov 09"),
        ("lou", "Mon 09 Nov 09"),
    ]
    assert "Marieke Vos, Director" in desk.chat("ann")[0].text
    assert [when for who, when in days.of(WISH) if who != "bob"] == ["Tue 10 Nov 09"] * 3
    await tell(desk, "ann", "Twenty minutes <!channel> **less** a day")
    await days.until("2026-11-25 12:00")
    assert [who for who, _ in days.of(STORY)] == ["kai", "ann", "lou"]
    assert {when for _, when in days.of(STORY)} == {"Mon 23 Nov 09"}
    story = next(s for s in desk.chat("kai") if s.card.title == STORY)
    assert "Twenty minutes <!channel> **less** a day" in story.text
    assert "Ann Field" in story.text
    assert days.of("Your story is being read") == [("ann", "Tue 24 Nov 09")]
    await days.until("2027-02-20 12:00")
    assert len(days.of(BEGIN) + days.of(BEGIN_NL)) == 4, "nobody is celebrated with twice"
    assert len(days.of(STORY)) == 3
    assert days.of(NONE) == [
        ("cor", "Mon 07 Dec 09"),
        ("cor", "Mon 21 Dec 09"),
        ("cor", "Mon 04 Jan 09"),
        ("cor", "Mon 18 Jan 09"),
        ("cor", "Mon 01 Feb 09"),
    ]
    assert days.of(NINETY) == [("cor", "Mon 08 Feb 09")], "day 90 is a Sunday"
    verdict = next(s for s in desk.chat("cor") if s.card.title == NINETY)
    assert "Reached." in verdict.text
    assert "from 10 to 60%; January 2027: 61%" in verdict.text
    assert desk.chat("eve") == [], "another part of the organisation hears nothing"


async def test_after_a_long_sleep_nothing_is_made_up_for(desk: Desk) -> None:
    days = one(desk)
    await days.until("2027-02-19 12:00", asleep=True)
    assert [title for _, _, title in days.came] == [NINETY], "a verdict is still of use"
    days.came.clear()
    await days.until("2027-03-01 12:00")
    assert days.came == []


@pytest.mark.parametrize(
    ("woken", "celebrated"),
    [
        ("2026-11-10 06:00", True),
        ("2026-11-10 15:00", True),
        ("2026-11-11 15:00", True),
        ("2026-11-13 09:00", False),
    ],
)
async def test_a_day_late_is_still_the_day_and_three_are_not(
    desk: Desk,
    woken: str,
    celebrated: bool,  # noqa: FBT001 - a table
) -> None:
    days = one(desk)
    await days.until(woken, asleep=True)
    await days.until("2026-11-20 12:00")
    got = {who for who, _ in days.of(BEGIN) + days.of(BEGIN_NL)}
    if not celebrated:
        assert got == set()
        return
    assert {"ann", "bob", "lou"} <= got
    for who, when in days.of(BEGIN) + days.of(BEGIN_NL):
        latest = "Thu 12 Nov" if who == "lou" else "Wed 11 Nov"  # the eleventh is a holiday there
        assert when[:10] in {"Mon 09 Nov", "Tue 10 Nov", "Wed 11 Nov", latest}, who
        assert 9 <= int(when[-2:]) < 17, f"{who} in the middle of the night"


async def test_who_stopped_is_left_in_peace_and_who_is_away_is_not_told_late(desk: Desk) -> None:
    async with desk.store.write() as work:
        people = await work.people(["ann", "bob"])
        back = datetime(2026, 11, 30, tzinfo=UTC)
        changed = [
            replace(people["ann"], stopped=True),
            replace(people["bob"], away_until=back),
        ]
        await work.save(changed, desk.clock())
    days = one(desk)
    await days.until("2026-12-04 12:00")
    assert {who for who, _, _ in days.came if who in {"ann", "bob"}} == set()
    assert {who for who, _ in days.of(BEGIN)} == {"kai", "lou"}


async def test_a_celebration_is_a_touch_and_the_question_makes_way(desk: Desk) -> None:
    async with desk.store.write() as work:
        ann = (await work.people(["ann"]))["ann"]
        due = datetime(2026, 11, 9, 9, tzinfo=UTC)
        await work.save([replace(ann, welcomed=True, next_due=due)], desk.clock())
    days = one(desk)
    await days.until("2026-11-13 18:00")
    mine = [(when, title) for who, when, title in days.came if who == "ann"]
    assert ("Mon 09 Nov 09", BEGIN) in mine
    assert len({when[:10] for when, _ in mine}) == len(mine), "one a day at most"
    assert ("Tue 10 Nov 09", "A question for you") in mine


async def test_a_moved_day_takes_what_waits_with_it(desk: Desk) -> None:
    days = one(desk)
    await days.until("2026-11-09 07:00")
    assert [who for who, _ in days.of(BEGIN)] == ["kai"], "it is day in Auckland alone"
    sales = PROGRAMME.segments["sales"]
    async with desk.store.write() as work:
        moved = SegmentEdit("sales", sales.name, date(2026, 12, 7), sales.sponsor)
        await work.keep([moved], "cor", desk.clock())
    await days.until("2026-11-20 12:00")
    assert days.of(BEGIN_NL) == []
    assert [who for who, _ in days.of(BEGIN)] == ["kai"]
    await days.until("2026-12-08 08:00")
    assert ("ann", "Mon 07 Dec 09") in days.of(BEGIN)


async def test_a_celebration_that_was_stopped_stays_stopped(desk: Desk) -> None:
    days = one(desk)
    await days.until("2026-11-08 11:00")
    async with desk.store.write() as work:
        assert await work.switch("celebrate:sales:2026-11-09", RunState.STOPPED, desk.clock())
    await days.until("2026-11-20 12:00")
    assert days.of(BEGIN) == []


@pytest.mark.parametrize("how", ["taken back", "forgotten"])
async def test_a_story_that_is_gone_is_in_no_later_message(desk: Desk, how: str) -> None:
    await one(desk).until("2026-11-20 12:00")
    number = await tell(desk, "ann", "CANARY-77 went well")
    days = one(desk)
    await days.until("2026-11-23 03:00")
    assert [who for who, _ in days.of(STORY)] == ["kai"]
    async with desk.store.write() as work:
        if how == "taken back":
            assert await work.take_back(number, "ann")
        else:
            for statement in erasers("ann"):
                await work.connection.execute(statement)
    await days.until("2026-12-01 12:00")
    assert [who for who, _ in days.of(STORY)] == ["kai"]
    async with desk.store.read() as work:
        rows = await work.connection.exec_driver_sql("SELECT note, why FROM deliveries")
        said = [str(row) for row in rows]
    assert not any("CANARY-77" in row for row in said), "a message carries its number alone"
    assert any("the story was taken back" in row for row in said)
    again = await tell(desk, "bob", "Another one")
    assert again > number, "a number is never given out twice"


async def test_without_a_crm_team_a_request_waits_until_there_is_one(desk: Desk) -> None:
    async with desk.store.write() as work:
        await work.keep([Grant("cor", Role.CRM_TEAM, given=False)], "eve", desk.clock())
    days = one(desk)
    await days.until("2027-02-09 12:00")
    assert days.of(NINETY) == []
    async with desk.store.write() as work:
        await work.keep([Grant("eve", Role.CRM_TEAM)], "ann", desk.clock())
    await days.until("2027-02-12 12:00")
    assert [who for who, _ in days.of(NINETY)] == ["eve"]


async def test_who_tells_is_asked_to_judge_only_if_nobody_else_can(desk: Desk) -> None:
    async with desk.store.write() as work:
        await work.keep([Grant("eve", Role.CRM_TEAM)], "ann", desk.clock())
        await work.keep([StoryTold("x", Consent.NAMED, "service")], "eve", desk.clock())
    days = one(desk)
    await days.until("2026-11-03 12:00")
    assert days.of("A story to read first") == [("cor", "Mon 02 Nov 15")]
