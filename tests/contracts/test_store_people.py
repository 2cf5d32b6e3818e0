"""The store keeps people as they are: every field, their addresses and their roles."""

import asyncio
from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from adapters.store.database import Store
from nudges.address import Address
from nudges.adkar import Answer, Element
from nudges.people import Hours, Motivator, Person, Recognition
from nudges.roles import Role
from tests.clock import MONDAY

TEAMS = Address("teams", "tenant-1", "aad-1", '{"conversation": {"id": "a:1"}}')
SLACK = Address("slack", "T1", "U1", "D1")
BROWSER = Address("browser", "demo", "ann")
FULL = Person(
    "ann",
    name="Änn O\u2019Field 🌻",
    email="ann@example.com",
    language="nl",
    zone="Pacific/Auckland",
    country="DE-BY",
    hours=Hours(time(7, 45), time(15, 5), (1, 2, 6), (time(12), time(13, 15))),
    team="sales/north/key accounts",
    manager="bob",
    job="sales",
    segment="sales",
    level=3,
    motivator=Motivator.CALM,
    recognition=Recognition.LEARNING_TIME,
    preferred="slack",
    fewer=True,
    welcomed=True,
    stopped=True,
    left=True,
    stranger=True,
    away_from=datetime(2026, 11, 18, 23, 0, tzinfo=UTC),
    away_until=datetime(2026, 11, 20, 8, 0, 0, 123456, UTC),
    paused_until=datetime(2026, 12, 1, tzinfo=UTC),
    suspended=frozenset({Element.DESIRE, Element.ABILITY}),
    next_due=datetime(2026, 11, 17, 7, 45, tzinfo=UTC),
    roles=frozenset({Role.MANAGER, Role.AUTHOR}),
    addresses=(TEAMS,),
)


async def kept(store: Store, person: Person, at: datetime = MONDAY) -> Person:
    """Save someone and read them back."""
    async with store.write() as work:
        await work.save([person], at)
    async with store.read() as work:
        return (await work.people([person.id]))[person.id]


async def test_every_field_comes_back(store: Store) -> None:
    plain = Person("ann")
    same = [f.name for f in fields(FULL) if getattr(FULL, f.name) == getattr(plain, f.name)]
    assert same == ["id"], "this test has to set every field to something unusual"
    assert await kept(store, FULL) == FULL


async def test_someone_new_has_the_defaults(store: Store) -> None:
    assert await kept(store, Person("ann")) == Person("ann")


@pytest.mark.parametrize("name", [f.name for f in fields(Person) if f.name != "id"])
async def test_a_changed_field_is_kept_and_can_be_emptied_again(store: Store, name: str) -> None:
    empty = Person("ann")
    assert await kept(store, empty) == empty
    changed = replace(empty, **{name: getattr(FULL, name)})
    assert await kept(store, changed) == changed
    assert await kept(store, empty) == empty


async def test_addresses_are_added_changed_and_dropped(store: Store) -> None:
    await kept(store, replace(FULL, addresses=(TEAMS,)))
    later = MONDAY + timedelta(hours=1)
    both = await kept(store, replace(FULL, addresses=(SLACK, TEAMS)), later)
    assert both.addresses == (SLACK, TEAMS)
    moved = replace(TEAMS, reference="elsewhere")
    assert (await kept(store, replace(both, addresses=(moved,)), later)).addresses == (moved,)


async def test_two_addresses_of_one_moment_always_stand_in_the_same_order(store: Store) -> None:
    both = (BROWSER, SLACK, TEAMS)
    assert (await kept(store, replace(FULL, addresses=both))).addresses == both


async def test_roles_are_granted_and_taken_back(store: Store) -> None:
    await kept(store, FULL)
    roles = frozenset({Role.ADMIN, Role.AUTHOR})
    assert (await kept(store, replace(FULL, roles=roles))).roles == roles


async def test_saving_one_leaves_the_others(store: Store) -> None:
    bob = Person("bob", roles=frozenset({Role.SPONSOR}), addresses=(SLACK,))
    await kept(store, bob)
    await kept(store, replace(FULL, addresses=(), roles=frozenset()))
    async with store.read() as work:
        assert (await work.people(["bob"]))["bob"] == bob
        assert set(await work.people(["ann", "bob", "nobody"])) == {"ann", "bob"}
        assert [p.id for p in await work.everyone()] == ["ann", "bob"]
        assert await work.people([]) == {}


