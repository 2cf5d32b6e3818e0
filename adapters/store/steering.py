"""Broadcasts held, stopped, taken back and corrected, as the store does it.

What replaces the messages that are there is a spread over them: a run of its own, queued in
restartable parts (see :mod:`adapters.store.spreads`).
"""

from datetime import date, datetime

from sqlalchemy import select, update

from adapters.store.audit import Audit, Audited
from adapters.store.broadcasts import Broadcasts, broadcasts
from adapters.store.progress import progress
from adapters.store.runs import runs
from adapters.store.spreads import spreads
from dialogs.notes import dump
from nudges.broadcast import Broadcast, Stage, occasion
from nudges.broadcast_notes import BroadcastNote, TakenBackNote
from nudges.delivery import Note, Priority, RunState
from nudges.steering import Followed, Switched, recall

ACTS = {RunState.PAUSED: "pause", RunState.RUNNING: "resume", RunState.STOPPED: "stop"}
"""How the audit log says what was done."""


class Steering(Broadcasts, Audit):
    """The part of a transaction that steers broadcasts."""

    async def steer(self, fact: Switched, by: str, now: datetime) -> None:
        """Hold a broadcast, let it go on or stop it; done twice it is done once."""
        if await self._switch(occasion(fact.number), fact.state, now):
            await self.audit(Audited(now, by, ACTS[fact.state], occasion(fact.number)))
            await self._look_now(fact.number, now)

    async def _switch(self, run: str, state: RunState, now: datetime) -> bool:
        """Switch a run; False if it is there already, was stopped for good, or is not there."""
        changed = await self.connection.execute(
            update(runs)
            .where(runs.c.name == run, runs.c.state.not_in((RunState.STOPPED, state)))
            .values(state=state, changed_at=now)
        )
        return changed.rowcount > 0

    async def recall(self, number: int, by: str, now: datetime) -> None:
        """Take a broadcast back, with the corrections of it that are under way.

        It reaches nobody more, and in the place of what arrived it is told that it does not count.
        """
        changed = await self.connection.execute(
            update(broadcasts)
            .where(
                broadcasts.c.id == number,
                broadcasts.c.stage.in_((Stage.RELEASED, Stage.BEGUN)),
                broadcasts.c.corrects == 0,
            )
            .values(stage=Stage.RECALLED)
        )
        if not changed.rowcount:
            return
        corrections = await self.connection.scalars(
            select(broadcasts.c.id).where(broadcasts.c.corrects == number)
        )
        for one in (number, *corrections):
            await self._switch(occasion(one), RunState.STOPPED, now)
        await self._replace(recall(number), number, TakenBackNote(number), now)
        await self.audit(Audited(now, by, "take_back", occasion(number)))
        await self._look_now(number, now)

    async def correct(self, found: Broadcast, day: date, now: datetime) -> None:
        """Put a correction's words in the place of those it corrects, also where they arrived.

        What was taken back meanwhile stays as it is.
        """
        number, said = await self._first(found.draft.corrects), found.draft.message
        changed = await self.connection.execute(
            update(broadcasts)
            .where(
                broadcasts.c.id == number,
                broadcasts.c.stage.in_((Stage.RELEASED, Stage.BEGUN)),
            )
            .values(
                title=dict(said.title),
                body=dict(said.body),
                link=said.link.url if said.link else "",
                label=dict(said.link.label) if said.link else {},
                corrected=day,
                revision=broadcasts.c.revision + 1,
            )
        )
        over = number if changed.rowcount else 0
        await self._replace(found.occasion, over, BroadcastNote(number), now)

    async def _first(self, number: int) -> int:
        """Return the broadcast that people have, where a correction was corrected."""
        before = number
        while before:
            number = before
            before = await self.connection.scalar(
                select(broadcasts.c.corrects).where(
                    broadcasts.c.id == number, broadcasts.c.corrects < number
                )
            )
        return number

    async def _replace(self, run: str, number: int, note: Note, now: datetime) -> None:
        """Begin to replace what arrived of a broadcast."""
        new = {"priority": Priority.BROADCAST, "state": RunState.RUNNING, "changed_at": now}
        await self.upsert(runs, [{"name": run} | new], ["name"])
        row = {
            "run": run,
            "note": dump(note),
            "rule": "everyone",
            "begins": now,
            "mornings": False,
            "reached": "",
            "size": 0,
            "over": occasion(number),
        }
        await self.upsert(spreads, [row], ["run"])

    async def follow(self, fact: Followed, by: str, now: datetime) -> None:
        """Let the card at another message be the one that keeps up, where its author wants that.

        There is one card a broadcast: of somebody else of the CRM team it would take the author's.
        """
        theirs = select(broadcasts.c.id).where(broadcasts.c.author == by)
        await self.connection.execute(
            update(progress)
            .where(progress.c.broadcast == fact.number, progress.c.broadcast.in_(theirs))
            .values(root=fact.root, next_at=now, looks=progress.c.looks + 1)
        )

    async def _look_now(self, number: int, now: datetime) -> None:
        """Let its author's card be looked at, and what leaves be counted from here on."""
        await self.connection.execute(
            update(progress)
            .where(progress.c.broadcast == number)
            .values(next_at=now, looks=progress.c.looks + 1, pace=0.0)
        )
