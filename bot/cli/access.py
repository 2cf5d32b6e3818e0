"""Commands that let other programs read released numbers, and end that."""

import json
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.access import LONGEST, NAME, NAMED, USUAL, Access, digest, make_key

BY = "command line"
DATABASE = click.option("--database", help="Address of the database; default is the setting.")


@click.group()
def access() -> None:
    """Let other programs read released numbers: each with a name, a key and an end."""


@access.command()
@click.argument("name")
@click.option("--days", default=USUAL, type=click.IntRange(1, LONGEST), show_default=True)
@DATABASE
def add(name: str, days: int, database: str | None) -> None:
    """Make a key for a program and print it: once, for it is kept nowhere.

    NAME stands in the release ledger, and is never used again. To change a key, add another name,
    let the program use its key, and revoke the old one.
    """
    place = using.settings(Place, database=database)
    if not NAME.fullmatch(name):
        refuse([f"NAME: {name!r} has to be {NAMED}."])
    key, now = make_key(name, token_urlsafe), datetime.now(UTC)
    ends = now + timedelta(days=days)

    async def run() -> bool:
        store = await open_store(place)
        try:
            async with store.write() as work:
                return await work.let_in(Access(name, digest(key), now, ends), BY)
        finally:
            await store.close()

    if not using.run(run):
        refuse([f"NAME: {name} was used before and stands in the ledger; choose another one."])
    click.echo(f"{name}\tuntil {ends.date()}\t{key}")


@access.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
@DATABASE
def list_(database: str | None, *, as_json: bool) -> None:
    """Print which programs may or might read, until when, and the day they last did."""
    place = using.settings(Place, database=database)

    async def run() -> list[dict[str, str]]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                found = await work.accesses()
        finally:
            await store.close()
        now = datetime.now(UTC)
        return [
            {
                "name": one.name,
                "state": "revoked" if one.revoked_at else "good" if one.live(now) else "over",
                "until": one.ends_at.date().isoformat(),
                "used": used.isoformat() if used else "",
            }
            for one, used in found
        ]

    for row in using.run(run):
        click.echo(json.dumps(row) if as_json else "\t".join(row.values()))


@access.command()
@click.argument("name")
@DATABASE
def revoke(name: str, database: str | None) -> None:
    """End a program's access; its key is no good from the next question on."""
    place = using.settings(Place, database=database)

    async def run() -> bool:
        store = await open_store(place)
        try:
            async with store.write() as work:
                return await work.shut_out(name, BY, datetime.now(UTC))
        finally:
            await store.close()

    if not using.run(run):
        refuse([f"NAME: no program called {name} may read; `access list` shows those that may."])
    click.echo(f"{name}\trevoked")
