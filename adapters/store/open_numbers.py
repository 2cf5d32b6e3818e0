"""The numbers that programs may have, each noted in the release ledger as it is handed out."""

from datetime import date, datetime

from sqlalchemy import and_, or_, select

from adapters.store.releases import FIGURE, OPEN, SHOWN, Releases, cells, closings, read_figure
from nudges.open_numbers import WAY, Page, Wanted


class OpenNumbers(Releases):
    """The part of a transaction that lets programs read."""

    async def open_numbers(self, wanted: Wanted, viewer: str, now: datetime) -> Page:
        """Return numbers that people were shown of the whole organisation, oldest first.

        In the same transaction it is noted that the program was shown them.
        """
        where = [*OPEN, SHOWN]
        if wanted.measures:
            where.append(closings.c.measure.in_(wanted.measures))
        if wanted.since:
            where.append(closings.c.week >= wanted.since)
        if wanted.until:
            where.append(closings.c.week <= wanted.until)
        if wanted.after:
            week, measure = wanted.after
            where.append(
                or_(
                    closings.c.week > week,
                    and_(closings.c.week == week, closings.c.measure > measure),
                )
            )
        rows = await self.connection.execute(
            select(*FIGURE)
            .join(closings, closings.c.id == cells.c.closing)
            .where(*where)
            .order_by(closings.c.week, closings.c.measure)
            .limit(wanted.most + 1)
        )
        found = [figure for _, figure in map(read_figure, map(tuple, rows))]
        page = Page(found[: wanted.most], more=len(found) > wanted.most)
        await self.note_shown({viewer: [figure.cell for figure in page.figures]}, WAY, now)
        return page

    async def open_weeks(self, viewer: str, now: datetime) -> list[tuple[date, tuple[str, ...]]]:
        """Return the weeks of which there are such numbers, and of which measures, oldest first."""
        rows = await self.connection.execute(
            select(closings.c.week, closings.c.measure, cells.c.id)
            .join(cells, cells.c.closing == closings.c.id)
            .where(*OPEN, SHOWN)
            .order_by(closings.c.week, closings.c.measure)
        )
        found: dict[date, list[str]] = {}
        for week, measure, _ in (every := rows.all()):
            found.setdefault(week, []).append(measure)
        await self.note_shown({viewer: [row.id for row in every]}, WAY, now)
        return [(week, tuple(measures)) for week, measures in found.items()]
