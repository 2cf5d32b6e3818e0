"""Levels by the clock: when what people did in the CRM has come in, their weeks are judged.

Everybody is walked past in parts; how far that is stands in the store, and whoever writes a part
moves it on: two tickers, or one after a crash, judge and write once. Nothing is sent from it unless
the privacy officer has switched that on.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.organisation import Organisation
from bot.recognition import AskingWork, recognise
from nudges.adkar import Answer, stand
from nudges.adoption import WEEK, Use
from nudges.delivery import Delivery
from nudges.levels import (
    FIRST_LOOK,
    LAST,
    LONGEST,
    Judged,
    Levels,
    Walk,
    Weeks,
    by_week,
    judge,
    judged_from,
    last_week,
)
from nudges.people import Person
from nudges.programme import Programme
from nudges.use_linked import Came, Switch, plan

BATCH = 500
BREATH = 25
"""After so many people others of the program get their turn."""
log = structlog.get_logger()


class LevelsWork(AskingWork, Protocol):
    """The part of a transaction that judging needs."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def use_switch(self) -> Switch:
        """Return how the privacy officer's switch stands."""
        ...

    async def usage_news(self, until: date) -> tuple[date, datetime] | None:
        """Return the newest week that was measured, and when we were told last."""
        ...

    async def walk(self) -> Walk | None:
        """Return how far the judging is."""
        ...

    async def walk_on(self, was: Walk | None, now: Walk) -> bool:
        """Note how far the judging is; False if somebody else has gone on meanwhile."""
        ...

    async def to_judge(self, segments: Collection[str], after: str, limit: int) -> list[str]:
        """Return the next people of these segments who are here, by id."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what these people did, by person and week."""
        ...

    async def judged_of(
        self, persons: Collection[str], since: date, until: date | None = None
    ) -> dict[str, list[Judged]]:
        """Return how these people's weeks were judged, oldest first."""
        ...

    async def keep_judged(self, judged: Sequence[Judged], now: datetime) -> None:
        """Add how weeks were judged."""
        ...

    async def set_levels(self, held: Mapping[str, int]) -> None:
        """Note which level people hold."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        ...

    async def use_came(self, persons: Collection[str]) -> dict[str, list[Came]]:
        """Return what these people were sent because of their use, oldest first."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...


class LevelsStore(Protocol):
    """The store, as judging needs it."""

    def read(self) -> AbstractAsyncContextManager[LevelsWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[LevelsWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """What comes of a part of the people: judged weeks, levels now held, and messages."""

    last: str
    judged: tuple[Judged, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict[str, int])
    wanted: tuple[Delivery, ...] = ()


class LevelRounds:
    """Judge everybody's weeks once what they did has come in."""

    def __init__(
        self,
        store: LevelsStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving

    async def round(self) -> int:
        """Judge what is new since the last time; returns how many weeks came out new."""
        walk = await self._begun()
        judged = 0
        while walk is not None and not walk.done:
            async with self._store.read() as work:
                decided = await self._part(work, walk)
            on = replace(walk, after=decided.last, done=not decided.last)
            async with self._store.write() as work:
                if not await work.walk_on(walk, on):
                    break  # somebody else is walking, and was quicker
                now = self._clock()
                await work.keep_judged(decided.judged, now)
                if (await work.use_switch()).on:
                    await work.set_levels(decided.held)
                    await work.plan(decided.wanted)
                    if decided.wanted:
                        self._leaving()
            judged += len(decided.judged)
            walk = on
        return judged

    async def _begun(self) -> Walk | None:
        """Return the walk that is under way, or a new one where something was told since."""
        over = last_week(self._clock())
        async with self._store.read() as work:
            news, walk = await work.usage_news(over), await work.walk()
        if news is None or (walk is not None and not walk.done and walk.week == news[0]):
            return walk if news else None
        if walk is not None and (walk.week, walk.told) == news:
            return None
        begun = Walk(*news)
        async with self._store.write() as work:
            return begun if await work.walk_on(walk, begun) else None

    async def _part(self, work: LevelsWork, walk: Walk) -> Decided:
        """Decide about the next part of the people."""
        programme = await work.programme()
        days = {s.id: s.go_live for s in programme.segments.values()}
        live = [
            key for key, day in days.items() if (first := judged_from(day)) and first <= walk.week
        ]
        ids = await work.to_judge(live, walk.after, BATCH) if live else []
        if not ids:
            return Decided("")
        until, long = walk.week + WEEK, walk.week - (FIRST_LOOK + LONGEST) * WEEK
        persons = await work.people(ids)
        known = await work.judged_of(ids, long, until)
        new = [who for who in ids if who not in known]
        uses = by_week(await work.usage_of(ids, walk.week - (LAST + LONGEST) * WEEK, until))
        uses |= by_week(await work.usage_of(new, long, until))
        levels = self._organisation.library().levels
        judged: list[Judged] = []
        held: dict[str, int] = {}
        fresh: dict[str, list[Judged]] = {}
        for n, (who, person) in enumerate(persons.items()):
            if not n % BREATH:
                await asyncio.sleep(0)
            before = known.get(who, [])
            new = self._judged(levels, person, uses.get(who, {}), before, walk, days)
            judged += new
            weeks = {one.week: one for one in (*before, *new)}
            if not weeks:
                continue
            after = [weeks[week] for week in sorted(weeks)]
            held[who] = after[-1].level
            if any(one.week == walk.week for one in new):
                fresh[who] = after
        wanted = await self._wanted(work, persons, uses, fresh, programme)
        return Decided(ids[-1], tuple(judged), held, tuple(wanted))

    def _judged(  # noqa: PLR0913, PLR0917 - what is known of one person
        self,
        levels: Levels,
        person: Person,
        measured: Weeks,
        before: Sequence[Judged],
        walk: Walk,
        days: Mapping[str, date | None],
    ) -> list[Judged]:
        """Judge one person; who cannot be judged holds up nobody."""
        try:
            go_live = days.get(person.segment)
            return judge(levels, person, measured, before, walk.week, go_live=go_live)
        except Exception:
            log.exception("levels.not_judged", person=person.id)
            return []

    async def _wanted(
        self,
        work: LevelsWork,
        persons: Mapping[str, Person],
        uses: Mapping[str, Weeks],
        fresh: Mapping[str, Sequence[Judged]],
        programme: Programme,
    ) -> list[Delivery]:
        """Return what follows for those whose newest week came out new, where that is allowed."""
        whose = [who for who in fresh if persons[who].welcomed]
        if not whose or not (await work.use_switch()).on:
            return []
        now, library = self._clock(), self._organisation.library()
        given, came = await work.answers(whose, now), await work.use_came(whose)
        wanted: list[Delivery] = []
        for n, who in enumerate(whose):
            if not n % BREATH:
                await asyncio.sleep(0)
            person = persons[who]
            go_live = programme.segment(person.segment).live_from(person.zone)
            found = plan(
                library.levels,
                person,
                uses.get(who, {}),
                fresh[who],
                standing=stand(given.get(who, ()), library.bank, now, go_live),
                came=came.get(who, ()),
                now=now,
            )
            wanted += [found] if found else []
        return wanted + await recognise(
            work,
            [persons[who] for who in whose],
            levels=library.levels,
            uses=uses,
            judged=fresh,
            came=came,
            now=now,
        )
