"""Who is new is welcomed once, when there is something to say; the first administrator is found."""

from dataclasses import replace

import pytest

from bot.newcomers import Newcomers
from nudges.people import Person
from nudges.programme import Reason, Segment
from nudges.roles import Role
from tests.clock import Clock
from tests.desk import PROGRAMME, Desk, at

WIIFM = {Reason.WIIFM: {"en": "Less searching", "nl": "Minder zoeken"}}


async def joins(desk: Desk, *people: Person) -> None:
    async with desk.store.write() as work:
        await work.save([replace(p, addresses=(at(p.id),)) for p in people], desk.clock())


async def says_why(desk: Desk) -> None:
    segments = {**PROGRAMME.segments, "new": Segment("new", reasons=WIIFM)}
    async with desk.store.write() as work:
        await work.keep_programme(replace(PROGRAMME, segments=segments))


def newcomers(desk: Desk, first: str = "") -> Newcomers:
    return Newcomers(desk.store, desk.clock, desk.app.courier.wake, first)


async def test_once_and_only_where_there_is_something_to_say(desk: Desk, clock: Clock) -> None:
    new = Person("kim", "Kim", segment="new")
    others = (
        Person("old", segment="new", welcomed=True),
        Person("off", segment="new", stopped=True),
        Person("out", segment="new", left=True),
    )
    await joins(desk, new, *others)
    looking = newcomers(desk)
    assert await looking.look() == 0
    await says_why(desk)
    assert await looking.look() == 1
    assert await looking.look() == 0
    clock.pass_(hours=24)
    await desk.app.settle()
    assert len(desk.chat("kim")) == 1
    assert not any(desk.chat(p.id) for p in others)
    assert await looking.look() == 0


async def test_who_came_by_themselves_is_not_welcomed_again(desk: Desk, clock: Clock) -> None:
    await joins(desk, Person("kim", "Kim", segment="new"))
    await says_why(desk)
    await desk.joins("kim")
    assert await newcomers(desk).look() == 0
    clock.pass_(hours=24)
    await desk.app.settle()
    assert len(desk.chat("kim")) == 1


async def test_who_comes_before_their_morning_is_welcomed_at_once_and_once(
    desk: Desk, clock: Clock
) -> None:
    await joins(desk, Person("kim", "Kim", segment="new"))
    await says_why(desk)
    clock.pass_(days=5, hours=12)  # the weekend
    assert await newcomers(desk).look() == 1
    await desk.app.settle()
    assert not desk.chat("kim")
    await desk.joins("kim")
    assert len(desk.chat("kim")) == 1
    clock.pass_(days=3)
    await desk.app.settle()
    assert len(desk.chat("kim")) == 1


@pytest.mark.parametrize("who", ["ann", "ANN@x.nl", "browser/demo/ann", "Ann Field"])
async def test_the_first_administrator_once(desk: Desk, who: str) -> None:
    async with desk.store.write() as work:
        ann = (await work.people(["ann"]))["ann"]
        await work.save([replace(ann, email="ann@x.nl")], desk.clock())
    looking = newcomers(desk, who)
    assert await looking.appoint()
    assert (await desk.person("ann")).roles == {Role.ADMIN}
    assert not await looking.appoint()
    assert not await newcomers(desk, "bob").appoint()
    assert not (await desk.person("bob")).roles
    async with desk.store.read() as work:
        assert [(a.who, a.about, a.whom) for a in await work.audited()] == [
            ("settings", "role:admin", "ann")
        ]


@pytest.mark.parametrize("who", ["", "zoe", "browser/demo/zoe", "slack/demo/ann", "a/b"])
async def test_nobody_is_guessed(desk: Desk, who: str) -> None:
    assert not await newcomers(desk, who).appoint()
