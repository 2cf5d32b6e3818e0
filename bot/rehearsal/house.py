"""A small house in a process of its own, to be broken: the real program, and a crowd that writes.

What the crowd was told, and what the platform got, stands in files that outlive the process. The
last house of a run finishes what the others began, and where nothing is left to do but wait, it
moves its clock.
"""

import asyncio
import faulthandler
import os
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import TypeAlias

from sqlalchemy import func, select

import bot.carrier
import bot.courier
import bot.finding
import bot.ticker
import bot.turns
from adapters.store.delivery_table import HELD, QUEUED, deliveries
from adapters.store.inbox import UNDONE, inbox
from adapters.store.lanes import lanes
from adapters.store.people import people
from adapters.store.runs import runs
from adapters.store.spreads import spreads
from bot import logs
from bot.app import ROLES, App, Role, ended, run
from bot.finding import Finder
from bot.patience import Patience
from bot.rehearsal import chat
from bot.rehearsal.filed import Filed, Weather, append, lines
from bot.rehearsal.moods import Moody, Outside
from bot.rehearsal.points import PointedChannel, PointedStore, Points
from bot.rehearsal.strain import Deadline
from bot.settings import Settings
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.turns import Said
from nudges.address import Address
from nudges.delivery import RunState

BASE = datetime(2026, 11, 16, 10, tzinfo=UTC)
"""A Monday morning."""
PEOPLE = 4
CANARY = "Kanarie 4711"
"""A name that stands in what people say and are called, and may stand in no log."""
WORDS = (
    "pulse",
    "4",
    "2",
    "help",
    f"where do I log a call to {CANARY}?",
    f"phone number of {CANARY}",
)
SCORES = (4, 2)
"""What each of the crowd says, two questions that are looked up outside too, and their answers."""
ASKED = (4, 5)
"""Which of these words are the questions."""
PLATFORM, ACKNOWLEDGED, STARTED, ENDED = "platform.jsonl", "acknowledged.jsonl", "started", "ended"
STEADY = Patience(
    arrival=timedelta(seconds=5),
    delivery=timedelta(seconds=5),
    call=timedelta(seconds=4),
    look=timedelta(seconds=1),
    rest=timedelta(milliseconds=50),
    drain=timedelta(seconds=10),
)
HASTY = Patience(
    arrival=timedelta(seconds=1),
    delivery=timedelta(seconds=1),
    call=timedelta(milliseconds=400),
    look=timedelta(milliseconds=200),
    rest=timedelta(milliseconds=50),
    drain=timedelta(seconds=10),
)
"""Leases of a second, where the fault is that somebody sleeps or that a call takes too long."""
PAUSE = 0.05
WITHIN = 1.0
"""Seconds until a house goes on without what is looked up outside."""
FEW = 5
GLANCE = 0.02
SOON = timedelta(hours=4)
"""What is due within this time is waited for, by moving the clock; the rest is for later."""
LONGEST = 40
"""Seconds of a quiet machine, after which a house that is not at rest never will be."""
REPEATS = 0.2
NEVER_RESTED = 3
WHERE = signal.SIGUSR1
"""Asks a house where it stands; it writes that into its log."""


@dataclass(eq=False)
class Clock:
    """Real time since the run began, on a day of its own; a fault may move it."""

    began: float
    ahead: timedelta = timedelta()
    base: datetime = BASE

    def __call__(self) -> datetime:
        """Return what time it is in the run."""
        return self.base + timedelta(seconds=time.monotonic() - self.began) + self.ahead


