"""How far broadcasts got, counted as they are now; and the cards on which authors follow that.

A card's row says what it showed last and when to look again. Whoever looks says how often that was
done before, so that of two tickers one replaces the card.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Column, Float, Integer, String, Table, func, select, update

from adapters.store.broadcasts import ENDS
from adapters.store.deliveries import read_note
from adapters.store.delivery_statements import ROW
from adapters.store.delivery_table import QUEUED, deliveries
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


class Progress(Spreads):
    """The progress part of a transaction."""

    async def tallies(self, numbers: Iterable[int], now: datetime) -> dict[int, Tally]:
        """Count the people of broadcasts, by number, with what tells how long it will take."""
        return {number: await self._tallied(number, now) for number in sorted(set(numbers))}

    async def _tallied(self, number: int, now: datetime) -> Tally:
        run, back = occasion(number), recall(number)
        states = await self._states((run, back))
        counts = await self.tally(number)
        unknown = {**dict.fromkeys(("waiting", *ENDS), 0)}
        returned = unknown | (await self.progress(back) if back in states else {})
        ready, latest = await self._waiting(run, now) if counts["queued"] else (0, None)
        speed = await self.connection.scalar(
            select(progress.c.pace).where(progress.c.broadcast == number)
        )
        return Tally(
            **counts,
            ready=ready,
            latest=latest,
            pace=speed or 0.0,
            state=states[run][0] if run in states else None,
            whole=all(whole for _, whole in states.values()),
            returned=sum(returned[state] for state in ENDS),
            returning=returned["waiting"],
        )

    async def _states(self, names: Iterable[str]) -> dict[str, tuple[RunState, bool]]:
        """Return whether runs run, and whether all of each is queued; a stopped one has ended."""
        rows = await self.connection.execute(
            select(runs.c.name, runs.c.state, spreads.c.run, spreads.c.done_at)
            .outerjoin(spreads, spreads.c.run == runs.c.name)
            .where(runs.c.name.in_(sorted(names)))
        )
        return {
            row.name: (
                RunState(row.state),
                row.run is None or row.done_at is not None or row.state == RunState.STOPPED,
            )
            for row in rows
        }

    async def _waiting(self, run: str, now: datetime) -> tuple[int, datetime | None]:
        """Count who may get it now, and say when the last of those who wait may get it."""
        queued = (QUEUED, deliveries.c.run == run)
        theirs = (
            select(func.max(deliveries.c.due))
            .where(*queued, deliveries.c.lane == lanes.c.name)
            .scalar_subquery()
        )
        latest = await self.connection.scalar(select(func.max(theirs)).select_from(lanes))
        ready = await self.connection.scalar(
            select(func.count()).select_from(deliveries).where(*queued, deliveries.c.due <= now)
        )
        return ready or 0, latest

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
