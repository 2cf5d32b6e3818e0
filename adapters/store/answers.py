"""Answers and remarks: facts that are appended, superseded, and never edited."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
)

from adapters.store.connection import Connected
from adapters.store.schema import Moment, erased_by, metadata, numbered
from adapters.store.sealed import Own, Private
from dialogs.turns import Remark
from nudges.adkar import Answer

HISTORY = timedelta(days=180)
"""How far back answers are read; older ones are kept no longer than this by default."""

answers = Table(
    "answers",
    metadata,
    numbered(),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("question", String, nullable=False),
    Column("score", Integer),
    Column("not_applicable", Boolean, nullable=False, default=False),
    Column("at", Moment, nullable=False),
    Column("took_ms", Integer),
    Column("occasion", String, nullable=False, default=""),
    UniqueConstraint("person", "at", "question"),
    info=erased_by("person"),
)
remarks = Table(
    "remarks",
    metadata,
    numbered(),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("about", String, nullable=False),
    Column("text", Private, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_remarks_person_at", "person", "at"),
    info=erased_by("person"),
)


class Answers(Connected):
    """The answers part of a transaction."""

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        rows = await self.connection.execute(
            select(answers)
            .where(answers.c.person.in_(sorted(set(persons))), answers.c.at > now - HISTORY)
            .order_by(answers.c.at, answers.c.id)
        )
        found: dict[str, list[Answer]] = {}
        for row in rows:
            took = timedelta(milliseconds=row.took_ms) if row.took_ms is not None else None
            found.setdefault(row.person, []).append(
                Answer(
                    row.person,
                    row.question,
                    row.score,
                    row.at,
                    row.not_applicable,
                    took,
                    row.occasion,
                )
            )
        return {person: tuple(given) for person, given in found.items()}

    async def keep_answers(self, given: Sequence[Answer]) -> int:
        """Append answers; the same one again changes nothing. Returns how many were new."""
        return await self.upsert(
            answers,
            [
                {
                    "person": a.person,
                    "question": a.question,
                    "score": a.score,
                    "not_applicable": a.not_applicable,
                    "at": a.at,
                    "took_ms": None if a.took is None else a.took // timedelta(milliseconds=1),
                    "occasion": a.occasion,
                }
                for a in given
            ],
            ["person", "at", "question"],
        )

    async def keep_remarks(self, said: Sequence[Remark]) -> None:
        """Append what people told us in their own words."""
        if said:
            await self.connection.execute(
                insert(remarks),
                [
                    {
                        "person": r.person,
                        "about": r.about,
                        "text": Own(r.text, r.person),
                        "at": r.at,
                    }
                    for r in said
                ],
            )

    async def remarks(self, person: str) -> list[Remark]:
        """Return what someone told us, oldest first."""
        rows = await self.connection.execute(
            select(remarks).where(remarks.c.person == person).order_by(remarks.c.at)
        )
        return [Remark(row.person, row.about, row.text, row.at) for row in rows]
