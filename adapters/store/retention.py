"""How long the rows of each table about people are kept, and taking out what is too old.

One list says it of every table; a table that is not in it fails a test. What goes goes in parts: a
few rows are looked at, and those too old are deleted in a short transaction, so that nobody who
answers meanwhile waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from adapters.store.audit import Audit, Audited
from adapters.store.broadcasts import receipts
from adapters.store.competition import competitions
from adapters.store.delivery_table import deliveries
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, impersonal, metadata, numbered
from adapters.store.tips import tips_said
from adapters.store.training_table import trainings
from adapters.store.voice import voices
from dialogs.welcome import GREETING
from nudges.delivery import ENDS, Priority
from nudges.retention import (
    ARRIVALS,
    MOST,
    TOLD_DAYS,
    TOUCHES,
    YEAR,
    Keep,
    Retention,
    RetentionSet,
    within,
)
from nudges.tips import SUBJECT as TIP

_HERE, _LOG = Keep("here"), Keep("log")
_ANSWER = Keep("aged", MOST, chosen=True)
_RAISED = Keep("closed", MOST, chosen=True)
_YEAR, _OVER = Keep("aged", YEAR), Keep("over", YEAR)
_QUESTION = Keep("aged", TOLD_DAYS)
KEPT: Final[Mapping[str, Keep]] = MappingProxyType(
    {
        "addresses": _HERE,
        "answers": _ANSWER,
        "atoms": _LOG,
        "audit": _LOG,
        "beliefs": _ANSWER,
        "broadcasts": _LOG,
        "cells": _LOG,
        "champions": _HERE,
        "colleague_answers": _QUESTION,
        "competition_joiners": _OVER,
        "competition_points": _OVER,
        "contributions": Keep("last", TOLD_DAYS),
        "deliveries": Keep("sent", TOLD_DAYS, longer=YEAR),
        "departures": _YEAR,
        "directory": _HERE,
        "drafts": _YEAR,
        "farewells": _HERE,
        "grants": _HERE,
        "group_members": _HERE,
        "handed": _QUESTION,
        "inbox": Keep("aged", ARRIVALS),
        "judging": _LOG,
        "levels": _YEAR,
        "looked": Keep("short"),
        "merit_walks": _LOG,
        "panels": _ANSWER,
        "people": _HERE,
        "questions": _QUESTION,
        "raisers": _RAISED,
        "receipts": _YEAR,
        "reception": _ANSWER,
        "recognitions": _YEAR,
        "referrals": _QUESTION,
        "remarks": _ANSWER,
        "retentions": _LOG,
        "shadows": _ANSWER,
        "shown": _LOG,
        "standings": Keep("ended"),
        "standings_due": Keep("ended"),
        "stories": _YEAR,
        "ticks": _YEAR,
        "tips_due": _HERE,
        "tips_said": _YEAR,
        "touches": Keep("aged", TOUCHES),
        "training_invitations": _OVER,
        "training_signups": _OVER,
        "trainings": _LOG,
        "usage": _YEAR,
        "use_linked": _LOG,
        "voice_lines": _RAISED,
        "voices": _LOG,
        "written_back": _ANSWER,
    }
)
"""How long each table about people keeps its rows.

What each number was made of (``contributions``) goes but for the last value of each person. That
one says that a number has told it; without it, it would look new, four others who really are new
could be told with it, and whoever takes the older number from the newer one would be left with
four. Numbers that were told stay, with whom they were shown, or nobody could look what was told.
"""
_AGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "answers": "at",
        "beliefs": "at",
        "departures": "at",
        "drafts": "at",
        "panels": "asked_at",
        "receipts": "at",
        "reception": "asked_at",
        "recognitions": "at",
        "remarks": "at",
        "shadows": "at",
        "stories": "at",
        "ticks": "at",
        "tips_said": "at",
        "usage": "week",
        "written_back": "at",
    }
)
"""What is swept here by its own age, and the column that says it."""
_PARENT: Final[Mapping[str, tuple[str, Column[Any], Column[Any]]]] = MappingProxyType(
    {
        "competition_joiners": ("competition", competitions.c.id, competitions.c.ends),
        "competition_points": ("competition", competitions.c.id, competitions.c.ends),
        "raisers": ("voice", voices.c.id, voices.c.closed_at),
        "training_invitations": ("session", trainings.c.id, trainings.c.starts),
        "training_signups": ("session", trainings.c.id, trainings.c.starts),
        "voice_lines": ("voice", voices.c.id, voices.c.closed_at),
    }
)
"""What is swept by the age of what it belongs to."""
SWEPT: Final = (*_AGE, *_PARENT, "deliveries")
"""The tables that are swept here; the others' own rounds see to them (:mod:`bot.ticker`)."""
RANGE = 20_000
"""So many numbers of a table that counts its rows are looked at in one transaction."""

