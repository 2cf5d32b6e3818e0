"""The command that hands somebody the numbers of their digest as a table."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.cells import safe
from nudges.group import Figure, rows
from nudges.people import Person
from nudges.release import TOP, Unit
from nudges.roles import Act, may

BY = "command line"
"""Who did it, in the audit log."""
HEAD = ("about", "week", "number", "category", "value", "people", "scope")
FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.group()
def digest() -> None:
    """Numbers about teams, as they were told."""


@digest.command()
@click.option("--as", "who", required=True, help="Whose numbers: an id, an e-mail or a whole name.")
@click.option("--out", required=True, type=FILE, help="The table to write, as CSV.")
@click.option("--database", help="Address of the database; default is the setting.")
def export(who: str, out: Path, database: str | None) -> None:
    """Write the numbers of somebody's last digest as a table: those they were told, no others.

    Who was handed which numbers is written down, as for a digest in chat.
    """

    async def run() -> list[tuple[str, ...]]:
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.write() as work:
                found = await work.named(who)
                if len(found) != 1:
                    refuse([f"--as: {who} is {'several people' if found else 'nobody we know'}."])
                person = found[0]
                leads = await work.leading([person.id])
                told = await work.shown_to(person.id)
                mine = [
                    (unit, figure)
                    for unit, figure in told
                    if _sees(person, unit, leads=bool(leads))
                ]
                if not mine:
                    refuse([f"--as: {person.id} was told no numbers that they may still see."])
                cells = [figure.cell for _, figure in mine]
                await work.note_export(person.id, cells, BY, datetime.now(UTC))
                return [line for unit, figure in mine for line in _lines(unit, figure)]
        finally:
            await store.close()

    lines = using.run(run)
    try:
        with out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEAD, *lines])
    except OSError as error:
        refuse([f"--out: {out} cannot be written: {error.strerror}."])
    click.echo(f"{len(lines)} rows\t{out}")


def _sees(person: Person, unit: Unit, *, leads: bool) -> bool:
    if unit == TOP:
        return may(person.roles, Act.SEE_ORGANISATION)
    return unit == person.id and leads and may(person.roles, Act.SEE_TEAM)


def _lines(unit: Unit, figure: Figure) -> list[tuple[str, ...]]:
    """Return a number as rows, one for each category; no cell begins a formula."""
    about = "team" if unit != TOP else "organisation"
    scope = "own" if figure.exact else "together"
    week = figure.week.isoformat()
    return [
        tuple(map(safe, (about, week, figure.measure, category, value, band, scope)))
        for category, value, band in rows(figure)
    ]
