"""Commands about people: taking in who is here, in which team and under whom."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.directory import farewell, news, take_in
from bot.directory import release as let_go
from bot.settings import Place, Settings
from bot.wiring.parts import Store, open_store
from nudges.directory import Change, Entry, Move, Read, Source

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FEW = 20
"""So many may leave at once without being asked about; more than half of all may not."""
SIGNS = {Move.JOINED: "+", Move.RETURNED: "+", Move.CHANGED: "~", Move.LEFT: "-"}


DATABASE = click.option("--database", help="Address of the database; default is the setting.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what would change.")
MANY_LEAVE = click.option(
    "--many-leave", is_flag=True, help="It is right that more than half have left."
)


@click.group()
def people() -> None:
    """Work with the people who are here."""


@people.command("import")
@click.argument("path", type=FILE)
@DATABASE
@DRY_RUN
@MANY_LEAVE
def import_(path: Path, database: str | None, *, dry_run: bool, many_leave: bool) -> None:
    """Take in a table of all people: who joins comes in, who is not in it any more has left.

    It prints a line for each person whose row is new or different since the last table. What
    people chose themselves, their language for example, stays, unless the table says something
    new about it. A table with a wrong row is refused whole, with the line and the reason.
    """
    entries = using.table(path)
    place = using.settings(Place, database=database)

    async def read(_store: Store) -> Read:
        return Read(entries)

    _take_in(place, "table", str(path), read, dry_run=dry_run, many_leave=many_leave)


@people.command()
@click.argument("directory", type=click.Choice(["graph", "slack"]))
@DATABASE
@DRY_RUN
@MANY_LEAVE
def fetch(
    directory: Literal["graph", "slack"],
    database: str | None,
    *,
    dry_run: bool,
    many_leave: bool,
) -> None:
    """Take in who is here from Microsoft Graph (Entra) or from Slack.

    It shows and does the same as `people import`. Who is in several directories is one person,
    known by their e-mail: the table leads, then Graph, then Slack; the others add where the
    person can be written to. If a page cannot be read, nothing is changed.
    """
    settings = using.settings(Settings, database=database)

    async def read(store: Store) -> Read:
        from bot.wiring.directories import read_directory  # noqa: PLC0415 - slow to load

        return await read_directory(directory, settings, store)

    _take_in(settings, directory, directory, read, dry_run=dry_run, many_leave=many_leave)


@people.command()
@click.argument("directory", type=click.Choice(["table", "graph", "slack"]))
@DATABASE
@DRY_RUN
@MANY_LEAVE
def release(directory: Source, database: str | None, *, dry_run: bool, many_leave: bool) -> None:
    """Stop listening to a directory, because another one leads from now on.

    Who is in another directory is as that one tells; who is in no other has left.
    """
    place = using.settings(Place, database=database)

    async def compare(store: Store) -> _News:
        changes, told = await farewell(store, directory)
        back = sum(change.move is Move.RETURNED for change in changes)
        here = len(told) + back - sum(_dropped(change) for change in changes)
        return _News(changes, here, len(told))

    async def change(store: Store, changes: Sequence[Change]) -> None:
        await let_go(store, directory, changes, datetime.now(UTC))

    _carry_out(place, directory, compare, change, dry_run=dry_run, many_leave=many_leave)


@dataclass(frozen=True, slots=True)
class _News:
    """What is new in a directory; how many it tells of now, and how many it told of before.

    Python writes down what a loop's main task returns when the loop ends, which took 190 MB for
    the changes of a hundred thousand people.
    """

    changes: Sequence[Change] = field(repr=False)
    now: int
    before: int
    remarks: Sequence[str] = ()


def _take_in(  # noqa: PLR0913 - what every directory needs
    place: Place,
    source: Source,
    name: str,
    read: Callable[[Store], Awaitable[Read]],
    *,
    dry_run: bool,
    many_leave: bool,
) -> None:
    """Take in what a directory tells."""

    async def compare(store: Store) -> _News:
        found = await read(store)
        changes, told = await news(store, found.entries, source)
        if found.joins:
            return _News(changes, len(found.entries), len(told), found.remarks)
        alone = sum(change.move is Move.JOINED for change in changes)
        said = [f"{alone} of whom no other directory tells left out."] if alone else []
        known = [change for change in changes if change.move is not Move.JOINED]
        return _News(known, len(found.entries) - alone, len(told), [*found.remarks, *said])

    async def change(store: Store, changes: Sequence[Change]) -> None:
        await take_in(store, changes, datetime.now(UTC))

    _carry_out(place, name, compare, change, dry_run=dry_run, many_leave=many_leave)


def _carry_out(  # noqa: PLR0913 - what every command about a directory needs
    place: Place,
    name: str,
    compare: Callable[[Store], Awaitable[_News]],
    change: Callable[[Store, Sequence[Change]], Awaitable[None]],
    *,
    dry_run: bool,
    many_leave: bool,
) -> None:
    """Show what is new, and change it unless only to look or if too many would leave."""

    async def run() -> _News:
        store = await open_store(place, fill_empty=True)
        try:
            found = await compare(store)
            leave = sum(_dropped(one) for one in found.changes)
            if not many_leave and leave > max(FEW, found.before / 2):
                whose = (
                    f"{leave} of {found.before} people are not told of any more and would have left"
                )
                refuse([f"{name}: {whose}. If that is right, add --many-leave."])
            if not dry_run:
                await change(store, found.changes)
        finally:
            await store.close()
        return found

    found = using.run(run)
    for remark in found.remarks:
        click.echo(remark, err=True)
    shown = [one for one in found.changes if one.shows]
    for one in shown:
        click.echo(_line(one))
    counted = Counter(one.move for one in shown)
    same = found.now - sum(not _dropped(one) for one in shown)
    told = ", ".join([*(f"{counted[move]} {move}" for move in Move), f"{same} as before"])
    click.echo(f"{told}.{' Nothing was changed.' if dry_run else ''}", err=True)


def _dropped(change: Change) -> bool:
    """Say whether the directory does not tell of this person any more."""
    return change.move is Move.LEFT or (change.telling is not None and change.telling.gone)


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