retentions = Table(
    "retentions",
    metadata,
    numbered(),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("days", Integer, nullable=False),
    info=erased_by(cleared={"who": ""}),
)
"""For how many days answers are kept: each time that was set is a row of its own."""
sweeps = Table(
    "sweeps",
    metadata,
    Column("name", String, primary_key=True),
    Column("day", Date, nullable=False),
    Column("days", Integer, nullable=False),
    info=impersonal("on which day a table was swept last, and by which retention"),
)
Index("ix_receipts_at", receipts.c.at)
Index("ix_tips_said_at", tips_said.c.at)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a part of a sweep came to: how many rows went, and where the next part begins.

    ``after`` is None where the table is done.
    """

    gone: int
    after: int | None = None


class Sweeps(Audit):
    """The part of a transaction that takes out what is too old."""

    async def retention(self) -> Retention:
        """Return for how many days answers are kept, and who set that last."""
        c = retentions.c
        row = (
            await self.connection.execute(
                select(c.days, c.who, c.at, people.c.name)
                .select_from(retentions.outerjoin(people, people.c.id == c.who))
                .order_by(c.id.desc())
                .limit(1)
            )
        ).one_or_none()
        if row is None:
            return Retention()
        return Retention(within(row.days), row.who, row.name or row.who, row.at)

    async def set_retention(self, word: RetentionSet, by: str, now: datetime) -> None:
        """Keep the privacy officer's word; it counts from the next sweep on."""
        row = {"at": now, "who": by, "days": within(word.days)}
        await self.connection.execute(insert(retentions).values(row))
        await self.audit(Audited(now, by, "set", f"retention:{row['days']}"))

    async def sweeps_due(self, day: date, days: int) -> list[str]:
        """Name the tables that were not swept on this day, with this retention."""
        rows = await self.connection.scalars(
            select(sweeps.c.name).where(sweeps.c.day >= day, sweeps.c.days == days)
        )
        done = set(rows)
        return [name for name in SWEPT if name not in done]

    async def sweep(self, name: str, now: datetime, days: int, most: int, after: int = 0) -> Swept:
        """Delete some of a table's rows that are too old; rows numbered up to ``after`` are done.

        Args:
            name: one of ``SWEPT``.
            now: the moment it is.
            days: for how many days answers are kept.
            most: how many rows go at most.
            after: where the part before ended.

        """
        table = metadata.tables[name]
        old = _old(table, now, days)
        key = list(table.primary_key.columns)
        if len(key) > 1 or not isinstance(key[0].type, type(deliveries.c.id.type)):
            some = select(*key).where(old).limit(most)
            gone = await self.connection.execute(
                delete(table).where(tuple_(*key).in_(some) if len(key) > 1 else key[0].in_(some))
            )
            return Swept(gone.rowcount, 0 if gone.rowcount == most else None)
        (number,) = key
        last = (await self.connection.scalar(select(func.max(number)))) or 0
        end = after + RANGE
        found = list(
            await self.connection.scalars(
                select(number)
                .where(number > after, number <= end, old)
                .order_by(number)
                .limit(most)
            )
        )
        if found:
            await self.connection.execute(delete(table).where(number.in_(found)))
        if len(found) == most:
            return Swept(most, found[-1])
        return Swept(len(found), end if end < last else None)

    async def note_swept(self, name: str, day: date, days: int) -> None:
        """Note that a table is done for this day."""
        await self.upsert(
            sweeps, [{"name": name, "day": day, "days": days}], ["name"], ["day", "days"]
        )


def _old(table: Table, now: datetime, days: int) -> ColumnElement[bool]:
    """Return what tells the rows of a table that are too old."""
    keep = KEPT[table.name]
    before = keep.before(now, days)
    if table is deliveries:
        return _sent_before(before, now - timedelta(days=keep.longer))
    if table.name in _PARENT:
        link, number, at = _PARENT[table.name]
        return table.c[link].in_(select(number).where(_before(at, before)))
    old = _before(table.c[_AGE[table.name]], before)
    return and_(old, table.c.template.is_(false())) if table.name == "drafts" else old


def _before(column: Column[Any], moment: datetime) -> ColumnElement[bool]:
    return column < (moment.date() if isinstance(column.type, Date) else moment)


def _sent_before(before: datetime, long_before: datetime) -> ColumnElement[bool]:
    """Tell old messages; what a broadcast's author or the choice of a tip rests on stays longer.

    A greeting stays: whoever never reacted would be greeted anew.
    """
    d = deliveries.c
    longer = or_(d.priority == Priority.BROADCAST, d.subject.startswith(f"{TIP}:"))
    return and_(
        d.state.in_(sorted(ENDS)),
        d.subject != GREETING,
        d.due < before,
        or_(~longer, d.due < long_before),
    )