async def test_nothing_is_kept_of_a_transaction_that_fails(store: Store) -> None:
    async def broken() -> None:
        async with store.write() as work:
            await work.save([FULL], MONDAY)
            await work.keep_answers([Answer("nobody", "desire-1", 4, MONDAY)])

    with pytest.raises(IntegrityError):
        await broken()
    async with store.read() as work:
        assert await work.everyone() == []


async def test_more_people_than_a_statement_can_name(memory: Store) -> None:
    many = [Person(f"p{n:05}") for n in range(33_000)]
    async with memory.write() as work:
        await work.save(many, MONDAY)
    async with memory.read() as work:
        everyone = await work.everyone()
    assert [p.id for p in everyone] == [p.id for p in many]


async def test_a_stranger_is_met_once(store: Store) -> None:
    found: list[str] = []
    for at in (MONDAY, MONDAY + timedelta(days=1)):
        async with store.write() as work:
            met = await work.meet([TEAMS, SLACK, TEAMS], at)
        assert set(met) == {TEAMS, SLACK}
        assert met[TEAMS].addresses == (TEAMS,)
        assert met[TEAMS].id != met[SLACK].id
        found.append(met[TEAMS].id)
    assert found[0] == found[1]
    async with store.read() as work:
        assert len(await work.everyone()) == 2


async def test_someone_known_is_met_as_who_they_are(store: Store) -> None:
    ann = await kept(store, FULL)
    async with store.write() as work:
        assert await work.meet([TEAMS], MONDAY) == {TEAMS: ann}


async def test_strangers_met_at_once_are_one_person_each(store: Store) -> None:
    strangers = [Address("slack", "T1", f"U{n}") for n in range(20)]

    async def meet(place: int) -> set[str]:
        order = strangers if place % 2 else strangers[::-1]
        async with store.write() as work:
            return {p.id for p in (await work.meet(order, MONDAY)).values()}

    met = await asyncio.gather(*(meet(n) for n in range(8)))
    assert len({person for some in met for person in some}) == len(strangers)
    async with store.read() as work:
        assert len(await work.everyone()) == len(strangers)


async def test_a_new_reference_is_remembered_and_none_leaves_the_old(store: Store) -> None:
    await kept(store, FULL)
    moved = replace(TEAMS, reference="moved")
    for seen in (moved, replace(TEAMS, reference="")):
        async with store.write() as work:
            await work.meet([seen], MONDAY)
        async with store.read() as work:
            assert (await work.people(["ann"]))["ann"].addresses == (moved,)


async def test_the_address_used_last_stands_first(store: Store) -> None:
    await kept(store, replace(FULL, addresses=(BROWSER, TEAMS)))
    for minute, used in enumerate((TEAMS, BROWSER, TEAMS), 1):
        async with store.write() as work:
            met = await work.meet([used], MONDAY + timedelta(minutes=minute))
        assert met[used].addresses[0] == used
        async with store.read() as work:
            assert (await work.people(["ann"]))["ann"].addresses[0] == used


async def test_two_turns_of_one_person_at_once_both_count(store: Store) -> None:
    await kept(store, FULL)
    both_in = asyncio.Barrier(2)

    async def turn(**change: object) -> None:
        if not store.lite:
            await both_in.wait()
        async with store.write() as work:
            person = (await work.meet([TEAMS], MONDAY))[TEAMS]
            await asyncio.sleep(0.02)
            await work.save([replace(person, **change)], MONDAY)

    await asyncio.gather(turn(fewer=False), turn(stopped=False))
    async with store.read() as work:
        ann = (await work.people(["ann"]))["ann"]
    assert (ann.fewer, ann.stopped) == (False, False)


@pytest.mark.parametrize("hours", [-11, 0, 1, 5.75, 13])
async def test_moments_come_back_to_the_microsecond_and_in_order(
    store: Store, hours: float
) -> None:
    zone = timezone(timedelta(hours=hours))
    first = datetime(2026, 3, 29, 1, 59, 59, 999999, zone)
    moments = [first, first + timedelta(microseconds=1), datetime(9999, 12, 30, tzinfo=zone)]
    for at in moments:
        async with store.write() as work:
            await work.save([Person("ann", next_due=at)], MONDAY)
        async with store.read() as work:
            found = (await work.people(["ann"]))["ann"].next_due
            assert found is not None
            assert found == at
            assert found.tzinfo is UTC
            assert [p.id for p in await work.due(at, 1)] == ["ann"]
            assert await work.due(at - timedelta(microseconds=1), 1) == []
    assert all(a < b for a, b in pairwise(moments))


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="zone"):
        async with store.write() as work:
            await work.save([Person("ann", next_due=datetime(2026, 11, 16))], MONDAY)  # noqa: DTZ001
