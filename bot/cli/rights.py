"""Commands for what people may ask of whoever keeps their data."""

from datetime import UTC, datetime
from typing import Any

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.handout import as_json
from bot.settings import Place
from bot.wiring.parts import open_store


@click.command()
@click.argument("who")
@click.option("--database", help="Address of the database; default is the setting.")
def data(who: str, database: str | None) -> None:
    """Print all that is kept of one person, as JSON by table, to hand to them and nobody else.

    WHO is an id, an e-mail address or platform/tenant/user. Where others' rows only name them,
    that and no more of it is printed. Rumours are nobody's and are not in it. The audit log says
    that it was printed.
    """
    place = using.settings(Place, database=database)

    async def run() -> tuple[int, dict[str, list[dict[str, Any]]]]:
        store = await open_store(place)
        try:
            async with store.write() as work:
                found = await work.named(who)
                if len(found) != 1:
                    return len(found), {}
                told = await work.data_of(found[0].id)
                await work.data_handed_out(found[0].id, "command line", datetime.now(UTC))
                return 1, told
        finally:
            await store.close()

    many, told = using.run(run)
    if many != 1:
        how = "nobody" if not many else f"{many} people"
        refuse([f"{how} here is meant by {who!r}; give an id or an e-mail address"])
    click.echo(as_json(told))


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option("--database", help="Address of the database; default is the setting.")
def forget(who: str, database: str | None, *, yes: bool) -> None:
    """Erase all that is kept of one person, for good: their key is destroyed.

    WHO is an id, an e-mail address or platform/tenant/user. No directory brings them back, and a
    restored backup is cleared of them again. Without --yes it asks first.
    """
    place = using.settings(Place, database=database)

    async def found() -> list[str]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return [person.id for person in await work.named(who)]
        finally:
            await store.close()

    async def run() -> None:
        store = await open_store(place)
        try:
            async with store.write() as work:
                await work.erase(meant[0], "command line", datetime.now(UTC))
        finally:
            await store.close()

    meant = using.run(found)
    if len(meant) != 1:
        how = "nobody" if not meant else f"{len(meant)} people"
        refuse([f"{how} here is meant by {who!r}; give an id or an e-mail address"])
    if not yes:
        click.confirm(f"Erase all that is kept of {meant[0]}, for good?", abort=True, err=True)
    using.run(run)
    click.echo("Erased: nothing of theirs can be read any more.", err=True)
