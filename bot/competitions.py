"""Competitions by the clock: announced, counted from what the CRM told, and brought to an end.

Points are added while the competition's row is held, and what is told is noted in the step that
queues it: two tickers, or one that was killed in between, count and tell nothing twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Literal, Protocol, cast

import structlog

from nudges.adoption import WEEK, Metric, Use
from nudges.competition import Contest, Row, State, due_rows, finished, today, told_weeks
from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, next_work
from nudges.merits import ALL, CompetitionNote
from nudges.people import Person

PART = 500
log = structlog.get_logger()


class WalkWork(Protocol):
    """The part of a transaction that walks past people in parts."""

    async def merit_walk(self, occasion: str) -> tuple[str, bool]:
        """Return past whom a walk is, and whether it is done."""
        ...

    async def merit_walk_on(self, occasion: str, was: str, after: str, *, done: bool) -> bool:
        """Note how far a walk is; False if somebody else has gone on meanwhile."""
        ...

    async def people_of(self, segments: Collection[str], after: str, limit: int) -> list[str]:
        """Return the next people of these segments, or of all, who can be written to, by id."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...


class CompetitionWork(WalkWork, Protocol):
    """The part of a transaction that competitions need."""

    async def contests(self, numbers: Iterable[int], person: str = "") -> dict[int, Contest]:
        """Return competitions by number."""
        ...

    async def hold_contest(self, number: int) -> Contest | None:
        """Return a competition that is ours until the transaction ends."""
        ...

    async def joined_days(self, number: int) -> dict[str, date]:
        """Return who takes part in a competition, with the day they joined."""
        ...

    async def gone_joiners(self, number: int) -> list[str]:
        """Return who takes part and is not here any more."""
        ...

    async def leave_competition(self, number: int, person: str) -> None:
        """Let somebody take part no more."""
        ...

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what these people did, by person and week."""
        ...

    async def sums(self, number: int) -> dict[tuple[str, date, Metric], tuple[int, int, int]]:
        """Return what the ledger says of each week."""
        ...

    async def add_points(self, number: int, rows: Sequence[Row], now: datetime) -> None:
        """Add rows to the ledger."""
        ...

    async def close_contest(self, number: int) -> bool:
        """Note that the points are final; False if somebody noted it before."""
        ...

    async def untold_joiners(self, limit: int) -> list[tuple[int, str, str]]:
        """Return who does not know yet that their competition changed, ended or was cancelled."""
        ...

    async def told_joiner(self, number: int, person: str, what: str) -> None:
        """Note that somebody who takes part is told."""
        ...


class CompetitionStore(Protocol):
    """The store, as competitions need it."""

    def read(self) -> AbstractAsyncContextManager[CompetitionWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[CompetitionWork]:
        """Begin a transaction that writes."""
        ...


class Competitions:
    """Announce, count and end competitions."""

    def __init__(
        self,
        store: CompetitionStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Do what is to be done with competitions; returns how many cards were queued."""
        async with self._store.read() as work:
            found = await work.contests([ALL])
        day, told = today(self._clock()), 0
        for one in found.values():
            if one.state(day) in {State.ANNOUNCED, State.RUNNING}:
                told += await self._announce(one)
            if one.state(day) in {State.RUNNING, State.ENDED}:
                await self._count(one.number)
        told += await self._tell()
        if told:
            self._leaving()
        return told

    async def _announce(self, one: Contest) -> int:
        """Tell everybody whom a competition is for, a part at a time."""
        occasion, told = f"competition:{one.number}", 0
        while True:
            async with self._store.read() as work:
                after, done = await work.merit_walk(occasion)
            if done:
                return told
            async with self._store.write() as work:
                now = self._clock()
                ids = await work.people_of(one.competition.segments, after, PART)
                on = ids[-1] if ids else after
                if not await work.merit_walk_on(occasion, after, on, done=len(ids) < PART):
                    return told  # somebody else is walking, and was quicker
                people = await work.people(ids)
                note = CompetitionNote(one.number, "announced")
                await work.plan([at_work_card(occasion, p, note, now) for p in people.values()])
                told += len(people)

    async def _count(self, number: int) -> None:
        """Add to the ledger what it lacks; once all is told, the points are final."""
        async with self._store.read() as work:
            found = (await work.contests([number])).get(number)
            now = self._clock()
            if found is None or not await self._stirs(work, found, now):
                return
        async with self._store.write() as work:
            now = self._clock()
            held = await work.hold_contest(number)
            if held is None or held.state(today(now)) not in {State.RUNNING, State.ENDED}:
                return
            for who in await work.gone_joiners(number):
                await work.leave_competition(number, who)
            rows = await self._due(work, held, now)
            await work.add_points(number, rows, now)
            if finished([held], now):
                await work.close_contest(number)
            log.info("competition.counted", number=number, rows=len(rows))

    async def _stirs(self, work: CompetitionWork, one: Contest, now: datetime) -> bool:
        return bool(
            finished([one], now)
            or await work.gone_joiners(one.number)
            or await self._due(work, one, now)
        )

    async def _due(self, work: CompetitionWork, one: Contest, now: datetime) -> list[Row]:
        weeks = told_weeks(one.competition, now)
        joined: Mapping[str, date] = await work.joined_days(one.number) if weeks else {}
        if not joined:
            return []
        uses = await work.usage_of(joined.keys(), weeks[0], weeks[-1] + WEEK)
        return due_rows(one.competition, joined, uses, await work.sums(one.number), now)

    async def _tell(self) -> int:
        """Tell who takes part what became of it."""
        async with self._store.read() as work:
            if not await work.untold_joiners(1):
                return 0
        async with self._store.write() as work:
            now, waiting = self._clock(), await work.untold_joiners(PART)
            people = await work.people(who for _, who, _ in waiting)
            contests = await work.contests({number for number, _, _ in waiting})
            wanted: list[Delivery] = []
            for number, who, what in waiting:
                await work.told_joiner(number, who, what)
                nth = contests[number].revision if what == "changed" else ""
                occasion = f"competition:{number}:{what}{nth}"
                how = cast("Literal['changed', 'closed', 'cancelled']", what)
                note = CompetitionNote(number, how)
                wanted.append(at_work_card(occasion, people[who], note, now))
            await work.plan(wanted)
        return len(waiting)


def at_work_card(occasion: str, person: Person, note: CompetitionNote, now: datetime) -> Delivery:
    """Return a card for the person's next working moment."""
    due = now if at_work(person, now) and not person.away(now) else next_work(person, now)
    return Delivery(occasion, person.id, note, Priority.NUDGE, due)
