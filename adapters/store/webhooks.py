"""What other systems are told: who they are, what happened, and what is still on its way.

An event is written in the transaction of what it tells of, with a parcel for each receiver, so
that neither is there without the other. Whoever takes up a parcel puts it off by a lease and
counts the try; if they die it is due again, and what somebody does who slept past it counts for
nothing, because the number of tries is another one then.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from adapters.store.audit import Audit, Audited
from adapters.store.schema import Moment, impersonal, metadata, numbered
from nudges.webhooks import Event, Next, Parcel, Webhook

webhooks = Table(
    "webhooks",
    metadata,
    Column("name", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("place", Text, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("older_until", Moment),
    Column("ended_at", Moment),
    Column("why", String, nullable=False),
    info=impersonal("other systems that are told, by a name an administrator chose"),
)
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("id", String, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    info=impersonal("that something is new: a week, a broadcast's number, what was judged"),
)
parcels = Table(
    "parcels",
    metadata,
    numbered(),
    Column("webhook", String, ForeignKey("webhooks.name"), nullable=False),
    Column("event", String, ForeignKey("webhook_events.id"), nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("due", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", String, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("webhook", "event"),
    Index("ix_parcels_waiting", "state", "due"),
    info=impersonal("events on their way to other systems"),
)
WAITING, GIVEN_UP = "waiting", "given_up"


class Outbox(Audit):
    """The part of a transaction in which events are told."""

    async def announce(self, event: Event) -> int:
        """Queue an event for all who want it; once, however often. Returns for how many."""
        wanting = [w for w in await self.webhooks() if not w.ended_at and event.kind in w.kinds]
        return await self._parcel(event, wanting)

    async def announce_to(self, event: Event, name: str) -> int:
        """Queue an event for one receiver, whatever it wanted to be told."""
        those = [w for w in await self.webhooks() if not w.ended_at and w.name == name]
        return await self._parcel(event, those)

    async def _parcel(self, event: Event, wanting: Sequence[Webhook]) -> int:
        if not wanting:
            return 0
        body = {"type": event.kind, "timestamp": event.at.isoformat(), "data": dict(event.told)}
        row = {"id": event.id, "body": json.dumps(body, sort_keys=True), "at": event.at}
        if not await self.upsert(webhook_events, [row], ["id"]):
            return 0
        await self.connection.execute(
            insert(parcels),
            [
                {
                    "webhook": one.name,
                    "event": event.id,
                    "state": WAITING,
                    "due": event.at,
                    "tries": 0,
                    "why": "",
                }
                for one in wanting
            ],
        )
        return len(wanting)

    async def webhooks(self) -> list[Webhook]:
        """Return all that are or were told."""
        rows = await self.connection.execute(select(webhooks).order_by(webhooks.c.name))
        return [_webhook(row) for row in rows]


class Webhooks(Outbox):
    """The part of a transaction with receivers, and with what is on its way to them."""

    async def add_webhook(self, webhook: Webhook, by: str) -> bool:
        """Keep that a system is told; False if the name was used before."""
        row = {
            "name": webhook.name,
            "host": webhook.host,
            "place": webhook.place,
            "kinds": list(webhook.kinds),
            "made_at": webhook.made_at,
            "turn": 0,
            "why": "",
        }
        if not await self.upsert(webhooks, [row], ["name"]):
            return False
        now, name = webhook.made_at, webhook.name
        await self.audit(Audited(now, by, "start", f"webhook:{name}"))
        return True

    async def rotate_webhook(self, name: str, by: str, now: datetime, until: datetime) -> int:
        """Give a receiver a new secret; returns which one it is, 0 if there is no such receiver."""
        turn = await self.connection.scalar(
            update(webhooks)
            .where(webhooks.c.name == name, webhooks.c.ended_at.is_(None))
            .values(turn=webhooks.c.turn + 1, older_until=until)
            .returning(webhooks.c.turn)
        )
        if turn:
            await self.audit(Audited(now, by, "change", f"webhook:{name}"))
        return turn or 0

    async def end_webhook(self, name: str, by: str, why: str, now: datetime) -> bool:
        """Tell a system nothing more; False if there is none that is told."""
        changed = await self.connection.execute(
            update(webhooks)
            .where(webhooks.c.name == name, webhooks.c.ended_at.is_(None))
            .values(ended_at=now, why=why)
        )
        if not changed.rowcount:
            return False
        await self.connection.execute(
            update(parcels)
            .where(parcels.c.webhook == name, parcels.c.state == WAITING)
            .values(state=GIVEN_UP, why=why, ended_at=now)
        )
        await self.audit(Audited(now, by, "stop", f"webhook:{name}"))
        return True

    async def parcels_due(self, now: datetime) -> bool:
        """Say whether anything is due."""
        due = exists().where(parcels.c.state == WAITING, parcels.c.due <= now)
        return bool(await self.connection.scalar(select(due)))

    async def claim_parcels(self, now: datetime, limit: int, lease: timedelta) -> list[Parcel]:
        """Take up what is due, oldest first; it is nobody else's until the lease is over."""
        rows = await self.connection.execute(
            select(parcels.c.id)
            .where(parcels.c.state == WAITING, parcels.c.due <= now)
            .order_by(parcels.c.due, parcels.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ours = [row.id for row in rows]
        if not ours:
            return []
        await self.connection.execute(
            update(parcels)
            .where(parcels.c.id.in_(ours))
            .values(due=now + lease, tries=parcels.c.tries + 1)
        )
        known = {one.name: one for one in await self.webhooks()}
        found = await self.connection.execute(
            select(parcels, webhook_events.c.body, webhook_events.c.at)
            .join(webhook_events, webhook_events.c.id == parcels.c.event)
            .where(parcels.c.id.in_(ours))
            .order_by(parcels.c.id)
        )
        return [Parcel(r.id, known[r.webhook], r.event, r.body, r.at, r.tries) for r in found]

    async def settle_parcel(self, parcel: Parcel, came: Next, now: datetime) -> bool:
        """Note what came of a try; False if somebody else has taken the parcel up since."""
        waits = came.state == WAITING
        changed = await self.connection.execute(
            update(parcels)
            .where(
                parcels.c.id == parcel.number,
                parcels.c.state == WAITING,
                parcels.c.tries == parcel.tries,
            )
            .values(
                state=GIVEN_UP if came.state == "gone" else came.state,
                why=came.why,
                due=came.due if waits and came.due else now,
                ended_at=None if waits else now,
            )
        )
        return changed.rowcount > 0

    async def parcels_by_state(self) -> dict[str, dict[str, int]]:
        """Count what is on its way, arrived and was given up, for each receiver."""
        rows = await self.connection.execute(
            select(parcels.c.webhook, parcels.c.state, func.count()).group_by(
                parcels.c.webhook, parcels.c.state
            )
        )
        found: dict[str, dict[str, int]] = {}
        for name, state, many in rows.all():
            found.setdefault(name, {})[state] = many
        return found

    async def given_up_since(self, since: datetime) -> dict[str, int]:
        """Count what was given up since a moment, for each receiver that is still told."""
        rows = await self.connection.execute(
            select(parcels.c.webhook, func.count())
            .join(webhooks, webhooks.c.name == parcels.c.webhook)
            .where(
                parcels.c.state == GIVEN_UP,
                parcels.c.ended_at >= since,
                webhooks.c.ended_at.is_(None),
            )
            .group_by(parcels.c.webhook)
        )
        return {row[0]: row[1] for row in rows}

    async def forget_events(self, before: datetime) -> int:
        """Drop events that happened long ago, with all that became of them."""
        old = select(webhook_events.c.id).where(webhook_events.c.at < before)
        over = delete(parcels).where(parcels.c.event.in_(old), parcels.c.state != WAITING)
        await self.connection.execute(over)
        left = exists().where(parcels.c.event == webhook_events.c.id)
        gone = delete(webhook_events).where(webhook_events.c.at < before, ~left)
        return (await self.connection.execute(gone)).rowcount


def _webhook(row: Any) -> Webhook:  # noqa: ANN401 - a row
    return Webhook(
        row.name,
        row.host,
        row.place,
        tuple(row.kinds),
        row.made_at,
        row.turn,
        row.older_until,
        row.ended_at,
        row.why,
    )
