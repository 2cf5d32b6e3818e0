"""When each group last said that it got a message about the change, as the store knows it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from adapters.store.broadcasts import broadcasts, receipts
from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import people
from dialogs.welcome import GREETING
from nudges.audience import FLOOR
from nudges.broadcast import Stage, occasion
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
        numbers = [row.id for row in rows if counts(row.kind, row.rule)]
        found = await self.connection.execute(_heard(numbers, segments))
        return [Heard(row.segment, row.here, row.got, row.first) for row in found]


def _heard(numbers: list[int], segments: Iterable[str] | None) -> Select[Any]:
    """Ask each person for their last receipt, and each group for its latest.

    An index holds a person's receipts by their time: read in that order a million of them cost a
    fraction of what it costs to read them by broadcast and look their people up.
    """
    last = (
        select(func.max(receipts.c.at))
        .where(receipts.c.person == people.c.id, receipts.c.broadcast.in_(numbers))
        .correlate(people)
        .scalar_subquery()
    )
    wanted = people.c.segment != ""
    if segments is not None:
        wanted = people.c.segment.in_(sorted(set(segments)))
    each = (
        select(
            people.c.segment,
            func.sum(case((people.c.left, 0), else_=1)).label("here"),
            func.max(last).label("got"),
        )
        .where(wanted)
        .group_by(people.c.segment)
        .subquery("each")
    )
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
