"""What the planner reads and writes: a batch at a time, nothing twice, nobody overtaken."""

import asyncio
from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from adapters.store.database import Store
from bot.ticker import Ticker
from nudges.delivery import Delivery, Priority, Settled, State
from nudges.people import Hours, Person
from nudges.pulse import PulseNote
from nudges.reminders import Asked, ReminderNote
from nudges.schedule import pulse_occasion, recent_pulses
from tests.clock import MONDAY, Clock
from tests.contracts.given import begin, claim, end, post, queue, settle_in, states

THIS, LAST = "pulse:2026-W47", "pulse:2026-W46"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FULL = Person(
    "ann",
    zone="Pacific/Auckland",
    country="DE-BY",
    hours=Hours(time(7, 45), time(15, 5), (1, 2, 6), (time(12), time(13, 15))),
    fewer=True,
    welcomed=True,
    stopped=True,
    left=True,
    away_from=datetime(2026, 11, 18, 23, 0, tzinfo=UTC),
    away_until=datetime(2026, 11, 20, 8, 0, 0, 123456, UTC),
    paused_until=datetime(2026, 12, 1, tzinfo=UTC),
    next_due=MONDAY - timedelta(microseconds=1),
)


def pulse(occasion: str = THIS, person: str = "ann", *questions: str) -> Delivery:
    return post(occasion, person, note=PulseNote(occasion, questions), priority=Priority.PULSE)


async def save(store: Store, *people: Person) -> None:
    async with store.write() as work:
        await work.save(people, MONDAY)


async def plan(store: Store, *wanted: Delivery) -> None:
    async with store.write() as work:
        await work.plan(wanted)


async def asked(store: Store, *persons: str) -> dict[str, list[Asked]]:
    async with store.read() as work:
        return await work.asked(persons, recent_pulses(MONDAY))


async def due(store: Store, at: datetime = MONDAY, limit: int = 10) -> list[Person]:
    async with store.read() as work:
        return await work.due(at, limit)


class TestWhoIsDue:
    async def test_the_longest_overdue_come_first(self, store: Store) -> None:
        moments = {"a": 0, "b": -2, "c": 1, "d": -1, "e": -2}
        people = [Person(p, next_due=MONDAY + timedelta(minutes=m)) for p, m in moments.items()]
        await save(store, *people, Person("never"))
        assert [p.id for p in await due(store)] == ["b", "e", "d", "a"]
        assert [p.id for p in await due(store, limit=2)] == ["b", "e"]

    async def test_what_planning_needs_comes_along(self, store: Store) -> None:
        plain = Person("ann")
        await save(store, replace(FULL, name="Ann", roles=frozenset({"manager"}), team="sales"))
        (found,) = await due(store)
        assert found == FULL
        differs = {
            f.name for f in fields(Person) if getattr(FULL, f.name) != getattr(plain, f.name)
        }
        assert len(differs) == 11, "this test has to set every field that planning needs"

    async def test_someone_with_the_defaults(self, store: Store) -> None:
        plain = Person("ann", next_due=MONDAY)
        await save(store, plain)
        assert await due(store) == [plain]


class TestNext:
    async def test_people_are_moved(self, store: Store) -> None:
        people = [Person(p, next_due=MONDAY) for p in "abc"]
        await save(store, *people)
        to = {"a": MONDAY + WEEK, "b": MONDAY + DAY}
        async with store.write() as work:
            ours = await work.due_next((p, to[p.id]) for p in people if p.id in to)
        assert ours == {"a", "b"}
        assert [p.id for p in await due(store)] == ["c"]
        later = await due(store, MONDAY + WEEK)
        assert {p.id: p.next_due for p in later} == {**to, "c": MONDAY}

    async def test_who_moved_meanwhile_is_left_alone(self, store: Store) -> None:
        await save(store, Person("a", next_due=MONDAY), Person("b", next_due=MONDAY))
        read = await due(store)
        await save(store, Person("a", next_due=MONDAY + DAY))
        async with store.write() as work:
            assert await work.due_next((p, MONDAY + WEEK) for p in read) == {"b"}
        found = await due(store, MONDAY + WEEK)
        assert {p.id: p.next_due for p in found} == {"a": MONDAY + DAY, "b": MONDAY + WEEK}

    async def test_nobody_is_nothing(self, store: Store) -> None:
        async with store.write() as work:
            assert await work.due_next([]) == set()
            await work.plan([])
        assert await asked(store) == {}

    @pytest.mark.parametrize("microsecond", [0, 1, 999999])
    async def test_to_the_microsecond(self, store: Store, microsecond: int) -> None:
        to = MONDAY.replace(microsecond=microsecond) + DAY
        await save(store, Person("a", next_due=MONDAY))
        async with store.write() as work:
            assert await work.due_next([(Person("a", next_due=MONDAY), to)]) == {"a"}
        async with store.read() as work:
            assert (await work.people(["a"]))["a"].next_due == to
        assert [p.id for p in await due(store, to)] == ["a"]


