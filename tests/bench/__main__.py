"""Run every bench, or those named: ``python -m tests.bench [turns draw start …]``."""

import asyncio
import sys

from rich.console import Console
from rich.table import Table

from tests.bench import (
    audience,
    broadcast,
    courier,
    digests,
    draw,
    find,
    flood,
    killed,
    people,
    planner,
    records,
    scrape,
    silence,
    size,
    slack_door,
    start,
    teams_door,
    tips,
    turns,
    upgrade,
    voice,
)

BENCHES = {
    "audience": audience.run,
    "broadcast": broadcast.run,
    "courier": courier.run,
    "digests": digests.run,
    "draw": draw.run,
    "find": find.run,
    "flood": flood.run,
    "killed": killed.run,
    "people": people.run,
    "start": start.run,
    "planner": planner.run,
    "records": records.run,
    "scrape": scrape.run,
    "silence": silence.run,
    "size": size.run,
    "tips": tips.run,
    "turns": turns.run,
    "slack": slack_door.run,
    "teams": teams_door.run,
    "upgrade": upgrade.run,
    "voice": voice.run,
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHES)
    console = Console()
    for name in wanted:
        table = Table("what", "median", "spread", "aim", title=name, title_justify="left")
        for row in asyncio.run(BENCHES[name]()):
            table.add_row(*row)
        console.print(table)


if __name__ == "__main__":
    main()
