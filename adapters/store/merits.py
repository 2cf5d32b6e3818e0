"""Recognition, competitions and sprints together: what notes name, and walks past those concerned.

A walk goes past people in parts; how far it is stands in one row, so that two programs do each
part once, and a crash loses none.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Boolean, Column, String, Table, select, update

from adapters.store.competition import Competitions
from adapters.store.people import people
from adapters.store.recognition import Recognitions
from adapters.store.schema import erased_by, metadata
from adapters.store.sprint import Sprints
from nudges.competition import (
    CompetitionCancelled,
    CompetitionJoined,
    CompetitionKept,
    CompetitionLeft,
    CompetitionReleased,
    LedgerRead,
)
from nudges.merits import MeritFact, Merits
from nudges.recognition import Agreed, HourAnswered

walks = Table(
    "merit_walks",
    metadata,
    Column("occasion", String, primary_key=True),
    Column("after", String, nullable=False),
    Column("done", Boolean, nullable=False),
    info=erased_by(cleared={"after": ""}),
)


class MeritFacts(Recognitions, Competitions, Sprints):
    """The part of a transaction that keeps what people do about these."""

    async def keep_merit(self, fact: MeritFact, by: str, now: datetime) -> None:
        """Keep a fact; ``by`` is who told it."""
        match fact:
            case Agreed() | HourAnswered():
                await self.keep_recognition(fact, by, now)
            case (
                CompetitionCancelled()
                | CompetitionJoined()
                | CompetitionKept()
                | CompetitionLeft()
                | CompetitionReleased()
                | LedgerRead()
            ):
                await self.keep_competition(fact, by, now)
            case _:
                await self.keep_sprint(fact, by, now)


class MeritsSeen(MeritFacts):
    """The part of a transaction that loads what notes name."""

    async def merits(self, keys: Iterable[str], persons: Mapping[str, str]) -> dict[str, Merits]:
        """Return what notes name, as each of these people may see it.

        Args:
            keys: such as ``competition:3``, ``sprint:0`` (all of them) or ``manager``.
            persons: whoever looks, each with whom they report to.

        """
        keys = set(keys)
        recognised = await self.recognised(_numbers(keys, "recognition"))
        runs = _numbers(keys, "sprint")
        sprints = await self.sprints(runs) if runs else {}
        numbers = _numbers(keys, "competition")
        whom = {manager for manager in persons.values() if manager}
        managers = await self._names(whom) if "manager" in keys else {}
        found: dict[str, Merits] = {}
        for who, manager in persons.items():
            contests = await self.contests(numbers, who) if numbers else {}
            found[who] = Merits(recognised, contests, sprints, managers.get(manager, ""))
        return found

    async def _names(self, persons: Collection[str]) -> dict[str, str]:
        c = people.c
        query = select(c.id, c.name).where(c.id.in_(sorted(persons)), ~c.left)
        rows = await self.connection.execute(query)
        return {row.id: row.name or row.id for row in rows}

    async def merit_walk(self, occasion: str) -> tuple[str, bool]:
        """Return past whom a walk is, and whether it is done."""
        c = walks.c
        query = select(c.after, c.done).where(c.occasion == occasion)
        row = (await self.connection.execute(query)).one_or_none()
        return (row.after, row.done) if row else ("", False)

    async def merit_walk_on(self, occasion: str, was: str, after: str, *, done: bool) -> bool:
        """Note how far a walk is; False if somebody else has gone on meanwhile."""
        row = {"occasion": occasion, "after": "", "done": False}
        await self.upsert(walks, [row], ["occasion"])
        c = walks.c
        same = (c.occasion == occasion, c.after == was, ~c.done)
        changed = update(walks).where(*same).values(after=after, done=done)
        return (await self.connection.execute(changed)).rowcount > 0

    async def people_of(self, segments: Collection[str], after: str, limit: int) -> list[str]:
        """Return the next people of these segments, or of all, who can be written to, by id."""
        c = people.c
        query = select(c.id).where(c.id > after, c.welcomed, ~c.left, ~c.stopped)
        if segments:
            query = query.where(c.segment.in_(sorted(segments)))
        return list(await self.connection.scalars(query.order_by(c.id).limit(limit)))


def _numbers(keys: Iterable[str], kind: str) -> list[int]:
    split = (key.partition(":") for key in keys)
    return [int(number) for name, _, number in split if name == kind]
