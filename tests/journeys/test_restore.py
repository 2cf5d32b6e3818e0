"""A backup brought back into a running broadcast: nothing leaves twice, nobody returns."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.store.backup import Backup, back_up, bring_back
from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.restoring import MOST_STEPS, Settled, Then, moments, settle
from bot.wiring.parts import Connection, build
from dialogs.speech import catalogue
from nudges.address import Address
from nudges.broadcast import Draft, HandedIn, Stage
from nudges.delivery import Outcome, Priority, State
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.clock import Clock
from tests.desk import Desk, Notebook, at, open_desk, read, settings
from tests.journeys.test_broadcasts import MESSAGE

PEOPLE = 24
TITLE = "Offers leave from one place"
LEFT = "p03"
"""Who asks to be forgotten after the backup was made."""


@dataclass
class Diary(Notebook):
    """A platform that does something before its n-th message."""

    at: int = 0
    does: Callable[[], None] = lambda: None
    posts: int = field(default=0)

    def __post_init__(self) -> None:
        Notebook.__init__(self)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        self.posts += 1
        if self.posts == self.at:
            await asyncio.to_thread(self.does)
        return await super().post(to, payload, mark)


@dataclass
class Company:
    """A company whose broadcast runs; a backup was made in the middle of it."""

    database: str
    file: Path
    clock: Clock
    diary: Diary
    desk: Desk
    taken: list[Backup] = field(default_factory=list[Backup])

    def back_up(self) -> None:
        self.taken.append(back_up(self.database, self.file, self.clock()))

    async def sent(self) -> dict[tuple[str, str], int]:
        """Return what we began and what arrived, by occasion and person, with its number."""
        d = deliveries.c
        async with self.desk.store.read() as work:
            rows = await work.connection.execute(
                select(d.occasion, d.person, d.id).where(
                    d.state == State.SENT, d.priority != Priority.INTERACTIVE
                )
            )
            return {(row.occasion, row.person): row.id for row in rows}

    async def lives(self, days: float) -> None:
        """Let time pass, three hours at a time."""
        for _ in range(int(days * 8)):
            self.clock.pass_(hours=3)
            await self.desk.plan()

    async def restored(self, *, settled: bool) -> Settled | None:
        """Bring the backup back, and begin again."""
        await self.desk.store.close()
        await asyncio.to_thread(bring_back, self.database, self.file)
        store = await Store.open(self.database)
        found, then = None, Then(self.clock())
        if settled:
            house = build(settings(), store, [Connection("browser", read, self.diary)], then)
            found = await settle(store, house, then, self.taken[0].taken, self.clock())
        app = build(settings(), store, [Connection("browser", read, self.diary)], self.clock)
        self.desk = Desk(app, store, self.clock, self.diary)
        return found


async def company(database: str, file: Path, clock: Clock, point: int) -> Company:
    """Let a broadcast leave; a backup is made before message ``point``, or before all of it."""
    store = await Store.open(database, create=True)
    desk = await open_desk(store, clock)
    diary = Diary(point)
    app = build(settings(), store, [Connection("browser", read, diary)], clock)
    desk = Desk(app, store, clock, diary)
    found = Company(database, file, clock, diary, desk)
    diary.does = found.back_up
    async with store.write() as work:
        await work.save([somebody(f"p{n:02}") for n in range(PEOPLE)], clock())
        grants = [Grant("eve", Role.AUTHOR), Grant("bob", Role.APPROVER)]
        await work.keep(grants, "settings", clock())
    clock.pass_(hours=2)
    async with store.write() as work:
        draft = Draft(MESSAGE, "everyone", 3, None)
        await work.keep([HandedIn(draft, Stage.RELEASED)], "eve", clock())
    if not point:
        found.back_up()
    await desk.plan()
    return found


def somebody(who: str) -> Person:
    return Person(
        who, f"Pat {who}", segment="sales", job="sales", welcomed=True, addresses=(at(who),)
    )


def twice(before: dict[tuple[str, str], int], after: dict[tuple[str, str], int]) -> list[object]:
    """Return what left before the backup was brought back, and again after it."""
    return [one for one, number in after.items() if one in before and before[one] != number]


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    ("database", "point"),
    [("sqlite", 0), ("sqlite", 1), ("sqlite", 20), ("postgresql", 9)],
    indirect=["database"],
)
async def test_nothing_leaves_twice_and_life_goes_on(
    database: str, tmp_path: Path, clock: Clock, point: int
) -> None:
    house = await company(database, tmp_path / "backup", clock, point)
    await house.lives(1.3)
    async with house.desk.store.write() as work:
        assert await work.erase(LEFT, "themselves", clock())
    before = await house.sent()
    newest = max(before.values())
    titles = Counter(seen.card.title for chat in house.diary.chats.values() for seen in chat)
    assert titles[TITLE] == PEOPLE + 3 - 1, "the broadcast reached everybody"
    settled = await house.restored(settled=True)
    assert settled is not None
    assert settled.forgotten == 1
    assert settled.unknown > 0
    await house.lives(3)
    after = await house.sent()
    assert twice(before, after) == []
    chats = {who: [seen.card.title for seen in chat] for who, chat in house.diary.chats.items()}
    often = {who for who, seen in chats.items() if seen.count(TITLE) > 1}
    assert often == set()
    fresh = {one: number for one, number in after.items() if one not in before}
    new = {number for number in fresh.values() if number > newest}
    assert len(new) > PEOPLE / 2, "people are asked again, about something else"
    assert {person for _, person in fresh} >= {"p01", "p02"}
    async with house.desk.store.read() as work:
        assert LEFT not in {person.id for person in await work.everyone()}
        log = [(one.who, one.act, one.about) for one in await work.audited(500)]
    assert log.count(("command line", "restore", "backup")) == 1
    await house.desk.store.close()


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_unsettled_it_would_leave_twice(database: str, tmp_path: Path, clock: Clock) -> None:
    house = await company(database, tmp_path / "backup", clock, 9)
    await house.lives(1.3)
    before = await house.sent()
    await house.restored(settled=False)
    await house.lives(1)
    assert twice(before, await house.sent()) or [
        who
        for who, chat in house.diary.chats.items()
        if [seen.card.title for seen in chat].count(TITLE) > 1
    ]
    await house.desk.store.close()


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_button_from_the_lost_time_names_nothing_of_today(
    database: str, tmp_path: Path, clock: Clock
) -> None:
    house = await company(database, tmp_path / "backup", clock, 1)
    await house.desk.says("p01", "settings")
    lost = house.desk.last("p01")
    await house.restored(settled=True)
    clock.pass_(seconds=5)
    for _ in range(3):
        await house.desk.says("p01", "why")
    label = next(iter(lost.buttons))
    await house.desk.taps("p01", label, lost)
    assert catalogue("en").gettext("stale.title") in house.desk.last("p01").text
    await house.desk.store.close()


def test_time_is_lived_through_in_even_steps() -> None:
    now = Clock()()
    for lost in (timedelta(), timedelta(seconds=1), timedelta(hours=5), timedelta(days=90)):
        steps = moments(now - lost, now)
        assert steps[-1] == now
        assert len(steps) <= MOST_STEPS
        assert steps == sorted(steps)
        assert all(now - lost <= step for step in steps)
