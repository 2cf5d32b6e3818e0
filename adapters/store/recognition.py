"""Results that people agreed to have told, as the store keeps them; a no is kept nowhere.

Messages name a row by its number, which is never given out twice: when its person is forgotten,
there is nothing left to show.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    insert,
    select,
    update,
)

from adapters.store.audit import Audit, Audited
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata, numbered
from nudges.people import Recognition
from nudges.recognition import Agreed, HourAnswered, Recognised, RecognitionFact, Result

recognitions = Table(
    "recognitions",
    metadata,
    numbered(),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("form", String, nullable=False),
    Column("result", JSON, nullable=False),
    Column("manager", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Boolean, nullable=False, default=False),
    Column("monday", Date),
    Column("hour", String, nullable=False, default=""),
    Column("hour_told", Boolean, nullable=False, default=False),
    Index("ix_recognitions_manager_monday", "manager", "monday"),
    info=erased_by("person", cleared={"manager": ""}),
    sqlite_autoincrement=True,
)
_RESULT: TypeAdapter[Result] = TypeAdapter(Result)
_RECOGNISED: Select[Any] = (
    select(recognitions, people.c.name, people.c.recognition, people.c.left)
    .join(people, people.c.id == recognitions.c.person)
    .order_by(recognitions.c.id)
)


class Recognitions(Audit):
    """The part of a transaction with recognition."""

    async def recognised(self, numbers: Iterable[int]) -> dict[int, Recognised]:
        """Return recognitions by number; those of people who were forgotten are gone."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self.connection.execute(_RECOGNISED.where(recognitions.c.id.in_(wanted)))
        return {row.id: _recognised(row) for row in rows}

    async def untold(self, limit: int) -> list[Recognised]:
        """Return what people agreed to and was not told yet, and hours that they do not know of."""
        c = recognitions.c
        news = ~c.told | ((c.hour == "arranged") & ~c.hour_told)
        rows = await self.connection.execute(_RECOGNISED.where(news).limit(limit))
        return [_recognised(row) for row in rows]

    async def tell(self, number: int, monday: date | None) -> bool:
        """Note that a recognition is told; False if somebody else told it meanwhile."""
        c = recognitions.c
        changed = update(recognitions).where(c.id == number, ~c.told)
        found = await self.connection.execute(changed.values(told=True, monday=monday))
        return found.rowcount > 0

    async def tell_hour(self, number: int) -> bool:
        """Note that the person hears of their hour; False if somebody else told it meanwhile."""
        c = recognitions.c
        changed = update(recognitions).where(c.id == number, ~c.hour_told, c.hour == "arranged")
        return (await self.connection.execute(changed.values(hour_told=True))).rowcount > 0

    async def spotlit(self, manager: str, monday: date) -> list[Recognised]:
        """Return whom a manager's team hears of on a Monday."""
        c = recognitions.c
        rows = await self.connection.execute(
            _RECOGNISED.where(c.manager == manager, c.monday == monday, c.form == "public")
        )
        return [_recognised(row) for row in rows]

    async def mates(self, managers: Collection[str]) -> dict[str, list[str]]:
        """Return who reports to each of these managers and can be written to."""
        c = people.c
        rows = await self.connection.execute(
            select(c.manager, c.id)
            .where(c.manager.in_(sorted(set(managers))), c.welcomed, ~c.left, ~c.stopped)
            .order_by(c.id)
        )
        found: dict[str, list[str]] = {}
        for manager, who in rows.all():
            found.setdefault(manager, []).append(who)
        return found

    async def keep_recognition(self, fact: RecognitionFact, by: str, now: datetime) -> None:
        """Keep what somebody agreed to, or what their manager says about the hour."""
        match fact:
            case Agreed(form, result, manager):
                added = await self.connection.execute(
                    insert(recognitions)
                    .values(
                        person=by,
                        form=form,
                        result=_RESULT.dump_python(result, mode="json"),
                        manager=manager,
                        at=now,
                    )
                    .returning(recognitions.c.id)
                )
                about = f"recognition:{added.scalar_one()}"
                await self.audit(Audited(now, by, "agree", about, manager))
            case HourAnswered(number, hour):
                c = recognitions.c
                changed = await self.connection.execute(
                    update(recognitions)
                    .where(c.id == number, c.manager == by, c.form == "learning_time", c.hour == "")
                    .values(hour=hour)
                )
                if changed.rowcount > 0 and hour == "arranged":
                    await self.audit(Audited(now, by, "arrange", f"recognition:{number}"))


def _recognised(row: Row[Any]) -> Recognised:
    return Recognised(
        number=row.id,
        person=row.person,
        name=row.name or row.person,
        form=row.form,
        result=_RESULT.validate_python(row.result),
        manager=row.manager,
        told=row.told,
        monday=row.monday,
        hour=row.hour,
        still=not row.left and row.recognition != Recognition.NONE.value,
    )
