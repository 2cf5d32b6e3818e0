"""The store's deliveries are the queue: once each, in order, leased, fenced, and never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from dialogs.guide import HelloNote, HelpNote
from nudges.delivery import Claimed, Priority, Settled, Settlement, State
from nudges.follow_up import FollowUpNote
from nudges.pulse import PulseNote
from tests.clock import MONDAY
from tests.contracts.given import (
    HERE,
    LEASE,
    begin,
    claim,
    end,
    lapse,
    post,
    queue,
    send,
    settle_in,
    states,
)

SENT = Settled(State.SENT, ref="m1")
LATE = LEASE.total_seconds() + 1
PULSE = PulseNote("pulse:2026-W47", ("desire-1", "ability-1"), place=1, again=True)
TIP = FollowUpNote("desire-calm", "desire-1")


@pytest.fixture(autouse=True)
async def _people(store: Store) -> None:
    await settle_in(store, "ann", "bob", "eve")


def occasions(claimed: list[Claimed]) -> list[str]:
    return [c.delivery.occasion for c in claimed]


async def test_a_delivery_comes_back_whole_when_it_is_claimed(store: Store) -> None:
    wanted = post("pulse:2026-W47", note=PULSE, priority=Priority.PULSE, due=-5)
    (number,) = await queue(store, wanted)
    expected = Claimed(number, fence=1, attempt=1, delivery=wanted, lane="browser:demo")
    assert await claim(store) == [expected]


async def test_queued_twice_is_there_once_with_the_newest_words(store: Store) -> None:
    (first,) = await queue(store, post("a"))
    newer = post("a", note=HelloNote(), priority=Priority.NUDGE, due=-60)
    (second,) = await queue(store, newer)
    assert first == second
    (claimed,) = await claim(store)
    assert claimed.delivery == newer
    assert await states(store) == {"claimed": 1}


async def test_the_same_occasion_is_another_delivery_for_someone_else(store: Store) -> None:
    numbers = await queue(store, post("a"), post("a", "bob"), post("b"))
    assert len(set(numbers)) == 3
    assert len(await claim(store)) == 3


async def test_one_that_left_stays_as_it_was(store: Store) -> None:
    (number,) = await queue(store, post("a"))
    (claimed,) = await claim(store)
    for reached in (State.CLAIMED, State.SENDING, State.SENT):
        if reached is State.SENDING:
            assert await begin(store, [claimed]) == {number}
        if reached is State.SENT:
            await end(store, claimed, SENT)
        assert await queue(store, post("a", note=HelloNote())) == [number]
        assert await claim(store) == []
        assert await states(store) == {reached: 1}
    async with store.read() as work:
        assert (await work.messages([number]))[number].note == HelpNote()


@pytest.mark.parametrize("state", [State.GONE, State.REFUSED, State.UNKNOWN, State.SENT])
async def test_an_end_is_an_end_however_often_it_is_planned_again(
    store: Store, state: State
) -> None:
    await queue(store, post("a"))
    (claimed,) = await claim(store)
    await begin(store, [claimed])
    await end(store, claimed, Settled(state))
    await queue(store, post("a", note=HelloNote()))
    assert await claim(store, after=9999) == []
    assert await lapse(store, after=9999) == []
    assert await states(store) == {state: 1}


async def test_a_waiting_one_is_cancelled_and_one_that_left_is_not(store: Store) -> None:
    await queue(store, post("a"))
    (claimed,) = await claim(store)
    await queue(store, post("b"), post("b", "bob"))
    async with store.write() as work:
        await work.cancel([("a", "ann"), ("b", "ann"), ("unknown", "ann")], "not wanted any more")
    assert await states(store) == {"claimed": 1, "cancelled": 1, "queued": 1}
    await begin(store, [claimed])
    await end(store, claimed, SENT)
    assert [c.delivery.person for c in await claim(store)] == ["bob"]


async def test_a_cancelled_one_that_is_wanted_again_comes_back(store: Store) -> None:
    (number,) = await queue(store, post("a"))
    async with store.write() as work:
        await work.cancel([("a", "ann")], "not wanted any more")
    assert await queue(store, post("a", note=HelloNote())) == [number]
    (claimed,) = await claim(store)
    assert claimed.delivery.note == HelloNote()


async def test_the_most_urgent_comes_first_then_the_longest_due(store: Store) -> None:
    order = [
        post("urgent later", due=-1),
        post("urgent", due=-3),
        post("pulse", priority=Priority.PULSE, due=-9),
        post("broadcast", priority=Priority.BROADCAST, due=-99),
        post("nudge b", priority=Priority.NUDGE, due=-5),
        post("nudge a", priority=Priority.NUDGE, due=-5),
        post("nudge first", priority=Priority.NUDGE, due=-50),
    ]
    await queue(store, *order)
    first = occasions(await claim(store, limit=4))
    rest = occasions(await claim(store))
    assert first == ["urgent", "urgent later", "pulse", "nudge first"]
    assert rest == ["nudge b", "nudge a", "broadcast"], "of two due at once, the first queued"


async def test_nothing_is_claimed_before_it_is_due(store: Store) -> None:
    await queue(store, post("a", due=10), post("b", due=20))
    async with store.read() as work:
        assert await work.next_due(MONDAY) == MONDAY + timedelta(seconds=10)
    assert await claim(store, after=9.999999) == []
    assert occasions(await claim(store, after=10)) == ["a"]
    async with store.read() as work:
        assert await work.next_due(MONDAY) == MONDAY + timedelta(seconds=20)
        assert await work.next_due(MONDAY + timedelta(seconds=20)) is None


async def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(store: Store) -> None:
    await queue(store, post("a"))
    (claimed,) = await claim(store)
    assert await claim(store, "two") == []
    assert await lapse(store, after=LEASE.total_seconds()) == []
    assert await claim(store, "two", after=LATE) == [], "somebody has to look first"
    assert await lapse(store, after=LATE) == [], "it certainly was not sent"
    (again,) = await claim(store, "two", after=LATE)
    assert again.fence > claimed.fence


async def test_who_comes_back_late_changes_nothing(store: Store) -> None:
    await queue(store, post("a"))
    (late,) = await claim(store)
    await lapse(store, after=LATE)
    assert await begin(store, [late], after=LATE) == set(), "it waits in the queue again"
    await end(store, late, SENT)
    assert await states(store) == {"queued": 1}
    (mine,) = await claim(store, "two", after=LATE)
    assert await begin(store, [late], after=LATE) == set()
    await end(store, late, Settled(State.REFUSED))
    assert await begin(store, [mine], after=LATE) == {mine.number}
    await end(store, late, Settled(State.REFUSED))
    assert await states(store) == {"sending": 1}
    await end(store, mine, SENT)
    await end(store, late, Settled(State.REFUSED))
    await end(store, mine, Settled(State.GONE))
    assert await states(store) == {"sent": 1}


async def test_what_was_being_sent_is_handed_over_to_be_looked_for(store: Store) -> None:
    (number,) = await queue(store, post("a", note=PULSE))
    (claimed,) = await claim(store)
    await begin(store, [claimed])
    assert await lapse(store, after=LEASE.total_seconds()) == []
    (taken,) = await lapse(store, after=LATE)
    assert (taken.number, taken.state, taken.attempt) == (number, State.SENDING, 1)
    assert taken.address == HERE, "it says where to look"
    assert taken.delivery.note == PULSE
    await end(store, claimed, Settled(State.REFUSED), after=LATE)
    assert await states(store) == {"sending": 1}, "the first owner is too late"
    assert await lapse(store, after=LATE, owner="three") == [], "it is leased to the second"
    await end(store, taken, SENT, after=LATE)
    assert await states(store) == {"sent": 1}


async def test_sending_begins_a_lease_of_its_own(store: Store) -> None:
    await queue(store, post("a"))
    (claimed,) = await claim(store)
    await begin(store, [claimed], after=29)
    assert await lapse(store, after=LATE) == [], "the platform is still being called"
    assert len(await lapse(store, after=29 + LATE)) == 1


async def test_a_delivery_that_has_to_wait_comes_back_when_it_is_due(store: Store) -> None:
    await queue(store, post("a"))
    (claimed,) = await claim(store)
    await begin(store, [claimed])
    later = MONDAY + timedelta(seconds=60)
    await end(store, claimed, Settled(State.QUEUED, later, why="asked to wait"))
    assert await claim(store, after=59) == []
    (again,) = await claim(store, after=60)
    assert (again.attempt, again.delivery.due) == (2, later)


async def test_only_what_was_sent_counts_as_a_try(store: Store) -> None:
    await queue(store, post("a"))
    for second in range(1, 20):
        (claimed,) = await claim(store, after=second)
        assert claimed.attempt == 1, "it was never sent"
        soon = MONDAY + timedelta(seconds=second)
        await end(store, claimed, Settled(State.QUEUED, soon, why="still on its way"))


async def test_a_replacement_knows_the_message_it_replaces(store: Store) -> None:
    (root,) = await send(store, post("a"))
    await queue(store, post("replace", target=root))
    (claimed,) = await claim(store)
    assert (claimed.ref, claimed.root, claimed.address) == (f"m{root}", State.SENT, HERE)


async def test_a_replacement_of_what_has_not_left_says_so(store: Store) -> None:
    (root,) = await queue(store, post("a", due=60))
    await queue(store, post("replace", target=root))
    (claimed,) = await claim(store)
    assert (claimed.ref, claimed.root, claimed.address) == ("", State.QUEUED, None)


async def test_one_replacement_of_a_message_is_under_way_at_a_time(store: Store) -> None:
    (root,) = await send(store, post("a"))
    await queue(store, post("first", target=root))
    (first,) = await claim(store)
    await queue(store, post("second", target=root), post("other", "bob"))
    assert occasions(await claim(store, "two")) == ["other"]
    await begin(store, [first])
    assert await claim(store, "two") == []
    await end(store, first, SENT)
    assert occasions(await claim(store, "two")) == ["second"]


async def test_newer_words_are_never_overtaken_by_older_ones(store: Store) -> None:
    (root,) = await send(store, post("a"))
    await queue(store, post("first", target=root))
    (first,) = await claim(store)
    await begin(store, [first])
    await queue(store, post("second", target=root, note=HelloNote()))
    wait = Settled(State.QUEUED, MONDAY + timedelta(seconds=9), why="asked to wait")
    await end(store, first, wait)
    (second,) = await claim(store, after=1)
    assert second.delivery.occasion == "second"
    await begin(store, [second], after=1)
    await end(store, second, SENT, after=1)
    assert await claim(store, after=9) == []
    assert await states(store) == {"sent": 2, "cancelled": 1}


async def test_of_two_waiting_replacements_the_newer_goes(store: Store) -> None:
    (root,) = await send(store, post("a"))
    await queue(store, post("first", target=root), post("second", target=root))
    assert occasions(await claim(store)) == ["second"]
    assert await states(store) == {"sent": 1, "claimed": 1, "cancelled": 1}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer
async def test_who_claims_waits_for_no_row_that_another_is_writing(store: Store) -> None:
    (root,) = await send(store, post("a"))
    await queue(store, post("words", target=root), post("b", "bob"))
    async with store.write() as other:
        await other.close([root], MONDAY)
        assert occasions(await claim(store)) == ["b"]
    assert occasions(await claim(store)) == ["words"]


async def test_a_message_is_known_by_its_number(store: Store) -> None:
    (root,) = await send(store, post("pulse", note=PULSE, priority=Priority.PULSE))
    (newer,) = await queue(store, post("replace", target=root, note=HelloNote()))
    async with store.read() as work:
        found = await work.messages([root, newer, 999, root])
        assert await work.messages([]) == {}
    assert set(found) == {root, newer}
    posted, replaced = found[root], found[newer]
    assert (posted.delivery, posted.root, posted.person) == (root, root, "ann")
    assert (posted.note, posted.priority, posted.sent) == (PULSE, Priority.PULSE, MONDAY)
    assert (replaced.delivery, replaced.root, replaced.sent) == (newer, root, None)


async def test_the_words_that_were_sent_are_those_that_are_kept(store: Store) -> None:
    (number,) = await queue(store, post("pulse", note=PulseNote("pulse:2026-W47")))
    (claimed,) = await claim(store)
    asked = replace(claimed.delivery, note=PULSE)
    await begin(store, [replace(claimed, delivery=asked)])
    async with store.read() as work:
        assert (await work.messages([number]))[number].note == PULSE


async def test_a_message_is_closed_once(store: Store) -> None:
    one, two = await send(store, post("a", note=PULSE), post("b", note=PULSE))
    for minute in (0, 1):
        async with store.write() as work:
            await work.close([one], MONDAY + timedelta(minutes=minute))
            await work.close([], MONDAY)
    async with store.read() as work:
        found = await work.messages([one, two])
    assert (found[one].answered, found[two].answered) == (MONDAY, None)


async def test_history_is_what_matters_later_oldest_first(store: Store) -> None:
    await send(store, post("help"))
    sent = await send(
        store, post("pulse", note=PULSE, due=-50), post("tip", "bob", note=TIP, due=-40)
    )
    await queue(store, post("next", note=TIP, due=60), post("out", note=TIP, due=60))
    async with store.write() as work:
        await work.cancel([("out", "ann")], "not wanted any more")
    since = MONDAY - timedelta(seconds=50)
    async with store.read() as work:
        found = await work.history(["ann", "bob", "eve"], since - timedelta(microseconds=1))
        newer = await work.history(["ann", "bob"], since)
    assert {p: [m.note for m in of] for p, of in found.items()} == {
        "ann": [PULSE, TIP],
        "bob": [TIP],
    }
    assert found["ann"][0].delivery == sent[0]
    assert [m.note for m in newer["ann"]] == [TIP]


@pytest.mark.parametrize("note", ["{}", '{"card": "from-the-future"}', "[]", '"words"', "null"])
async def test_a_row_that_nobody_can_read_is_put_aside_and_holds_up_nobody(
    store: Store, note: str
) -> None:
    broken, whole = await queue(store, post("broken", note=PULSE), post("whole", "bob"))
    statement = update(deliveries).where(deliveries.c.id == broken)
    async with store.write() as work:
        await work.connection.exec_driver_sql(
            f"UPDATE deliveries SET note = '{note}' WHERE id = {broken}"  # noqa: S608 - our own
        )
    assert occasions(await claim(store)) == ["whole"]
    assert (await states(store))["refused"] == 1
    async with store.write() as work:
        assert await work.history(["ann", "bob"], MONDAY - LEASE) == {}
        assert set(await work.messages([broken, whole])) == {whole}
        await work.connection.execute(statement.values(state=State.SENDING, lease_until=MONDAY))
    assert await lapse(store, after=LATE) == []
    assert (await states(store))["unknown"] == 1


async def test_settling_many_touches_only_its_own(store: Store) -> None:
    await queue(store, *(post(f"a{n}") for n in range(20)))
    claimed = await claim(store)
    await begin(store, claimed)
    async with store.write() as work:
        await work.settle(
            [
                Settlement(c.number, c.fence + n % 2, Settled(State.SENT, ref=f"m{n}"))
                for n, c in enumerate(claimed)
            ],
            MONDAY,
        )
        await work.settle([], MONDAY)
    assert await states(store) == {"sent": 10, "sending": 10}
