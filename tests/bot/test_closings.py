"""Closing the numbers of a week: once, when it is over, and never again otherwise."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store.database import Store, Work
from adapters.store.schema import erasers
from bot.closings import Closings
from bot.organisation import Organisation
from nudges.adkar import Answer
from nudges.adoption import Metric, Use
from nudges.delivery import Delivery, Priority, Settled, State
from nudges.group import Figure, Frozen
from nudges.levels import Judged, Walk
from nudges.outlook import outlook
from nudges.people import Person
from nudges.programme import Programme
from nudges.pulse import PulseNote
from nudges.release import TOP
from tests.clock import Clock
from tests.contracts.given import claim, end
from tests.desk import LIBRARY

W46 = date(2026, 11, 9)
WEEK = timedelta(weeks=1)
MONDAY_AT_4 = datetime(2026, 11, 16, 4, tzinfo=UTC)
HEADS = ("abe", "bea")
CROWD = tuple(f"{head}{n}" for head in HEADS for n in range(9))
ALL = (*HEADS, *CROWD)


@pytest.fixture
async def house(memory: Store, clock: Clock) -> Store:
    """Return two teams of nine, who answered a pulse of last week or did not."""
    clock.now = MONDAY_AT_4
    async with memory.write() as work:
        await work.keep_programme(Programme({"en": "x"}))
        people = [Person(who) for who in HEADS]
        await work.save(people + [Person(who, manager=who[:3]) for who in CROWD], clock())
    await answers(memory, {who: 2 if n % 2 else 5 for n, who in enumerate(ALL)})
    return memory


async def answers(house: Store, scores: Mapping[str, int], days: float = 3) -> None:
    """Let people answer about their manager, and so about Ability; that many days ago."""
    at = MONDAY_AT_4 - timedelta(days=days)
    now = max(at, MONDAY_AT_4)
    async with house.write() as work:
        given = [Answer(who, "B4", score, at) for who, score in scores.items()]
        await work.keep_answers(given)
        every = await work.answers(list(ALL), now)
        found = {w: outlook(every.get(w, ()), LIBRARY.bank, now) for w in ALL}
        await work.keep_outlooks(found)


async def uses(house: Store, week: date = W46) -> None:
    async with house.write() as work:
        await work.keep_usage(
            [
                Use(who, week, {Metric.ACTIVE_DAYS: n % 3, Metric.RECORDS: 4 + n % 5})
                for n, who in enumerate(ALL)
            ],
            "file",
            MONDAY_AT_4,
        )


def closings(house: Store, clock: Clock, floor: int = 5) -> Closings:
    return Closings(house, clock, Organisation(lambda: LIBRARY), floor)


async def weeks(house: Store) -> dict[str, date]:
    async with house.read() as work:
        return {name: last for name, (last, _) in (await work.closed_weeks()).items()}


async def figures(house: Store, unit: str = TOP) -> dict[str, tuple[Figure, ...]]:
    async with house.read() as work:
        return await work.figures(unit, ["response", "barrier", "managers", "active", "records"])


async def test_nothing_is_closed_before_the_week_is_over(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    before = await weeks(house)
    clock.now = MONDAY_AT_4 + WEEK - timedelta(seconds=1)
    assert await closings(house, clock).round() == 0
    assert await weeks(house) == before == dict.fromkeys(before, W46)
    clock.pass_(seconds=1)
    assert await closings(house, clock).round() > 0


async def test_what_is_told_follows_from_what_was_answered(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    found = await figures(house)
    (barrier,), (managers,) = found["barrier"], found["managers"]
    assert barrier.told
    assert barrier.told.shares == {"ability": 0.5, "none": 0.5}
    assert barrier.told.band == "20-49"
    assert managers.told
    assert managers.told.band == "10-19", "who reports to nobody says nothing of a manager"
    own = await figures(house, "abe")
    assert own["barrier"][0].exact or (await figures(house, "bea"))["barrier"][0].exact
    assert own["managers"][0].told is None


async def test_late_answers_change_nothing_that_was_told(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    before = {unit: await figures(house, unit) for unit in (*HEADS, TOP)}
    await answers(house, dict.fromkeys(ALL, 1), days=0)
    clock.pass_(days=2)
    await closings(house, clock).round()
    assert {unit: await figures(house, unit) for unit in (*HEADS, TOP)} == before


async def test_who_is_forgotten_changes_nothing_that_was_told(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    before = await figures(house)
    async with house.write() as work:
        for statement in erasers("abe4"):
            await work.connection.execute(statement)
    await closings(house, clock).round()
    assert await figures(house) == before


async def test_use_is_closed_once_it_was_told(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    assert "active" not in await weeks(house)
    clock.pass_(hours=2)
    async with house.write() as work:
        await work.try_usage("crm", W46, clock(), again=False, tries=0)
    await uses(house)
    assert await closings(house, clock).round() == 0, "it is still being fetched"
    async with house.write() as work:
        await work.week_told("crm", W46, [Metric.ACTIVE_DAYS], again=False)
    assert await closings(house, clock).round() == 1
    (active,) = (await figures(house))["active"]
    assert active.told
    assert active.told.shares == {"no": 0.4, "yes": 0.6}
    async with house.write() as work:
        await work.week_told("crm", W46, [Metric.RECORDS], again=False)
    assert await closings(house, clock).round() == 1
    (records,) = (await figures(house))["records"]
    assert records.told
    assert records.told.mean == 6.0


async def test_levels_are_closed_once_their_week_was_judged(house: Store, clock: Clock) -> None:
    async with house.write() as work:
        await work.walk_on(await work.walk(), Walk(W46, clock()))
    await closings(house, clock).round()
    assert "level" not in await weeks(house)
    async with house.write() as work:
        judged = [Judged(who, W46, n % 2, (), "") for n, who in enumerate(ALL)]
        await work.keep_judged(judged, clock())
        await work.walk_on(await work.walk(), Walk(W46, clock(), done=True))
    assert await closings(house, clock).round() == 1
    async with house.read() as work:
        (level,) = (await work.figures(TOP, ["level"]))["level"]
    assert level.told
    assert level.told.shares == {"0": 0.5, "1": 0.5}


async def test_only_who_was_asked_is_in_the_response(house: Store, clock: Clock) -> None:
    async with house.write() as work:
        note = PulseNote("pulse:2026-W46", ("B4",))
        asked = [
            Delivery("pulse:2026-W46", who, note, Priority.PULSE, MONDAY_AT_4 - 5 * WEEK / 7)
            for who in CROWD[:12]
        ]
        await work.queue(asked)
    for one in await claim(house):
        async with house.write() as work:
            await work.mark_sending([], clock())
        await end(house, one, Settled(State.SENT, ref="m"))
    async with house.write() as work:
        at = MONDAY_AT_4 - 4 * WEEK / 7
        said = [Answer(who, "A1", 4, at, occasion="pulse:2026-W46") for who in CROWD[:9:2]]
        await work.keep_answers(said)
        sent = await work.responded("pulse:2026-W46")
    assert len(sent) == 12
    await closings(house, clock).round()
    (response,) = (await figures(house))["response"]
    assert response.told
    assert response.told.shares == {"answered": 0.4, "silent": 0.6}
    assert response.told.band == "10-19"


async def test_after_a_long_sleep_only_the_last_week_is_closed(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    clock.pass_(days=7 * 6 + 2)
    await closings(house, clock).round()
    assert set((await weeks(house)).values()) == {W46 + 6 * WEEK}


async def test_a_barrier_is_closed_every_fourth_week(house: Store, clock: Clock) -> None:
    closed: list[date] = []
    for week in range(9):
        turned = {who: 2 if (n + week // 4) % 2 else 5 for n, who in enumerate(ALL)}
        await answers(house, turned, 3 - 7 * week)
        await closings(house, clock).round()
        closed.append((await weeks(house))["barrier"])
        clock.pass_(days=7)
    assert sorted({*closed}) == [W46, W46 + 4 * WEEK, W46 + 8 * WEEK]


async def test_where_nothing_changed_the_last_number_stands(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    (before,) = (await figures(house))["barrier"]
    clock.pass_(days=28)
    await closings(house, clock).round()
    now, told = (await figures(house))["barrier"]
    assert (now.told, now.why) == (None, "unchanged")
    assert told == before


async def test_what_told_nothing_is_tried_again_the_next_week(house: Store, clock: Clock) -> None:
    async with house.write() as work:
        await work.keep_outlooks(dict.fromkeys(ALL, ()))
    await closings(house, clock).round()
    assert (await figures(house))["barrier"][0].told is None
    await answers(house, {who: 2 if n % 2 else 5 for n, who in enumerate(ALL)})
    clock.pass_(days=7)
    await closings(house, clock).round()
    now, before = (await figures(house))["barrier"]
    assert (now.told is None, before.told) == (False, None)


async def test_barriers_wait_until_they_follow_from_all_answers(house: Store, clock: Clock) -> None:
    async with house.write() as work:
        await work.outlook_due(["abe"])
    await closings(house, clock).round()
    assert "barrier" not in await weeks(house)
    async with house.write() as work:
        await work.outlooks_done(["abe"])
    assert await closings(house, clock).round() == 1


async def test_two_tickers_close_once(house: Store, clock: Clock) -> None:
    await uses(house)
    one, two = closings(house, clock), closings(house, clock)
    done = await asyncio.gather(one.round(), two.round())
    assert sum(done) == len(await weeks(house)) > 4
    assert all(len(found) == 1 for found in (await figures(house)).values())


class Failing(Store):
    """A store that dies in the middle of writing, so many times."""

    fails = 0

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        async with super().write() as work:
            yield work
            if self.fails:
                self.fails -= 1
                message = "killed"
                raise RuntimeError(message)


async def test_killed_in_the_middle_it_goes_on_where_it_was(house: Store, clock: Clock) -> None:
    dying = Failing.__new__(Failing)
    dying.__dict__.update(house.__dict__)
    dying.fails = 1
    with pytest.raises(RuntimeError, match="killed"):
        await closings(dying, clock).round()
    assert await weeks(house) == {}
    assert await closings(house, clock).round() > 2
    assert await closings(house, clock).round() == 0


async def test_a_raised_floor_counts_from_the_next_period_on(house: Store, clock: Clock) -> None:
    await closings(house, clock).round()
    (before,) = (await figures(house, "bea"))["barrier"]
    for _ in range(4):
        clock.pass_(days=7)
        await closings(house, clock, floor=15).round()
        assert (await figures(house, "bea"))["barrier"][-1] == before


async def test_what_was_closed_is_told_to_whoever_wants_to_see_it(
    house: Store, clock: Clock
) -> None:
    seen: list[tuple[Frozen, date]] = []
    organisation = Organisation(lambda: LIBRARY)
    one = Closings(house, clock, organisation, seen=lambda f, w: seen.append((f, w)))
    assert await one.round() == len(seen)
    assert {week for _, week in seen} == {W46}


async def test_people_who_moved_are_counted_where_they_are_now(house: Store, clock: Clock) -> None:
    await uses(house)
    await closings(house, clock).round()
    async with house.write() as work:
        found = await work.people(CROWD)
        await work.save([replace(p, manager="abe") for p in found.values()], clock())
    clock.pass_(days=7)
    await uses(house, W46 + WEEK)
    await closings(house, clock).round()
    assert (await figures(house, "abe"))["active"][0].week == W46 + WEEK
    assert (await figures(house, "bea"))["active"][0].week == W46, "there is no such team any more"
