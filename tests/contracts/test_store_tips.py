"""What the store keeps of tips: what came, what was said, who is due, and what sinks."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta

from adapters.store.database import Store
from nudges.adkar import Answer, Element, Question
from nudges.delivery import Delivery, Priority, Settled, State
from nudges.outlook import outlook
from nudges.people import Hours, Person
from nudges.recall import Came, Said, TipSaid, What
from nudges.tips import Known, TipNote, TipQuizNote, TipsDue
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, queue, settle_in

DAY = timedelta(days=1)
FULL = Person(
    "ann",
    zone="Pacific/Auckland",
    country="DE-BY",
    hours=Hours(time(7, 45), time(15, 5), (1, 2, 6), (time(12), time(13, 15))),
    job="sales",
    segment="north",
    level=2,
    fewer=True,
    welcomed=True,
    stopped=True,
    left=True,
    away_from=datetime(2026, 11, 18, 23, 0, tzinfo=UTC),
    away_until=datetime(2026, 11, 20, 8, 0, 0, 123456, UTC),
    paused_until=datetime(2026, 12, 1, tzinfo=UTC),
    suspended=frozenset({Element.DESIRE, Element.ABILITY}),
)


async def says(store: Store, who: str, about: str, what: What, days: float = 0) -> None:
    async with store.write() as work:
        await work.keep([TipSaid(about, what)], who, MONDAY + days * DAY)


async def known(store: Store, *whose: str) -> dict[str, Known]:
    async with store.read() as work:
        return await work.tips_known(whose)


async def begins(store: Store, **first: datetime) -> int:
    async with store.write() as work:
        return await work.begin_tips(first)


async def due(store: Store, now: datetime = MONDAY, limit: int = 9) -> list[TipsDue]:
    async with store.read() as work:
        return await work.tips_due(now, limit, ["K-leads", "K-cases"])


class TestKnown:
    async def test_what_they_said_comes_back_in_order_and_is_theirs_alone(
        self, store: Store
    ) -> None:
        await settle_in(store, "ann", "bob")
        await says(store, "ann", "b", "right", 2)
        await says(store, "ann", "a", "useful", 1)
        await says(store, "ann", "a", "useful", 1)
        found = await known(store, "ann", "bob")
        one, two = MONDAY + DAY, MONDAY + 2 * DAY
        assert found["ann"].said == (Said("a", "useful", one), Said("b", "right", two))
        assert found["bob"] == Known()
        async with store.read() as work:
            assert await work.audited() == []

    async def test_what_came_is_read_from_what_was_sent(self, store: Store) -> None:
        await settle_in(store, "ann")
        await queue(
            store,
            Delivery("tips:1", "ann", TipNote("a", pushed=True), Priority.NUDGE, MONDAY),
            Delivery("reply:1", "ann", TipNote("b"), Priority.INTERACTIVE, MONDAY),
            Delivery("tips:2", "ann", TipNote("c"), Priority.NUDGE, MONDAY),
        )
        first, *_ = claimed = await claim(store)
        await begin(store, claimed)
        for one in claimed:
            state = State.REFUSED if one.delivery.occasion == "tips:2" else State.SENT
            await end(store, one, Settled(state, ref="m"), after=5)
        later = MONDAY + DAY
        quiz = TipQuizNote("a", (1, 0, 2), pushed=True)
        await queue(
            store,
            Delivery("tips:3", "ann", quiz, Priority.NUDGE, later),
            Delivery(
                "replace:1", "ann", TipNote("b", said="yes"), Priority.INTERACTIVE, later,
                "replace", first.number,
            ),
        )  # fmt: skip
        async with store.write() as work:
            await work.close([first.number], later)
        sent = MONDAY + timedelta(seconds=5)
        found = {c.tip + "?" * c.quiz: c for c in (await known(store, "ann"))["ann"].came}
        closed = first.delivery.note
        assert isinstance(closed, TipNote)
        assert found.keys() == {"a", "b", "a?"}
        assert found["a?"] == Came("a", later, quiz=True, pushed=True, sent=False)
        assert [(c.at, c.sent) for t, c in found.items() if t != "a?"] == [(sent, True)] * 2
        assert found["a"].pushed
        assert not found["b"].pushed
        assert found[closed.tip].answered == later

    async def test_what_sank_is_known_to_everyone(self, store: Store) -> None:
        await settle_in(store, "ann")
        async with store.write() as work:
            await work.sink_tips(["a", "b"])
            await work.sink_tips(["b", "c"])
        assert (await known(store, "ann"))["ann"].sunk == {"b", "c"}
        async with store.write() as work:
            assert await work.sunk_tips() == ["b", "c"]
            await work.sink_tips([])
            assert await work.sunk_tips() == []


class TestVotes:
    async def test_the_last_word_of_each_counts(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        await says(store, "ann", "a", "useful")
        await says(store, "ann", "a", "not_useful", 1)
        await says(store, "ann", "a", "right", 2)
        await says(store, "bob", "a", "not_useful")
        await says(store, "bob", "a", "useful", 1)
        await says(store, "bob", "b", "useful")
        async with store.read() as work:
            assert await work.tip_votes() == {"a": (1, 1), "b": (1, 0)}


class TestDue:
    async def test_the_longest_overdue_come_first(self, store: Store) -> None:
        await settle_in(store, "a", "b", "c", "d")
        minutes = {"a": -1, "b": -3, "c": 1, "d": -3}
        found = {who: MONDAY + timedelta(minutes=n) for who, n in minutes.items()}
        assert await begins(store, **found) == 4
        assert [one.person.id for one in await due(store)] == ["b", "d", "a"]
        assert [one.person.id for one in await due(store, limit=2)] == ["b", "d"]

    async def test_what_choosing_needs_comes_along(self, store: Store) -> None:
        async with store.write() as work:
            await work.save([replace(FULL, name="Ann", team="t", email="a@x")], MONDAY)
        await begins(store, ann=MONDAY)
        (found,) = await due(store)
        assert found == TipsDue(FULL, MONDAY)
        plain = Person("ann")
        differs = {
            f.name for f in fields(Person) if getattr(FULL, f.name) != getattr(plain, f.name)
        }
        assert len(differs) == 14, "this test has to set every field that choosing needs"

    async def test_barrier_and_areas_come_along(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        bank = {"q": Question("q", Element.DESIRE), "r": Question("r", Element.REINFORCEMENT)}
        given = [Answer("ann", "q", 4, MONDAY - DAY), Answer("ann", "r", 1, MONDAY - DAY)]
        rated = [
            Answer("ann", "K-leads", 2, MONDAY - 2 * DAY),
            Answer("ann", "K-leads", None, MONDAY - DAY, not_applicable=True),
        ]
        old = Answer("ann", "K-cases", 1, MONDAY - 61 * DAY)
        async with store.write() as work:
            await work.keep_answers([*given, *rated, old])
            await work.keep_outlooks({"ann": outlook(given, bank, MONDAY)})
        await begins(store, ann=MONDAY, bob=MONDAY)
        ann, bob = await due(store)
        assert (ann.barrier, ann.once_live) == ("none", Element.REINFORCEMENT)
        assert ann.rated == tuple(rated)
        assert (bob.barrier, bob.once_live, bob.rated) == ("unknown", "unknown", ())

    async def test_two_planners_move_someone_once(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        await begins(store, ann=MONDAY, bob=MONDAY)
        read = await due(store)
        async with store.write() as work:
            assert await work.tips_next((one, MONDAY + DAY) for one in read[:1]) == {"ann"}
        async with store.write() as work:
            assert await work.tips_next((one, MONDAY + 9 * DAY) for one in read) == {"bob"}
            assert await work.tips_next([]) == set()
        assert [one.was for one in await due(store, MONDAY + DAY)] == [MONDAY + DAY]

    async def test_new_people_are_those_who_were_welcomed(self, store: Store) -> None:
        people = [
            Person("ann", welcomed=True),
            Person("bob", welcomed=True),
            Person("cas"),
            Person("dee", welcomed=True, left=True),
        ]
        async with store.write() as work:
            await work.save(people, MONDAY)
            assert sorted(await work.without_tips(9)) == ["ann", "bob"]
            assert len(await work.without_tips(1)) == 1
        await begins(store, ann=MONDAY)
        assert await begins(store, ann=MONDAY + DAY, bob=MONDAY) == 1
        async with store.read() as work:
            assert await work.without_tips(9) == []
        assert {one.was for one in await due(store)} == {MONDAY}
