"""Who wants to be forgotten, what that erases, and who is not to be taken in again.

The keys go first: from then on nothing of theirs can be read, in the tables or in what an engine,
a log or a backup kept of them. If the program dies before the rows went, they go at the next try.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from adapters.store.audit import Audit, Audited
from adapters.store.delivery_table import deliveries
from adapters.store.forgotten import of_home, of_mailbox, of_person
from adapters.store.inbox import inbox, speaker
from adapters.store.people import addresses, people
from adapters.store.schema import Moment, erased_by, erasers, metadata
from nudges.address import Address
from nudges.delivery import ENDS
from nudges.directory import Entry

farewells = Table(
    "farewells",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    info=erased_by("person"),
)
PAGE = 2000
CARD = "forgotten"
"""The card of the last message to somebody."""


class Erasure(Audit):
    """The part of a transaction that forgets people."""

    async def say_farewell(self, person: str, now: datetime) -> None:
        """Note that somebody wants to be forgotten; asked twice it stays as it is."""
        await self.upsert(farewells, [{"person": person, "at": now}], ["person"])

    async def to_forget(self, before: datetime) -> list[str]:
        """Return who is to be forgotten now.

        Their last message has left, or they asked before a moment.
        """
        waits = exists().where(
            deliveries.c.person == farewells.c.person,
            deliveries.c.card == CARD,
            deliveries.c.state.not_in(sorted(ENDS)),
        )
        left = exists().where(deliveries.c.person == farewells.c.person, deliveries.c.card == CARD)
        rows = await self.connection.scalars(
            select(farewells.c.person)
            .where(or_(and_(left, ~waits), farewells.c.at <= before))
            .order_by(farewells.c.at)
        )
        return list(rows)

    async def erase(self, person: str, by: str, now: datetime) -> bool:
        """Erase all that is kept of somebody; False if there is nobody of that id.

        What a directory tells of them from then on is not listened to, and what was published
        about groups stays as it is. The log says that somebody was erased, and not who.
        """
        keyring = self.connection.keyring
        mailbox = await self.connection.scalar(
            select(people.c.mailbox).where(people.c.id == person).with_for_update()
        )
        if mailbox is None:
            return False
        rows = await self.connection.execute(select(addresses).where(addresses.c.person == person))
        homes = rows.all()
        marks = {of_person(keyring, person)}
        if mailbox:
            marks.add(of_mailbox(keyring, mailbox))
        marks |= {of_home(keyring, home.platform, home.tenant, home.user) for home in homes}
        places = [Address(home.platform, home.tenant, home.account) for home in homes]
        owners = {person, *(speaker(place.sender, keyring) for place in places)}
        await keyring.destroy(owners, marks, now)
        # The names of arrivals stay, so that a platform that repeats itself changes nothing.
        theirs = or_(inbox.c.person == person, inbox.c.sender.in_([p.sender for p in places]))
        done = func.coalesce(inbox.c.done_at, literal(now, Moment()))
        await self.connection.execute(
            update(inbox)
            .where(theirs)
            .values(done_at=done, body=None, reply=null(), sender="", person=None)
        )
        for statement in erasers(person):
            await self.connection.execute(statement)
        await self.audit(Audited(now, by, "forget", "person"))
        return True

    async def welcome(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return what a directory tells without who wants to stay forgotten, also as a manager."""
        keyring, told = self.connection.keyring, list(entries)
        whose = {entry.id: self._marks(entry) for entry in told}
        bosses = {e.manager: of_person(keyring, e.manager) for e in told if e.manager}
        gone = await keyring.forgotten(
            {*(mark for marks in whose.values() for mark in marks), *bosses.values()}
        )
        if not gone:
            return told
        return [
            replace(entry, manager="") if bosses.get(entry.manager) in gone else entry
            for entry in told
            if not whose[entry.id] & gone
        ]

    async def returned(self, after: str) -> tuple[list[str], str]:
        """Return who is here again although they are to stay forgotten, of a page of people.

        A backup brings them back. The page begins after an id; with it comes where it ends, which
        is empty at the end.
        """
        page = select(people.c.id).where(people.c.id > after).order_by(people.c.id).limit(PAGE)
        ids = list(await self.connection.scalars(page))
        marks = {of_person(self.connection.keyring, who): who for who in ids}
        found = await self.connection.keyring.forgotten(marks)
        return [marks[mark] for mark in sorted(found)], ids[-1] if len(ids) == PAGE else ""

    def _marks(self, entry: Entry) -> set[str]:
        keyring = self.connection.keyring
        marks = {of_person(keyring, entry.id)}
        if entry.email:
            marks.add(of_mailbox(keyring, keyring.mark(entry.email.casefold())))
        return marks | {
            of_home(keyring, home.platform, home.tenant, keyring.mark(home.user))
            for home in entry.homes
        }
