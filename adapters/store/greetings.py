"""Who is here and was never greeted, as the store finds them."""

from collections.abc import Iterable

from sqlalchemy import exists, select

from adapters.store.deliveries import Deliveries
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import People, people
from dialogs.welcome import GREETING
from nudges.people import Person

_GREETED = exists().where(
    deliveries.c.person == people.c.id, deliveries.c.subject == GREETING, HAS_SUBJECT
)


class Greetings(Deliveries, People):
    """The greetings' part of a transaction."""

    async def ungreeted(self, segments: Iterable[str], limit: int) -> list[Person]:
        """Return people of these segments whom we can write to and have never greeted."""
        ids = await self.connection.scalars(
            select(people.c.id)
            .where(
                people.c.segment.in_(sorted(segments)),
                ~people.c.welcomed,
                ~people.c.left,
                ~people.c.stopped,
                people.c.lane > "",
                ~_GREETED,
            )
            .order_by(people.c.id)
            .limit(limit)
        )
        return list((await self.people(ids)).values())
