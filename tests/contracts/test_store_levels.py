"""What the store keeps of levels: judged weeks, how far a judging is, and the switch."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from adapters.store.database import Store
from nudges.adoption import WEEK, Metric, Use
from nudges.delivery import Delivery, Priority, Settled, State
from nudges.levels import Judged, Walk
from nudges.tips import TipNote
from nudges.use_linked import Came, LevelNote, UseLinked
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, queue, settle_in

W1 = date(2026, 10, 5)
W2, W3 = W1 + WEEK, W1 + 2 * WEEK
ON = UseLinked(on=True, basis="agreed", since=date(2026, 10, 1), document="DPIA")


def judged(who: str, week: date, level: int, of: str = "x") -> Judged:
    return Judged(who, week, level, ("met", "gap", "away"), of)


async def keep(store: Store, *found: Judged) -> None:
    async with store.write() as work:
        await work.keep_judged(found, MONDAY)


async def uses(store: Store, *found: Use, at: float = 0) -> None:
    async with store.write() as work:
        await work.keep_usage(found, "csv", MONDAY + timedelta(seconds=at))


class TestJudged:
    async def test_they_come_back_each_once_the_last_of_each(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        await keep(store, judged("ann", W2, 1), judged("bob", W1, 3), judged("ann", W1, 0))
        await keep(store, judged("ann", W2, 2, "y"), judged("ann", W3, 2))
        async with store.read() as work:
            found = await work.judged_of(["ann", "bob", "eve"], W1)
            assert found == {
                "ann": [judged("ann", W1, 0), judged("ann", W2, 2, "y"), judged("ann", W3, 2)],
                "bob": [judged("bob", W1, 3)],
            }
            assert await work.judged_of([], W1) == {}
            assert await work.judged_of(["ann"], W2, W3) == {"ann": [judged("ann", W2, 2, "y")]}
            since = await work.judged_since(W2)
            assert since == [judged("ann", W2, 2, "y"), judged("ann", W3, 2)]
            assert await work.judged_since(W2, ["bob"]) == []

    async def test_the_level_as_of_a_week(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        await keep(store, judged("ann", W1, 1), judged("ann", W3, 2), judged("bob", W2, 0))
        async with store.read() as work:
            assert await work.levels_as_of(W1 - WEEK) == {}
            assert await work.levels_as_of(W1) == {"ann": 1}
            assert await work.levels_as_of(W2) == {"ann": 1, "bob": 0}
            assert await work.levels_as_of(W3, ["ann"]) == {"ann": 2}
            assert await work.levels_as_of(W3 + 30 * WEEK) == {}, "that long ago is not known"

    async def test_what_is_old_is_dropped(self, store: Store) -> None:
        await settle_in(store, "ann")
        await keep(store, judged("ann", W1, 1), judged("ann", W2, 1))
        async with store.write() as work:
            assert await work.forget_levels(W2) == 1
            assert await work.judged_since(W1) == [judged("ann", W2, 1)]

    async def test_below_the_first_level_only_where_it_may_count(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        failed = [Judged("ann", week, 0, ("failed", "failed", "failed")) for week in (W1, W3)]
        await keep(store, *failed)
        async with store.write() as work:
            assert not await work.below_compliant("ann")
            await work.keep([ON], "pia", MONDAY)
            assert await work.below_compliant("ann")
            assert not await work.below_compliant("bob")


class TestWalk:
    async def test_whoever_was_slower_does_not_go_on(self, store: Store) -> None:
        begun = Walk(W1, MONDAY)
        on = replace(begun, after="m")
        async with store.write() as work:
            assert await work.walk() is None
            assert await work.walk_on(None, begun)
            assert not await work.walk_on(None, begun)
            assert await work.walk_on(begun, on)
            assert not await work.walk_on(begun, on)
            assert await work.walk() == on
            assert await work.walk_on(on, replace(on, done=True))
            assert await work.walk_on(replace(on, done=True), Walk(W2, MONDAY))

    async def test_news_are_the_newest_week_that_is_over_and_when_it_was_told(
        self, store: Store
    ) -> None:
        await settle_in(store, "ann")
        async with store.read() as work:
            assert await work.usage_news(W3) is None
        await uses(store, Use("ann", W1, {Metric.RECORDS: 1}))
        await uses(store, Use("ann", W3, {Metric.RECORDS: 1}), at=5)
        async with store.read() as work:
            assert await work.usage_news(W2) == (W1, MONDAY + timedelta(seconds=5))
            assert await work.usage_news(W3) == (W3, MONDAY + timedelta(seconds=5))

    async def test_people_of_segments_who_are_here_by_id(self, store: Store) -> None:
        await settle_in(store, "ann", "bob", "eve", "zoe")
        async with store.write() as work:
            people = await work.people(["ann", "bob", "eve", "zoe"])
            segments = {"ann": "north", "bob": "south", "eve": "north", "zoe": "north"}
            await work.save(
                [replace(p, segment=segments[p.id], left=p.id == "zoe") for p in people.values()],
                MONDAY,
            )
            assert await work.to_judge(["north"], "", 9) == ["ann", "eve"]
            assert await work.to_judge(["north", "south"], "", 2) == ["ann", "bob"]
            assert await work.to_judge(["north", "south"], "bob", 9) == ["eve"]


async def levels_of(store: Store, *who: str) -> list[int]:
    async with store.read() as work:
        people = await work.people(who)
    return [people[one].level for one in who]


class TestSwitch:
    async def test_off_until_somebody_moves_it_and_then_with_their_word(self, store: Store) -> None:
        await settle_in(store, "pia")
        async with store.write() as work:
            assert not (await work.use_switch()).on
            await work.keep([ON], "pia", MONDAY)
            switch = await work.use_switch()
            assert (switch.word, switch.by, switch.at) == (ON, "pia", MONDAY)
            await work.keep([replace(ON, on=False)], "pia", MONDAY + WEEK)
            assert not (await work.use_switch()).on
            done = [(a.who, a.act, a.about) for a in await work.audited()]
        assert done == [("pia", "switch_off", "use-linked"), ("pia", "switch_on", "use-linked")]

    async def test_levels_are_known_for_content_while_it_is_on(self, store: Store) -> None:
        await settle_in(store, "ann", "bob", "eve")
        await keep(store, judged("ann", W1, 3), judged("ann", W2, 2), judged("bob", W1, 1))
        async with store.write() as work:
            await work.keep([ON], "pia", MONDAY)
        assert await levels_of(store, "ann", "bob", "eve") == [2, 1, 0]
        async with store.write() as work:
            await work.set_levels({"ann": 3, "eve": 1, "gone": 2})
        assert await levels_of(store, "ann", "bob", "eve") == [3, 1, 1]
        async with store.write() as work:
            await work.keep([UseLinked()], "pia", MONDAY)
        assert await levels_of(store, "ann", "bob", "eve") == [0, 0, 0]

    async def test_off_cancels_what_waits_and_nothing_else(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        note = LevelNote("reached", 1, W1.isoformat())
        await queue(
            store,
            Delivery("use:1", "ann", note, Priority.NUDGE, MONDAY + WEEK),
            Delivery("use:1", "bob", note, Priority.NUDGE, MONDAY),
            Delivery("other", "ann", TipNote("a"), Priority.NUDGE, MONDAY + WEEK),
        )
        (claimed,) = await claim(store)
        await begin(store, [claimed])
        await end(store, claimed, Settled(State.SENT, ref="m"))
        async with store.write() as work:
            assert set(await work.use_came(["ann", "bob"])) == {"bob"}
            (came,) = (await work.use_came(["bob"]))["bob"]
            assert came == Came("reached", came.at)
            await work.keep([UseLinked()], "pia", MONDAY)
            states = await work.states()
        assert states == {State.CANCELLED: 1, State.SENT: 1, State.QUEUED: 1}


async def test_own_use_is_theirs_alone_and_says_how_the_switch_stands(store: Store) -> None:
    await settle_in(store, "ann", "bob")
    await uses(
        store,
        *_weeks("ann", (W1, 1), (W2, 2), (W3, 3)),
        *_weeks("bob", (W2, 9)),
    )
    await keep(store, judged("ann", W1, 1), judged("ann", W2, 1, "y"), judged("ann", W3, 2))
    async with store.read() as work:
        found = await work.own_use(["ann", "eve"], W2)
    ann = found["ann"]
    assert ann.measured == {W1: {Metric.RECORDS: 1}, W2: {Metric.RECORDS: 2}}
    assert ann.judged == (judged("ann", W1, 1), judged("ann", W2, 1, "y"))
    assert (ann.newest, ann.level, ann.on) == (W2, 1, False)
    assert found["eve"].measured == {}
    assert set(found) == {"ann", "eve"}


def _weeks(who: str, *found: tuple[date, float]) -> Iterable[Use]:
    return [Use(who, week, {Metric.RECORDS: n}) for week, n in found]
