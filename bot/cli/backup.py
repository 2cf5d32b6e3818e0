"""Commands that back the database up and bring it back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot import logs
from bot.cli import using
from bot.cli.given import moment, refuse
from bot.restoring import Settled
from bot.settings import Place, Settings, secrets_of
from bot.wiring.parts import open_store
from bot.wiring.restore import Backup, back_up, bring_back, look_into, settle_since
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
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--since",
    callback=moment,
    help="The server brought it back as of this moment, such as 2026-11-16T08:55+01:00; no FILE.",
)
@click.option("--keyring", is_flag=True, help="Bring back keys; those of today are lost.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option("--database", help="Address of the database; default is the setting.")
def restore(
    file: Path | None, since: datetime | None, database: str | None, *, keyring: bool, yes: bool
) -> None:
    """Put what FILE holds in the place of the database; stop every Wayfinder first.

    Nothing that may have left since the backup is sent again: it counts as unknown. Whoever was
    forgotten since is forgotten again. With --since the same is seen to in a database that its
    server has brought back.
    """
    settings = using.settings(Settings, database=database)
    logs.start(settings.log_level, secrets_of(settings))
    if since and not file and not keyring:
        return _settle(settings, since, yes=yes)
    if file is None or since:
        refuse(["Give a FILE, or with --since the moment as of which the server brought it back."])

    async def look() -> Backup:
        return look_into(file)

    found = using.run(look)
    what = "the keys" if keyring else "the database"
    _sure(f"Put {what} of {found.taken:%Y-%m-%d %H:%M} UTC in the place of today's?", yes=yes)

    async def keys() -> None:
        store = await open_store(settings)
        address = store.keyring.url
        await store.close()
        bring_back(address.render_as_string(hide_password=False), file)

    if keyring:
        using.run(keys)
        return click.echo("The keys are back.", err=True)
    return _tell(using.run(lambda: bring(settings, file, found, datetime.now(UTC))), found.taken)


def _settle(settings: Settings, since: datetime, *, yes: bool) -> None:
    if since > datetime.now(UTC):
        refuse([f"{since:%Y-%m-%d %H:%M} UTC is in the future; give the moment it was as of."])
    _sure(
        f"Settle the database, which its server brought back as of {since:%Y-%m-%d %H:%M} UTC? "
        "What was to leave since is not sent.",
        yes=yes,
    )
    _tell(using.run(lambda: settle_since(settings, since, datetime.now(UTC))), since)


def _sure(question: str, *, yes: bool) -> None:
    if not yes:
        stopped = "Every Wayfinder that uses it has to be stopped."
        click.confirm(f"{question} {stopped}", abort=True, err=True)


def _tell(settled: Settled, taken: datetime) -> None:
    click.echo(
        f"The database of {taken:%Y-%m-%d %H:%M} UTC is back. {settled.unknown} messages may "
        "have left since, and are not sent again (unknown); "
        f"{settled.forgotten} people were forgotten again.",
        err=True,
    )
