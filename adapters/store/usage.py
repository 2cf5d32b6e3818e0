"""What people did in the CRM, as the store keeps it, and which weeks were fetched.

There is one value of each metric for each person and week: told again and different it replaces
the one before, told again and equal it changes nothing. What is not there was not told.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Executable,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    exists,
    select,
    update,
)

from adapters.store.each import Each, Given
from adapters.store.people import addresses, people
from adapters.store.planning import Planning
from adapters.store.schema import Moment, erased_by, impersonal, metadata
from nudges.adoption import Fetch, Metric, Use, Worker

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

usage = Table(
    "usage",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("metric", String, primary_key=True),
    Column("value", Float, nullable=False),
    Column("source", String, nullable=False),
    Column("told_at", Moment, nullable=False),
    Index("ix_usage_week", "week"),
    info=erased_by("person"),
)
usage_weeks = Table(
    "usage_weeks",
    metadata,
    Column("source", String, primary_key=True),
    Column("week", Date, primary_key=True),
    Column("again", Boolean, primary_key=True),
    Column("tried_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("whole", String, nullable=False),
    info=impersonal("which weeks a CRM was asked for, and what it told of all; nobody is in it"),
)
DIRECTORY = "teams"
"""Where people are known by their id in Entra."""
PART = 5000
"""Values written by one statement."""
_KEY = ("person", "week", "metric")
_COLUMNS = {
    "person": String(),
    "week": Date(),
    "metric": String(),
    "value": Float(),
    "source": String(),
    "told_at": Moment(),
}


_EACH: dict[str, Each] = {}
"""The statement by database: each spells it in its own way, and only one is ever loaded."""


def _telling(insert: "sqlite.Insert | postgresql.Insert", given: Given) -> Executable:
    """Keep values of people who are here; a later one that differs replaces the one before."""
    here = exists().where(people.c.id == given["person"])
    told = insert.from_select(
        list(_COLUMNS), select(*(given[name].label(name) for name in _COLUMNS)).where(here)
    )
    new = told.excluded
    return told.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: new[name] for name in ("value", "source", "told_at")},
        where=(usage.c.value != new["value"]) & (usage.c.told_at <= new["told_at"]),
    )


class Usage(Planning):
    """The part of a transaction with what people did in the CRM."""

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what these people did, or everybody, by person and week.

        Args:
            persons: whose; None for everybody's.
            since: from this day on; a week counts by its Monday.
            until: before this day.

        """
        c = usage.c
        query = select(c.person, c.week, c.metric, c.value).where(c.week >= since, c.week < until)
        if persons is not None:
            if not persons:
                return []
            query = query.where(self._among(c.person, sorted(set(persons))))
        rows = await self.connection.execute(query.order_by(c.person, c.week, c.metric))
        found: dict[tuple[str, date], dict[Metric, float]] = {}
        for person, week, metric, value in rows.all():
            found.setdefault((person, week), {})[Metric(metric)] = value
        return [Use(person, week, values) for (person, week), values in found.items()]

    async def keep_usage(self, uses: Iterable[Use], source: str, now: datetime) -> int:
        """Keep what people did, as a source told it now; returns how many values are new.

        Who is not here any more is left out. Of two values of the same the last one counts.
        """
        rows: Mapping[tuple[str, date, Metric], dict[str, Any]] = {
            (use.person, use.week, metric): {
                "person": use.person,
                "week": use.week,
                "metric": metric.value,
                "value": float(value),
                "source": source,
                "told_at": now,
            }
            for use in uses
            for metric, value in use.values.items()
        }
        each = _EACH.get(self.connection.dialect.name)
        if each is None:
            each = Each(_COLUMNS, lambda given: _telling(self.inserting(usage), given))
            _EACH[self.connection.dialect.name] = each
        told = [rows[key] for key in sorted(rows)]
        return sum(
            [
                await self.run_each(each, told[start : start + PART])
                for start in range(0, len(told), PART)
            ]
        )

    async def workers(self) -> list[Worker]:
        """Return everybody who is here, by what a CRM may know them by."""
        homes = await self.connection.execute(
            select(addresses.c.person, addresses.c.account)
            .where(addresses.c.platform == DIRECTORY)
            .order_by(addresses.c.used_at)
        )
        directory = {row.person: row.account for row in homes}
        rows = await self.connection.execute(
            select(people.c.id, people.c.email, people.c.zone)
            .where(~people.c.left)
            .order_by(people.c.id)
        )
        return [Worker(r.id, directory.get(r.id, ""), r.email, r.zone) for r in rows]

    async def usage_weeks(self, since: date, source: str | None = None) -> list[Fetch]:
        """Return how far we are with fetching the weeks from a day on, of one source or of all."""
        c = usage_weeks.c
        query = select(usage_weeks).where(c.week >= since).order_by(c.source, c.week, c.again)
        if source is not None:
            query = query.where(c.source == source)
        return [
            Fetch(
                row.source,
                row.week,
                row.again,
                row.tried_at,
                row.tries,
                frozenset(Metric(one) for one in row.whole.split()),
            )
            for row in await self.connection.execute(query)
        ]

    async def try_usage(
        self, source: str, week: date, now: datetime, *, again: bool, tries: int
    ) -> bool:
        """Note that a week is asked for now, after so many tries; False if someone just did."""
        row = {"source": source, "week": week, "again": again, "whole": ""}
        statement = self.inserting(usage_weeks).values(row | {"tried_at": now, "tries": 1})
        mine = statement.on_conflict_do_update(
            index_elements=["source", "week", "again"],
            set_={"tried_at": now, "tries": usage_weeks.c.tries + 1},
            where=usage_weeks.c.tries == tries,
        )
        return (await self.connection.execute(mine)).rowcount > 0

    async def week_told(
        self, source: str, week: date, whole: Iterable[Metric], *, again: bool
    ) -> None:
        """Note what of a week was told of everybody, beside what was told of it before."""
        c = usage_weeks.c
        mine = (c.source == source, c.week == week, c.again.is_(again))
        before = await self.connection.scalar(select(c.whole).where(*mine))
        told = sorted({*(before or "").split(), *(metric.value for metric in whole)})
        await self.connection.execute(update(usage_weeks).where(*mine).values(whole=" ".join(told)))
