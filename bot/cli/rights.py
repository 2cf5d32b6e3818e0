"""Commands for what people may ask of whoever keeps their data."""

import json
from datetime import UTC, date, datetime
from typing import Any

import click

from bot.cli import using
from bot.cli.given import refuse
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
    click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