@dataclass(frozen=True, slots=True)
class Part:
    """One process of a run: what it is, and how it is going to break.

    Attributes:
        database: where everything is kept.
        folder: where the run's files are.
        seed: of all chance in it.
        began: when the run began, on the machine's monotonic clock.
        name: of the process, for its own files.
        ahead: how far its clock is ahead of the others.
        roles: what it does of the program.
        mine: which people of the crowd write to it.
        finishes: whether it ends when nothing is left to do; else when its crowd is heard.
        stays: whether it goes on until it is told to stop.
        tells: whether the platform can tell later what arrived.
        weather: what the platform is like.
        outside: what the CRM and the search are like.
        point: the point at which it dies, or is stopped.
        by: the signal it dies or is stopped by.
        repeats: how often each arrival is handed over.
        shuffled: whether what is repeated comes late, and in any order.
        lull: seconds that each of the crowd takes between two words, at most.
        padding: how many blanks come with each word, to fill a disk.
        patience: its waits.
        hook: what goes wrong inside it.
        base: the day it plays on.

    """

    database: str
    folder: Path
    seed: int
    began: float
    name: str = "house"
    ahead: timedelta = timedelta()
    roles: frozenset[Role] = ROLES
    mine: tuple[int, ...] = tuple(range(PEOPLE))
    finishes: bool = False
    stays: bool = False
    tells: bool = True
    weather: Weather = "fair"
    outside: Outside = "moody"
    point: int = 0
    by: signal.Signals = signal.SIGKILL
    repeats: int = 1
    shuffled: bool = False
    lull: float = 0.004
    padding: int = 0
    patience: Patience = STEADY
    hook: "Hook | None" = None
    base: datetime = BASE


@dataclass(eq=False)
class House:
    """The process, as a fault inside it sees it."""

    part: Part
    clock: Clock
    store: PointedStore
    app: App
    chance: Random
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


Hook: TypeAlias = Callable[[House], Awaitable[None]]


def fork(part: Part) -> int:
    """Start a house in a process of its own; returns its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        log = (part.folder / f"{part.name}.log").open("a", buffering=1)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        sys.stdout = sys.stderr = log
        faulthandler.register(WHERE, file=log)
        logs.start("warning")
        code = run(live(part))
    except BaseException:  # noqa: BLE001 - nothing of the parent's may run in here
        traceback.print_exc()
    finally:
        os._exit(code)


async def live(part: Part) -> int:
    """Live until killed, told to stop, or done; returns the exit code."""
    for within in ("SEARCH_WITHIN", "CRM_WITHIN"):
        setattr(bot.finding, within, WITHIN)
    for waits in (bot.carrier, bot.courier, bot.turns):
        setattr(waits, "PAUSE", PAUSE)  # noqa: B010 - a run does not wait out a second
    setattr(bot.ticker, "PART", FEW)  # noqa: B010 - a spread of a few people has parts, too
    points = Points(part.point, part.by, part.folder / f"{part.name}.point")
    clock = Clock(part.began, part.ahead, part.base)
    chance = Random(f"{part.seed}:{part.name}")  # noqa: S311 - so that a run can be repeated
    store = await PointedStore.open(part.database)
    store.points = points
    platform = Filed(part.folder / PLATFORM, clock, part.tells, part.weather, chance)
    channel = PointedChannel(platform, points)
    settings = Settings(secret=token_hex(32))  # pyright: ignore[reportArgumentType] - read by pydantic
    connections = [Connection("browser", chat.read, channel)]
    moody = Moody(chance, part.outside)
    finder = Finder(moody, moody)
    app = build(settings, store, connections, clock, part.patience, roles=part.roles, finder=finder)
    house = House(part, clock, store, app, chance)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, house.stopping.set)
    doing = [asyncio.create_task(t) for t in (_works(house), _crowd(house))]
    if part.hook is not None:
        doing.append(asyncio.ensure_future(part.hook(house)))
    (part.folder / STARTED).touch()
    done = asyncio.create_task(_done(house, doing))
    told = asyncio.create_task(_told(house))
    until = Deadline(LONGEST)
    while not until.over():
        if (await asyncio.wait([done, told], timeout=1, return_when=asyncio.FIRST_COMPLETED))[0]:
            break
    rested = house.stopping.is_set() or (done.done() and done.exception() is None)
    await ended([*doing, done, told])
    await house.app.stop()
    (part.folder / ENDED).write_text(clock().isoformat())
    return 0 if rested else NEVER_RESTED


async def _told(house: House) -> None:
    """Wait until the house is told to stop."""
    await house.stopping.wait()


async def _works(house: House) -> None:
    """Start the program, as soon as there is a database; then look around more often than it."""
    app, patience = house.app, house.part.patience
    while True:
        with suppress(OSError):
            await app.start()
            break
        await asyncio.sleep(GLANCE)
    rounds = {"ticker": app.ticker.plan, "courier": app.courier.look_after}
    rounds |= {"web": app.turns.recover}
    while True:
        for role in sorted(house.part.roles):
            await _calmly(rounds[role])
        await asyncio.sleep(patience.look.total_seconds())


async def _calmly(round_: Callable[[], Awaitable[object]]) -> None:
    """Let a round that fails wait for its next turn, as the ticker does."""
    try:
        await round_()
    except OSError:
        return
    except Exception:  # noqa: BLE001 - it stands in the run's log
        traceback.print_exc()


async def _crowd(house: House) -> None:
    """Let everybody write what they have to say, each in order, until it is acknowledged."""
    if "web" not in house.part.roles:
        return
    heard = {line["key"] for line in lines(house.part.folder / ACKNOWLEDGED)}
    await asyncio.gather(*(_writes(house, n, heard) for n in house.part.mine))


async def _writes(house: House, n: int, heard: set[str]) -> None:
    part, said = house.part, list[Arrival]()
    for place, words in enumerate(WORDS):
        arrival = says(n, place, words)
        arrival = replace(arrival, body=arrival.body + " " * part.padding)
        said.append(arrival)
        if arrival.key not in heard:
            await _until_heard(house, arrival)
            append(part.folder / ACKNOWLEDGED, {"key": arrival.key})
        again = part.repeats - 1 or int(house.chance.random() < REPEATS)
        if not part.shuffled:
            for _ in range(again):
                await _until_heard(house, arrival)
        await asyncio.sleep(house.chance.uniform(0, part.lull))
    if part.shuffled:
        late = said * part.repeats
        house.chance.shuffle(late)
        await asyncio.gather(*(_until_heard(house, one) for one in late))


async def _until_heard(house: House, arrival: Arrival) -> None:
    """Hand an arrival over, as a platform does: again, until it is acknowledged."""
    while True:
        with suppress(OSError):
            await house.app.inbox.accept(arrival)
            return
        await asyncio.sleep(GLANCE)


def at(n: int) -> Address:
    """Return where one of the crowd is; they are in two organisations' workspaces."""
    return Address("browser", f"tenant-{n % 2}", f"user-{n}")


