"""Commands about competitions and sprints: take them in, announce, list, cancel; the ledger."""

import csv
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from dialogs.speech import chosen, languages
from nudges.adoption import Metric
from nudges.cells import safe
from nudges.competition import (
    NEW,
    CompetitionCancelled,
    CompetitionKept,
    CompetitionReleased,
    Contest,
    LedgerRead,
    Row,
    State,
    refusals,
    today,
)
from nudges.merits import ALL, MeritFact
from nudges.programme import Programme
from nudges.sprint import Run, SprintCancelled, SprintKept, SprintReleased
from nudges.sprint import refusals as sprint_refusals

BY = "command line"
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NUMBER = click.argument("number", type=int)
JSON = click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
OPEN = frozenset({State.DRAFT, State.ANNOUNCED, State.RUNNING, State.ENDED})
Result = TypeVar("Result")


class Work(Protocol):
    """The part of a transaction that these commands need."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def contests(self, numbers: Iterable[int], person: str = "") -> dict[int, Contest]:
        """Return competitions by number; 0 stands for all."""
        ...

    async def sprints(self, numbers: Iterable[int]) -> dict[int, Run]:
        """Return sprints by number; 0 stands for all."""
        ...

    async def ledger(self, number: int) -> list[tuple[Row, str, datetime]]:
        """Return the rows of a ledger, with names and when each was added."""
        ...

    async def keep(self, facts: Iterable[MeritFact], by: str, now: datetime) -> None:
        """Keep facts."""
        ...


@click.group()
def competition() -> None:
    """Work with competitions for early adopters: opt-in, and paid by what the CRM measured."""


@competition.command("import")
@click.argument("path", type=FILE, metavar="FILE.toml")
@DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def import_(path: Path, database: str | None, *, dry_run: bool) -> None:
    """Take in competitions from a TOML file: a new id is a new draft, a known one is changed.

    Nothing is announced by it. What has begun can only be prolonged.
    """
    wanted = using.competitions(path)

    async def run(work: Work) -> list[str]:
        now, known = datetime.now(UTC), await work.contests([ALL])
        by_key = {one.competition.key: one for one in known.values()}
        segments, wrong, facts = (await work.programme()).segments, list[str](), list[Any]()
        for one in wanted:
            had = by_key.get(one.key)
            if had and (had.competition == one or had.cancelled or had.closed):
                continue
            begun = had and had.state(today(now)) in {State.RUNNING, State.ENDED}
            before = had.competition if had and begun else None
            wrong += [
                f"{path}: competition {one.key}: {field}: {why}."
                for field, why in refusals(one, languages(), segments, today(now), before)
            ]
            facts.append(CompetitionKept(one, had.number if had else NEW))
        return await _kept(work, facts, wrong, now, dry_run=dry_run)

    _told(_write(database, run, create=True), dry_run=dry_run)


@competition.command("list")
@DATABASE
@JSON
def list_(database: str | None, *, as_json: bool) -> None:
    """Print all competitions; nobody's name is shown, nor how many take part."""

    async def look(work: Work) -> list[dict[str, object]]:
        day = today(datetime.now(UTC))
        return [
            {
                "number": one.number,
                "id": one.competition.key,
                "state": one.state(day).value,
                "starts": one.competition.starts.isoformat(),
                "ends": one.competition.ends.isoformat(),
                "segments": ",".join(one.competition.segments),
                "name": chosen(one.competition.name, "en"),
            }
            for one in (await work.contests([ALL])).values()
        ]

    _listed(_write(database, look), as_json=as_json)


@competition.command()
@NUMBER
@DATABASE
def announce(number: int, database: str | None) -> None:
    """Announce a competition to those whom it is for, each on a working day of theirs."""
    _does(number, CompetitionReleased(number), {State.DRAFT}, "announced", database)


@competition.command()
@NUMBER
@DATABASE
def cancel(number: int, database: str | None) -> None:
    """Cancel a competition; whoever takes part is told."""
    _does(number, CompetitionCancelled(number), OPEN, "cancelled", database)


@competition.command()
@NUMBER
@DATABASE
def ledger(number: int, database: str | None) -> None:
    """Print the ledger of a competition's points as CSV; that it was read is in the audit log."""

    async def run(work: Work) -> list[tuple[Row, str, datetime]] | None:
        if number not in await work.contests([number]):
            return None
        await work.keep([LedgerRead(number)], BY, datetime.now(UTC))
        return await work.ledger(number)

    rows = _write(database, run)
    if rows is None:
        refuse([f"There is no competition {number}."])
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("person", "name", "week", "metric", "amount", "points", "row", "at"))
    for row, name, at in rows:
        cells = (row.amount, row.points, row.nth)
        words = map(safe, (row.person, name, row.week.isoformat(), Metric(row.metric).value))
        table.writerow((*words, *cells, at.isoformat()))


