"""Where people stand by their answers, worked out ahead so that an audience can be counted.

Derived and never the truth: each row is a stretch of someone's outlook, rewritten whole with every
answer, in its transaction. Whoever's answers changed otherwise stands in a list of those whose
outlook is to be worked out again; a change of the questions puts everybody there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert, select

from adapters.store.answers import Answers, answers
from adapters.store.schema import Moment, erased_by, impersonal, metadata
from nudges.adkar import WINDOW
from nudges.outlook import Stretch

BANK = "bank"
standings = Table(
    "standings",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("since", Moment, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("barrier", String, nullable=False),
    Column("once_live", String, nullable=False),
    info=erased_by("person"),
)
standings_due = Table(
    "standings_due",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    info=erased_by("person"),
)
bases = Table(
    "bases",
    metadata,
    Column("name", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    info=impersonal(
        "from which questions the standings were worked out, and which keys open what is kept"
    ),
)


class Standings(Answers):
    """The standings part of a transaction."""

    async def keep_outlooks(self, found: Mapping[str, Sequence[Stretch]]) -> None:
        """Keep what people's barriers are from now on; what was worked out before goes."""
        if not found:
            return
        whose = sorted(found)
        await self.connection.execute(delete(standings).where(standings.c.person.in_(whose)))
        rows = [
            {
                "person": person,
                "since": stretch.since,
                "until": stretch.until,
                "barrier": stretch.barrier,
                "once_live": stretch.once_live,
            }
            for person in whose
            for stretch in found[person]
        ]
        if rows:
            await self.connection.execute(insert(standings), rows)

    async def outlook_due(self, persons: Sequence[str]) -> None:
        """Note that the answers of these people changed, and their outlooks did not yet."""
        await self.upsert(standings_due, [{"person": person} for person in persons], ["person"])

    async def outlooks_due(self, limit: int) -> list[str]:
        """Return some of those whose outlook is to be worked out again."""
        rows = await self.connection.scalars(
            select(standings_due.c.person).order_by(standings_due.c.person).limit(limit)
        )
        return list(rows)

    async def outlooks_done(self, persons: Sequence[str]) -> None:
        """Take people off that list."""
        whose = standings_due.c.person.in_(list(persons))
        await self.connection.execute(delete(standings_due).where(whose))

    async def outlooks_from(self) -> str:
        """Return the fingerprint of the questions that outlooks were worked out from."""
        known = select(bases.c.fingerprint).where(bases.c.name == BANK)
        return (await self.connection.scalar(known)) or ""

    async def outlooks_anew(self, bank: str, now: datetime) -> None:
        """Note that questions are others now: the outlook of everybody who answered is due."""
        source = select(answers.c.person).where(answers.c.at > now - WINDOW).distinct()
        whose = self.inserting(standings_due).from_select(["person"], source)
        await self.connection.execute(whose.on_conflict_do_nothing(index_elements=["person"]))
        row = {"name": BANK, "fingerprint": bank}
        await self.upsert(bases, [row], ["name"], ["fingerprint"])

    async def forget_outlooks(self, before: datetime) -> int:
        """Drop what has ended; returns how many stretches that were."""
        ended = delete(standings).where(standings.c.until <= before)
        return (await self.connection.execute(ended)).rowcount
