"""The store keeps sessions and who signed up, the same on every database; a last seat goes once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from nudges.adkar import Answer
from nudges.people import Person
from nudges.training import (
    Attendance,
    Declined,
    FoundUseful,
    Session,
    SessionCancelled,
    SessionKept,
    SignedUp,
    SignupState,
    State,
    Training,
    TrainingFact,
    WasThere,
    Withdrew,
)
from tests.clock import MONDAY
from tests.contracts.given import HERE

STARTS = MONDAY + timedelta(days=9)
TITLE = {"en": "Offers", "nl": "Offertes"}
SESSION = Session("offers", TITLE, STARTS, 60, 2, "Room 1", rule="segment is sales")
PEOPLE = [
    Person(who, who.title(), segment="sales", welcomed=True)
    for who in ("ann", "bob", "cas", "dee", "eve", "fay", "gus", "hal")
]
SEAT, WAITING = SignupState.SEAT, SignupState.WAITING


async def settle_in(store: Store, session: Session = SESSION) -> int:
    async with store.write() as work:
        await work.save([replace(p, addresses=(replace(HERE, user=p.id),)) for p in PEOPLE], MONDAY)
        await work.keep([SessionKept(session)], "cor", MONDAY)
        return max(await work.trainings([0], MONDAY))


async def does(store: Store, who: str, *facts: TrainingFact, days: float = 0) -> None:
    async with store.write() as work:
        await work.keep(facts, who, MONDAY + timedelta(days=days))


async def now(store: Store, number: int) -> Training:
    async with store.read() as work:
        return (await work.trainings([number], MONDAY))[number]


async def states(store: Store, number: int) -> dict[str, SignupState]:
    return {one.person: one.state for one in (await now(store, number)).signups}


async def test_first_come_first_served_and_the_first_in_line_moves_up(store: Store) -> None:
    number = await settle_in(store)
    for who in ("ann", "bob", "cas", "dee"):
        await does(store, who, SignedUp(number), SignedUp(number))
    assert await states(store, number) == {"ann": SEAT, "bob": SEAT, "cas": WAITING, "dee": WAITING}
    found = await now(store, number)
    assert (found.state(MONDAY), found.ahead("dee")) == (State.FULL, 2)
    await does(store, "bob", Withdrew(number))
    assert await states(store, number) == {
        "ann": SEAT,
        "bob": SignupState.WITHDRAWN,
        "cas": SEAT,
        "dee": WAITING,
    }
    await does(store, "bob", SignedUp(number))
    assert [one.person for one in (await now(store, number)).waiting] == ["dee", "bob"]
    await does(store, "cor", SessionKept(replace(SESSION, seats=4), number))
    assert set((await states(store, number)).values()) == {SEAT}
    await does(store, "cor", SessionKept(replace(SESSION, seats=1), number))
    assert set((await states(store, number)).values()) == {SEAT}, "nobody loses a seat"
    assert (await now(store, number)).revision == 0


async def test_of_many_who_press_at_one_moment_as_many_get_a_seat_as_there_are(
    store: Store,
) -> None:
    number = await settle_in(store)
    await asyncio.gather(*(does(store, p.id, SignedUp(number)) for p in PEOPLE))
    got = await states(store, number)
    assert sorted(got.values()) == [SEAT] * 2 + [WAITING] * 6
    places = [one.place for one in (await now(store, number)).signups]
    assert len(set(places)) == len(PEOPLE)
    seated = [who for who, state in got.items() if state is SEAT]
    await asyncio.gather(*(does(store, who, Withdrew(number)) for who in seated))
    got = await states(store, number)
    assert sorted(got.values()) == [SEAT] * 2 + [WAITING] * 4 + [SignupState.WITHDRAWN] * 2
    line = sorted((one.place, one.state) for one in (await now(store, number)).signups)
    order = [state for _, state in line if state is not SignupState.WITHDRAWN]
    assert order == sorted(order), "those who were first have the seats"


async def test_the_last_seat_goes_once(store: Store) -> None:
    number = await settle_in(store, replace(SESSION, seats=1))
    for _ in range(5):
        await asyncio.gather(*(does(store, who, SignedUp(number)) for who in ("ann", "bob")))
        got = await states(store, number)
        assert sorted(got.values()) == [SEAT, WAITING]
        await does(store, "ann", Withdrew(number))
        await does(store, "bob", Withdrew(number))


async def test_nobody_signs_up_too_late_too_early_or_for_what_is_not_held(store: Store) -> None:
    number = await settle_in(store, replace(SESSION, open=False))
    await does(store, "ann", SignedUp(number))
    await does(store, "cor", SessionKept(SESSION, number))
    await does(store, "ann", SignedUp(number), days=9)
    await does(store, "ann", SignedUp(99), Withdrew(99), Withdrew(number))
    assert await states(store, number) == {}
    await does(store, "bob", SignedUp(number))
    await does(store, "cor", SessionCancelled(number), SessionCancelled(number))
    await does(store, "ann", SignedUp(number))
    assert await states(store, number) == {"bob": SEAT}
    async with store.read() as work:
        acts = [(a.act, a.about) for a in reversed(await work.audited()) if "training" in a.about]
    about = f"training:{number}"
    assert acts == [("plan", about), ("change", about), ("cancel", about)]


async def test_a_session_written_twice_is_one_and_a_change_is_told(store: Store) -> None:
    number = await settle_in(store)
    await does(store, "ann", SignedUp(number))
    await does(store, "cor", SessionKept(SESSION))
    async with store.read() as work:
        assert set(await work.trainings([0], MONDAY)) == {number}
        assert await work.unsettled_trainings(MONDAY) == []
    await does(store, "cor", SessionKept(replace(SESSION, title={"en": "Offers!"})))
    assert (await now(store, number)).revision == 0
    moved = replace(SESSION, starts=STARTS + timedelta(days=1))
    await does(store, "cor", SessionKept(moved))
    assert (await now(store, number)).session == moved
    async with store.read() as work:
        assert await work.unsettled_trainings(MONDAY) == [number]


async def test_who_was_there_is_said_by_the_team_or_by_oneself(store: Store) -> None:
    number = await settle_in(store, replace(SESSION, seats=3))
    for who in ("ann", "bob", "cas", "dee"):
        await does(store, who, SignedUp(number))
    await does(store, "cor", Attendance(number, frozenset({1})))
    await does(store, "ann", WasThere(number, there=True))
    assert SignupState.ATTENDED not in (await states(store, number)).values(), "it has not begun"
    await does(store, "cas", WasThere(number, there=True), FoundUseful(number, "yes"), days=10)
    await does(store, "dee", WasThere(number, there=True), days=10)
    await does(store, "ann", FoundUseful(number, "no"), days=10)
    await does(store, "cor", Attendance(number, frozenset({1, 3})), days=10)
    await does(store, "bob", WasThere(number, there=True), days=10)
    assert await states(store, number) == {
        "ann": SignupState.ATTENDED,
        "bob": SignupState.MISSED,
        "cas": SignupState.ATTENDED,
        "dee": WAITING,
    }
    useful = {one.person: one.useful for one in (await now(store, number)).signups}
    assert useful == {"ann": None, "bob": None, "cas": "yes", "dee": None}


async def test_what_somebody_sees_is_what_is_for_them(store: Store) -> None:
    number = await settle_in(store)
    given = replace(SESSION, key="given", rule="segment is service", trainer="bob")
    closed = replace(SESSION, key="closed", open=False)
    strange = replace(SESSION, key="strange", rule="nobody reads this")
    await does(store, "cor", *(SessionKept(one) for one in (given, closed, strange)))
    async with store.read() as work:
        assert await work.trainings_for("ann", MONDAY) == [number]
        assert await work.trainings_for("bob", MONDAY) == [number, number + 1]
        assert await work.trainings_for("ann", STARTS) == []
        known = (await work.trainings([number + 1], MONDAY))[number + 1]
        assert (known.by_name, known.given_by("bob"), known.given_by("ann")) == ("Bob", True, False)


async def test_a_seat_is_free_again_when_somebody_is_forgotten(store: Store) -> None:
    number = await settle_in(store, replace(SESSION, seats=1))
    for who in ("ann", "bob"):
        await does(store, who, SignedUp(number))
    async with store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
    async with store.write() as work:
        assert await work.unsettled_trainings(MONDAY) == [number]
        held = await work.hold_training(number, MONDAY)
        assert held is not None
        filled = await work.fill_seats(held, MONDAY)
    assert [(one.person, one.state) for one in filled.signups] == [("bob", SEAT)]


@pytest.mark.parametrize("reacts", [SignedUp, Declined])
async def test_who_was_looked_at_is_looked_at_again_when_they_answered(
    store: Store, reacts: type[SignedUp | Declined]
) -> None:
    number = await settle_in(store)
    async with store.write() as work:
        quiet = [Person("ida", segment="sales"), Person("joe", segment="sales", stopped=True)]
        await work.save(quiet, MONDAY)
    found = await now(store, number)
    async with store.write() as work:
        some = await work.uninvited(found, MONDAY, 3)
        assert some == ["ann", "bob", "cas"]
        await work.keep_invitations(number, {"ann": True, "bob": False, "cas": False}, MONDAY)
        assert await work.uninvited(found, MONDAY, 9) == ["dee", "eve", "fay", "gus", "hal"]
        assert await work.looked_again(number, 9) == []
        later = MONDAY + timedelta(hours=1)
        await work.keep_answers([Answer("bob", "A1", 4, later), Answer("ann", "A1", 4, later)])
        assert await work.looked_again(number, 9) == ["ann", "bob"]
        assert await work.ignored(["ann", "bob"], 99) == {"ann": 1}
    await does(store, "ann", reacts(number))
    async with store.read() as work:
        assert await work.looked_again(number, 9) == ["bob"]
        assert await work.ignored(["ann", "bob"], 99) == {}
