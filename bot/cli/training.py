"""Commands about training sessions: take them in from a file, list them, cancel one."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from dialogs.speech import chosen, languages
from nudges.people import Person
from nudges.training import Session, SessionCancelled, SessionKept, Training, refusals

BY = "command line"
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class Names(Protocol):
    """What finds people by how they are named."""

    async def named(self, text: str) -> list[Person]:
        """Return who is meant."""
        ...


@click.group()
def training() -> None:
    """Work with training sessions: who can learn what, when and where."""


@training.command("import")
@click.argument("path", type=FILE)
@DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def import_(path: Path, database: str | None, *, dry_run: bool) -> None:
    """Take in sessions from a TOML file: a new id is a new session, a known one is changed.

    Sessions that are not in the file stay as they are, and what has begun or was cancelled is not
    changed any more. Whoever signed up is told when time or place is another one.
    """
    wanted = using.sessions(path)
    wrong = [
        f"{path}: session {one.key}: {field}: {why}."
        for one in wanted
        for field, why in refusals(one, languages())
    ]
    if wrong:
        refuse(wrong)

    async def run() -> tuple[list[str], list[str]]:
        now = datetime.now(UTC)
        store = await open_store(using.settings(Place, database=database), fill_empty=True)
        try:
            async with store.read() as work:
                known = await work.trainings_by_key([one.key for one in wanted], now)
                sessions, problems = await _with_trainers(work, wanted)
            changed = list(_differences(sessions, known, now))
            problems += [
                f"session {one.key} has begun already." for one, how in changed if how == "late"
            ]
            if not problems and changed and not dry_run:
                async with store.write() as work:
                    await work.keep([SessionKept(one) for one, _ in changed], BY, now)
        finally:
            await store.close()
        return [f"{how} {one.key}" for one, how in changed], problems

    changed, problems = using.run(run)
    if problems:
        refuse([f"{path}: {problem}" for problem in problems])
    for line in changed:
        click.echo(line)
    click.echo("Nothing was changed." if dry_run or not changed else "Taken in.", err=True)


async def _with_trainers(work: Names, wanted: Sequence[Session]) -> tuple[list[Session], list[str]]:
    """Return sessions with who gives them by id, and what is unclear about that."""
    found: list[Session] = []
    problems: list[str] = []
    for one in wanted:
        meant = await work.named(one.trainer) if one.trainer else []
        if one.trainer and len(meant) != 1:
            problems.append(f"session {one.key}: {one.trainer!r} is nobody, or several people.")
        found.append(replace(one, trainer=meant[0].id if meant else ""))
    return found, problems


def _differences(
    wanted: Sequence[Session], known: dict[str, Training], now: datetime
) -> Iterator[tuple[Session, str]]:
    """Yield the sessions that are new, other than they were, or too late to be made."""
    for one in wanted:
        before = known.get(one.key)
        if before is None:
            yield one, "+" if one.starts > now else "late"
        elif before.session != one and not before.cancelled and before.session.starts > now:
            yield one, "~"


@training.command("list")
@DATABASE
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each session.")
def list_(database: str | None, *, as_json: bool) -> None:
    """Print the sessions to come and those held in the last five weeks; nobody's name is shown."""

    async def run() -> list[Training]:
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.read() as work:
                return list((await work.trainings([0], datetime.now(UTC))).values())
        finally:
            await store.close()

    for one in using.run(run):
        told = _told(one, datetime.now(UTC))
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("\t".join(str(value) for value in told.values()))


def _told(one: Training, now: datetime) -> dict[str, str | int]:
    session = one.session
    return {
        "id": session.key,
        "number": one.number,
        "state": one.state(now).value,
        "starts": session.starts.isoformat(),
        "minutes": session.minutes,
        "seats": session.seats,
        "taken": one.taken,
        "waiting": len(one.waiting),
        "rule": session.rule,
        "title": chosen(session.title, "en"),
    }


@training.command()
@click.argument("number", type=int)
@DATABASE
def cancel(number: int, database: str | None) -> None:
    """Cancel a session by its number; whoever signed up is told at once."""

    async def run() -> bool:
        now = datetime.now(UTC)
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.write() as work:
                found = (await work.trainings([number], now)).get(number)
                if found is None or found.cancelled or found.session.starts <= now:
                    return False
                await work.keep([SessionCancelled(number)], BY, now)
                return True
        finally:
            await store.close()

    if not using.run(run):
        refuse([f"There is no session {number} that is still to come."])
    click.echo("Cancelled.", err=True)
