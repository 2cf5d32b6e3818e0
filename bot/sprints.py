"""Clean-up sprints by the clock: a card at the start, half-way and at the end.

How far a team is comes from what the release auditor told, and is frozen into the card when it is
queued; where nothing was told there is none.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.competitions import PART, WalkWork
from nudges.competition import today
from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, next_work
from nudges.merits import ALL, SprintNote
from nudges.sprint import Moment, Run, TeamProgress, Told, moment_now, occasion

log = structlog.get_logger()


class SprintWork(WalkWork, Protocol):
    """The part of a transaction that sprints need."""

    async def sprints(self, numbers: Iterable[int]) -> dict[int, Run]:
        """Return sprints by number."""
        ...


class SprintStore(Protocol):
    """The store, as sprints need it."""

    def read(self) -> AbstractAsyncContextManager[SprintWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SprintWork]:
        """Begin a transaction that writes."""
        ...


class NothingTold:
    """No number about a team's records has been told to anybody."""

    async def progress(self, unit: str, since: date) -> Told | None:  # noqa: ARG002 - the port's
        """Return nothing."""
        return None


class Sprints:
    """Send the cards of clean-up sprints."""

    def __init__(
        self,
        store: SprintStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
        teams: TeamProgress | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving
        self._teams: TeamProgress = teams or NothingTold()

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
        known: dict[str, Told | None] = {}
        while True:
            async with self._store.read() as work:
                after, done = await work.merit_walk(name)
                if done:
                    return told
                ids = await work.people_of(run.sprint.segments, after, PART)
                heads = {p.manager for p in (await work.people(ids)).values() if p.manager}
            if moment != "start":
                for head in heads - known.keys():
                    known[head] = await self._teams.progress(head, run.sprint.starts)
            async with self._store.write() as work:
                now = self._clock()
                on = ids[-1] if ids else after
                if not await work.merit_walk_on(name, after, on, done=len(ids) < PART):
                    return told  # somebody else is walking, and was quicker
                wanted: list[Delivery] = []
                for person in (await work.people(ids)).values():
                    note = SprintNote(run.number, moment, known.get(person.manager))
                    there = at_work(person, now) and not person.away(now)
                    due = now if there else next_work(person, now)
                    wanted.append(Delivery(name, person.id, note, Priority.NUDGE, due))
                await work.plan(wanted)
                told += len(wanted)
