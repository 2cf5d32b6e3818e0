"""The store holds, stops, takes back and corrects broadcasts, the same on every database."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.store.database import Store, Work
from dialogs.notes import load
from nudges.audience import EVERYONE
from nudges.broadcast import Draft, HandedIn, Link, Message, Received, Stage
from nudges.broadcast_notes import BroadcastNote, ProgressNote, TakenBackNote
from nudges.delivery import Claimed, Note, RunState, Settled, State
from nudges.progress import Look, Tally
from nudges.steering import Switched, TakenBack
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, post, queue, settle_in
from tests.counts import counts

WHO = ("ann", "bob", "cor", "dee", "eve", "fay")
MESSAGE = Message({"en": "Offers"}, {"en": "One place."})
RIGHT = Message({"en": "All offers"}, {"en": "Two."}, link=Link("https://x.example", {"en": "Go"}))
DAY = date(2026, 11, 17)
LATER = timedelta(minutes=1)


async def hand_in(store: Store, draft: Draft) -> int:
    async with store.write() as work:
        await work.keep([HandedIn(draft, Stage.RELEASED)], "ann", MONDAY)
        return max(await work.broadcasts())


async def half_way(store: Store) -> tuple[int, dict[str, Claimed]]:
    """Bring a broadcast to where one has it, one failed, two are under way and two wait."""
    await settle_in(store, *WHO)
    number = await hand_in(store, Draft(MESSAGE, "everyone", 6, own_morning=False))
    run, note = f"broadcast:{number}", BroadcastNote(number)
    async with store.write() as work:
        await work.begin_spread(run, note, EVERYONE, MONDAY, own_morning=False, now=MONDAY)
        while await work.spread(MONDAY, 4):
            pass
        await work.note_begun(number)
    held = {one.delivery.person: one for one in await claim(store, limit=4)}
    ann, bob, cor, _ = held.values()
    await begin(store, [ann, bob, cor])
    await end(store, ann, Settled(State.SENT, ref="m-ann"))
    await end(store, bob, Settled(State.REFUSED, why="too large"))
    return number, held


async def keep(store: Store, *facts: Switched | TakenBack | Received, by: str = "ann") -> None:
    async with store.write() as work:
        await work.keep(facts, by, MONDAY)


async def spread(store: Store, limit: int = 2) -> int:
    parts = 0
    while True:
        async with store.write() as work:
            if not await work.spread(MONDAY, limit) + await work.cancel_stopped():
                return parts
        parts += 1


async def tally(store: Store, number: int, at: timedelta = timedelta()) -> Tally:
    async with store.read() as work:
        return (await work.tallies([number, 99], MONDAY + at))[number]


async def changes(store: Store) -> dict[str, tuple[Note, int | None, str, str]]:
    """Return what is to replace something, by person: what it says, of which, where, its run."""
    async with store.read() as work:
        rows = await work.connection.exec_driver_sql(
            "SELECT person, note, target, lane, run FROM deliveries WHERE kind = 'replace'"
        )
        found = rows.all()
    return {
        row.person: (
            load(json.loads(row.note) if isinstance(row.note, str) else row.note),
            row.target,
            row.lane,
            row.run,
        )
        for row in found
    }


async def test_it_is_held_let_go_on_and_stopped_once_each(store: Store) -> None:
    number, _ = await half_way(store)
    paused, running = Switched(number, RunState.PAUSED), Switched(number, RunState.RUNNING)
    stopped = Switched(number, RunState.STOPPED)
    await keep(store, paused, paused)
    assert (await tally(store, number)).state is RunState.PAUSED
    assert await claim(store, "two") == []
    await keep(store, running, running, stopped, stopped, running)
    assert (await tally(store, number)).state is RunState.STOPPED
    async with store.read() as work:
        done = [one.act for one in reversed(await work.audited())]
    assert done == ["hand_in", "pause", "resume", "stop"]
    await keep(store, Switched(99, RunState.PAUSED))


async def test_it_is_counted_with_what_tells_how_long_it_takes(store: Store) -> None:
    number, held = await half_way(store)
    await keep(store, Received(number))
    counted = await tally(store, number)
    assert counted == Tally(
        queued=4,
        sent=1,
        failed=1,
        acknowledged=1,
        ready=2,
        latest=MONDAY,
        state=RunState.RUNNING,
    )
    later = MONDAY + timedelta(hours=2)
    await end(store, held["cor"], Settled(State.QUEUED, due=later, why="away"))
    assert (await tally(store, number)).latest == later
    assert (await tally(store, number)).ready == 2
    assert (await tally(store, number, timedelta(hours=3))).ready == 3


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7])
async def test_taken_back_it_is_replaced_where_it_is_or_comes(store: Store, limit: int) -> None:
    number, held = await half_way(store)
    await keep(store, TakenBack(number), TakenBack(number))
    assert (await tally(store, number)).whole is False
    await spread(store, limit)
    found = await changes(store)
    assert sorted(found) == ["ann", "cor", "dee"], "who has it, and who is getting it"
    lane = "browser:demo/changes"
    assert found["cor"] == (
        TakenBackNote(number),
        held["cor"].number,
        lane,
        f"recall:{number}",
    )
    counted = await tally(store, number)
    assert (counted.queued, counted.left_out, counted.whole) == (2, 2, True)
    assert (counted.returned, counted.returning) == (0, 3)
    (first, *rest) = await claim(store, "two")
    assert (first.delivery.person, first.ref, first.delivery.touches) == ("ann", "m-ann", False)
    assert {one.root for one in rest} == {State.SENDING, State.CLAIMED}
    await begin(store, [first])
    await end(store, first, Settled(State.SENT, ref="m-ann"))
    assert (await tally(store, number)).returned == 1
    await spread(store, limit)
    assert len(await changes(store)) == 3
    async with store.read() as work:
        assert (await work.broadcasts([number]))[number].stage is Stage.RECALLED
        assert [one.act for one in await work.audited()] == ["take_back", "hand_in"]


async def test_what_was_never_released_cannot_be_taken_back(store: Store) -> None:
    await settle_in(store, "ann")
    async with store.write() as work:
        await work.keep([HandedIn(Draft(MESSAGE, "everyone", 6), Stage.WAITING)], "ann", MONDAY)
    await keep(store, TakenBack(1))
    async with store.read() as work:
        assert (await work.broadcasts([1]))[1].stage is Stage.WAITING


async def correct(store: Store, number: int) -> int:
    correction = await hand_in(store, Draft(RIGHT, "team is nobody", 6, corrects=number))
    async with store.write() as work:
        found = (await work.broadcasts([correction]))[correction]
        await work.correct(found, DAY, MONDAY)
        await work.note_begun(correction)
    return correction


@pytest.mark.parametrize("limit", [1, 3, 6])
async def test_corrected_it_is_redrawn_where_it_is_or_comes(store: Store, limit: int) -> None:
    number, held = await half_way(store)
    await keep(store, Received(number), by="ann")
    correction = await correct(store, number)
    await spread(store, limit)
    found = await changes(store)
    assert {who: one[0] for who, one in found.items()} == {
        "ann": BroadcastNote(number, got=True),
        "cor": BroadcastNote(number),
        "dee": BroadcastNote(number),
    }
    assert found["dee"][1:] == (
        held["dee"].number,
        "browser:demo/changes",
        f"broadcast:{correction}",
    )
    async with store.read() as work:
        words = (await work.broadcasts([number]))[number]
        rule = (await work.broadcasts([correction]))[correction].draft.rule
        assert [one.person for one in await work.recipients(correction)] == ["ann", "cor", "dee"]
        assert await work.arrived(number) == 1
        assert (await counts(work, correction))["queued"] == 3
    assert rule == "everyone", "whom it is for is what it corrects"
    said = words.draft.message
    assert (said.title, said.body, said.link) == (RIGHT.title, RIGHT.body, RIGHT.link)
    assert (words.corrected, words.revision, words.stage) == (DAY, 1, Stage.BEGUN)
    await keep(store, TakenBack(correction))
    assert (await tally(store, correction)).state is RunState.RUNNING, "it is no message of its own"
    await keep(store, TakenBack(number))
    assert (await tally(store, correction)).state is RunState.STOPPED


async def test_what_is_claimed_in_this_moment_is_not_forgotten(store: Store) -> None:
    """Whoever claims may have read the old words, and writes down last that it is theirs."""
    number, _ = await half_way(store)
    claiming, correcting = asyncio.Event(), asyncio.Event()

    async def claims() -> None:
        async with store.write() as work:
            at = MONDAY + timedelta(hours=1)
            run = f"broadcast:{number}"
            got = await work.claim(run, "browser:demo", "two", MONDAY, at, 1)
            assert [one.delivery.person for one in got] == ["eve"]
            claiming.set()
            if not store.lite:  # on SQLite nobody else writes meanwhile
                await correcting.wait()
                await asyncio.sleep(0.3)

    async def corrects() -> None:
        await claiming.wait()
        await correct(store, number)
        correcting.set()
        await spread(store)

    await asyncio.gather(claims(), corrects())
    assert sorted(await changes(store)) == ["ann", "cor", "dee", "eve"]


async def begin_card(work: Work, number: int) -> int:
    root = post(f"progress:{number}", note=ProgressNote(number))
    numbers = await work.queue([root])
    place = numbers[f"progress:{number}", "ann"]
    await work.begin_card(number, place, MONDAY, MONDAY + LATER)
    return place


async def test_a_card_is_looked_at_when_it_is_time_and_once(store: Store) -> None:
    await settle_in(store, "ann")
    async with store.write() as work:
        root = await begin_card(work, 7)
        await begin_card(work, 8)
    async with store.read() as work:
        assert await work.looks(MONDAY) == []
        look, other = await work.looks(MONDAY + LATER)
    assert look == Look(7, "ann", root, State.QUEUED, 0, MONDAY)
    assert other.number == 8

    async def looked(one: Look) -> bool:
        async with store.write() as work:
            at = MONDAY + LATER
            return await work.looked(one, at, again=at + LATER, left=5, pace=0.5, shown="sending:5")

    assert sorted(await asyncio.gather(looked(look), looked(look))) == [False, True]
    async with store.read() as work:
        (again,) = [one for one in await work.looks(MONDAY + 2 * LATER) if one.number == 7]
    assert again == replace(look, looks=1, at=MONDAY + LATER, left=5, shown="sending:5")
    assert (await tally(store, 7)).pace == pytest.approx(0.5)
    asks = post("replace:1", note=ProgressNote(7, "stop"), target=root, due=60)
    await queue(store, asks)
    async with store.read() as work:
        asking = {one.number: one.asks for one in await work.looks(MONDAY + 2 * LATER)}
    assert asking == {7: True, 8: False}
    await queue(store, post("replace:2", note=ProgressNote(7), target=root, due=61))
    async with store.read() as work:
        assert not any(one.asks for one in await work.looks(MONDAY + 2 * LATER))
