"""When each group last said that it got a message about the change, as the store knows it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from adapters.store.broadcasts import broadcasts, receipts
from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import people
from dialogs.welcome import GREETING
from nudges.broadcast import Stage, occasion
from nudges.release import FLOOR
from nudges.silence import COUNTED, Heard, counts


class Silences(Connected):
    """The part of a transaction that tells for how long it is quiet."""

    async def heard(self, segments: Iterable[str] | None = None) -> list[Heard]:
        """Return when people of each group last said they got a message: all, or these groups."""
        rows = await self.connection.execute(
            select(broadcasts.c.id, broadcasts.c.kind, broadcasts.c.rule).where(
                broadcasts.c.kind.in_(sorted(COUNTED)), broadcasts.c.stage == Stage.BEGUN
            )
        )
        lite = self.connection.dialect.name == "sqlite"
        numbers = [row.id for row in rows if counts(row.kind, row.rule)]
        found = await self.connection.execute(_heard(numbers, segments, lite=lite))
        return [Heard(row.segment, row.here, row.got, row.first) for row in found]


def _heard(numbers: list[int], segments: Iterable[str] | None, *, lite: bool) -> Select[Any]:
    """Return the one statement: who is here, their latest receipt, and else our first word.

    SQLite asks each person for their newest receipt that counts, by an index that holds them by
    time; joining a million took it four times as long. PostgreSQL joins them, and asked person by
    person it took as much longer.
    """
    wanted = people.c.segment != ""
    if segments is not None:
        wanted = people.c.segment.in_(sorted(set(segments)))
    here = func.sum(case((people.c.left, 0), else_=1)).label("here")
    if lite:
        last = (
            select(receipts.c.at)
            .where(receipts.c.person == people.c.id, receipts.c.broadcast.in_(numbers))
            .order_by(receipts.c.at.desc())
            .limit(1)
            .correlate(people)
            .scalar_subquery()
        )
        counted = select(people.c.segment, here, func.max(last).label("got"))
        each = counted.where(wanted).group_by(people.c.segment).subquery("each")
    else:
        size = select(people.c.segment, here).where(wanted).group_by(people.c.segment).subquery()
        last = (
            select(people.c.segment, func.max(receipts.c.at).label("got"))
            .join(people, people.c.id == receipts.c.person)
            .where(receipts.c.broadcast.in_(numbers), wanted)
            .group_by(people.c.segment)
            .subquery()
        )
        both = size.outerjoin(last, last.c.segment == size.c.segment)
        each = select(size, last.c.got).select_from(both).subquery("each")
    theirs = people.alias("theirs")
    first = (
        select(func.min(deliveries.c.sent_at))
        .join(theirs, theirs.c.id == deliveries.c.person)
        .where(
            theirs.c.segment == each.c.segment,
            HAS_SUBJECT,
            deliveries.c.subject.in_([GREETING, *map(occasion, numbers)]),
        )
        .correlate(each)
        .scalar_subquery()
    )
    never = and_(each.c.got.is_(None), each.c.here >= FLOOR)
    asked = case((never, first)).label("first")
    return select(each, asked).order_by(each.c.segment)
