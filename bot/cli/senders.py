"""The command that tells which senders are believed."""

import json
from datetime import UTC, datetime

import click

from bot.cli import using
from bot.senders import MOST
from bot.settings import Place
from bot.wiring.parts import open_store
from dialogs.believing import role_of
from dialogs.believing import told as in_words
from dialogs.speech import Speech
from nudges.belief import SenderBelief
from nudges.people import Person


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
@click.option("--database", help="Address of the database; default is the setting.")
def senders(database: str | None, *, as_json: bool) -> None:
    """Print in whose name one may write, and how many in ten believe them: by all, by each group.

    It is counted every four weeks and closed like all numbers about groups. Nothing is shown
    about fewer than 5 people, and nothing where all but one think alike.
    """
    place = using.settings(Place, database=database)

    async def run() -> tuple[list[Person], list[SenderBelief]]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                ids, now = await work.senders(MOST), datetime.now(UTC)
                return list((await work.people(ids)).values()), await work.believed(ids, now)
        finally:
            await store.close()

    people, found = using.run(run)
    speech = Speech("en")
    for person in people:
        known = [one for one in found if one.sender == person.id]
        for one in known or [None]:
            row = {
                "sender": person.id,
                "name": person.name,
                "role": role_of(person, speech),
                "segment": (one.segment or None) if one else None,
                "in_ten": one.tenths if one else None,
            }
            if as_json:
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                where = row["segment"] or "all"
                cells = (person.id, person.name, row["role"], where, in_words(one, speech))
                click.echo("\t".join(map(str, cells)))
