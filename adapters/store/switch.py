"""The privacy officer's switch, as the store keeps it: each time it was moved is a row of its own.

While it is off nobody's measured level is anything that content or an audience can be chosen by,
and nothing waits that follows from somebody's use.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)

from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata, numbered
from nudges.delivery import State
from nudges.use_linked import SUBJECT, Switch, UseLinked

switches = Table(
    "use_linked",
    metadata,
    numbered(),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("on", Boolean, nullable=False),
    Column("basis", Text, nullable=False),
    Column("since", Date, nullable=True),
    Column("document", Text, nullable=False),
    info=erased_by(cleared={"who": ""}),
)
_NEWEST = text(
    "UPDATE people SET level = (SELECT l.level FROM levels AS l WHERE l.person = people.id "
    "ORDER BY l.week DESC, l.nth DESC LIMIT 1) "
    "WHERE EXISTS (SELECT 1 FROM levels AS l WHERE l.person = people.id)"
)


class Switches(Connected):
    """The part of a transaction with the privacy officer's switch."""

    async def use_switch(self) -> Switch:
        """Return how the switch stands, and who moved it last; it is off until somebody does."""
        c = switches.c
        row = (
            await self.connection.execute(
                select(c.on, c.basis, c.since, c.document, c.who, c.at, people.c.name)
                .select_from(switches.outerjoin(people, people.c.id == c.who))
                .order_by(c.id.desc())
                .limit(1)
            )
        ).one_or_none()
        if row is None:
            return Switch()
        word = UseLinked(row.on, row.basis, row.since, row.document)
        return Switch(word, row.who, row.name or row.who, row.at)

    async def move_use_switch(self, word: UseLinked, by: str, now: datetime) -> None:
        """Keep the privacy officer's word, and do at once what follows from it.

        Off: what waits is cancelled, and levels are nothing to choose by. On: they are again.
        """
        await self.connection.execute(
            insert(switches).values(
                at=now,
                who=by,
                on=word.on,
                basis=word.basis,
                since=word.since,
                document=word.document,
            )
        )
        if word.on:
            await self.connection.execute(_NEWEST)
            return
        await self.connection.execute(update(people).where(people.c.level > 0).values(level=0))
        d = deliveries.c
        await self.connection.execute(
            update(deliveries)
            .where(
                d.state == State.QUEUED,
                HAS_SUBJECT,
                d.subject >= f"{SUBJECT}:",
                d.subject < f"{SUBJECT};",
            )
            .values(state=State.CANCELLED, why="messages from use were switched off")
        )
