"""Deliveries as the store keeps them: the table is the queue.

A row is claimed with a lease and a fencing number; whoever comes back late with an older number
changes nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Row,
    String,
    bindparam,
    func,
    or_,
    select,
    update,
)

from adapters.store.delivery_statements import CLAIM, MARK, MARKED, READY, ROW, SETTLE
from adapters.store.delivery_table import HAS_SUBJECT, HELD, QUEUED, deliveries
from adapters.store.lanes import Lanes, lane
from adapters.store.people import people
from adapters.store.runs import Ready, Runs, runs
from adapters.store.schema import Number
from adapters.store.sealed import Own
from adapters.store.touches import Touches
from dialogs.notes import dump, load
from dialogs.turns import Message
from nudges.address import Address
from nudges.delivery import (
    Claimed,
    Delivery,
    Mark,
    Marked,
    Note,
    Priority,
    RunState,
    Settlement,
    State,
)
from nudges.pace import lane_of

_HELD = (State.CLAIMED, State.SENDING)
_ARRIVED = (State.SENT, State.UNKNOWN)
_OPEN = tuple(s for s in State if s not in {State.GONE, State.REFUSED, State.CANCELLED})


CANCELLED_AT_ONCE = 5000


class Deliveries(Runs, Lanes, Touches):
    """The deliveries part of a transaction."""

    async def queue(self, wanted: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        """Queue deliveries; a waiting one with the same occasion and person takes the new words.

        One that has left already stays as it was: planning twice sends nothing twice. Returns
        the number of each delivery by occasion and person.
        """
        if not wanted:
            return {}
        for begun in {(d.run, d.due) for d in wanted if d.priority is Priority.BROADCAST}:
            await self.begin_run(begun[0], Priority.BROADCAST, begun[1])
        rows = [_columns(d) for d in sorted(wanted, key=lambda d: d.person)]
        statement = self.inserting(deliveries).values(lane=_LANE)
        changed = {name: statement.excluded[name] for name in _NEW_WORDS}
        waiting = or_(deliveries.c.state == State.QUEUED, deliveries.c.state == State.CANCELLED)
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["occasion", "person"], set_=changed, where=waiting
            ),
            rows,
        )
        found = await self.connection.execute(
            select(deliveries.c.id, deliveries.c.occasion, deliveries.c.person).where(
                deliveries.c.occasion.in_({d.occasion for d in wanted}),
                deliveries.c.person.in_({d.person for d in wanted}),
            )
        )
        return {(row.occasion, row.person): row.id for row in found}

    async def cancel(self, wanted: Iterable[tuple[str, str]], why: str) -> None:
        """Cancel waiting deliveries, by occasion and person."""
        for occasion, person in wanted:
            await self.connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.occasion == occasion,
                    deliveries.c.person == person,
                    deliveries.c.state == State.QUEUED,
                )
                .values(state=State.CANCELLED, why=why)
            )

    async def messages(self, numbers: Iterable[int]) -> dict[int, Message]:
        """Return the messages behind delivery numbers."""
        rows = await self.connection.execute(
            select(*ROW).where(deliveries.c.id.in_(sorted(set(numbers))))
        )
        return {row.id: message for row in rows if (message := _message(row))}

    async def history(self, persons: Iterable[str], since: datetime) -> dict[str, list[Message]]:
        """Return each person's messages that matter later (they have a subject), oldest first."""
        rows = await self.connection.execute(
            select(*ROW)
            .where(
                deliveries.c.person.in_(sorted(set(persons))),
                HAS_SUBJECT,
                deliveries.c.state.in_(_OPEN),
                deliveries.c.due > since,
            )
            .order_by(deliveries.c.id)
        )
        found: dict[str, list[Message]] = {}
        for row in rows:
            if message := _message(row):
                found.setdefault(row.person, []).append(message)
        return found

    async def close(self, numbers: Sequence[int], now: datetime) -> None:
        """Note that messages were answered: their buttons are done."""
        if numbers:
            await self.connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(numbers), deliveries.c.answered_at.is_(None))
                .values(answered_at=now)
            )

    async def take(self, number: int, now: datetime) -> bool:
        """Note that a message was answered; False if it was before, or somebody else was first."""
        done = await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.id == number, deliveries.c.answered_at.is_(None))
            .values(answered_at=now)
        )
        return bool(done.rowcount)

    async def ready(self, now: datetime) -> list[Ready]:
        """Return where something is due, the most urgent first; what is paused is left out."""
        rows = await self.connection.execute(READY, {"now": now})
        return [Ready(r.run, Priority(r.priority), r.name, lane(r)) for r in rows]

    async def claim(  # noqa: PLR0913, PLR0917 - who, from where, when, how long and how many
        self, run: str, lane: str, owner: str, now: datetime, until: datetime, limit: int
    ) -> list[Claimed]:
        """Claim what is due of a run in a lane; nobody else gets it until the lease ends."""
        found = await self.connection.execute(
            CLAIM,
            {
                "of_run": run,
                "of_lane": lane,
                "by": owner,
                "now": now,
                "until": until,
                "most": limit,
            },
        )
        rows = sorted(found, key=lambda r: (r.due, r.id))
        return await self._readable(await self._newest(rows), State.REFUSED)

    async def _newest(self, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Keep the newest replacement of each message: its words have to come last.

        Older ones are cancelled, also one that had to wait and was overtaken meanwhile. One
        whose sibling another courier has just claimed waits for it, and so does one whose
        message somebody is writing to: who claims never waits for a row, so that no two
        programs can stand in each other's way.
        """
        roots = sorted({row.target for row in rows if row.target})
        if not roots:
            return rows
        locked = await self.connection.scalars(
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(roots))
            .with_for_update(key_share=True, skip_locked=True)
        )
        busy = set(roots) - set(locked)
        siblings = (
            await self.connection.execute(
                select(deliveries.c.id, deliveries.c.target, deliveries.c.state)
                .where(deliveries.c.target.in_(roots), deliveries.c.state.in_(_OPEN))
                .order_by(deliveries.c.id)
            )
        ).all()
        newest = {one.target: one.id for one in siblings}
        mine = {row.id for row in rows}
        busy |= {one.target for one in siblings if one.state in _HELD and one.id not in mine}
        old = [row.id for row in rows if row.target and row.id < newest[row.target]]
        early = [row.id for row in rows if row.target in busy and row.id not in old]
        await self._let_go(old, State.CANCELLED, "newer words replaced it")
        await self._let_go(early, State.QUEUED, "the message is being replaced")
        return [row for row in rows if row.id not in {*old, *early}]

    async def _readable(self, rows: Sequence[Row[Any]], otherwise: State) -> list[Claimed]:
        """Return rows that are ours; one that nobody can read ends here, and holds up nobody."""
        targets = await self._targets([row.target for row in rows if row.target])
        read = [(row, _note(row)) for row in rows]
        broken = [row.id for row, note in read if note is None]
        await self._let_go(broken, otherwise, "what it says cannot be read")
        return [_claimed(row, note, targets) for row, note in read if note is not None]

    async def _let_go(self, numbers: Sequence[int], state: State, why: str) -> None:
        if numbers:
            await self.connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(numbers))
                .values(state=state, why=why, owner=None, lease_until=None)
            )

    async def _targets(self, numbers: Sequence[int]) -> Mapping[int, Row[Any]]:
        if not numbers:
            return {}
        rows = await self.connection.execute(select(*ROW).where(deliveries.c.id.in_(numbers)))
        return {row.id: row for row in rows}

    async def mark_sending(self, wanted: Sequence[Mark], until: datetime) -> Marked:
        """Mark claimed deliveries as being sent; returns those that are still ours.

        Each counts as a try from here, and its lease begins anew: the call to the platform gets
        all of it, however long its turn took to come. One that takes attention which its person
        has given today already is not marked.
        """
        free = await self.touch([m for m in wanted if m.touch])
        marks = [m for m in wanted if not m.touch or m.number in free]
        crowded = frozenset(m.number for m in wanted if m.touch and m.number not in free)
        if not marks:
            return Marked(crowded=crowded)
        marked = await self.run_each(
            MARK,
            [
                {
                    "number": m.number,
                    "held": m.fence,
                    "says": dump(m.note),
                    "about": m.note.subject,
                    "on": m.to.platform,
                    "of": m.to.tenant,
                    "to": Own(m.to.user, m.person),
                    "until": until,
                }
                for m in sorted(marks, key=lambda m: m.number)
            ],
        )
        fences = {m.number: m.fence for m in marks}
        if marked == len(marks):
            return Marked(frozenset(fences), crowded)
        rows = await self.connection.execute(MARKED, {"numbers": list(fences)})
        return Marked(frozenset(row.id for row in rows if row.fence == fences[row.id]), crowded)

    async def settle(self, settled: Sequence[Settlement], now: datetime) -> None:
        """Write what became of deliveries; fenced, so that a late sleeper changes nothing."""
        if not settled:
            return
        await self.open_lanes({s.settled.lane for s in settled if s.settled.lane})
        await self.untouch([s.number for s in settled if s.settled.state not in _ARRIVED])
        for one in settled:
            if one.cover is not None:
                await self._cover(one.number, one.fence, one.cover)
        await self.run_each(
            SETTLE,
            [
                {
                    "number": s.number,
                    "held": s.fence,
                    "to_state": s.settled.state,
                    "to_due": s.settled.due,
                    "to_lane": s.settled.lane,
                    "to_ref": s.settled.ref,
                    "to_why": s.settled.why,
                    "to_sent": now if s.settled.state in _ARRIVED else None,
                }
                for s in sorted(settled, key=lambda s: s.number)
            ],
        )

    async def _cover(self, number: int, fence: int, cover: Note) -> None:
        """Keep something else than what was said, which would tell on its person."""
        says = dump(cover)
        await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.id == number, deliveries.c.fence == fence, HELD)
            .values(note=says, card=says["card"], subject=cover.subject)
        )

    async def lapsed(self, now: datetime, owner: str, until: datetime) -> list[Claimed]:
        """Take over deliveries whose lease ran out: back to the queue, or to be looked for.

        One that was only claimed was certainly not sent and queues again. One that was being
        sent may have arrived; it comes back as claimed by ``owner``, to be looked for.
        """
        await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.state == State.CLAIMED, HELD, deliveries.c.lease_until < now)
            .values(state=State.QUEUED, owner=None, lease_until=None)
        )
        rows = await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.state == State.SENDING, HELD, deliveries.c.lease_until < now)
            .values(owner=owner, lease_until=until, fence=deliveries.c.fence + 1)
            .returning(*ROW)
        )
        return await self._readable(rows.all(), State.UNKNOWN)

    async def release(self, held: Sequence[tuple[int, int]]) -> None:
        """Put back what was claimed and not begun, by number and fence."""
        if held:
            await self.connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == bindparam("number"),
                    deliveries.c.fence == bindparam("held"),
                    deliveries.c.state == State.CLAIMED,
                )
                .values(state=State.QUEUED, owner=None, lease_until=None),
                [{"number": number, "held": fence} for number, fence in held],
            )

    async def cancel_stopped(self) -> int:
        """Cancel deliveries of stopped runs, a part at a time; returns how many."""
        stopped = await self.connection.scalars(
            select(runs.c.name).where(runs.c.state == RunState.STOPPED)
        )
        return sum([await self._cancel_run(name) for name in stopped.all()])

    async def _cancel_run(self, name: str) -> int:
        waiting = (
            select(deliveries.c.id).where(QUEUED, deliveries.c.run == name).limit(CANCELLED_AT_ONCE)
        )
        changed = await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(waiting), deliveries.c.state == State.QUEUED)
            .values(state=State.CANCELLED, why="it was stopped")
        )
        return changed.rowcount

    async def next_due(self, now: datetime) -> datetime | None:
        """Return when the next delivery is due, for the alarm clock."""
        return await self.connection.scalar(
            select(func.min(deliveries.c.due)).where(QUEUED, deliveries.c.due > now)
        )

    async def states(self) -> dict[str, int]:
        """Count deliveries by state."""
        rows = await self.connection.execute(
            select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        )
        return {row[0]: row[1] for row in rows}


_ROOT = deliveries.alias("root")
_LANE = func.coalesce(
    select(_ROOT.c.platform + ":" + _ROOT.c.tenant)
    .where(_ROOT.c.id == bindparam("of", type_=Number))
    .scalar_subquery(),
    select(people.c.lane).where(people.c.id == bindparam("whose")).scalar_subquery(),
) + bindparam("aside", type_=String)
"""Where a delivery will leave: with the message it changes, else where its person is at home."""
_NEW_WORDS = (
    *("kind", "note", "card", "subject", "priority"),
    *("run", "lane", "due", "target", "state"),
)


def _columns(delivery: Delivery) -> dict[str, Any]:
    note = dump(delivery.note)
    return {
        "occasion": delivery.occasion,
        "person": delivery.person,
        "kind": delivery.kind,
        "note": note,
        "card": note["card"],
        "subject": delivery.note.subject,
        "priority": int(delivery.priority),
        "run": delivery.run,
        "due": delivery.due,
        "state": State.QUEUED,
        "target": delivery.target,
        "whose": delivery.person,
        "of": delivery.target,
        "aside": lane_of("", delivery.kind),
    }


@lru_cache(maxsize=512)
def read_note(text: str) -> Note:
    """Read what a delivery says; a broadcast's is read once.

    Raises:
        ValueError: it is damaged, or of a newer version than this one.

    """
    return load(json.loads(text))


def _note(row: Row[Any]) -> Note | None:
    """Return what a row says; None if it is damaged, or of a newer version than this one."""
    try:
        return read_note(row.note)
    except ValueError:
        return None


def _message(row: Row[Any]) -> Message | None:
    note = _note(row)
    return note and Message(
        delivery=row.id,
        root=row.target or row.id,
        person=row.person,
        note=note,
        priority=Priority(row.priority),
        queued=row.due,
        sent=row.sent_at,
        answered=row.answered_at,
    )


def _claimed(row: Row[Any], note: Note, targets: Mapping[int, Row[Any]]) -> Claimed:
    root = targets.get(row.target)
    to = root if root is not None and root.platform else row
    return Claimed(
        number=row.id,
        fence=row.fence,
        attempt=row.attempt + (row.state == State.CLAIMED),
        delivery=Delivery(
            row.occasion,
            row.person,
            note,
            Priority(row.priority),
            row.due,
            row.kind,
            row.target,
        ),
        state=State(row.state),
        address=Address(to.platform, to.tenant, to.user) if to.platform else None,
        ref=root.ref if root is not None else "",
        root=State(root.state) if root is not None else None,
        lane=row.lane,
    )
