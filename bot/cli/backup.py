"""Commands that back the database up and bring it back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot import logs
from bot.cli import using
from bot.restoring import Settled
from bot.settings import Place, Settings, secrets_of
from bot.wiring.parts import open_store
from bot.wiring.restore import Backup, back_up, bring_back, look_into
from bot.wiring.restore import restore as bring


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keyring", is_flag=True, help="Back up the keys of what is people's own instead.")
@click.option("--database", help="Address of the database; default is the setting.")
def backup(file: Path, database: str | None, *, keyring: bool) -> None:
    """Copy the database into FILE while everything goes on.

    Keep the backups of the keys apart from those of the data, and not for long: who was forgotten
    can be read again with both.
    """
    place = using.settings(Place, database=database)

    async def run() -> None:
        store = await open_store(place)
        address = store.keyring.url if keyring else store.url
        await store.close()
        back_up(address.render_as_string(hide_password=False), file, datetime.now(UTC))

    using.run(run)
    click.echo(f"Backed up into {file}.", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--keyring", is_flag=True, help="Bring back keys; those of today are lost.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option("--database", help="Address of the database; default is the setting.")
def restore(file: Path, database: str | None, *, keyring: bool, yes: bool) -> None:
    """Put what FILE holds in the place of the database; stop every Wayfinder first.

    Nothing that may have left since the backup is sent again: it counts as unknown. Whoever was
    forgotten since is forgotten again.
    """
    settings = using.settings(Settings, database=database)
    logs.start(settings.log_level, secrets_of(settings))

    async def look() -> Backup:
        return look_into(file)

    found = using.run(look)
    if not yes:
        what = "the keys" if keyring else "the database"
        click.confirm(
            f"Put {what} of {found.taken:%Y-%m-%d %H:%M} UTC in the place of today's? "
            "Every Wayfinder that uses it has to be stopped.",
            abort=True,
            err=True,
        )

    async def keys() -> None:
        store = await open_store(settings)
        address = store.keyring.url
        await store.close()
        bring_back(address.render_as_string(hide_password=False), file)

    async def run() -> Settled:
        return await bring(settings, file, found, datetime.now(UTC))

    if keyring:
        using.run(keys)
        click.echo("The keys are back.", err=True)
        return
    settled = using.run(run)
    click.echo(
        f"The database of {found.taken:%Y-%m-%d %H:%M} UTC is back. {settled.unknown} messages may "
        "have left since, and are not sent again (unknown); "
        f"{settled.forgotten} people were forgotten again.",
        err=True,
    )
