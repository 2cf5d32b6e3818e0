"""Commands about measured use: taking in a table of it, and which weeks the CRM told."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.usage import checked
from bot.wiring.parts import open_store
from nudges.adoption import METRICS, WEEK, Fetch, week_of
from nudges.told_use import Checked

SOURCE = "table"
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
SHOWN = 12
"""Weeks back that are listed."""


@click.group()
def usage() -> None:
    """Work with what people did in the CRM."""


@usage.command("import")
@click.argument("path", type=FILE, metavar="FILE.csv")
@DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would be kept.")
def import_(path: Path, database: str | None, *, dry_run: bool) -> None:
    """Take in a table of what people did in the CRM: all of it, or none if a line is wrong.

    Columns: `person` (the id) or `email`, `week` (any of its days, 2026-11-16), and any of
    `active_days`, `records`, `leads_in_time`, `quality`, `hygiene`; the last three are shares from
    0 to 1. An empty cell is a gap. The same table again changes nothing. Rows about nobody we know
    are reported and left out.
    """
    told = using.usage_table(path)
    place = using.settings(Place, database=database)

    async def run() -> tuple[Checked, int]:
        store = await open_store(place)
        try:
            async with store.write() as work:
                now = datetime.now(UTC)
                found = await checked(work, told.lines, now)
                if found.problems or dry_run:
                    return found, 0
                return found, await work.keep_usage(found.uses, SOURCE, now)
        finally:
            await store.close()

    found, new = using.run(run)
    if told.ignored:
        click.echo(f"{path}: these columns are ignored: {', '.join(told.ignored)}.", err=True)
    if found.problems:
        refuse([f"{path}: {problem}." for problem in found.problems])
    for remark in sorted((*found.repeated, *found.unknown), key=lambda one: one.line):
        click.echo(f"{path}: {remark}.")
    values = sum(len(use.values) for use in found.uses)
    kept = "Nothing was changed." if dry_run else f"{new} values are new or different."
    click.echo(
        f"{len(told.lines)} rows tell {values} values of {len({u.person for u in found.uses})} "
        f"people; {len(found.repeated)} rows repeat others, {len(found.unknown)} are about nobody "
        f"we know. {kept}",
        err=True,
    )


@usage.command()
@DATABASE
def weeks(database: str | None) -> None:
    """List which of the last weeks the CRM told, and where it left a gap."""
    place = using.settings(Place, database=database)

    async def run() -> list[Fetch]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return await work.usage_weeks(week_of(datetime.now(UTC).date()) - SHOWN * WEEK)
        finally:
            await store.close()

    for one in using.run(run):
        gaps = sorted(METRICS - one.whole)
        cells = (
            one.source,
            one.week.isoformat(),
            "again" if one.again else "first",
            f"told: {', '.join(sorted(one.whole)) or 'nothing'}",
            f"not told: {', '.join(gaps) or 'nothing'}",
            f"{one.tries} tries",
        )
        click.echo("\t".join(cells))
