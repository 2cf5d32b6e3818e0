"""Competitions, who joined them, and the ledger of points: rows are added and never changed.

Whoever adds rows, joins or ends a competition holds its row until the end of the transaction, so
that each week of each person counts once, however many look at it at one moment.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.store.audit import Audit, Audited
from adapters.store.people import people
from adapters.store.schema import Moment, Number, erased_by, impersonal, metadata, numbered
from nudges.adoption import Metric
from nudges.competition import (
    NEW,
    Award,
    Competition,
    CompetitionCancelled,
    CompetitionFact,
    CompetitionJoined,
    CompetitionKept,
    CompetitionLeft,
    CompetitionReleased,
    Contest,
    LedgerRead,
    Place,
    State,
    first_three,
    today,
)
from nudges.competition import Row as Points

competitions = Table(
    "competitions",
    metadata,
    numbered(),
    Column("key", String, nullable=False, unique=True),
    Column("name", JSON, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("prize", JSON, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("awards", JSON, nullable=False),
    Column("released", Boolean, nullable=False, default=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("closed", Boolean, nullable=False, default=False),
    Column("revision", Integer, nullable=False, default=0),
    info=impersonal("what the CRM team wrote: dates, rule, points and prize; nobody stands in it"),
    sqlite_autoincrement=True,
)
joiners = Table(
    "competition_joiners",
    metadata,
    Column("competition", Number, ForeignKey("competitions.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("knows", Integer, nullable=False),
    Column("told", String, nullable=False, default=""),
    Index("ix_competition_joiners_person", "person"),
    info=erased_by("person"),
)
ledger = Table(
    "competition_points",
    metadata,
    numbered(),
    Column("competition", Number, ForeignKey("competitions.id"), nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("week", Date, nullable=False),
    Column("metric", String, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("competition", "person", "week", "metric", "nth"),
    info=erased_by("person"),
)
NAMES = ("key", "name", "rule", "prize", "starts", "ends")


class Competitions(Audit):
    """The part of a transaction with competitions."""

    async def contests(self, numbers: Iterable[int], person: str = "") -> dict[int, Contest]:
        """Return competitions by number, as one person sees them; 0 stands for all of them."""
        wanted = sorted(set(numbers))
        query = select(competitions).order_by(competitions.c.starts, competitions.c.id)
        if 0 not in wanted:
            query = query.where(competitions.c.id.in_(wanted))
        rows = (await self.connection.execute(query)).all()
        found = {row.id: _contest(row) for row in rows}
        if not person or not found:
            return found
        at = await self._joined_at(found, person)
        rows_of = await self._rows_of(at, person)
        return {
            number: replace(
                one,
                joined=at.get(number),
                rows=tuple(rows_of.get(number, ())),
                first=await self._first_of(number) if number in at else (),
            )
            for number, one in found.items()
        }

    async def contest_by_key(self, key: str) -> Contest | None:
        """Return a competition by the name that it was written with."""
        row = (
            await self.connection.execute(select(competitions).where(competitions.c.key == key))
        ).one_or_none()
        return _contest(row) if row else None

    async def hold_contest(self, number: int) -> Contest | None:
        """Return a competition that is ours until the transaction ends."""
        query = select(competitions).where(competitions.c.id == number).with_for_update()
        row = (await self.connection.execute(query)).one_or_none()
        return _contest(row) if row else None

    async def joined_days(self, number: int) -> dict[str, date]:
        """Return who takes part in a competition and is still here, with the day they joined."""
        rows = await self.connection.execute(
            select(joiners.c.person, joiners.c.day)
            .join(people, people.c.id == joiners.c.person)
            .where(joiners.c.competition == number, ~people.c.left)
        )
        return {row.person: row.day for row in rows}

    async def sums(self, number: int) -> dict[tuple[str, date, Metric], tuple[int, int, int]]:
        """Return what the ledger says of each week: rows, and the sums of amounts and points."""
        c = ledger.c
        rows = await self.connection.execute(
            select(c.person, c.week, c.metric, func.count(), func.sum(c.amount), func.sum(c.points))
            .where(c.competition == number)
            .group_by(c.person, c.week, c.metric)
        )
        return {
            (person, week, Metric(metric)): (many, int(amount), int(points))
            for person, week, metric, many, amount, points in rows.all()
        }

    async def add_points(self, number: int, rows: Sequence[Points], now: datetime) -> None:
        """Add rows to the ledger."""
        if rows:
            await self.connection.execute(
                insert(ledger),
                [
                    {
                        "competition": number,
                        "person": row.person,
                        "week": row.week,
                        "metric": row.metric.value,
                        "nth": row.nth,
                        "amount": row.amount,
                        "points": row.points,
                        "at": now,
                    }
                    for row in rows
                ],
            )

    async def ledger(self, number: int) -> list[tuple[Points, str, datetime]]:
        """Return all rows of a ledger in their order, with names and when each was added."""
        rows = await self.connection.execute(
            select(ledger, people.c.name)
            .join(people, people.c.id == ledger.c.person)
            .where(ledger.c.competition == number)
            .order_by(ledger.c.id)
        )
        return [(_points(row), row.name, row.at) for row in rows]

    async def close_contest(self, number: int) -> bool:
        """Note that the points are final; False if somebody noted it before."""
        c = competitions.c
        changed = update(competitions).where(c.id == number, ~c.closed).values(closed=True)
        return (await self.connection.execute(changed)).rowcount > 0

    async def untold_joiners(self, limit: int) -> list[tuple[int, str, str]]:
        """Return who does not know yet that their competition changed, ended or was cancelled.

        Each with its number, the person, and what to tell them.
        """
        c, j = competitions.c, joiners.c
        rows = await self.connection.execute(
            select(j.competition, j.person, c.cancelled, c.closed)
            .join(competitions, c.id == j.competition)
            .where(
                or_(
                    c.cancelled & (j.told != "cancelled"),
                    ~c.cancelled & c.closed & (j.told != "closed"),
                    ~c.cancelled & ~c.closed & (j.knows < c.revision),
                )
            )
            .order_by(j.competition, j.person)
            .limit(limit)
        )
        return [
            (number, who, "cancelled" if cancelled else "closed" if closed else "changed")
            for number, who, cancelled, closed in rows.all()
        ]

    async def told_joiner(self, number: int, person: str, what: str) -> None:
        """Note that somebody who takes part is told."""
        known = select(competitions.c.revision).where(competitions.c.id == number)
        values: dict[str, Any] = {"knows": known.scalar_subquery()}
        if what != "changed":
            values["told"] = what
        await self.connection.execute(
            update(joiners)
            .where(joiners.c.competition == number, joiners.c.person == person)
            .values(**values)
        )

    async def keep_competition(self, fact: CompetitionFact, by: str, now: datetime) -> None:
        """Keep what the CRM team wants of a competition, or what somebody who takes part does."""
        match fact:
            case CompetitionKept(competition, number):
                await self._keep_competition(competition, number, by, now)
            case CompetitionReleased(number):
                c = competitions.c
                which = (c.id == number, ~c.released, ~c.cancelled, c.ends >= today(now))
                changed = update(competitions).where(*which).values(released=True)
                if (await self.connection.execute(changed)).rowcount > 0:
                    await self.audit(Audited(now, by, "announce", f"competition:{number}"))
            case CompetitionCancelled(number):
                c = competitions.c
                which = (c.id == number, ~c.cancelled, ~c.closed)
                changed = update(competitions).where(*which).values(cancelled=True)
                if (await self.connection.execute(changed)).rowcount > 0:
                    await self.audit(Audited(now, by, "cancel", f"competition:{number}"))
            case CompetitionJoined(number):
                await self._join_competition(number, by, now)
            case LedgerRead(number):
                await self.audit(Audited(now, by, "read_ledger", f"competition:{number}"))
            case CompetitionLeft(number):
                await self.leave_competition(number, by)

    async def leave_competition(self, number: int, person: str) -> None:
        """Let somebody take part no more: their points go, and everybody else's stay."""
        for table in (ledger, joiners):
            await self.connection.execute(
                delete(table).where(table.c.competition == number, table.c.person == person)
            )

    async def gone_joiners(self, number: int) -> list[str]:
        """Return who takes part and is not here any more."""
        rows = await self.connection.scalars(
            select(joiners.c.person)
            .join(people, people.c.id == joiners.c.person)
            .where(joiners.c.competition == number, people.c.left)
        )
        return list(rows)

    async def _keep_competition(
        self, competition: Competition, number: int, by: str, now: datetime
    ) -> None:
        values = {name: getattr(competition, name) for name in NAMES} | {
            "segments": list(competition.segments),
            "awards": {m.value: [a.points, a.most] for m, a in competition.awards.items()},
        }
        if number == NEW:
            statement = self.inserting(competitions).values(
                released=False, cancelled=False, closed=False, revision=0, **values
            )
            fresh = await self.connection.execute(
                statement.on_conflict_do_nothing(index_elements=["key"])
            )
            if fresh.rowcount > 0:
                found = await self.contest_by_key(competition.key)
                about = f"competition:{found.number if found else ''}"
                await self.audit(Audited(now, by, "plan", about))
            return
        before = await self.hold_contest(number)
        if before is None or not may_change(before, competition, now):
            return
        values["key"] = before.competition.key
        revision = before.revision + before.released
        changed = update(competitions).where(competitions.c.id == number)
        await self.connection.execute(changed.values(revision=revision, **values))
        await self.audit(Audited(now, by, "change", f"competition:{number}"))

    async def _join_competition(self, number: int, person: str, now: datetime) -> None:
        found = await self.hold_contest(number)
        segment = await self.connection.scalar(
            select(people.c.segment).where(people.c.id == person, ~people.c.left)
        )
        if found is None or segment is None or not found.open(today(now)):
            return
        if not found.competition.concerns(segment):
            return
        row = {
            "competition": number,
            "person": person,
            "at": now,
            "day": today(now),
            "knows": found.revision,
            "told": "",
        }
        await self.upsert(joiners, [row], ["competition", "person"])

    async def _joined_at(self, numbers: Collection[int], person: str) -> dict[int, datetime]:
        rows = await self.connection.execute(
            select(joiners.c.competition, joiners.c.at).where(
                joiners.c.person == person, joiners.c.competition.in_(sorted(numbers))
            )
        )
        return {row.competition: row.at for row in rows}

    async def _rows_of(self, numbers: Collection[int], person: str) -> dict[int, list[Points]]:
        if not numbers:
            return {}
        rows = await self.connection.execute(
            select(ledger)
            .where(ledger.c.person == person, ledger.c.competition.in_(sorted(numbers)))
            .order_by(ledger.c.id)
        )
        found: dict[int, list[Points]] = {}
        for row in rows:
            found.setdefault(row.competition, []).append(_points(row))
        return found

    async def _first_of(self, number: int) -> tuple[Place, ...]:
        """Return the first three of a competition, where they may be named."""
        mine = (ledger.c.competition == joiners.c.competition) & (
            ledger.c.person == joiners.c.person
        )
        rows = await self.connection.execute(
            select(joiners.c.person, people.c.name, func.coalesce(func.sum(ledger.c.points), 0))
            .join(people, people.c.id == joiners.c.person)
            .outerjoin(ledger, mine)
            .where(joiners.c.competition == number, ~people.c.left)
            .group_by(joiners.c.person, people.c.name)
        )
        found = rows.all()
        sums = {who: int(points) for who, _, points in found}
        return first_three(sums, {who: name for who, name, _ in found})


def may_change(before: Contest, wanted: Competition, now: datetime) -> bool:
    """Say whether a competition may be written otherwise: before it begins, and then prolonged."""
    wanted = replace(wanted, key=before.competition.key)
    if before.cancelled or before.closed or wanted == before.competition:
        return False
    if before.state(today(now)) in {State.DRAFT, State.ANNOUNCED}:
        return True
    longer = replace(before.competition, ends=wanted.ends) == wanted
    return longer and wanted.ends > before.competition.ends


def _contest(row: Row[Any]) -> Contest:
    values: Mapping[str, Any] = {name: getattr(row, name) for name in NAMES}
    awards = {Metric(m): Award(each, most) for m, (each, most) in row.awards.items()}
    competition = Competition(**values, segments=tuple(row.segments), awards=awards)
    return Contest(
        row.id,
        competition,
        released=row.released,
        cancelled=row.cancelled,
        closed=row.closed,
        revision=row.revision,
    )


def _points(row: Row[Any]) -> Points:
    return Points(row.person, row.week, Metric(row.metric), row.amount, row.points, row.nth)
