"""What a directory told is remembered, so that the next time only the news is news."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from bot.directory import PART, farewell, news, release, take_in
from nudges.address import Address
from nudges.adkar import Answer
from nudges.delivery import Delivery, Priority
from nudges.directory import Entry, Move, Source
from nudges.follow_up import FollowUpNote
from nudges.people import Motivator
from tests.clock import MONDAY

ANN = Entry("ann", "Ann", team="Sales/North", homes=(Address("slack", "T1", "U1"),))
BOB = Entry("bob", "Zoë 'B' %_", job="manager", country="NL")


async def tell(store: Store, *entries: Entry, source: Source = "table") -> list[tuple[Move, str]]:
    changes, _ = await news(store, entries, source)
    await take_in(store, changes, MONDAY)
    return [(change.move, change.person) for change in changes]


async def test_told_once_is_known(store: Store) -> None:
    assert await tell(store, ANN, BOB) == [(Move.JOINED, "ann"), (Move.JOINED, "bob")]
    assert await tell(store, ANN, BOB) == []
    async with store.read() as work:
        assert {t.own: t.entry for t in await work.tellings({})} == {"ann": ANN, "bob": BOB}
        people = await work.people(["ann", "bob"])
    assert [a.key for a in people["ann"].addresses] == [("slack", "T1", "U1")]
    assert (people["bob"].roles, people["bob"].country) == ({"manager"}, "NL")


async def test_each_directory_is_remembered_by_itself(store: Store) -> None:
    ann = replace(ANN, email="ann@x.example")
    there = Address("teams", "T9", "o1")
    seen = Entry("o1", "Annie", "Ann@x.example", homes=(there,), assumed=("language", "zone"))
    assert await tell(store, ann, BOB) == [(Move.JOINED, "ann"), (Move.JOINED, "bob")]
    assert await tell(store, seen, source="graph") == [(Move.CHANGED, "ann")]
    for _ in range(2):
        assert await tell(store, seen, source="graph") == []
        assert await tell(store, ann, BOB) == []
    async with store.read() as work:
        known = await work.tellings({})
        people = await work.people(["ann", "bob"])
        whose = await work.strangers([there])
    assert {(t.source, t.own, t.entry.id, t.entry.assumed) for t in known} == {
        ("table", "ann", "ann", ()),
        ("table", "bob", "bob", ()),
        ("graph", "o1", "ann", ("language", "zone")),
    }
    assert (people["ann"].name, {a.platform for a in people["ann"].addresses}) == (
        "Ann",
        {"slack", "teams"},
    )
    assert whose == {}
    # A word that shows nowhere is remembered, and silence of one is not the silence of all.
    other = Entry("o9", "Eve")
    await tell(store, replace(seen, name="Anna"), other, source="graph")
    await tell(store, other, source="graph")
    async with store.read() as work:
        people = await work.people(["ann"])
        graph = {t.own: t for t in await work.tellings({}) if t.source == "graph"}
    assert (people["ann"].left, len(people["ann"].addresses)) == (False, 1)
    assert (graph["o1"].gone, graph["o1"].entry.name) == (True, "Anna")
    changes, _ = await farewell(store, "graph")
    await release(store, "graph", changes, MONDAY)
    async with store.read() as work:
        assert {(t.source, t.own, t.gone) for t in await work.tellings({})} == {
            ("table", "ann", False),
            ("table", "bob", False),
            ("graph", "o9", True),
        }
        assert (await work.people(["o9"]))["o9"].left


async def test_who_leaves_is_gone_until_they_return(store: Store) -> None:
    await tell(store, ANN, BOB)
    assert await tell(store, BOB) == [(Move.LEFT, "ann")]
    assert await tell(store, BOB) == []
    async with store.read() as work:
        assert [t.own for t in await work.tellings({}) if t.gone] == ["ann"]
        assert (await work.people(["ann"]))["ann"].left
    assert await tell(store, BOB, ANN) == [(Move.RETURNED, "ann")]
    async with store.read() as work:
        assert not (await work.people(["ann"]))["ann"].left


async def test_what_someone_chose_stays_when_the_table_comes_again(store: Store) -> None:
    await tell(store, ANN)
    async with store.write() as work:
        ann = (await work.people(["ann"]))["ann"]
        await work.save([replace(ann, language="nl")], MONDAY)
    await tell(store, replace(ANN, team="Service"))
    async with store.read() as work:
        ann = (await work.people(["ann"]))["ann"]
    assert (ann.language, ann.team) == ("nl", "Service")


async def test_people_a_directory_never_told_of_are_none_of_its_business(store: Store) -> None:
    async with store.write() as work:
        await work.meet([Address("slack", "T1", "U7")], MONDAY)
    assert await tell(store, ANN) == [(Move.JOINED, "ann")]
    async with store.read() as work:
        assert not any(person.left for person in await work.everyone())


async def test_who_came_by_themselves_is_the_one_a_directory_tells_of_later(store: Store) -> None:
    slack, teams = Address("slack", "T1", "U1", "D1"), Address("teams", "T9", "a1", "conversation")
    async with store.write() as work:
        met = await work.meet([slack, teams, Address("slack", "T1", "U2")], MONDAY)
        first, second = met[slack], met[teams]
        chosen = replace(first, welcomed=True, language="nl", motivator=Motivator.CALM)
        await work.save([chosen, replace(second, stopped=True)], MONDAY)
        await work.keep_answers([Answer(first.id, "A1", 4, MONDAY, occasion="pulse:1")])
        await work.keep_answers([Answer(second.id, "A2", 2, MONDAY, occasion="pulse:1")])
        for stranger in (first, second):
            note = FollowUpNote("awareness-calm", "A1")
            await work.queue([Delivery("same", stranger.id, note, Priority.NUDGE, MONDAY)])
    homes = (Address("slack", "T1", "U1"), Address("teams", "T9", "a1"))
    assert await tell(store, replace(ANN, homes=homes)) == [(Move.JOINED, "ann")]
    async with store.write() as work:
        met = await work.meet([slack, teams], MONDAY)
        assert {person.id for person in met.values()} == {"ann"}
        ann = met[slack]
        assert (ann.language, ann.motivator, ann.stopped) == ("nl", Motivator.CALM, True)
        assert {a.reference for a in ann.addresses} == {"D1", "conversation"}
        given = await work.answers(["ann"], MONDAY - timedelta(days=1))
        assert {a.question for a in given["ann"]} == {"A1", "A2"}
        assert await work.states() == {"queued": 1}
        assert {p.id for p in await work.everyone()} - {"ann"} == {
            met.id for met in (await work.meet([Address("slack", "T1", "U2")], MONDAY)).values()
        }


async def test_addresses_change_hands_whoever_is_written_first(store: Store) -> None:
    one, two = Address("slack", "T1", "U1"), Address("slack", "T1", "U2")
    between = [Entry(f"b{n:04}") for n in range(PART)]
    await tell(store, replace(ANN, homes=(one,)), *between, replace(BOB, homes=(two,)))
    others = [replace(entry, name="moved") for entry in between]
    await tell(store, replace(ANN, homes=(two,)), *others, replace(BOB, homes=(one,)))
    async with store.read() as work:
        people = await work.people(["ann", "bob"])
    assert {k: [a.key for a in p.addresses] for k, p in people.items()} == {
        "ann": [two.key],
        "bob": [one.key],
    }


@pytest.mark.parametrize("done", [0, 1, 2])
async def test_after_a_crash_it_goes_on_where_it_was(store: Store, done: int) -> None:
    entries = [Entry(f"p{n:04}", f"P {n}", manager="p0000" if n else "") for n in range(3 * PART)]
    changes, _ = await news(store, entries)
    await take_in(store, changes[: done * PART], MONDAY)
    assert len(await tell(store, *entries)) == (3 - done) * PART
    assert await tell(store, *entries) == []
    async with store.read() as work:
        assert {p.name for p in await work.everyone()} == {e.name for e in entries}
