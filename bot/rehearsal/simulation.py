"""A whole programme, played: the real program, made-up people, and a clock that jumps.

Nothing waits. The clock goes to the next moment at which somebody does something or something is
due; all that falls within a few minutes happens together, as the answers of an office do.
"""

import asyncio
import heapq
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select

from adapters.content.files import load_library
from adapters.store.database import Store, UnusableError, Work
from adapters.store.delivery_table import QUEUED, deliveries
from adapters.store.people import people
from bot.app import App
from bot.closings import Closings, keyed
from bot.organisation import Organisation
from bot.rehearsal import chat
from bot.rehearsal.actor import Actor, Plan
from bot.rehearsal.cast import START, Cast, Player, cast
from bot.rehearsal.checker import (
    INVARIANTS,
    Kept,
    Posted,
    Witness,
    kept,
    lost,
    troubles,
    unknown,
)
from bot.rehearsal.manners import Touch, a_week, breaches, touched
from bot.rehearsal.organisation import Move, led, moves, uses
from bot.rehearsal.published import Published
from bot.rehearsal.stage import Stage
from bot.rehearsal.truth import truths
from bot.settings import Settings
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.turns import Joined, Left
from nudges.address import Address, Platform
from nudges.adkar import Bank
from nudges.delivery import Priority
from nudges.group import OVER, week_over

GRAIN = timedelta(minutes=30)
"""What falls within this time happens together."""
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
MORNINGS = timedelta(hours=40)
"""So long after a week was closed it is somebody's first morning of the next one."""
REPEATED = 0.05
"""How many arrivals a platform hands over again, though they were acknowledged."""
PLATFORMS: tuple[tuple[Platform, bool], ...] = (("slack", True), ("teams", False))
NEXT = select(
    select(func.min(people.c.next_due)).scalar_subquery(),
    select(func.min(deliveries.c.due)).where(QUEUED).scalar_subquery(),
)
"""When somebody is next, and when something is due next."""
EXAMPLES = 3
KILO = 1024


class Clock:
    """The play's time."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return what time it is in the play."""
        return self.now


@dataclass(frozen=True, slots=True)
class Play:
    """What is to be played."""

    people: int
    weeks: int
    seed: int
    platform_faults: bool = False

    @property
    def end(self) -> datetime:
        """Return when the play is over."""
        return START + WEEK * self.weeks


@dataclass(eq=False)
class World:
    """Everything outside the program: people, platforms, and what they remember."""

    play: Play
    cast: Cast
    clock: Clock
    chance: random.Random
    actors: dict[str, Actor] = field(default_factory=dict[str, Actor])
    stages: dict[Platform, Stage] = field(default_factory=dict[Platform, Stage])
    touches: list[Touch] = field(default_factory=list[Touch])
    acknowledged: set[str] = field(default_factory=set[str])
    arrivals: int = 0
    wrong: list[str] = field(default_factory=list[str])
    _plans: list[tuple[datetime, int, str, Plan]] = field(
        default_factory=list[tuple[datetime, int, str, Plan]]
    )
    _numbers: "count[int]" = field(default_factory=count)
    _users: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        seed = self.play.seed if self.play.platform_faults else None
        for platform, tells in PLATFORMS:
            self.stages[platform] = Stage(self.clock, tells, self.sees, seed)
        for name, player in self.cast.players.items():
            dice = random.Random(f"{self.play.seed}:{name}:plays")  # noqa: S311 - repeatable
            self.actors[name] = Actor(player, dice, player.person.hours)
            self._users |= {a.user: name for a in player.person.addresses}
            if player.joins < self.play.end:
                self.plan(name, Plan(player.joins, does="join"))

    def plan(self, who: str, plan: Plan | None) -> None:
        """Remember what somebody is going to do."""
        if plan and plan.at < self.play.end:
            heapq.heappush(self._plans, (plan.at, next(self._numbers), who, plan))

    def next_plan(self) -> datetime | None:
        """Return when somebody does something next."""
        return self._plans[0][0] if self._plans else None

    def sees(self, to: Address, ref: str, payload: str, mark: str) -> None:
        """Let somebody see a card that came, or became another."""
        now = self.clock()
        actor = self.actors[self._users[to.user]]
        if mark:
            self.touches.append(touched(actor, to.user, mark, now))
        self.plan(actor.player.person.id, actor.sees(ref, chat.see(payload), now))

    def week(self) -> None:
        """Let a week begin: for everybody who is there, something may come up by itself."""
        for name, actor in self.actors.items():
            if actor.player.joins <= self.clock() and not actor.gone:
                for plan in actor.week(self.clock()):
                    self.plan(name, plan)

    def leaves(self, who: str) -> None:
        """Let somebody leave the organisation: nobody hears of them any more."""
        self.actors[who].gone = self.actors[who].departed = True

    def happens(self) -> list[Arrival]:
        """Let people do what they planned until now, one thing each; returns what arrives."""
        now = self.clock()
        found: list[Arrival] = []
        busy: set[str] = set()
        later: list[tuple[str, Plan]] = []
        while self._plans and self._plans[0][0] <= now:
            _, _, who, plan = heapq.heappop(self._plans)
            if who in busy:
                later.append((who, replace(plan, at=now + GRAIN)))
            elif arrival := self._does(who, plan, now):
                busy.add(who)
                found.append(arrival)
        for who, plan in later:
            self.plan(who, plan)
        return found

    def _does(self, who: str, plan: Plan, now: datetime) -> Arrival | None:
        actor = self.actors[who]
        turn = None if actor.departed else actor.does(plan, now)
        if turn is None:
            return None
        platform, user = turn.address.platform, turn.address.user
        if isinstance(turn, Left):
            self.stages[platform].gone.add(user)
            self.plan(who, actor.comes_back(now))
        elif isinstance(turn, Joined):
            self.stages[platform].gone.discard(user)
        self.arrivals += 1
        key = f"{platform}:{self.arrivals}"
        return Arrival(key, platform, chat.write(turn), turn.address.sender)

    def witness(self) -> Witness:
        """Tell what the world outside knows."""
        return Witness(
            frozenset(self.acknowledged),
            {a.address.user: a.scores for a in self.actors.values()},
            [Posted(t.mark, t.user) for t in self.touches],
            {a.address.user: a.changes for a in self.actors.values()},
        )

    def present(self) -> dict[str, tuple[date, date]]:
        """Return from when until when each person was there, by their own days."""
        end = self.play.end - timedelta(seconds=1)
        return {
            name: (
                actor.player.joins.astimezone(actor.player.zone).date(),
                max(end, actor.player.joins).astimezone(actor.player.zone).date(),
            )
            for name, actor in self.actors.items()
            if actor.player.joins < end
        }