def says(n: int, place: int, words: str) -> Arrival:
    """Return what arrives when one of the crowd writes."""
    return Arrival(f"browser:{n}-{place}", "browser", chat.write(Said(at(n), words)), at(n).sender)


async def _done(house: House, doing: list[asyncio.Task[None]]) -> None:
    """Wait until the crowd is heard, and all is answered, or even nothing is left to do."""
    part = house.part
    if part.stays or "web" not in part.roles:
        await house.stopping.wait()
    await doing[1]
    if part.hook is not None:
        await doing[2]
    leap = timedelta(seconds=1)
    while True:
        with suppress(OSError):
            async with house.store.read() as work:
                rest = (await work.connection.execute(REST)).one()
                undone, unspread, held, due, person, blocked = rest
            soon = due is not None and due <= house.clock() + SOON
            undone += unspread
            undone += person is not None and person <= house.clock()
            if not part.finishes or not (undone or held or soon):
                return
            until: datetime | None = due
            if blocked is not None and due is not None:
                until = max(due, blocked)
            if until is not None and not (undone or held) and until > house.clock():
                house.clock.ahead += max(until - house.clock(), leap)
                leap *= 2  # what waits for something else comes back again and again
                house.app.courier.wake()
        await asyncio.sleep(GLANCE)


REST = select(
    select(func.count()).select_from(inbox).where(UNDONE).scalar_subquery(),
    select(func.count())
    .select_from(spreads.join(runs, runs.c.name == spreads.c.run))
    .where(spreads.c.done_at.is_(None), runs.c.state == RunState.RUNNING)
    .scalar_subquery(),
    select(func.count()).select_from(deliveries).where(HELD).scalar_subquery(),
    select(func.min(deliveries.c.due)).where(QUEUED).scalar_subquery(),
    select(func.min(people.c.next_due)).scalar_subquery(),
    select(func.max(lanes.c.blocked_until)).scalar_subquery(),
)
"""What waits to be answered, what has to be spread, what is being sent, when something is due, when
somebody, and until when a platform wants no calls."""