class TestAsked:
    async def test_how_far_each_pulse_got(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        await queue(store, replace(pulse(LAST, "ann", "A1"), due=MONDAY - WEEK))
        (old,) = await claim(store)
        await begin(store, [old])
        await end(store, old, Settled(State.SENT, ref="m"), after=5)
        async with store.write() as work:
            await work.close([old.number], MONDAY + timedelta(minutes=1))
        await queue(store, pulse(THIS, "ann"), pulse(THIS, "bob"))
        assert await asked(store, "ann", "bob", "eve") == {
            "ann": [
                Asked(
                    LAST,
                    MONDAY + timedelta(seconds=5),
                    State.SENT,
                    MONDAY + timedelta(minutes=1),
                    ("A1",),
                ),
                Asked(THIS, MONDAY, State.QUEUED),
            ],
            "bob": [Asked(THIS, MONDAY, State.QUEUED)],
        }
        assert set(await asked(store, "bob")) == {"bob"}

    @pytest.mark.parametrize("state", State)
    async def test_all_but_cancelled_ones_count(self, store: Store, state: State) -> None:
        await settle_in(store, "ann")
        (number,) = await queue(store, pulse())
        (one,) = await claim(store)
        await end(store, one, Settled(state))
        assert number == one.number
        found = (await asked(store, "ann")).get("ann", [])
        assert [a.state for a in found] == ([] if state is State.CANCELLED else [state])

    async def test_other_occasions_are_no_planned_pulses(self, store: Store) -> None:
        await settle_in(store, "ann")
        reminder = ReminderNote(THIS, ("A1",), "2026-11-23")
        await queue(
            store,
            post(f"reminder:3:{THIS}", note=reminder, priority=Priority.NUDGE),
            post("asked:1", note=PulseNote("asked:1", ("A1",))),
            pulse("pulse:2026-W01"),
        )
        assert await asked(store, "ann") == {}

    async def test_many_at_once(self, store: Store) -> None:
        ids = [f"p{n:04}" for n in range(1200)]
        await settle_in(store, *ids)
        await plan(store, *(pulse(THIS, who) for who in ids))
        found = await asked(store, *ids)
        assert list(map(len, found.values())) == [1] * len(ids)


class TestPlanning:
    async def test_what_is_planned_is_what_is_claimed(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        reminder = ReminderNote(LAST, ("A1", "D'1 \u2019 \\ \""), "2026-11-23")
        wanted = [
            pulse(THIS, "ann"),
            post(f"reminder:3:{LAST}", "bob", note=reminder, priority=Priority.NUDGE, due=-1),
        ]
        await plan(store, *wanted)
        assert [c.delivery for c in await claim(store)] == wanted

    async def test_planned_again_it_stays_as_it_is(self, store: Store) -> None:
        await settle_in(store, "ann")
        for later in range(3):
            await plan(store, post(THIS, note=PulseNote(THIS), due=later))
        assert await states(store) == {State.QUEUED: 1}
        (one,) = await claim(store)
        assert one.delivery.due == MONDAY
        await plan(store, pulse())
        assert await states(store) == {State.CLAIMED: 1}

    async def test_a_cancelled_one_is_planned_anew(self, store: Store) -> None:
        await settle_in(store, "ann")
        await plan(store, pulse())
        (one,) = await claim(store)
        await end(store, one, Settled(State.CANCELLED, why="quiet"))
        again = post(THIS, note=PulseNote(THIS), priority=Priority.PULSE, due=60)
        await plan(store, again)
        (found,) = await claim(store, after=60)
        assert found.delivery == again
        assert found.fence > one.fence


class TestTickers:
    async def test_two_on_one_tick_plan_everyone_once(self, store: Store, clock: Clock) -> None:
        ids = [f"p{n:04}" for n in range(1100)]
        await save(store, *(Person(who, welcomed=True, next_due=MONDAY) for who in ids))
        tickers = [Ticker(store, clock, lambda: None) for _ in range(3)]
        planned = await asyncio.gather(*(ticker.plan() for ticker in tickers))
        assert max(planned) > 0
        assert await states(store) == {State.QUEUED: len(ids)}
        assert await due(store) == []
        assert [await ticker.plan() for ticker in tickers] == [0, 0, 0]
        assert await states(store) == {State.QUEUED: len(ids)}

    async def test_after_a_long_sleep_each_gets_one_pulse(self, store: Store, clock: Clock) -> None:
        await save(store, *(Person(who, welcomed=True, next_due=MONDAY) for who in "abc"))
        ticker = Ticker(store, clock, lambda: None)
        assert await ticker.plan() == 3
        for one in await claim(store):
            await begin(store, [one])
            await end(store, one, Settled(State.SENT, ref="m"))
        clock.pass_(days=10 * 7)
        assert await ticker.plan() == 3
        claimed = await claim(store, after=10 * WEEK.total_seconds())
        now = pulse_occasion(Person("a"), clock())
        assert [c.delivery.occasion for c in claimed] == [now] * 3
        assert await ticker.plan() == 0
