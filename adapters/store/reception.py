"""Whether broadcasts were received: who was asked, what they said, and the sums that are left.

Who said what stands in one table, which goes with the person. The result is closed once, like every
number about a group; so nobody learns from a second look what one person did between the two.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from adapters.store.broadcasts import broadcasts
from adapters.store.delivery_table import deliveries
from adapters.store.people import people
from adapters.store.releases import Releases
from adapters.store.runs import runs
from adapters.store.schema import Moment, Number, erased_by, impersonal, metadata, numbered
from adapters.store.sealed import Own, Private
from adapters.store.spreads import spreads
from nudges.broadcast import Stage, occasion
from nudges.delivery import RunState, State
from nudges.group import Frozen, Past, week_over
from nudges.reception import (
    COMMENTS,
    AnswerRead,
    CheckAnswered,
    Reception,
    Unread,
    received,
    result_of,
)
from nudges.release import TOP

checks = Table(
    "checks",
    metadata,
    Column("broadcast", Number, primary_key=True, autoincrement=False),
    Column("asked", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("readable", Boolean, nullable=False, default=False),
    info=impersonal("how far the test of a message got; nobody stands in it"),
)
reception = Table(
    "reception",
    metadata,
    numbered(),
    Column("broadcast", Number, nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("got", Boolean),
    Column("text", Private, nullable=False, default=""),
    Column("answered_at", Moment),
    UniqueConstraint("broadcast", "person"),
    Index("ix_reception_person", "person"),
    info=erased_by("person"),
)
_RUN = literal(occasion(0).removesuffix("0")) + cast(broadcasts.c.id, String)
"""The run of a broadcast, as :func:`nudges.broadcast.occasion` names it."""
_IN_WORDS = reception.c.text > ""
SHOWN = "received"
"""How the release ledger names the way on which an author learns of it."""
_COUNTED = reception.c.answered_at <= checks.c.closed_at


class Checks(Releases):
    """The part of a transaction that keeps whether broadcasts were received."""

    async def unchecked(self) -> dict[int, datetime]:
        """Return the broadcasts with a question that is not summed up, and when each began.

        All of its deliveries are queued, and nobody paused or stopped it.
        """
        rows = await self.connection.execute(
            select(broadcasts.c.id, spreads.c.begins)
            .join(spreads, spreads.c.run == _RUN)
            .join(runs, runs.c.name == _RUN)
            .outerjoin(checks, checks.c.broadcast == broadcasts.c.id)
            .where(
                broadcasts.c.stage == Stage.BEGUN,
                broadcasts.c.question.is_not(null()),
                broadcasts.c.corrects == 0,
                spreads.c.done_at.is_not(None),
                runs.c.state == RunState.RUNNING,
                checks.c.closed_at.is_(None),
            )
            .order_by(broadcasts.c.id)
        )
        return {row.id: row.begins for row in rows}

    async def receptions(self, numbers: Iterable[int]) -> dict[int, Reception]:
        """Return how far the questions about broadcasts got, by number."""
        wanted = sorted(set(numbers))
        silent = (
            select(func.count())
            .where(reception.c.broadcast == checks.c.broadcast, reception.c.answered_at.is_(None))
            .scalar_subquery()
        )
        rows = await self.connection.execute(
            select(checks, silent.label("waiting")).where(checks.c.broadcast.in_(wanted))
        )
        unread = await self._unread(wanted)
        names = {result_of(number).name: number for number in wanted}
        told = {
            names[name]: figures[0] for name, figures in (await self.figures(TOP, names)).items()
        }
        return {
            row.broadcast: Reception(
                row.broadcast,
                row.asked,
                row.asked_at,
                row.waiting,
                row.closed_at,
                row.readable,
                told[row.broadcast].told if row.broadcast in told else None,
                told[row.broadcast].cell if row.broadcast in told else 0,
                tuple(unread.get(row.broadcast, ())),
            )
            for row in rows
        }

    async def _unread(self, numbers: Sequence[int]) -> dict[int, list[Unread]]:
        """Return what was answered in own words and nobody read, in the order of chance."""
        rows = await self.connection.execute(
            select(reception.c.broadcast, reception.c.id, reception.c.text)
            .join(checks, checks.c.broadcast == reception.c.broadcast)
            .where(
                reception.c.broadcast.in_(numbers), _COUNTED, _IN_WORDS, reception.c.got.is_(None)
            )
            .order_by(reception.c.id)
        )
        found: dict[int, list[Unread]] = {}
        for row in rows:
            found.setdefault(row.broadcast, []).append(Unread(row.id, row.text))
        return found

    async def reachable(self, number: int, now: datetime, but: Iterable[str]) -> int:
        """Count those who have a broadcast and may be asked about it now; ``but`` are left out."""
        having = _having(number, now, but).subquery()
        return await self.connection.scalar(select(func.count()).select_from(having)) or 0

    async def pick(self, number: int, now: datetime, but: Iterable[str], most: int) -> list[str]:
        """Return some of those who have a broadcast and may be asked about it now, by chance."""
        having = _having(number, now, but).order_by(func.random()).limit(most)
        return list(await self.connection.scalars(having))

    async def begin_check(self, number: int, persons: Sequence[str], now: datetime) -> bool:
        """Note who is asked about a broadcast; False if that was noted before."""
        row = {"broadcast": number, "asked": len(persons), "asked_at": now}
        if not await self.upsert(checks, [row], ["broadcast"]):
            return False
        if persons:
            await self.connection.execute(
                insert(reception),
                [{"broadcast": number, "person": who, "asked_at": now} for who in persons],
            )
        return True

    async def answer_check(self, fact: CheckAnswered, person: str, now: datetime) -> bool:
        """Keep an answer of somebody who was asked; the first one counts."""
        changed = await self.connection.execute(
            update(reception)
            .where(
                reception.c.broadcast == fact.number,
                reception.c.person == person,
                reception.c.answered_at.is_(None),
            )
            .values(got=fact.right, text=Own(fact.text, person), answered_at=now)
        )
        return changed.rowcount > 0

    async def close_check(self, number: int, now: datetime) -> bool:
        """End a test, so that no later answer counts; False if that was done before."""
        in_words = select(func.count()).where(reception.c.broadcast == number, _IN_WORDS)
        enough = await self.connection.scalar(in_words)
        changed = await self.connection.execute(
            update(checks)
            .where(checks.c.broadcast == number, checks.c.closed_at.is_(None))
            .values(closed_at=now, readable=(enough or 0) >= COMMENTS)
        )
        return changed.rowcount > 0

    async def understood(self, number: int) -> dict[str, bool]:
        """Return whether each person understood whose answer counts, as far as that is known."""
        rows = await self.connection.execute(
            select(reception.c.person, reception.c.got)
            .join(checks, checks.c.broadcast == reception.c.broadcast)
            .where(reception.c.broadcast == number, _COUNTED, reception.c.got.is_not(None))
        )
        return {row.person: row.got for row in rows}

    async def keep_result(self, frozen: Frozen, author: str, floor: int, now: datetime) -> None:
        """Keep the result of a test, as it is told to the author of the message for ever."""
        if await self.keep_closing(frozen, week_over(now), floor, Past(), now):
            (figure,) = (await self.figures(TOP, [frozen.measure.name]))[frozen.measure.name]
            await self.note_shown({author: [figure.cell]}, SHOWN, now)

    async def read_answer(self, fact: AnswerRead, author: str, now: datetime) -> bool:
        """Keep what the author says of an answer; after the last one the result is closed."""
        theirs = exists().where(broadcasts.c.id == fact.number, broadcasts.c.author == author)
        changed = await self.connection.execute(
            update(reception)
            .where(
                reception.c.id == fact.answer,
                reception.c.broadcast == fact.number,
                reception.c.got.is_(None),
                _IN_WORDS,
                theirs,
            )
            .values(got=fact.right)
        )
        if changed.rowcount and not await self._unread([fact.number]):
            known = await self.understood(fact.number)
            frozen = received(fact.number, known, COMMENTS)
            await self.keep_result(frozen, author, COMMENTS, now)
        return changed.rowcount > 0


def _having(number: int, now: datetime, but: Iterable[str]) -> Select[Any]:
    """Return how to select those who got a broadcast and did not ask for quiet."""
    absent = and_(
        people.c.away_until.is_not(None),
        people.c.away_until > now,
        or_(people.c.away_from.is_(None), people.c.away_from <= now),
    )
    return (
        select(deliveries.c.person)
        .join(people, people.c.id == deliveries.c.person)
        .where(
            deliveries.c.occasion == occasion(number),
            deliveries.c.kind == "post",
            deliveries.c.state == State.SENT,
            ~people.c.left,
            ~people.c.stopped,
            or_(people.c.paused_until.is_(None), people.c.paused_until <= now),
            or_(people.c.away_until.is_(None), ~absent),
            people.c.id.not_in(sorted(set(but))),
        )
    )
