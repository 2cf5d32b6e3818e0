"""How people's weeks with the CRM were judged, as the store keeps it: added to, never changed.

A week that is judged again gets a row beside the one before; the last one counts. A judging is a
walk past all people in parts, and how far it is stands in one row: two programs that walk at once
do each part once, and a crash loses none.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias, cast

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.each import Each
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata
from adapters.store.switch import Switches
from adapters.store.usage import Usage, usage
from nudges.adoption import WEEK
from nudges.levels import FIRST_LOOK, LONGEST, Judged, Verdict, Walk, below_compliant, by_week
from nudges.use_linked import SUBJECT, Came, OwnUse

levels = Table(
    "levels",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("nth", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    Column("verdicts", String, nullable=False),
    Column("of", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_levels_week", "week"),
    info=erased_by("person"),
)
judging = Table(
    "judging",
    metadata,
    Column("name", String, primary_key=True),
    Column("week", Date, nullable=False),
    Column("told", Moment, nullable=False),
    Column("after", String, nullable=False),
    Column("done", Boolean, nullable=False),
    info=erased_by(cleared={"after": ""}),
)
Index("ix_usage_told_at", usage.c.told_at)
Rows: TypeAlias = Select[str, date, int, str, str]
"""Persons, weeks, levels, verdicts and fingerprints."""
NAME = "weeks"
READ = 1024
"""How many ways in which a week can go are remembered as read."""
PART = 2000
"""How many rows are written by one statement."""
_ABOUT = f"{SUBJECT}:"
_LEVEL = Each(
    {"who": String(), "level": Integer()},
    lambda given: (
        update(people)
        .where(people.c.id == given["who"], people.c.level != given["level"])
        .values(level=given["level"])
    ),
)


class Levels(Switches, Usage):
    """The part of a transaction with levels."""

    async def usage_news(self, until: date) -> tuple[date, datetime] | None:
        """Return the newest week, up to this one, that was measured; and when we were told last."""
        c = usage.c
        week = await self.connection.scalar(select(func.max(c.week)).where(c.week <= until))
        told = await self.connection.scalar(select(func.max(c.told_at)))
        return (week, told) if week and told else None

    async def walk(self) -> Walk | None:
        """Return how far the judging is; None if there never was one."""
        c = judging.c
        query = select(c.week, c.told, c.after, c.done).where(c.name == NAME)
        row = (await self.connection.execute(query)).one_or_none()
        return Walk(*row) if row else None

    async def walk_on(self, was: Walk | None, now: Walk) -> bool:
        """Note how far the judging is; False if somebody else has gone on meanwhile."""
        c = judging.c
        values = {"week": now.week, "told": now.told, "after": now.after, "done": now.done}
        if was is None:
            return await self.upsert(judging, [{"name": NAME, **values}], ["name"]) > 0
        same = (c.week == was.week, c.told == was.told, c.after == was.after, c.done.is_(was.done))
        changed = update(judging).where(c.name == NAME, *same).values(values)
        return (await self.connection.execute(changed)).rowcount > 0

    async def to_judge(self, segments: Collection[str], after: str, limit: int) -> list[str]:
        """Return the next people of these segments who are here, by id."""
        found = await self.connection.scalars(
            select(people.c.id)
            .where(people.c.id > after, people.c.segment.in_(sorted(segments)), ~people.c.left)
            .order_by(people.c.id)
            .limit(limit)
        )
        return list(found)

    async def judged_of(
        self, persons: Collection[str], since: date, until: date | None = None
    ) -> dict[str, list[Judged]]:
        """Return how these people's weeks were judged, each once, oldest first.

        Args:
            persons: whose.
            since: from this day on; a week counts by its Monday.
            until: before this day; without it to the newest.

        """
        if not persons:
            return {}
        among = self._among(levels.c.person, sorted(set(persons)))
        found: dict[str, list[Judged]] = {}
        for one in await self._judged(_newest(since, until).where(among)):
            found.setdefault(one.person, []).append(one)
        return found

    async def judged_since(
        self, since: date, persons: Collection[str] | None = None
    ) -> list[Judged]:
        """Return how weeks from a day on were judged, by person and week, each once."""
        query = _newest(since, None)
        if persons is not None:
            query = query.where(self._among(levels.c.person, sorted(set(persons))))
        return await self._judged(query)

    async def levels_as_of(
        self, week: date, persons: Collection[str] | None = None
    ) -> Mapping[str, int]:
        """Return the level that people held after a week: everybody's, or these people's.

        Who was not judged in the twelve weeks up to it is not there: that is unknown, not zero.
        """
        c = levels.c
        newest = func.row_number().over(
            partition_by=c.person, order_by=(c.week.desc(), c.nth.desc())
        )
        since = week - (FIRST_LOOK - 1) * WEEK
        query = select(c.person, c.level, newest.label("place"))
        query = query.where(c.week >= since, c.week <= week)
        if persons is not None:
            query = query.where(self._among(c.person, sorted(set(persons))))
        each = query.subquery("each")
        rows = await self.connection.execute(
            select(each.c.person, each.c.level).where(each.c.place == 1)
        )
        return {row.person: row.level for row in rows}

    async def _judged(self, query: Rows) -> list[Judged]:
        """Return what a query of rows found, of each person and week the last."""
        rows = await self.connection.execute(query)
        last = {
            (person, week): Judged(person, week, level, _verdicts(verdicts), of)
            for person, week, level, verdicts, of in rows.all()
        }
        return list(last.values())

    async def keep_judged(self, judged: Sequence[Judged], now: datetime) -> None:
        """Add how weeks were judged."""
        if not judged:
            return
        c = levels.c
        whose = sorted({one.person for one in judged})
        rows = await self.connection.execute(
            select(c.person, c.week, func.max(c.nth))
            .where(self._among(c.person, whose), c.week >= min(one.week for one in judged))
            .group_by(c.person, c.week)
        )
        had = {(person, week): nth for person, week, nth in rows.all()}
        wanted = [
            {
                "person": one.person,
                "week": one.week,
                "nth": had.get((one.person, one.week), 0) + 1,
                "level": one.level,
                "verdicts": " ".join(one.verdicts),
                "of": one.of,
                "at": now,
            }
            for one in judged
        ]
        for start in range(0, len(wanted), PART):
            await self.connection.execute(insert(levels), wanted[start : start + PART])

    async def set_levels(self, held: Mapping[str, int]) -> None:
        """Note which level people hold, for content and audiences."""
        if held:
            whose = [{"who": who, "level": level} for who, level in sorted(held.items())]
            await self.run_each(_LEVEL, whose)

    async def use_came(self, persons: Collection[str]) -> dict[str, list[Came]]:
        """Return what these people were sent because of their use, oldest first."""
        if not persons:
            return {}
        d = deliveries.c
        rows = await self.connection.execute(
            select(d.person, d.subject, d.sent_at, d.answered_at)
            .where(
                self._among(d.person, sorted(set(persons))),
                and_(HAS_SUBJECT, d.subject >= _ABOUT, d.subject < f"{SUBJECT};"),
                d.kind == "post",
                d.sent_at.is_not(None),
            )
            .order_by(d.id)
        )
        found: dict[str, list[Came]] = {}
        for person, subject, sent, answered in rows.all():
            came = Came(subject.removeprefix(_ABOUT), sent, answered)
            found.setdefault(person, []).append(came)
        return found

    async def own_use(self, persons: Iterable[str], until: date) -> dict[str, OwnUse]:
        """Return what was measured of each of these people, and how it was judged.

        Args:
            persons: whose.
            until: the Monday of the last week that is over.

        """
        whose = sorted(set(persons))
        switch, news = await self.use_switch(), await self.usage_news(until)
        if news is None:
            return {who: OwnUse(on=switch.on) for who in whose}
        newest, since = news[0], news[0] - (FIRST_LOOK + LONGEST) * WEEK
        measured = by_week(await self.usage_of(whose, since, newest + WEEK))
        judged = await self.judged_of(whose, since, newest + WEEK)
        return {
            who: OwnUse(measured.get(who, {}), tuple(judged.get(who, ())), newest, switch.on)
            for who in whose
        }

    async def below_compliant(self, person: str) -> bool:
        """Say whether somebody's use is below the first level for two periods (rule 6).

        Where the switch is off it counts for nothing, and nobody's weeks are looked at.
        """
        if not (await self.use_switch()).on:
            return False
        newest = select(func.max(levels.c.week)).where(levels.c.person == person)
        week = await self.connection.scalar(newest)
        if week is None:
            return False
        since = week - (FIRST_LOOK - 1) * WEEK
        return below_compliant((await self.judged_of([person], since)).get(person, ()))

    async def forget_levels(self, before: date) -> int:
        """Drop how weeks were judged long ago; returns how many rows that were."""
        gone = delete(levels).where(levels.c.week < before)
        return (await self.connection.execute(gone)).rowcount


def _newest(since: date, until: date | None) -> Rows:
    """Return the rows of weeks in a time, so that of each person and week the last comes last."""
    c = levels.c
    query = select(c.person, c.week, c.level, c.verdicts, c.of).where(c.week >= since)
    if until is not None:
        query = query.where(c.week < until)
    return query.order_by(c.person, c.week, c.nth)


@lru_cache(maxsize=READ)
def _verdicts(stored: str) -> tuple[Verdict, ...]:
    return cast("tuple[Verdict, ...]", tuple(stored.split()))
