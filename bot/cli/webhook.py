"""Commands about other systems that are told when something is new."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Settings
from bot.wiring.api import Places, trouble_with
from bot.wiring.parts import open_store
from nudges.access import NAME, NAMED
from nudges.webhooks import KINDS, OVERLAP, Event, Kind, Webhook, shown, signing_key

BY = "command line"
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
LONGEST_URL = 2000
Found = TypeVar("Found")


class WebhookWork(Protocol):
    """The part of a transaction that these commands need."""

    async def webhooks(self) -> list[Webhook]:
        """Return all that are or were told."""
        ...

    async def parcels_by_state(self) -> dict[str, dict[str, int]]:
        """Count what is on its way, arrived and was given up."""
        ...

    async def add_webhook(self, webhook: Webhook, by: str) -> bool:
        """Keep that a system is told."""
        ...

    async def rotate_webhook(self, name: str, by: str, now: datetime, until: datetime) -> int:
        """Give a receiver a new secret; returns which one it is."""
        ...

    async def end_webhook(self, name: str, by: str, why: str, now: datetime) -> bool:
        """Tell a system nothing more."""
        ...

    async def announce_to(self, event: Event, name: str) -> int:
        """Queue an event for one receiver."""
        ...


@click.group()
def webhook() -> None:
    """Tell other systems when numbers are released, a broadcast is through, or health is judged."""


@webhook.command()
@click.argument("name")
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice(KINDS),
    help="What it is told; again for another one, all if left out.",
)
@DATABASE
def add(name: str, url: str, events: tuple[Kind, ...], database: str | None) -> None:
    """Tell the system at URL from now on, and print the secret its events are signed with.

    NAME is never used again. The URL is kept sealed, for it may hold a password.
    """
    settings = using.settings(Settings, database=database)
    if not NAME.fullmatch(name):
        refuse([f"NAME: {name!r} has to be {NAMED}."])
    trouble = trouble_with(url, settings.links_inside) or (
        f"may have {LONGEST_URL} characters" if len(url) > LONGEST_URL else ""
    )
    if trouble:
        refuse([f"URL: {trouble}."])
    secret, now = settings.secret.get_secret_value().encode(), datetime.now(UTC)
    host = urlsplit(url).hostname or ""
    kinds: tuple[Kind, ...] = tuple(k for k in KINDS if not events or k in events)
    one = Webhook(name, host, Places(secret).seal(name, url), kinds, now)
    if not _write(settings, lambda work: work.add_webhook(one, BY)):
        refuse([f"NAME: {name} was used before; choose another one."])
    click.echo(f"{name}\t{host}\t{shown(signing_key(secret, name, 0))}")


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
@DATABASE
def list_(database: str | None, *, as_json: bool) -> None:
    """Print who is told what, and how much waits, arrived and was given up in thirty days."""
    settings = using.settings(Settings, database=database)

    async def found(work: WebhookWork) -> list[dict[str, str | int]]:
        counted = await work.parcels_by_state()
        return [
            {
                "name": one.name,
                "host": one.host,
                "state": one.why if one.ended_at else "told",
                "events": " ".join(one.kinds),
                "waiting": counted.get(one.name, {}).get("waiting", 0),
                "delivered": counted.get(one.name, {}).get("delivered", 0),
                "given_up": counted.get(one.name, {}).get("given_up", 0),
            }
            for one in await work.webhooks()
        ]

    for row in _write(settings, found):
        click.echo(json.dumps(row) if as_json else "\t".join(map(str, row.values())))


@webhook.command()
@click.argument("name")
@click.option("--days", default=OVERLAP, type=click.IntRange(0, 30), show_default=True)
@DATABASE
def rotate(name: str, days: int, database: str | None) -> None:
    """Make a new secret and print it; for some days the old one signs, too."""
    settings = using.settings(Settings, database=database)
    now = datetime.now(UTC)
    until = now + timedelta(days=days)
    turn = _write(settings, lambda work: work.rotate_webhook(name, BY, now, until))
    if not turn:
        refuse([_nobody(name)])
    secret = settings.secret.get_secret_value().encode()
    click.echo(f"{name}\told one until {until.date()}\t{shown(signing_key(secret, name, turn))}")


@webhook.command()
@click.argument("name")
@DATABASE
def remove(name: str, database: str | None) -> None:
    """Tell a system nothing more; what still waits for it goes, too."""
    settings = using.settings(Settings, database=database)
    now = datetime.now(UTC)
    if not _write(settings, lambda work: work.end_webhook(name, BY, "removed", now)):
        refuse([_nobody(name)])
    click.echo(f"{name}\tremoved")


@webhook.command("try")
@click.argument("name")
@DATABASE
def try_(name: str, database: str | None) -> None:
    """Queue a test event; the running program brings it, and `webhook list` says how that went."""
    settings = using.settings(Settings, database=database)
    now = datetime.now(UTC)
    event = Event("test", f"test:{name}:{now.isoformat()}", now)
    if not _write(settings, lambda work: work.announce_to(event, name)):
        refuse([_nobody(name)])
    click.echo(f"{name}\t{event.id}")


def _nobody(name: str) -> str:
    return f"NAME: no system called {name} is told; `webhook list` shows those that are."


def _write(settings: Settings, what: Callable[[WebhookWork], Awaitable[Found]]) -> Found:
    async def run() -> Found:
        store = await open_store(settings)
        try:
            async with store.write() as work:
                return await what(work)
        finally:
            await store.close()

    return using.run(run)
