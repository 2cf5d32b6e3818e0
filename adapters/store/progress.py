"""How far broadcasts got, counted as they are now; and the cards on which authors follow that.

A card's row says what it showed last and when to look again. Whoever looks says how often that was
done before, so that of two tickers one replaces the card.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Integer,
    ScalarSelect,
    Select,
    String,
    Table,
    TextClause,
    bindparam,
    distinct,
    func,
    literal_column,
    or_,
    select,
    update,
)

from adapters.store.broadcasts import ENDS, receipts, written_back
from adapters.store.deliveries import read_note
from adapters.store.delivery_statements import ROW
from adapters.store.delivery_table import ENDED, QUEUED, deliveries
from adapters.store.lanes import lanes
from adapters.store.runs import runs
from adapters.store.schema import Moment, Number, impersonal, metadata
from adapters.store.spreads import Spreads, spreads
from nudges.broadcast import occasion
from nudges.broadcast_notes import ProgressNote
from nudges.delivery import RunState, State
from nudges.progress import Look, Tally
from nudges.steering import recall

ASKING = timedelta(minutes=2)
"""How long a question on a card is left alone."""

progress = Table(
    "progress",
    metadata,
    Column("broadcast", Number, primary_key=True, autoincrement=False),
    Column("root", Number, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("next_at", Moment, index=True),
    Column("at", Moment, nullable=False),
    Column("left", Integer, nullable=False),
    Column("pace", Float, nullable=False),
    Column("shown", String, nullable=False),
    info=impersonal("how far a broadcast was when its author last looked; nobody stands in it"),
)


def _of(run: str) -> ColumnElement[bool]:
    return deliveries.c.run == bindparam(run)


def _how_many(*which: ColumnElement[bool] | TextClause) -> ScalarSelect[int]:
    return select(func.count()).select_from(deliveries).where(*which).scalar_subquery()


def _size(run: str) -> ScalarSelect[int]:
    return select(spreads.c.size).where(spreads.c.run == bindparam(run)).scalar_subquery()


_LATEST = (
    select(func.max(deliveries.c.due))
    .where(QUEUED, _of("run"), deliveries.c.lane == lanes.c.name)
    .scalar_subquery()
)
_PARTS = (
    select(func.count())
    .select_from(spreads.join(runs, runs.c.name == spreads.c.run))
    .where(
        or_(spreads.c.run == bindparam("run"), spreads.c.run == bindparam("back")),
        spreads.c.done_at.is_(None),
        runs.c.state != RunState.STOPPED,
    )
    .scalar_subquery()
)
_COUNTED: Select[Any] = select(
    _size("run").label("size"),
    _size("back").label("size_back"),
    *(
        _how_many(ENDED, _of("run"), deliveries.c.state == literal_column(f"'{state}'")).label(name)
        for state, name in ENDS.items()
    ),
    _how_many(ENDED, _of("back")).label("returned"),
    _how_many(QUEUED, _of("run"), deliveries.c.due <= bindparam("now", type_=Moment)).label(
        "ready"
    ),
    select(func.max(_LATEST)).select_from(lanes).scalar_subquery().label("latest"),
    select(func.count())
    .select_from(receipts)
    .where(receipts.c.broadcast == bindparam("number"))
    .scalar_subquery()
    .label("acknowledged"),
    select(func.count(distinct(written_back.c.person)))
    .where(written_back.c.broadcast == bindparam("number"))
    .scalar_subquery()
    .label("replied"),
    select(progress.c.pace)
    .where(progress.c.broadcast == bindparam("number"))
    .scalar_subquery()
    .label("pace"),
    select(runs.c.state).where(runs.c.name == bindparam("run")).scalar_subquery().label("state"),
    _PARTS.label("parts"),
)
"""All of it in one question: whoever asks stands in line behind the couriers only once."""


class Progress(Spreads):
    """The progress part of a transaction."""

    async def tallies(self, numbers: Iterable[int], now: datetime) -> dict[int, Tally]:
        """Count the people of broadcasts, by number, with what tells how long it will take."""
        return {number: await self._tallied(number, now) for number in sorted(set(numbers))}

    async def _tallied(self, number: int, now: datetime) -> Tally:
        given = {"number": number, "run": occasion(number), "back": recall(number), "now": now}
        row = (await self.connection.execute(_COUNTED, given)).one()
        counts = {name: getattr(row, name) for name in (*ENDS.values(), "acknowledged", "replied")}
        return Tally(
            **counts,
            queued=(row.size or 0) - sum(counts[name] for name in ENDS.values()),
            ready=row.ready,
            latest=row.latest,
            pace=row.pace or 0.0,
            state=RunState(row.state) if row.state else None,
            whole=not row.parts,
            returned=row.returned,
            returning=(row.size_back or 0) - row.returned,
        )

    async def arrived(self, number: int) -> int:
        """Count who has a broadcast: whoever a correction of it is for."""
        return (await self.progress(occasion(number))).get(State.SENT, 0)

    async def begin_card(self, number: int, root: int, now: datetime, look: datetime) -> None:
        """Note with which delivery an author follows a broadcast, and when to look first."""
        row = {"broadcast": number, "root": root, "next_at": look, "at": now}
        new = {"looks": 0, "left": 0, "pace": 0.0, "shown": ""}
        await self.upsert(progress, [row | new], ["broadcast"])

    async def looks(self, now: datetime, most: int = 50) -> list[Look]:
        """Return the cards at which somebody has to look now."""
        root = deliveries.alias("root")
        rows = await self.connection.execute(
            select(progress, root.c.person, root.c.state)
            .outerjoin(root, root.c.id == progress.c.root)
            .where(progress.c.next_at <= now)
            .order_by(progress.c.next_at, progress.c.broadcast)
            .limit(most)
        )
        return [
            Look(
                row.broadcast,
                row.person or "",
                row.root,
                State(row.state) if row.state else None,
                row.looks,
                row.at,
                row.left,
                row.shown,
                asks=await self._asks(row.root, now),
            )
            for row in rows.all()
        ]

    async def _asks(self, root: int, now: datetime) -> bool:
        """Say whether the newest card in the place of a message asks something since a moment."""
        found = await self.connection.execute(
            select(*ROW)
            .where(deliveries.c.target == root, deliveries.c.state != State.CANCELLED)
            .order_by(deliveries.c.id.desc())
            .limit(1)
        )
        row = found.one_or_none()
        if row is None or row.card != "progress" or row.due < now - ASKING:
            return False
        note = read_note(row.note)
        return isinstance(note, ProgressNote) and note.asks != ""

    async def looked(  # noqa: PLR0913 - all that a card's row says
        self,
        look: Look,
        now: datetime,
        *,
        again: datetime | None,
        left: int,
        pace: float,
        shown: str,
    ) -> bool:
        """Note what somebody saw and when to look again; False if somebody else has looked."""
        changed = await self.connection.execute(
            update(progress)
            .where(progress.c.broadcast == look.number, progress.c.looks == look.looks)
            .values(looks=look.looks + 1, next_at=again, at=now, left=left, pace=pace, shown=shown)
        )
        return changed.rowcount > 0
