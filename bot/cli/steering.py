"""Commands that steer a broadcast which has begun: hold it, stop it, take it back, follow it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

import click

from bot.cli import using
from bot.cli.broadcast import DATABASE, NUMBER, broadcast
from bot.cli.following import follow as follow_it
from bot.cli.following import where
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.broadcast import Broadcast
from nudges.delivery import RunState
from nudges.people import Person
from nudges.progress import Tally
from nudges.steering import Switched, TakenBack, begun, may_steer, returnable

__all__ = ["broadcast"]
AS = click.option("--as", "who", required=True, help="Who does it: an id, e-mail address or name.")


class _Reads(Protocol):
    """The part of a transaction that is read here."""

    async def broadcasts(self, numbers: Iterable[int]) -> Mapping[int, Broadcast]: ...
    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]: ...
    async def named(self, text: str) -> list[Person]: ...


@broadcast.command()
@NUMBER
@AS
@DATABASE
def pause(number: int, who: str, database: str | None) -> None:
    """Hold a broadcast: nobody else gets it until somebody lets it go on."""
    _keep(Switched(number, RunState.PAUSED), who, database)


@broadcast.command()
@NUMBER
@AS
@DATABASE
def resume(number: int, who: str, database: str | None) -> None:
    """Let a broadcast that was held go on."""
    _keep(Switched(number, RunState.RUNNING), who, database)


@broadcast.command()
@NUMBER
@AS
@DATABASE
def stop(number: int, who: str, database: str | None) -> None:
    """Stop a broadcast for good: who has it keeps it, and nobody else gets it."""
    _keep(Switched(number, RunState.STOPPED), who, database)


@broadcast.command()
@NUMBER
@AS
@DATABASE
def recall(number: int, who: str, database: str | None) -> None:
    """Take a broadcast back: nobody else gets it, and who has it reads that it does not count."""
    _keep(TakenBack(number), who, database)


@broadcast.command()
@NUMBER
@DATABASE
def follow(number: int, database: str | None) -> None:
    """Show how far a broadcast gets until it is through; Ctrl-C leaves it to itself."""
    follow_it(number, using.settings(Place, database=database))


def _keep(fact: Switched | TakenBack, who: str, database: str | None) -> None:
    place = using.settings(Place, database=database)
    now = datetime.now(UTC)

    async def run() -> str:
        store = await open_store(place)
        try:
            async with store.write() as work:
                person = await _steers(work, fact, who)
                await work.keep([fact], person.id, now)
            async with store.read() as work:
                found = (await work.broadcasts([fact.number]))[fact.number]
                return where(found, (await work.tallies([fact.number], now))[fact.number])
        finally:
            await store.close()

    click.echo(f"Broadcast {fact.number} is {using.run(run)}.", err=True)


async def _steers(work: _Reads, fact: Switched | TakenBack, who: str) -> Person:
    """Return who does it, or refuse what they may not do or what cannot be done."""
    found = (await work.broadcasts([fact.number])).get(fact.number)
    if found is None:
        refuse([f"There is no broadcast {fact.number}; see `python -m bot broadcast list`."])
    people = await work.named(who)
    if len(people) != 1:
        refuse([f"--as: {who} is {'several people' if people else 'nobody we know'}."])
    if not may_steer(people[0], found):
        refuse([f"--as: {who} is not its author, of the CRM team, or an approver."])
    if isinstance(fact, TakenBack):
        if found.draft.corrects:
            refuse([f"Broadcast {fact.number} is a correction; take back {found.draft.corrects}."])
        if not returnable(found):
            refuse([f"Broadcast {fact.number} is {found.stage}: there is nothing to take back."])
    elif not begun(found):
        refuse([f"Broadcast {fact.number} is {found.stage}: it does not leave."])
    return people[0]
