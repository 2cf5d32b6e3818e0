"""Commands that run the program: demo, serve and migrate."""

from datetime import datetime
from pathlib import Path

import click

from bot import logs
from bot.app import ROLES, Role
from bot.cli import using
from bot.cli.given import moment
from bot.demo import FIRST_ADMIN, FOLDER, Folder
from bot.settings import Place, Settings, secrets_of
from bot.wiring.demo import build_demo
from bot.wiring.parts import open_store
from bot.wiring.serve import build_serve


@click.command()
@click.option("--port", default=3978, show_default=True, help="Port of the page.")
@click.option(
    "--now", callback=moment, help="Begin at this moment, such as 2026-11-16T08:55+01:00."
)
@click.option(
    "--folder",
    default=FOLDER,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo keeps everything; delete it to begin again.",
)
def demo(port: int, now: datetime | None, folder: Path) -> None:
    """Run a made-up company with a chat in the browser; needs no account and no key."""
    place = Folder(folder)
    settings = using.settings(
        Settings,
        secret=place.secret(),
        database=place.database,
        port=port,
        content=None,
        first_admin=FIRST_ADMIN,
    )
    logs.start(settings.log_level, secrets_of(settings))
    click.echo(f"Wayfinder is on http://127.0.0.1:{port}/ (Ctrl-C stops it)", err=True)

    async def run() -> None:
        app = await build_demo(settings, place, now)
        await app.serve("127.0.0.1", port)

    using.run(run)


@click.command()
@click.option("--local", is_flag=True, help="Let the Agents Playground in, on this machine alone.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(sorted(ROLES)),
    help="What this process does: let people in, watch the clock, send; all three if not given.",
)
def serve(*, local: bool, roles: tuple[Role, ...]) -> None:
    """Run Wayfinder for your organisation, on the platforms that the settings connect.

    Without --role one process does everything. Any number of processes of each role work on one
    PostgreSQL database; on the same machine each needs a WAYFINDER_PORT of its own.
    """
    settings = using.settings(Settings)
    logs.start(settings.log_level, secrets_of(settings))

    async def run() -> None:
        app = await build_serve(settings, local=local, roles=frozenset(roles) or ROLES)
        await app.serve("127.0.0.1" if local else settings.host, settings.port)

    using.run(run)


@click.command()
@click.option("--database", help="Address of the database; default is the setting.")
def migrate(database: str | None) -> None:
    """Bring the database up to this version; what is in it stays."""
    place = using.settings(Place, database=database)

    async def run() -> None:
        store = await open_store(place, create=True)
        await store.close()

    using.run(run)
    click.echo("The database is up to date.", err=True)