@click.group()
def sprint() -> None:
    """Work with clean-up sprints: a few weeks in which people complete their records."""


@sprint.command("import")
@click.argument("path", type=FILE, metavar="FILE.toml")
@DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def import_sprints(path: Path, database: str | None, *, dry_run: bool) -> None:
    """Take in sprints from a TOML file: a new id is a new draft, a known one is changed."""
    wanted = using.sprints(path)

    async def run(work: Work) -> list[str]:
        now, known = datetime.now(UTC), await work.sprints([ALL])
        by_key = {one.sprint.key: one for one in known.values()}
        segments, wrong, facts = (await work.programme()).segments, list[str](), list[Any]()
        for one in wanted:
            had = by_key.get(one.key)
            if had and (had.sprint == one or had.state(today(now)) not in OPEN):
                continue
            before = had.sprint if had and had.state(today(now)) is State.RUNNING else None
            wrong += [
                f"{path}: sprint {one.key}: {field}: {why}."
                for field, why in sprint_refusals(one, languages(), segments, today(now), before)
            ]
            facts.append(SprintKept(one, had.number if had else NEW))
        return await _kept(work, facts, wrong, now, dry_run=dry_run)

    _told(_write(database, run, create=True), dry_run=dry_run)


@sprint.command("list")
@DATABASE
@JSON
def list_sprints(database: str | None, *, as_json: bool) -> None:
    """Print all sprints; nobody's share is shown, and no team's."""

    async def look(work: Work) -> list[dict[str, object]]:
        day = today(datetime.now(UTC))
        return [
            {
                "number": one.number,
                "id": one.sprint.key,
                "state": one.state(day).value,
                "starts": one.sprint.starts.isoformat(),
                "ends": one.sprint.ends.isoformat(),
                "segments": ",".join(one.sprint.segments),
                "goal": one.sprint.goal,
            }
            for one in (await work.sprints([ALL])).values()
        ]

    _listed(_write(database, look), as_json=as_json)


@sprint.command("start")
@NUMBER
@DATABASE
def start_sprint(number: int, database: str | None) -> None:
    """Let a sprint begin on its first day."""
    _does(number, SprintReleased(number), {State.DRAFT}, "started", database)


@sprint.command("cancel")
@NUMBER
@DATABASE
def cancel_sprint(number: int, database: str | None) -> None:
    """Cancel a sprint: no more cards come of it."""
    _does(number, SprintCancelled(number), OPEN, "cancelled", database)


def _write(
    database: str | None, what: Callable[[Work], Awaitable[Result]], *, create: bool = False
) -> Result:
    place = using.settings(Place, database=database)

    async def run() -> Result:
        store = await open_store(place, fill_empty=create)
        try:
            async with store.write() as work:
                return await what(work)
        finally:
            await store.close()

    return using.run(run)


async def _kept(
    work: Work, facts: list[Any], wrong: list[str], now: datetime, *, dry_run: bool
) -> list[str]:
    """Keep what is new or other than it was; refuse all of it if any is wrong."""
    if wrong:
        refuse(wrong)
    if not dry_run:
        await work.keep(facts, BY, now)
    kept = [getattr(one, "competition", None) or one.sprint for one in facts]
    return [
        f"{'+' if one.number == NEW else '~'} {what.key}"
        for one, what in zip(facts, kept, strict=True)
    ]


def _told(changed: list[str], *, dry_run: bool) -> None:
    for line in changed:
        click.echo(line)
    click.echo("Nothing was changed." if dry_run or not changed else "Taken in.", err=True)


def _listed(rows: Iterable[Mapping[str, object]], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo("\t".join(str(value) for value in row.values()))


def _does(
    number: int,
    fact: CompetitionReleased | CompetitionCancelled | SprintReleased | SprintCancelled,
    states: Iterable[State],
    how: str,
    database: str | None,
) -> None:
    of_sprint = isinstance(fact, SprintReleased | SprintCancelled)

    async def run(work: Work) -> bool:
        now = datetime.now(UTC)
        known: Mapping[int, Contest | Run] = (
            await work.sprints([number]) if of_sprint else await work.contests([number])
        )
        found = known.get(number)
        if found is None or found.state(today(now)) not in set(states):
            return False
        await work.keep([fact], BY, now)
        return True

    if not _write(database, run):
        what = "sprint" if of_sprint else "competition"
        refuse([f"There is no {what} {number} that can be {how}."])
    click.echo(f"{how.capitalize()}.", err=True)