@dataclass(eq=False)
class Director:
    """Keep the program and the world going, moment by moment."""

    app: App
    store: Store
    world: World
    closings: Closings
    planned: datetime = START
    steps: int = 0
    moves: list[Move] = field(default_factory=list[Move])
    closed: datetime = START
    told: datetime = START

    async def plays(self) -> None:
        """Play from the first moment to the last."""
        clock, end = self.world.clock, self.world.play.end
        monday, midnight, closes = clock(), clock() + timedelta(days=1), clock() + OVER
        while clock() < end:
            if clock() >= monday:
                self.world.week()
                monday += WEEK
            if clock() >= midnight:
                await self._tidies()
                midnight += timedelta(days=1)
            if clock() >= closes:
                await self._closes()
                closes += WEEK
            await self._moves()
            await self._moment()
            clock.now = min(await self._next(), monday, midnight, closes, end)
        await self._moment()

    async def _moment(self) -> None:
        """Let everything happen that happens now."""
        self.steps += 1
        now = self.world.clock()
        arrivals = self.world.happens()
        newcomers = [self._newcomer(a) for a in arrivals if '"join"' in a.body]
        if newcomers:
            async with self.store.write() as work:
                known = await work.people(p.person.id for p in newcomers)
                fresh = [p.person for p in newcomers if p.person.id not in known]
                await work.save(fresh, now)
        await asyncio.gather(*(self._arrives(a) for a in arrivals))
        while await self.app.turns.take():
            continue
        if self.planned <= now:
            await self.app.ticker.plan()
        if now >= self.told + HOUR and now < self.closed + MORNINGS:
            self.told = now
            await self.app.rounds["digests"][0]()
        while await self._is_due() <= now and await self.app.courier.round():
            continue

    def _newcomer(self, arrival: Arrival) -> Player:
        turn = chat.read(arrival.body)
        name = turn.address.user.partition("-")[2] if turn else ""
        return self.world.cast.players[name]

    async def _arrives(self, arrival: Arrival) -> None:
        again = self.world.chance.random() < REPEATED
        if not await self.app.inbox.accept(arrival):
            self.world.wrong.append(f"I4: {arrival.key} is no news at its first arrival")
        self.world.acknowledged.add(arrival.key)
        if again and await self.app.inbox.accept(arrival):
            self.world.wrong.append(f"I4: {arrival.key} is news again")

    async def _moves(self) -> None:
        """Let people get another manager, or leave, as their directory tells."""
        now, some = self.world.clock(), list[Move]()
        while self.moves and self.moves[0].at <= now:
            some.append(self.moves.pop(0))
        if not some:
            return
        async with self.store.write() as work:
            there = await work.hold(move.person for move in some)
            for move in some:
                if (person := there.get(move.person)) is None:
                    continue
                if move.manager is None:
                    self.world.leaves(move.person)
                    there[move.person] = replace(person, left=True)
                else:
                    there[move.person] = replace(person, manager=move.manager)
            await work.save(list(there.values()), now)

    async def _closes(self) -> None:
        """Let the CRM tell what people did last week, and close that week's numbers."""
        now, cast = self.world.clock(), self.world.cast
        week = week_over(now)
        live = [
            player
            for name, player in cast.players.items()
            if player.joins <= now
            and not self.world.actors[name].departed
            and (day := cast.programme.segment(player.person.segment).go_live)
            and day <= week
        ]
        async with self.store.write() as work:
            await work.keep_usage(uses(live, week, self.world.play.seed), "play", now)
        await self.app.rounds["levels"][0]()
        await self.closings.round()
        self.closed = self.told = now

    async def _tidies(self) -> None:
        """Look at what was acknowledged before its keys are forgotten, as they are in life."""
        async with self.store.read() as work:
            found = await kept(work, deep=False)
        self.world.wrong += lost(found, self.world.witness())
        self.world.acknowledged.clear()
        await self.app.ticker.tidy()

    async def _next(self) -> datetime:
        """Return the next moment at which something happens."""
        now = self.world.clock()
        moments = [self.planned, await self._is_due(), self.world.next_plan()]
        soonest = max(min(m for m in moments if m is not None), now + GRAIN)
        past = (soonest - START) % GRAIN
        return soonest + (GRAIN - past if past else timedelta())

    async def _is_due(self) -> datetime:
        """Return when the next delivery is due; notes when somebody is next, too."""
        async with self.store.read() as work:
            planned, due = (await work.connection.execute(NEXT)).one()
        self.planned = planned or self.world.play.end
        return due or self.world.play.end


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a play."""

    summary: dict[str, Any]
    truth: list[dict[str, Any]]
    ledger: list[dict[str, Any]]

    @property
    def good(self) -> bool:
        """Say whether every invariant and all our manners were kept."""
        kept_all = all(self.summary["invariants"].values())
        return kept_all and not any(self.summary["manners"].values())


async def simulate(play: Play, settings: Settings) -> Played:
    """Play a programme on an empty database.

    Raises:
        UnusableError: the database cannot be used, or somebody is in it already.

    """
    began = time.monotonic()
    store = await Store.open(settings.database, create=True)
    before = random.getstate()
    random.seed(play.seed)
    try:
        async with store.read() as work:
            if await work.everyone():
                message = "The database is not empty; a simulation plays in one of its own."
                raise UnusableError(message)
        clock = Clock(START)
        dice = random.Random(play.seed)  # noqa: S311 - so that a play can be repeated
        company = led(cast(play.people, play.weeks, play.seed), play.seed)
        world = World(play, company, clock, dice)
        async with store.write() as work:
            await work.keep_programme(world.cast.programme)
        connections = [Connection(name, chat.read, stage) for name, stage in world.stages.items()]
        published, library = Published(), load_library(settings.content)
        closings = Closings(
            store,
            clock,
            Organisation(lambda: library),
            settings.floor,
            dice=keyed(str(play.seed).encode()),
            seen=lambda frozen, week: published.closed(frozen, week, clock()),
        )
        app = build(settings, store, connections, clock)
        to_come = moves(company, play.weeks, play.seed)
        director = Director(app, store, world, closings, moves=to_come)
        await director.plays()
        async with store.read() as work:
            found = await kept(work)
            truth = await _truth(work, world, library.bank)
            ledger = await published.ledger(work)
        played = Played(_summary(world, found), [*truth, *published.truth(play.end)], ledger)
    finally:
        random.setstate(before)
        await store.close()
    played.summary["cost"] = {
        "seconds": round(time.monotonic() - began, 1),
        "memory_mb": _memory(),
        "steps": director.steps,
    }
    return played


def _summary(world: World, found: Kept) -> dict[str, Any]:
    wrong = [*world.wrong, *troubles(found, world.witness(), world.clock())]
    rows = {f"delivery-{row.id}": row for row in found.deliveries}
    begun = [
        t for t in world.touches if t.mark in rows and rows[t.mark].priority != Priority.INTERACTIVE
    ]
    manners = breaches(begun)
    return {
        "people": world.play.people,
        "weeks": world.play.weeks,
        "seed": world.play.seed,
        "sent": len(world.touches),
        "answers": len(found.answers),
        "arrivals": world.arrivals,
        "touches_per_person_week": a_week(begun, world.present()),
        "cards": _counts(rows[t.mark].card for t in world.touches if t.mark in rows),
        "outcomes": _counts(f"{row.kind} {row.state}" for row in found.deliveries),
        "platforms": {name: _counts(s.calls.elements()) for name, s in world.stages.items()},
        "unknown": len(unknown(found)),
        "invariants": {name: not any(w.startswith(name) for w in wrong) for name in INVARIANTS},
        "manners": {name: len(found_) for name, found_ in manners.items()},
        "examples": wrong[:EXAMPLES]
        + [f"{name}: {one}" for name, many in manners.items() for one in many[:EXAMPLES]],
    }


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


async def _truth(work: Work, world: World, bank: Bank) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for name, player in world.cast.players.items():
        given = (await work.answers([name], world.clock())).get(name, ())
        segment = world.cast.programme.segment(player.person.segment)
        lines += truths(given, bank, segment.live_from(player.person.zone), world.play.end)
    return lines


def _memory() -> int:
    """Return the most memory this process ever had, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (KILO * KILO if sys.platform == "darwin" else KILO)
