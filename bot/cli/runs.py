"""Commands for what is running: see it, pause it, let it go on, stop it."""

from datetime import UTC, datetime

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.delivery import REPLIES, Run, RunState

DATABASE = click.option("--database", help="Address of the database; default is the setting.")
NAME = click.argument("name")


@click.group()
def runs() -> None:
    """See, pause, resume and stop what is running: the pulses, the nudges, each broadcast.

    It takes effect within two seconds, however much waits. Replies are never paused.
    """


@runs.command("list")
@DATABASE
def list_(database: str | None) -> None:
    """List every run with its state, a line each."""
    place = using.settings(Place, database=database)

    async def run() -> list[Run]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return await work.runs()
        finally:
            await store.close()

    for one in using.run(run):
        click.echo(f"{one.name}\t{one.state}\t{one.changed_at.isoformat(timespec='seconds')}")


@runs.command()
@NAME
@DATABASE
def pause(name: str, database: str | None) -> None:
    """Hold back what a run still has to send; `resume` lets it go on."""
    _switch(name, RunState.PAUSED, database)


@runs.command()
@NAME
@DATABASE
def resume(name: str, database: str | None) -> None:
    """Let a paused run go on."""
    _switch(name, RunState.RUNNING, database)


@runs.command()
@NAME
@DATABASE
def stop(name: str, database: str | None) -> None:
    """Stop a run for good: what it has not sent yet is cancelled."""
    _switch(name, RunState.STOPPED, database)


def _switch(name: str, state: RunState, database: str | None) -> None:
    if name == REPLIES:
        refuse(["Replies cannot be paused: somebody waits for each of them."])
    place = using.settings(Place, database=database)

    async def run() -> bool:
        store = await open_store(place)
        try:
            async with store.write() as work:
                return await work.switch(name, state, datetime.now(UTC))
        finally:
            await store.close()

    if not using.run(run):
        refuse([f"There is no run {name} that could be {state}; see `python -m bot runs list`."])
    click.echo(f"{name} is {state}.", err=True)
