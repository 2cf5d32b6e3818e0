"""Commands about the programme: take in what an organisation wrote, show what is in force."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from dialogs.speech import chosen, languages
from nudges.edits import WholeEdit
from nudges.programme import Programme, has_figure, launchable, unwritten

BY = "command line"
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def programme() -> None:
    """Work with the programme: why, for whom, from when and how far."""


@programme.command("import")
@click.argument("path", type=FILE)
@DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def import_(path: Path, database: str | None, *, dry_run: bool) -> None:
    """Take in a programme from a TOML file; it takes the place of what was written before.

    A group of people for whom nobody wrote, in every language, what is in it for them is given no
    first day: the file is refused.
    """
    wanted = using.programme(path)
    stop = [
        f"{path}: segment {s.id}: nobody wrote in every language what is in it for these people "
        "(wiifm). Without that: stop. Write it first, then give them a go_live."
        for s in wanted.segments.values()
        if s.go_live and not launchable(s, languages())
    ]
    if stop:
        refuse(stop)

    async def run() -> list[str]:
        store = await open_store(using.settings(Place, database=database), fill_empty=True)
        try:
            async with store.read() as work:
                before = await work.programme()
            after = WholeEdit(wanted).apply(before)
            changed = list(differences(before, after))
            if changed and not dry_run:
                async with store.write() as work:
                    await work.keep([WholeEdit(wanted)], BY, datetime.now(UTC))
        finally:
            await store.close()
        return changed

    changed = using.run(run)
    for line in changed:
        click.echo(line)
    click.echo("Nothing was changed." if dry_run or not changed else "Taken in.", err=True)


@programme.command()
@DATABASE
def show(database: str | None) -> None:
    """Show the programme in force, and what is still to be written."""

    async def run() -> Programme:
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.read() as work:
                return await work.programme()
        finally:
            await store.close()

    now = using.run(run)
    click.echo(f"{chosen(now.name, 'en') or '(no name)'}: {chosen(now.purpose, 'en')}")
    for outcome in now.outcomes:
        latest = f", {outcome.latest[1]:g} in {outcome.latest[0]}" if outcome.latest else ""
        target = f"{outcome.baseline:g} → {outcome.target:g} {outcome.unit}".strip()
        click.echo(f"  {chosen(outcome.name, 'en')}: {target}{latest}")
    for segment in now.segments.values():
        click.echo(f"{segment.id}: {segment.go_live or 'no first day yet'}")
        missing = ", ".join(f"{r} ({lang})" for r, lang in unwritten(segment, languages()))
        if missing:
            click.echo(f"  to be written: {missing}")
        if segment.reasons and not has_figure(segment):
            click.echo("  not one of the answers has a figure in it")


def differences(before: Programme, after: Programme) -> Iterator[str]:
    """Yield what is different, a line each."""
    for name in ("name", "crm", "kind", "purpose", "outcomes", "levels"):
        if getattr(before, name) != getattr(after, name):
            yield f"~ {name}"
    for key in sorted({*before.segments, *after.segments}):
        old, new = before.segments.get(key), after.segments.get(key)
        if old is None or new is None:
            yield f"{'+' if old is None else '-'} segment {key}"
        elif old != new:
            parts = ("name", "go_live", "reasons", "roadmap", "goals", "sponsor", "celebration")
            said = ", ".join(p for p in parts if getattr(old, p) != getattr(new, p))
            yield f"~ segment {key}: {said}"
