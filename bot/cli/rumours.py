"""The command that tells how many rumours came in."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import click

from bot.cli import using
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.rumours import by_week, volume


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each week.")
@click.option("--database", help="Address of the database; default is the setting.")
def rumours(database: str | None, *, as_json: bool) -> None:
    """Print how many rumours came in, for each of the last twelve weeks.

    A week with fewer than 5, also one with none, is told as "<5". A sign of Awareness: where
    people do not know why and what, they guess.
    """
    place = using.settings(Place, database=database)

    async def run() -> Mapping[date, int]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return await work.rumours_a_day()
        finally:
            await store.close()

    for week, many in volume(by_week(using.run(run)), datetime.now(UTC)):
        told = {"week": week.isoformat(), "rumours": many}
        click.echo(json.dumps(told) if as_json else "\t".join(told.values()))
