"""Numbers about groups as they were frozen, what they were made of, and who was shown which.

A closing is written whole or not at all, once for each measure and week, whoever comes first. What
people said is kept for as long as a later closing is compared with it; a week's own facts are not
kept at all. No row is ever changed: somebody who is forgotten takes along what was kept of them,
and what was told stays as it was told.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import groupby
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Executable,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from adapters.store.audit import Audited
from adapters.store.each import Each, Given
from adapters.store.people import people
from adapters.store.planning import Planning
from adapters.store.schema import Moment, Number, erased_by, impersonal, metadata, numbered
from adapters.store.webhooks import Outbox
from nudges.group import KEPT, ONCE, SEGMENT, Figure, Frozen, Past, Told
from nudges.open_numbers import NAMES, WAY, released
from nudges.release import TOP, Ledger, Unit

closings = Table(
    "closings",
    metadata,
    numbered(),
    Column("measure", String, nullable=False),
    Column("week", Date, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Column("floor", Integer, nullable=False),
    UniqueConstraint("measure", "week"),
    info=impersonal("which measure was closed after which week; nobody stands in it"),
)
atoms = Table(
    "atoms",
    metadata,
    Column("closing", Number, ForeignKey("closings.id"), primary_key=True),
    Column("atom", Integer, primary_key=True),
    Column("unit", String, primary_key=True),
    info=erased_by("unit"),
)
"""The teams in each atom, a row for each."""
contributions = Table(
    "contributions",
    metadata,
    Column("closing", Number, ForeignKey("closings.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True, index=True),
    Column("measure", String, nullable=False),
    Column("atom", Integer, nullable=False),
    Column("value", String, nullable=False),
    info=erased_by("person"),
)
cells = Table(
    "cells",
    metadata,
    numbered(),
    Column("closing", Number, ForeignKey("closings.id"), nullable=False),
    Column("unit", String),
    Column("atoms", JSON, nullable=False),
    Column("scope", String, nullable=False),
    Column("told", JSON(none_as_null=True)),
    Column("exact", Boolean, nullable=False),
    Column("why", String, nullable=False, default=""),
    UniqueConstraint("closing", "unit"),
    info=erased_by(cleared={"unit": None}),
)
"""What the head of each team is told; of a head who was forgotten nobody knows whose it was."""
shown = Table(
    "shown",
    metadata,
    numbered(),
    Column("viewer", String),
    Column("cell", Number, ForeignKey("cells.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("channel", String, nullable=False),
    UniqueConstraint("viewer", "cell", "channel"),
    info=erased_by(cleared={"viewer": None}),
)
"""The release ledger: who was shown which number first, when, and by what way."""
LOOKED = 10
"""So many closings of a measure are looked at for numbers that were told."""
TOLD = 2
"""So many of those are used: the last, and what it is compared with."""
FIGURE = (
    cells.c.unit,
    cells.c.id,
    closings.c.measure,
    closings.c.week,
    cast(cells.c.told, Text).label("told"),
    cells.c.exact,
    cells.c.scope,
    cells.c.why,
)
_GIVEN: Mapping[str, TypeEngine[Any]] = {
    "closing": BigInteger(),
    "person": String(),
    "measure": String(),
    "atom": Integer(),
    "value": String(),
}


def _contributing(given: Given) -> Executable:
    """Keep what people said who are here; who was forgotten meanwhile stays so."""
    here = exists().where(people.c.id == given["person"])
    rows = select(*(given[name].label(name) for name in _GIVEN)).where(here)
    return insert(contributions).from_select(list(_GIVEN), rows)


_CONTRIBUTE = Each(_GIVEN, _contributing)

OPEN = (
    cells.c.unit == TOP,
    cells.c.told.is_not(None),
    closings.c.measure.in_(NAMES),
)
"""What a number is that programs may have: told about the whole organisation, by a measure of a
digest. A number whose head was forgotten names no team any more, and is none of them."""
SHOWN = exists().where(shown.c.cell == cells.c.id, shown.c.channel != WAY)
"""Somebody was shown it, and not a program alone."""


@dataclass(frozen=True, slots=True)
class Release:
    """One line of the release ledger; ``viewer`` is empty where somebody was forgotten."""

    viewer: str
    at: datetime
    channel: str
    measure: str
    week: date
    unit: Unit | None
    told: Told | None


class Releases(Outbox, Planning):
    """The part of a transaction with numbers about groups."""

    async def closed_weeks(self) -> dict[str, tuple[date, date | None]]:
        """Return when each measure of every week was closed last, and last told anything.

        What is closed once alone, as a test is, counts for nothing here.
        """
        told = exists().where(atoms.c.closing == closings.c.id)
        last = (
            select(closings.c.measure, func.max(closings.c.week))
            .where(~closings.c.measure.startswith(ONCE))
            .group_by(closings.c.measure)
        )
        some = {row[0]: row[1] for row in await self.connection.execute(last.where(told))}
        return {row[0]: (row[1], some.get(row[0])) for row in await self.connection.execute(last)}

    async def past(self, measure: str, now: datetime) -> Past:
        """Return what was told of a measure before; nothing where each week stands for itself."""
        c = contributions.c
        newest = select(func.max(closings.c.id)).where(closings.c.measure == measure)
        long_ago = select(closings.c.id).where(closings.c.closed_at <= now - KEPT)
        old = set(await self.connection.scalars(long_ago.where(closings.c.measure == measure)))
        rows = await self.connection.execute(
            select(c.closing, c.atom, c.person, c.value)
            .where(c.measure == measure)
            .order_by(c.closing, c.atom, c.person)
        )
        ledger = Ledger()
        for closing, period in groupby(rows.all(), key=lambda row: row[0]):
            told = [
                {person: value for _, _, person, value in atom}
                for _, atom in groupby(period, key=lambda row: row[1])
            ]
            if closing in old:
                ledger.recall({person: v for values in told for person, v in values.items()})
            else:
                ledger.add(told)
        return Past((await self.connection.scalar(newest)) or 0, ledger)

    async def keep_closing(
        self, frozen: Frozen, week: date, floor: int, past: Past, now: datetime
    ) -> bool:
        """Keep a closing with all its numbers; False if somebody closed the measure since.

        Who closes different weeks of it at once has to hold something first.
        """
        measure = frozen.measure
        newest = select(func.max(closings.c.id)).where(closings.c.measure == measure.name)
        if ((await self.connection.scalar(newest)) or 0) != past.newest:
            return False
        row = {"measure": measure.name, "week": week, "closed_at": now, "floor": floor}
        if not await self.upsert(closings, [row], ["measure", "week"]):
            return False
        closing = await self.connection.scalar(newest)
        units = {TOP, *await self._here(frozen.closed.below)}
        await self._insert(
            atoms,
            [
                {"closing": closing, "atom": place, "unit": unit}
                for place, atom in enumerate(frozen.closed.atoms)
                for unit in sorted(atom.units & units)
            ],
        )
        if measure.keeps:
            given = [
                {
                    "closing": closing,
                    "person": person,
                    "measure": measure.name,
                    "atom": place,
                    "value": str(value),
                }
                for place, atom in enumerate(frozen.closed.atoms)
                for person, value in sorted(atom.values.items())
            ]
            if given:
                await self.run_each(_CONTRIBUTE, given)
        await self._insert(
            cells,
            [
                {
                    "closing": closing,
                    "unit": cell.unit,
                    "atoms": list(cell.atoms),
                    "scope": _mark(cell.scope),
                    "told": asdict(cell.told) if cell.told else None,
                    "exact": cell.exact,
                    "why": cell.why,
                }
                for cell in frozen.cells
                if cell.unit in units
            ],
        )
        return True

    async def _here(self, units: Iterable[Unit]) -> set[Unit]:
        """Return which teams there still are: nobody forgot who leads them; segments stay."""
        wanted = sorted(units)
        rows = await self.connection.scalars(
            select(people.c.id).where(self._among(people.c.id, wanted))
        )
        return {*rows, *(unit for unit in wanted if unit.startswith(SEGMENT))}

    async def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self.connection.execute(insert(table), rows)

    async def figures(self, unit: Unit, measures: Collection[str]) -> dict[str, tuple[Figure, ...]]:
        """Return the last figures of each measure that the head of a team is told."""
        return (await self.figures_of([unit], measures)).get(unit, {})

    async def figures_of(
        self, units: Collection[Unit], measures: Collection[str]
    ) -> dict[Unit, dict[str, tuple[Figure, ...]]]:
        """Return the last figures of each measure that the heads of teams are told.

        Newest first: the last two that were told, and the last one that was withheld. Where a
        measure was never closed while there was this team, there is nothing.
        """
        place = func.row_number().over(
            partition_by=closings.c.measure, order_by=closings.c.id.desc()
        )
        ranked = select(closings, place.label("place")).where(closings.c.measure.in_(measures))
        newest = ranked.subquery("newest")
        withheld = cells.c.told.is_(None)
        nth = func.row_number().over(
            partition_by=(cells.c.unit, newest.c.measure, withheld), order_by=newest.c.place
        )
        each = (
            select(
                cells.c.unit,
                cells.c.id,
                newest.c.measure,
                newest.c.week,
                cast(cells.c.told, Text).label("told"),
                cells.c.exact,
                cells.c.scope,
                cells.c.why,
                newest.c.place,
                nth.label("nth"),
            )
            .join(newest, newest.c.id == cells.c.closing)
            .where(newest.c.place <= LOOKED, self._among(cells.c.unit, sorted(set(units))))
            .subquery("each")
        )
        last = or_(each.c.nth == 1, and_(each.c.nth == TOLD, each.c.told.is_not(None)))
        columns = [column for column in each.c if column.name not in {"place", "nth"}]
        rows = await self.connection.execute(select(*columns).where(last).order_by(each.c.place))
        found: dict[Unit, dict[str, tuple[Figure, ...]]] = {}
        for unit, figure in map(read_figure, map(tuple, rows)):
            mine = found.setdefault(unit, {})
            mine[figure.measure] = (*mine.get(figure.measure, ()), figure)
        return found

    async def told_since(
        self, units: Collection[Unit], measure: str, since: date
    ) -> dict[Unit, tuple[Figure, ...]]:
        """Return what the heads of teams were told of a measure since a week, oldest first."""
        rows = await self.connection.execute(
            select(*FIGURE)
            .join(closings, closings.c.id == cells.c.closing)
            .where(closings.c.measure == measure, closings.c.week >= since)
            .where(self._among(cells.c.unit, sorted(set(units))), cells.c.told.is_not(None))
            .order_by(closings.c.week)
        )
        found: dict[Unit, tuple[Figure, ...]] = {}
        for unit, figure in map(read_figure, map(tuple, rows)):
            found[unit] = (*found.get(unit, ()), figure)
        return found

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers; by the same way again is no news.

        The first time that anybody is shown a number about the whole organisation is told to
        other systems in the same transaction.
        """
        first = await self._first_shown({n for some in seen.values() for n in some})
        rows = [
            {"viewer": viewer, "cell": number, "at": now, "channel": channel}
            for viewer, numbers in sorted(seen.items())
            for number in sorted(set(numbers))
        ]
        await self.upsert(shown, rows, ["viewer", "cell", "channel"])
        if first:
            await self.announce(released(first, now))

    async def _first_shown(self, numbers: Collection[int]) -> list[tuple[str, date]]:
        """Return which of these numbers about the organisation nobody was shown yet."""
        if not numbers:
            return []
        rows = await self.connection.execute(
            select(closings.c.measure, closings.c.week)
            .join(cells, cells.c.closing == closings.c.id)
            .where(cells.c.id.in_(numbers), *OPEN, ~SHOWN)
        )
        return sorted((measure, week) for measure, week in rows.all())

    async def note_export(
        self, viewer: str, numbers: Collection[int], by: str, now: datetime
    ) -> None:
        """Note that somebody was handed numbers as a file, here and in the audit log."""
        await self.note_shown({viewer: numbers}, "file", now)
        await self.audit(Audited(now, by, "export", "digest", viewer))

    async def shown_to(self, viewer: str) -> list[tuple[Unit, Figure]]:
        """Return the last number of each measure that somebody was shown, of each team."""
        rows = await self.connection.execute(
            select(*FIGURE)
            .where(cells.c.id.in_(select(shown.c.cell).where(shown.c.viewer == viewer)))
            .join(closings, closings.c.id == cells.c.closing)
            .order_by(closings.c.id)
        )
        last = {
            (unit, figure.measure): figure for unit, figure in map(read_figure, map(tuple, rows))
        }
        return [(unit, figure) for (unit, _), figure in sorted(last.items())]

    async def released(self, limit: int = 100) -> list[Release]:
        """Return the release ledger, newest first."""
        rows = await self.connection.execute(
            select(
                shown.c.viewer,
                shown.c.at,
                shown.c.channel,
                closings.c.measure,
                closings.c.week,
                cells.c.unit,
                cast(cells.c.told, Text).label("told"),
            )
            .join(cells, cells.c.id == shown.c.cell)
            .join(closings, closings.c.id == cells.c.closing)
            .order_by(shown.c.id.desc())
            .limit(limit)
        )
        return [
            Release(r.viewer or "", r.at, r.channel, r.measure, r.week, r.unit, _told(r.told))
            for r in rows
        ]

    async def forget_contributions(self, before: datetime) -> int:
        """Drop what people said long ago, but for the last of each: that is still compared with."""
        old = select(closings.c.id).where(closings.c.closed_at < before)
        later = contributions.alias("later")
        newer = exists().where(
            later.c.person == contributions.c.person,
            later.c.measure == contributions.c.measure,
            later.c.closing > contributions.c.closing,
        )
        gone = delete(contributions).where(contributions.c.closing.in_(old), newer)
        return (await self.connection.execute(gone)).rowcount


def _mark(scope: Iterable[Unit]) -> str:
    """Return a word for a set of teams, to see later whether it is the same one."""
    return blake2b("\n".join(sorted(scope)).encode(), digest_size=8).hexdigest()


def read_figure(row: Sequence[Any]) -> tuple[Unit, Figure]:
    """Return a row of these columns as whose number it is, and the number."""
    unit, number, measure, week, told, exact, scope, why = row
    return unit or TOP, Figure(number, measure, week, _told(told), exact, scope, why)


def _told(stored: str | None) -> Told | None:
    found: dict[str, Any] | None = json.loads(stored) if stored else None
    return Told(**found) if found else None
