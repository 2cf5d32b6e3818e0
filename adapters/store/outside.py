"""How many questions about the CRM were asked outside it, by week and area; by whom is not kept."""

from datetime import datetime

from sqlalchemy import Column, Integer, String, Table

from adapters.store.connection import Connected
from adapters.store.schema import impersonal, metadata

outside = Table(
    "outside",
    metadata,
    Column("week", String, primary_key=True),
    Column("area", String, primary_key=True),
    Column("n", Integer, nullable=False),
    info=impersonal("how many questions were asked outside the CRM; nobody stands in it"),
)


class Outside(Connected):
    """The count's part of a transaction."""

    async def count_outside(self, area: str, now: datetime) -> None:
        """Add one question to its week and area; an area that is not known is empty."""
        year, week, _ = now.isocalendar()
        statement = self.inserting(outside).values(week=f"{year}-W{week:02}", area=area, n=1)
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["week", "area"], set_={"n": outside.c.n + 1}
            )
        )
