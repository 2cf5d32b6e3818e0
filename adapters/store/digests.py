"""Which digests were queued, read from the deliveries: nothing about it is kept twice."""

from collections.abc import Collection

from sqlalchemy import and_, select

from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.planning import Planning
from nudges.delivery import State


class Digests(Planning):
    """The digests' part of a transaction."""

    async def occasions_of(
        self, occasions: Collection[str], persons: Collection[str], *, cancelled: bool = True
    ) -> set[tuple[str, str]]:
        """Return which of these occasions were queued for which of these people.

        Without ``cancelled`` ones, those may be queued again.
        """
        d = deliveries.c
        wanted = select(d.occasion, d.person).where(
            d.occasion.in_(sorted(set(occasions))), self._among(d.person, sorted(set(persons)))
        )
        if not cancelled:
            wanted = wanted.where(d.state != State.CANCELLED)
        rows = await self.connection.execute(wanted)
        return {(occasion, person) for occasion, person in rows.all()}

    async def had_before(self, subject: str, persons: Collection[str]) -> set[str]:
        """Return which of these people ever got something about a subject."""
        d = deliveries.c
        about = and_(HAS_SUBJECT, d.subject >= f"{subject}:", d.subject < f"{subject};")
        rows = await self.connection.scalars(
            select(d.person).where(self._among(d.person, sorted(set(persons))), about).distinct()
        )
        return set(rows)
