"""Pages of the audit log and of the release ledger, with the names of who is still here."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, select

from adapters.store.audit import Audit, audits
from adapters.store.people import people
from adapters.store.releases import cells, closings, shown
from nudges.group import SEGMENT
from nudges.oversight import Done, Shown

SOURCES = frozenset({"settings", "command line"})
"""Who does things without being a person."""
VIEW = "view"
MEASURES = 200
"""So many lines of the ledger are looked at for which measures there are to choose from."""


class Oversights(Audit):
    """The part of a transaction that a privacy officer reads."""

    async def log_page(
        self, acts: Collection[str], before: int, most: int, *, about: str = ""
    ) -> list[Done]:
        """Return lines of the audit log, newest first.

        Args:
            acts: what was done; all of it where there is nothing in it.
            before: only lines with a smaller number; 0 begins with the newest.
            most: how many at most.
            about: what it was done to, letter for letter.

        """
        who, whom = people.alias("who"), people.alias("whom")
        where: list[ColumnElement[bool]] = [audits.c.id < before] if before else []
        if acts:
            where.append(audits.c.act.in_(sorted(acts)))
        if about:
            where.append(audits.c.about == about)
        rows = await self.connection.execute(
            select(
                audits.c.id,
                audits.c.at,
                audits.c.who,
                audits.c.act,
                audits.c.about,
                audits.c.whom,
                who.c.name.label("name"),
                whom.c.name.label("other"),
            )
            .outerjoin(who, who.c.id == audits.c.who)
            .outerjoin(whom, whom.c.id == audits.c.whom)
            .where(and_(True, *where))  # noqa: FBT003 - SQLAlchemy's word for no condition
            .order_by(audits.c.id.desc())
            .limit(most)
        )
        return [
            Done(
                r.id,
                r.at,
                r.name or r.who,
                r.act,
                r.about,
                r.other or r.whom,
                known=r.who not in SOURCES,
            )
            for r in rows
        ]

    async def note_views(self, views: Iterable[tuple[str, str]], now: datetime) -> None:
        """Write down who is shown what of others."""
        rows = [
            {"at": now, "who": who, "act": VIEW, "about": about, "whom": ""} for who, about in views
        ]
        if rows:
            await self.connection.execute(insert(audits), rows)

    async def ledger_page(self, measure: str, before: int, most: int) -> list[Shown]:
        """Return lines of the release ledger, newest first; of one measure, or of all."""
        viewer, head = people.alias("viewer"), people.alias("head")
        where: list[ColumnElement[bool]] = [shown.c.id < before] if before else []
        if measure:
            where.append(closings.c.measure == measure)
        rows = await self.connection.execute(
            select(
                shown.c.id,
                shown.c.at,
                shown.c.viewer,
                shown.c.channel,
                closings.c.measure,
                closings.c.week,
                cells.c.unit,
                viewer.c.name.label("name"),
                head.c.name.label("of"),
            )
            .join(cells, cells.c.id == shown.c.cell)
            .join(closings, closings.c.id == cells.c.closing)
            .outerjoin(viewer, viewer.c.id == shown.c.viewer)
            .outerjoin(head, head.c.id == cells.c.unit)
            .where(and_(True, *where))  # noqa: FBT003 - as above
            .order_by(shown.c.id.desc())
            .limit(most)
        )
        return [
            Shown(
                r.id,
                r.at,
                r.name or r.viewer or "",
                r.measure,
                r.week,
                r.channel,
                r.of or (r.unit or "").removeprefix(SEGMENT),
            )
            for r in rows
        ]

    async def ledger_measures(self) -> list[str]:
        """Name the measures of which somebody was shown a number lately."""
        newest = (
            select(shown.c.id, closings.c.measure)
            .join(cells, cells.c.id == shown.c.cell)
            .join(closings, closings.c.id == cells.c.closing)
            .order_by(shown.c.id.desc())
            .limit(MEASURES)
            .subquery()
        )
        count = select(newest.c.measure).group_by(newest.c.measure)
        return list(await self.connection.scalars(count.order_by(func.count().desc())))
