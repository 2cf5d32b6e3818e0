"""What people write back to broadcasts, and what its author answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update

from adapters.store.broadcasts import Broadcasts, broadcasts, written_back
from adapters.store.people import people
from adapters.store.sealed import Own
from nudges.broadcast import ReplyDone, WrittenBack
from nudges.broadcast_replies import Told

_WITH_NAME: Select[Any] = select(written_back, people.c.name).join(people)


class Replies(Broadcasts):
    """The replies' part of a transaction."""

    async def write_back(self, number: int, person: str, text: str, now: datetime) -> None:
        """Keep what someone wrote back."""
        await self.connection.execute(
            insert(written_back).values(
                broadcast=number, person=person, text=Own(text, person), at=now
            )
        )

    async def written_back(self, number: int) -> list[WrittenBack]:
        """Return what was written back, oldest first."""
        query = _WITH_NAME.where(written_back.c.broadcast == number).order_by(written_back.c.id)
        return [_back(row) for row in await self.connection.execute(query)]

    async def waiting_replies(self, number: int, most: int) -> tuple[list[WrittenBack], int]:
        """Return what waits longest for an answer, and how much waits in all."""
        waits = (written_back.c.broadcast == number, written_back.c.done_at.is_(None))
        query = _WITH_NAME.where(*waits).order_by(written_back.c.id).limit(most)
        rows = [_back(row) for row in await self.connection.execute(query)]
        counted = select(func.count()).select_from(written_back).where(*waits)
        return rows, await self.connection.scalar(counted) or 0

    async def replies(self, numbers: Iterable[int]) -> dict[int, WrittenBack]:
        """Return what was written back, by number."""
        query = _WITH_NAME.where(written_back.c.id.in_(sorted(set(numbers))))
        return {row.id: _back(row) for row in await self.connection.execute(query)}

    async def finish_reply(self, fact: ReplyDone, now: datetime) -> bool:
        """Keep an answer to what was written back; False if somebody did that before."""
        whose = select(written_back.c.person).where(written_back.c.id == fact.number)
        person: str = await self.connection.scalar(whose) or ""
        changed = await self.connection.execute(
            update(written_back)
            .where(written_back.c.id == fact.number, written_back.c.done_at.is_(None))
            .values(answer=Own(fact.answer, person), done_at=now)
        )
        return changed.rowcount > 0

    async def untold_replies(self, before: datetime) -> list[Told]:
        """Return the broadcasts to which somebody wrote since their author was told.

        ``before`` is when they were told last at the latest, so that they are not told of each.
        """
        newest = func.max(written_back.c.id)
        query = (
            select(broadcasts.c.id, broadcasts.c.author, newest.label("newest"))
            .join(written_back, written_back.c.broadcast == broadcasts.c.id)
            .where(
                written_back.c.done_at.is_(None),
                written_back.c.id > broadcasts.c.told_back,
                or_(broadcasts.c.told_back_at.is_(None), broadcasts.c.told_back_at <= before),
            )
            .group_by(broadcasts.c.id, broadcasts.c.author)
            .order_by(broadcasts.c.id)
        )
        rows = await self.connection.execute(query)
        return [Told(row.id, row.author, row.newest) for row in rows]

    async def tell_replies(self, told: Told, now: datetime) -> bool:
        """Note that an author is told of what was written back; False if they were."""
        changed = await self.connection.execute(
            update(broadcasts)
            .where(broadcasts.c.id == told.broadcast, broadcasts.c.told_back < told.newest)
            .values(told_back=told.newest, told_back_at=now)
        )
        return changed.rowcount > 0


def _back(row: Row[Any]) -> WrittenBack:
    return WrittenBack(
        row.person, row.name, row.text, row.at, row.id, row.broadcast, row.answer, row.done_at
    )
