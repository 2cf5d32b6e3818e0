"""The faults that Wayfinder has to survive, each as a short scene: who starts, and what breaks.

A scene starts houses, breaks them, and leaves; the last house, a healthy one, finishes the work.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from signal import SIGCONT, SIGSTOP, SIGTERM
from types import MappingProxyType

from bot.app import ROLES
from bot.rehearsal import bases, many, outside, seats
from bot.rehearsal.filed import Weather
from bot.rehearsal.ground import ODD
from bot.rehearsal.house import BASE, HASTY, PEOPLE, Hook, House, Outside
from bot.rehearsal.scene import AT_WORK, GLANCE, LATER, Run, Scene, StuckError

BOTH, LITE, GREAT = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)
POINTS = 200
"""About how many points a house passes while its crowd writes."""
SLEEPS = 1.4
"""Longer than a hasty lease."""
TWO_HOURS = timedelta(hours=2)
SPRING = datetime(2027, 3, 28, 0, 59, 59, 800_000, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 0, 59, 59, 800_000, tzinfo=UTC)
"""A moment before the clocks in Amsterdam change."""
LEAP = datetime(2028, 2, 28, 22, 59, 59, 800_000, tzinfo=UTC)
AFTER_LEAP = LEAP + timedelta(days=1)
"""A moment before a 29 February begins there, and before it ends."""
FIVE = 5
PADDING = 20_000
"""Blanks with each word where the disk is full, so that each needs more of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its scene, the databases it is about, and what else has to hold.

    Attributes:
        scene: what happens.
        databases: where.
        certain: on a platform that can tell what arrived, nothing may stay unknown.
        unhurried: no call before a platform wanted to be called again.
        spoils: a row may be damaged.
        days: the days it is played on.
        also: what else has to hold.

    """

    scene: Scene
    databases: tuple[str, ...] = BOTH
    certain: bool = True
    unhurried: bool = False
    spoils: tuple[str, ...] = ()
    days: tuple[datetime, ...] = (BASE,)
    also: many.Also | None = None


def _killed_at_random(run: Run) -> None:
    part = run.part()
    for n in range(run.chance.randint(1, 3)):
        child = run.start(replace(part, name=f"house{n}", ahead=n * LATER))
        run.pause(child)
        run.kill(child)
    run.finish(part, 3 * LATER)


def _killed_at_a_point(run: Run) -> None:
    part = replace(run.part(), point=run.chance.randint(1, POINTS))
    run.wait(run.start(part))
    run.finish(replace(part, point=0), LATER)


def _killed_while(hook: Hook) -> Scene:
    """Kill houses in the middle of a broadcast, while something is done with it."""

    def scene(run: Run) -> None:
        many.hand_in(run.url, run.base)
        part = replace(run.part(), hook=hook)
        for n in range(run.chance.randint(1, 3)):
            child = run.start(replace(part, name=f"house{n}", ahead=n * LATER))
            run.pause(child)
            run.kill(child)
        run.finish(part, 3 * LATER)

    return scene


def _killed_at_the_seats(run: Run) -> None:
    """Kill one of two houses at one of its points, and then both, while seats change hands."""
    seats.offer(run.url, run.base)
    part = replace(run.part(), hook=seats.move)
    odd, even = (tuple(range(n, PEOPLE, 2)) for n in range(2))
    for n in range(run.chance.randint(1, 2)):
        here = replace(part, name=f"here{n}", mine=odd, ahead=n * LATER)
        there = replace(here, name=f"there{n}", mine=even, point=run.chance.randint(1, POINTS))
        children = [run.start(here), run.start(there)]
        run.pause(children[0])
        for child in children:
            run.kill(child)
    run.finish(part, 2 * LATER)


SECOND_LOOK = 1.5


def _killed_role(role: str) -> Scene:
    """Kill one role of three processes, half of them at one of its points; the others go on."""

    def scene(run: Run) -> None:
        whole = run.part()
        parts = {r: replace(whole, name=r, roles=frozenset({r})) for r in sorted(ROLES)}
        if run.seed % 2:
            parts[role] = replace(parts[role], point=run.chance.randint(1, POINTS // 2))
        children = {r: run.start(part) for r, part in parts.items()}
        run.pause(children["web"])
        if role == "ticker":  # the others may be done before it has looked twice
            time.sleep(run.chance.uniform(0, SECOND_LOOK))
        run.kill(children.pop(role))
        if role != "web":
            run.wait(children.pop("web"))
        for child in children.values():
            os.kill(child, SIGTERM)
            run.wait(child)
        run.finish(whole, LATER)

    return scene


def _weather(weather: Weather) -> Scene:
    def scene(run: Run) -> None:
        part = replace(run.part(), weather=weather)
        run.finish(replace(part, patience=HASTY) if weather == "latency" else part)

    return scene


def _outside(mood: Outside) -> Scene:
    """Let the CRM and the search be in trouble; everything else goes on."""

    def scene(run: Run) -> None:
        run.finish(replace(run.part(), outside=mood))

    return scene


def _hooked(hook: Hook, padding: int = 0) -> Scene:
    def scene(run: Run) -> None:
        run.finish(replace(run.part(), hook=hook, lull=AT_WORK, padding=padding))

    return scene


def _locked(run: Run) -> None:
    """Hold the write lock from outside; half of the houses do not wait for it."""
    hook = _impatient if run.seed % 2 else None
    part = replace(run.part(), hook=hook, lull=AT_WORK, finishes=True)
    child = run.start(part)
    for _ in range(2):
        run.pause(child, 1 / 3)
        run.ground.hold(run.url, run.chance.uniform(0.1, 0.4))
    run.over(child)


async def _impatient(house: House) -> None:
    if house.store.lite:
        await house.store.pragma("busy_timeout = 50")


def _hung_up(run: Run) -> None:
    child = run.start(replace(run.part(), lull=AT_WORK, finishes=True))
    for _ in range(run.chance.randint(2, 5)):
        run.pause(child, 1 / 3)
        run.ground.hang_up(run.url)
    run.over(child)


async def _exhausted(house: House) -> None:
    """Use every connection there is for longer than anybody waits for one."""
    await asyncio.sleep(house.chance.uniform(0, AT_WORK / 4))
    async with AsyncExitStack() as all_of_them:
        for _ in range(20):
            try:
                work = await all_of_them.enter_async_context(house.store.read())
                await work.programme()
            except OSError:
                break
        await asyncio.sleep(2.2)


async def _full(house: House) -> None:
    """Let the disk be full for a moment: the file may not grow."""
    await asyncio.sleep(house.chance.uniform(0, AT_WORK / 2))
    await house.store.pragma(f"max_page_count = {await house.store.pages()}")
    await asyncio.sleep(0.3)
    await house.store.pragma("max_page_count = 1000000")


async def _read_only(house: House) -> None:
    """Let the disk be read-only for a moment."""
    await asyncio.sleep(house.chance.uniform(0, AT_WORK / 2))
    await house.store.pragma("query_only = ON")
    await asyncio.sleep(0.3)
    await house.store.pragma("query_only = OFF")


async def _jumps(house: House) -> None:
    """Let the clock be wrong by two hours, and then right again."""
    jump = TWO_HOURS * house.chance.choice((-1, 1))
    await asyncio.sleep(house.chance.uniform(0, AT_WORK))
    for moved in (jump, -jump):
        house.clock.ahead += moved
        await house.app.courier.look_after()
        await house.app.turns.recover()
        await house.app.ticker.plan()
        await asyncio.sleep(house.chance.uniform(0, AT_WORK))


async def _over_midnight(house: House) -> None:
    """Let an hour and a half pass in a moment, over midnight or the change of the clocks."""
    await asyncio.sleep(AT_WORK)
    for _ in range(3):
        house.clock.ahead += TWO_HOURS / 4
        await house.app.ticker.plan()


def _slept(run: Run) -> None:
    """Stop one of three for longer than a lease, at one of its points, and wake it."""
    sleeper = replace(
        run.part("sleeper"),
        point=run.chance.randint(1, POINTS),
        by=SIGSTOP,
        mine=(0, 1),
        patience=HASTY,
    )
    awake = [
        run.start(replace(sleeper, name=f"awake{n}", point=0, mine=(n,), stays=True))
        for n in range(2, PEOPLE)
    ]
    first = run.start(sleeper)
    stopped = run.folder / "sleeper.point"
    while run.ended(first) is None:
        if stopped.exists():
            time.sleep(SLEEPS)
            os.kill(first, SIGCONT)
            break
        time.sleep(GLANCE)
    run.wait(first)
    for child in awake:
        os.kill(child, SIGTERM)
        run.wait(child)
    run.finish(run.part(), LATER)


def _two_tickers(run: Run) -> None:
    """Let two whole houses plan at the same tick, each twice at once."""
    part = replace(run.part("one"), hook=_plans_twice, mine=tuple(range(0, PEOPLE, 2)))
    other = replace(part, name="two", mine=tuple(range(1, PEOPLE, 2)))
    for child in [run.start(part), run.start(other)]:
        run.wait(child)
    run.finish(replace(run.part()), LATER)


async def _plans_twice(house: House) -> None:
    plan = house.app.ticker.plan
    await asyncio.gather(plan(), plan(), return_exceptions=True)


def _repeated(run: Run) -> None:
    part = replace(run.part(), repeats=FIVE)
    child = run.start(part)
    run.pause(child)
    run.kill(child)
    run.finish(part, LATER)


def _reordered(run: Run) -> None:
    run.finish(replace(run.part(), repeats=2, shuffled=True))


def _stopped(run: Run) -> None:
    """Ask it to stop with work in flight; it ends what it began within its time."""
    child = run.start(run.part())
    run.pause(child)
    if run.ended(child) is None:
        os.kill(child, SIGTERM)
    run.over(child)
    found, _ = run.ground.found(run.url)
    left = [row.occasion for row in found.deliveries if row.owner is not None]
    if left := left + [row.key for row in found.arrivals if row.done_at is None]:
        message = f"it stopped with {left} under way"
        raise StuckError(message)
    run.finish(run.part(), LATER)


def _healthy(run: Run) -> None:
    run.finish(run.part())


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "kill.random": Fault(_killed_at_random),
        "kill.point": Fault(_killed_at_a_point),
        "kill.web": Fault(_killed_role("web")),
        "kill.ticker": Fault(_killed_role("ticker")),
        "kill.courier": Fault(_killed_role("courier")),
        "broadcast.killed": Fault(_killed_while(many.leaves), also=many.GOT_IT),
        "broadcast.recalled": Fault(_killed_while(many.recalls), also=many.GOT_IT_BACK),
        "broadcast.corrected": Fault(_killed_while(many.corrects), also=many.GOT_IT_RIGHT),
        "training.killed": Fault(_killed_at_the_seats, also=seats.seated),
        "stop.drained": Fault(_stopped),
        "platform.latency": Fault(_weather("latency"), certain=False),
        "platform.cut_before": Fault(_weather("cut_before")),
        "platform.cut_after": Fault(_weather("cut_after"), certain=False),
        "platform.garbage": Fault(_weather("garbage"), certain=False),
        "platform.refuses": Fault(_weather("refuses")),
        "platform.storm": Fault(_weather("storm"), unhurried=True),
        "outside.down": Fault(_outside("down"), also=outside.answered),
        "outside.hangs": Fault(_outside("hangs"), also=outside.answered),
        "outside.busy": Fault(_outside("busy"), also=outside.answered),
        "database.locked": Fault(_locked),
        "database.restarted": Fault(_hung_up, GREAT),
        "database.unreachable": Fault(bases.unreachable, GREAT),
        "database.crowded": Fault(bases.crowded, LITE),
        "database.exhausted": Fault(_hooked(_exhausted), GREAT),
        "disk.full": Fault(_hooked(_full, PADDING), LITE),
        "disk.readonly": Fault(_hooked(_read_only), LITE),
        "clock.jump": Fault(_hooked(_jumps)),
        "clock.dst": Fault(_hooked(_over_midnight), days=(SPRING, AUTUMN)),
        "clock.leap": Fault(_hooked(_over_midnight), days=(LEAP, AFTER_LEAP)),
        "replica.slept": Fault(_slept, certain=False),
        "ticker.double": Fault(_two_tickers),
        "inbound.repeated": Fault(_repeated),
        "inbound.reordered": Fault(_reordered),
        "schema.killed": Fault(bases.killed_migrating),
        "schema.unknown": Fault(bases.unknown_version),
        "row.corrupt": Fault(_healthy, spoils=ODD),
    }
)
"""Every fault by its name."""
