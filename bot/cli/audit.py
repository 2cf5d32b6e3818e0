"""Commands about the audit log: is it as it was, and who did what last."""

import json
from datetime import UTC

import click

from bot.cli import using
from bot.settings import Settings
from bot.wiring.parts import open_store
from nudges.sealing import Seal, key_of

DATABASE = click.option("--database", help="Address of the database; default is the setting.")


@click.group()
def audit() -> None:
    """Look at the audit log: who did what, when, to what and to whom."""


@audit.command("verify")
@DATABASE
@click.option("--expect", default="", help="The digest of the newest seal, as the log said it.")
def verify(database: str | None, expect: str) -> None:
    """Look whether the log is as it was sealed; 1 and a line for each thing that is not.

    Each seal stands upon the one before and is made with WAYFINDER_SECRET. Rows of the last two
    minutes are not sealed yet. That the newest seals were taken away together with their rows is
    seen with --expect alone, or in the program's own log (audit.sealed).
    """
    place = using.settings(Settings, database=database)
    key = key_of(place.secret.get_secret_value().encode())

    async def run() -> tuple[list[str], Seal | None, int]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                broken = [one async for one in work.broken_audit(key)]
                return broken, *await work.sealed()
        finally:
            await store.close()

    broken, newest, waits = using.run(run)
    if expect and (newest is None or newest.digest != expect):
        broken.append("the newest seal is another one than you expect")
    for one in broken:
        click.echo(one)
    if broken:
        raise SystemExit(1)
    digest = newest.digest if newest else ""
    click.echo(f"{newest.number if newest else 0} seals hold, {waits} rows wait for the next")
    click.echo(f"digest\t{digest}")


@audit.command("show")
@DATABASE
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
@click.option("--limit", default=100, help="How many at most.")
def show(database: str | None, limit: int, *, as_json: bool) -> None:
    """Print who did what last, newest first."""
    place = using.settings(Settings, database=database)

    async def run() -> list[dict[str, str]]:
        store = await open_store(place)
        try:
            async with store.write() as work:
                found = await work.audited(limit)
                await using.note_view(work, "audit")
                return [
                    {
                        "at": one.at.astimezone(UTC).isoformat(),
                        "who": one.who,
                        "act": one.act,
                        "about": one.about,
                        "whom": one.whom,
                    }
                    for one in found
                ]
        finally:
            await store.close()

    for row in using.run(run):
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\t".join(row.values()))
