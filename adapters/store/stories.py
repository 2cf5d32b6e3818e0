"""Success stories, as the store keeps them; taking one back deletes it.

Numbers are never given out twice, so that a message that names a story which is gone can never
show another one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.store.connection import Connected
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata, numbered
from adapters.store.sealed import Own, Private
from adapters.store.voice import raisers, voices
from nudges.stories import Consent, StoryTold, Told

stories = Table(
    "stories",
    metadata,
    numbered(),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("text", Private, nullable=False),
    Column("consent", String, nullable=False),
    Column("segment", String, nullable=False),
    Column("result", Private, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Column("approved", Boolean),
    Column("shared_at", Moment),
    Index("ix_stories_shared_at", "shared_at"),
    info=erased_by("person"),
    sqlite_autoincrement=True,
)
_TOLD: Select[Any] = select(stories, people.c.name).join(people).order_by(stories.c.id)


class Stories(Connected):
    """The stories' part of a transaction."""

    async def stories(self, numbers: Iterable[int]) -> dict[int, Told]:
        """Return stories by number; one that was taken back is left out."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self.connection.execute(_TOLD.where(stories.c.id.in_(wanted)))
        return {row.id: _told(row) for row in rows}

    async def told_by(self, person: str) -> list[Told]:
        """Return the stories that someone told, oldest first."""
        rows = await self.connection.execute(_TOLD.where(stories.c.person == person))
        return [_told(row) for row in rows]

    async def waiting_stories(self) -> list[Told]:
        """Return the stories that wait to be read by the CRM team, or to be shared."""
        rows = await self.connection.execute(
            _TOLD.where(
                stories.c.shared_at.is_(None),
                stories.c.consent != Consent.KEPT.value,
                or_(stories.c.approved.is_(None), stories.c.approved),
            )
        )
        return [_told(row) for row in rows]

    async def keep_story(self, told: StoryTold, person: str, now: datetime) -> None:
        """Keep a story."""
        await self.connection.execute(
            insert(stories).values(
                person=person,
                text=Own(told.text, person),
                consent=told.consent,
                segment=told.segment,
                result=Own(told.result, person),
                at=now,
            )
        )

    async def judge(self, number: int, *, approved: bool) -> bool:
        """Note what the CRM team decided; False if it was decided before, or is gone."""
        changed = await self.connection.execute(
            update(stories)
            .where(
                stories.c.id == number,
                stories.c.approved.is_(None),
                stories.c.consent != Consent.KEPT.value,
            )
            .values(approved=approved)
        )
        return changed.rowcount > 0

    async def share(self, number: int, now: datetime) -> None:
        """Note that a story goes out."""
        await self.connection.execute(
            update(stories).where(stories.c.id == number).values(shared_at=now)
        )

    async def take_back(self, number: int, person: str) -> bool:
        """Delete a story that is this person's own; False if there is none."""
        gone = await self.connection.execute(
            delete(stories).where(stories.c.id == number, stories.c.person == person)
        )
        return gone.rowcount > 0

    async def wishes(self, segment: str, since: datetime) -> tuple[int, int]:
        """Count the wishes of a segment, and the people they are from."""
        found = await self.connection.execute(
            select(func.count(), func.count(distinct(raisers.c.person)))
            .select_from(raisers)
            .join(voices, voices.c.id == raisers.c.voice)
            .join(people, people.c.id == raisers.c.person)
            .where(voices.c.kind == "wish", raisers.c.at >= since, people.c.segment == segment)
        )
        wishes, persons = found.one()
        return wishes, persons


def _told(row: Row[Any]) -> Told:
    return Told(
        number=row.id,
        person=row.person,
        text=row.text,
        consent=Consent(row.consent),
        segment=row.segment,
        at=row.at,
        result=row.result,
        name=row.name if row.consent == Consent.NAMED else "",
        approved=row.approved,
        shared=row.shared_at,
    )
