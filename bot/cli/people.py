"""Commands about people: taking in a table of who is here, in which team and under whom."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.directory import news, take_in
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.directory import Change, Entry, Move

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FEW = 20
"""So many may leave at once without being asked about; more than half of all may not."""
SIGNS = {Move.JOINED: "+", Move.RETURNED: "+", Move.CHANGED: "~", Move.LEFT: "-"}


@click.group()
def people() -> None:
    """Work with the people who are here."""


@people.command("import")
@click.argument("path", type=FILE)
@click.option("--database", help="Address of the database; default is the setting.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--many-leave", is_flag=True, help="It is right that more than half have left.")
def import_(path: Path, database: str | None, *, dry_run: bool, many_leave: bool) -> None:
    """Take in a table of all people: who joins comes in, who is not in it any more has left.

    It prints a line for each person whose row is new or different since the last table. What
    people chose themselves, their language for example, stays, unless the table says something
    new about it. A table with a wrong row is refused whole, with the line and the reason.
    """
    entries = using.table(path)
    place = using.settings(Place, database=database)

    async def run() -> tuple[list[Change], int]:
        store = await open_store(place.database, fill_empty=True)
        try:
            changes, told = await news(store, entries)
            leave = sum(change.move is Move.LEFT for change in changes)
            if not many_leave and leave > max(FEW, len(told) / 2):
                whose = f"{leave} of {len(told)} people are not in this table and would have left"
                refuse([f"{path}: {whose}. If that is right, add --many-leave."])
            if not dry_run:
                await take_in(store, changes, datetime.now(UTC))
        finally:
            await store.close()
        return changes, len(entries)

    changes, size = using.run(run)
    for change in changes:
        click.echo(_line(change))
    counted = Counter(change.move for change in changes)
    same = size - sum(n for move, n in counted.items() if move is not Move.LEFT)
    told = ", ".join([*(f"{counted[move]} {move}" for move in Move), f"{same} as before"])
    click.echo(f"{told}.{' Nothing was changed.' if dry_run else ''}", err=True)


def _line(change: Change) -> str:
    entry = change.after or change.before
    assert entry is not None  # noqa: S101 - one of the two is always there
    said = [f"{name}: {_was(change, name)}" for name in change.fields]
    end = f": {'; '.join(said)}" if said else f" ({change.move}, {entry.team or 'no team'})"
    return f"{SIGNS[change.move]} {entry.id} {entry.name}{end}"


def _was(change: Change, name: str) -> str:
    before, after = (_text(entry, name) for entry in (change.before, change.after))
    return f"{before} → {after}"


def _text(entry: Entry | None, name: str) -> str:
    if entry is not None and name == "homes":
        return " ".join("/".join(home.key) for home in entry.homes) or "nowhere"
    return str(getattr(entry, name)) or "nothing"
