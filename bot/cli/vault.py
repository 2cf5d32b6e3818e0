"""The command about keys: seal everything with the newest one, and say whether others may go."""

import json

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Settings
from bot.vault import Resealed
from bot.wiring.parts import open_store
from bot.wiring.vault import resealing

NO_KEYS = "WAYFINDER_VAULT_KEYS is not set; nothing is sealed without it."


@click.group()
def vault() -> None:
    """Work with the keys that seal tokens."""


@vault.command("reseal")
@click.option("--database", help="Address of the database; default is the setting.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def reseal(database: str | None, *, as_json: bool) -> None:
    """Seal with the first key of WAYFINDER_VAULT_KEYS what another one sealed; 1 if some is shut.

    To change the key: put a new one in front (new,old), restart every process, run this, and when
    it says so take the old one out. serve does the same every hour.
    """
    settings = using.settings(Settings, database=database)

    async def run() -> Resealed:
        store = await open_store(settings)
        try:
            again = resealing(settings, store)
            if again is None:
                refuse([NO_KEYS])
            return await again()
        finally:
            await store.close()

    found = using.run(run)
    if as_json:
        told = {"there": found.there, "resealed": found.done, "shut": list(found.shut)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{found.there} sealed, {found.done} of them with the first key just now.")
        for name in found.shut:
            click.echo(f"{name} does not open with any key: install it again, or add its key.")
        if not found.shut:
            click.echo("Every key but the first may go.")
    raise SystemExit(1 if found.shut else 0)
