"""Clean-up sprints by the clock: a card at the start, half-way and at the end.

How far a team is comes from what the release auditor told, and is frozen into the card when it is
queued; where nothing was told there is none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.competitions import PART, WalkWork
from nudges.adoption import WEEK, week_of
from nudges.competition import today
from nudges.delivery import Delivery, Priority
from nudges.group import QUALITY, Figure
from nudges.hours import at_work, next_work
from nudges.merits import ALL, SprintNote
from nudges.release import Unit
from nudges.sprint import NO_PROGRESS, Moment, Progress, Run, moment_now, occasion, progress

CHANNEL = "sprint"
log = structlog.get_logger()


class SprintWork(WalkWork, Protocol):
    """The part of a transaction that sprints need."""

    async def sprints(self, numbers: Iterable[int]) -> dict[int, Run]:
        """Return sprints by number."""
        ...

    async def told_since(
        self, units: Collection[Unit], measure: str, since: date
    ) -> dict[Unit, tuple[Figure, ...]]:
        """Return what the heads of teams were told of a measure since a week, oldest first."""
        ...

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers."""
        ...


class SprintStore(Protocol):
    """The store, as sprints need it."""

    def read(self) -> AbstractAsyncContextManager[SprintWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SprintWork]:
        """Begin a transaction that writes."""
        ...


class Sprints:
    """Send the cards of clean-up sprints."""

    def __init__(
        self,
        store: SprintStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Queue the cards that are due; returns how many."""
        async with self._store.read() as work:
            runs = await work.sprints([ALL])
        told, day = 0, today(self._clock())
        for run in runs.values():
            if moment := moment_now(run, day):
                told += await self._send(run, moment)
        if told:
            self._leaving()
        return told

    async def _send(self, run: Run, moment: Moment) -> int:
        """Queue a card for everybody in a sprint, a part at a time."""
        name, told = occasion(run.number, moment), 0
        known: dict[str, Progress] = {}
        while True:
            async with self._store.read() as work:
                after, done = await work.merit_walk(name)
                if done:
                    return told
                ids = await work.people_of(run.sprint.segments, after, PART)
                heads = {p.manager for p in (await work.people(ids)).values() if p.manager}
                if moment != "start" and (new := heads - known.keys()):
                    since = week_of(run.sprint.starts) - WEEK
                    told_of = await work.told_since(new, QUALITY.name, since)
                    known |= dict.fromkeys(new, NO_PROGRESS)
                    known |= {head: progress(figures) for head, figures in told_of.items()}
            async with self._store.write() as work:
                now = self._clock()
                on = ids[-1] if ids else after
                if not await work.merit_walk_on(name, after, on, done=len(ids) < PART):
                    return told  # somebody else is walking, and was quicker
                wanted: list[Delivery] = []
                seen: dict[str, tuple[int, ...]] = {}
                for person in (await work.people(ids)).values():
                    team = known.get(person.manager, NO_PROGRESS)
                    note = SprintNote(run.number, moment, team.told)
                    seen[person.id] = team.cells
                    there = at_work(person, now) and not person.away(now)
                    due = now if there else next_work(person, now)
                    wanted.append(Delivery(name, person.id, note, Priority.NUDGE, due))
                await work.plan(wanted)
                await work.note_shown(seen, CHANNEL, now)
                told += len(wanted)
