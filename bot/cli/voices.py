"""The command that tells how much was raised, and how long people wait for an answer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import click

from bot.cli import using
from bot.contexts import WAITED
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.voice import Wanted


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.option("--database", help="Address of the database; default is the setting.")
@click.option("--days", default=WAITED // timedelta(days=1), help="Over so many days.")
def voices(database: str | None, days: int, *, as_json: bool) -> None:
    """Print how much there is in each state, and within how many days half of it was settled.

    The two figures are about what was raised in the last days: half of it was answered, and half of
    what was done was done, within so many days. Nothing here is about a person.
    """
    place = using.settings(Place, database=database)

    async def run() -> Mapping[str, float | int | None]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                waits = await work.voice_waits(datetime.now(UTC) - timedelta(days=days))
                counts = await work.voice_counts(Wanted())
        finally:
            await store.close()
        states = {state: counts.get(state, 0) for state in ("new", "taken", "done", "declined")}
        return {**states, "days_to_answer": waits.answered, "days_to_done": waits.solved}

    told = using.run(run)
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name}\t{'' if value is None else value}")
