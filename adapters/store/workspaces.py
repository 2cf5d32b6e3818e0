"""Slack's workspaces and the marks that count once, as the store keeps them."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, delete, select, update

from adapters.store.connection import Connected
from adapters.store.schema import Moment, impersonal, metadata

workspaces = Table(
    "slack_workspaces",
    metadata,
    Column("team", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    info=impersonal("the organisation's own tokens, sealed"),
)
marks = Table(
    "marks",
    metadata,
    Column("mark", String, primary_key=True),
    Column("until", Moment, nullable=False, index=True),
    info=impersonal("random numbers that count once"),
)


class Workspaces(Connected):
    """The workspaces part of a transaction."""

    async def workspace(self, team: str) -> bytes | None:
        """Return the sealed installation of a workspace."""
        return await self.connection.scalar(
            select(workspaces.c.sealed).where(workspaces.c.team == team)
        )

    async def keep_workspace(self, team: str, sealed: bytes) -> None:
        """Keep the sealed installation of a workspace, in place of any before it."""
        await self.upsert(workspaces, [{"team": team, "sealed": sealed}], ["team"], ["sealed"])

    async def drop_workspace(self, team: str) -> None:
        """Destroy the installation of a workspace."""
        await self.connection.execute(delete(workspaces).where(workspaces.c.team == team))

    async def workspaces(self) -> list[str]:
        """Return which workspaces have an installation."""
        return list(await self.connection.scalars(select(workspaces.c.team).order_by("team")))

    async def swap_workspace(self, team: str, before: bytes, after: bytes) -> bool:
        """Put one sealed text in the place of another; False if that is not there any more."""
        done = await self.connection.execute(
            update(workspaces)
            .where(workspaces.c.team == team, workspaces.c.sealed == before)
            .values(sealed=after)
        )
        return done.rowcount > 0

    async def keep_mark(self, mark: str, until: datetime, now: datetime) -> None:
        """Keep a mark, and let go of those that are no longer good."""
        await self.connection.execute(delete(marks).where(marks.c.until <= now))
        await self.upsert(marks, [{"mark": mark, "until": until}], ["mark"], ["until"])

    async def first_mark(self, mark: str, until: datetime, now: datetime) -> bool:
        """Keep a mark; False if it is kept and still good, whoever kept it."""
        await self.connection.execute(delete(marks).where(marks.c.until <= now))
        return await self.upsert(marks, [{"mark": mark, "until": until}], ["mark"]) > 0

    async def good_mark(self, mark: str, now: datetime) -> bool:
        """Say whether a mark is kept and still good."""
        found = await self.connection.scalar(
            select(marks.c.mark).where(marks.c.mark == mark, marks.c.until > now)
        )
        return found is not None

    async def take_mark(self, mark: str, now: datetime) -> bool:
        """Take a mark away; True for the one caller that finds it still good."""
        until = await self.connection.scalar(
            delete(marks).where(marks.c.mark == mark).returning(marks.c.until)
        )
        return until is not None and until > now
