"""What a directory told is remembered, so that the next time only the news is news."""

from dataclasses import replace

import pytest

from adapters.store.database import Store
from bot.directory import PART, news, take_in
from nudges.address import Address
from nudges.directory import Entry, Move
from tests.clock import MONDAY

ANN = Entry("ann", "Ann", team="Sales/North", homes=(Address("slack", "T1", "U1"),))
BOB = Entry("bob", "Zoë 'B' %_", job="manager", country="NL")


async def tell(store: Store, *entries: Entry) -> list[tuple[Move, str]]:
    changes, _ = await news(store, entries)
    await take_in(store, changes, MONDAY)
    return [(change.move, change.person) for change in changes]


async def test_told_once_is_known(store: Store) -> None:
    assert await tell(store, ANN, BOB) == [(Move.JOINED, "ann"), (Move.JOINED, "bob")]
    assert await tell(store, ANN, BOB) == []
    async with store.read() as work:
        assert await work.told({}) == {"ann": ANN, "bob": BOB}
        people = await work.people(["ann", "bob"])
    assert [a.key for a in people["ann"].addresses] == [("slack", "T1", "U1")]
    assert (people["bob"].roles, people["bob"].country) == ({"manager"}, "NL")


async def test_who_leaves_is_gone_until_they_return(store: Store) -> None:
    await tell(store, ANN, BOB)
    assert await tell(store, BOB) == [(Move.LEFT, "ann")]
    assert await tell(store, BOB) == []
    async with store.read() as work:
        assert await work.gone() == {"ann"}
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


@pytest.mark.parametrize("done", [0, 1, 2])
async def test_after_a_crash_it_goes_on_where_it_was(store: Store, done: int) -> None:
    entries = [Entry(f"p{n:04}", f"P {n}", manager="p0000" if n else "") for n in range(3 * PART)]
    changes, _ = await news(store, entries)
    await take_in(store, changes[: done * PART], MONDAY)
    assert len(await tell(store, *entries)) == (3 - done) * PART
    assert await tell(store, *entries) == []
    async with store.read() as work:
        assert {p.name for p in await work.everyone()} == {e.name for e in entries}
