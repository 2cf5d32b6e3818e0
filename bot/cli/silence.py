"""The command that tells for how long each group is quiet."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.cli import using
from bot.settings import Place
from bot.silence import silences
from bot.wiring.parts import open_store
from nudges.silence import Silence


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each group.")
@click.option("--database", help="Address of the database; default is the setting.")
def silence(database: str | None, *, as_json: bool) -> None:
    """Print how many days each group has acknowledged no message about the change, and its level.

    Calm, amber at 28 days, red at 42. Of a group of fewer than 5 people nothing is shown, nor of
    one to which nobody has written yet.
    """
    place = using.settings(Place, database=database)

    async def run() -> Sequence[Silence]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return list((await silences(work, datetime.now(UTC))).values())
        finally:
            await store.close()

    for one in using.run(run):
        told = {"segment": one.segment, "days": one.days, "level": one.level}
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("\t".join("" if value is None else str(value) for value in told.values()))
