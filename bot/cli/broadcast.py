"""Commands about broadcasts: hand one in from a file, and see how far it got."""

import csv
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import click

from bot.authoring import limit
from bot.cli import using
from bot.cli.audience import list_named
from bot.cli.following import follow as follow_it
from bot.cli.following import where
from bot.cli.given import refuse
from bot.cli.senders import senders
from bot.cli.sending import (
    ON_ITS_WAY,
    Listed,
    Plan,
    Wanted,
    author_of,
    keep_listed,
    planned,
    tell,
)
from bot.lists import matched
from bot.outlooks import work_out
from bot.settings import Place
from bot.wiring.parts import open_store
from dialogs.linter import lint
from dialogs.speech import Speech, languages
from nudges import authoring
from nudges.audience import Field, Group, In, Rule, asks
from nudges.audience_language import RuleError, parse
from nudges.broadcast import (
    Broadcast,
    Draft,
    HandedIn,
    Recipient,
    Stage,
    WrittenBack,
)
from nudges.cells import safe
from nudges.delivery import RunState
from nudges.progress import Tally
from nudges.reception import Reception, figures, shown

DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OUT = click.Path(path_type=Path, dir_okay=False)
NUMBER = click.argument("number", metavar="ID", type=click.IntRange(min=1))
Found = TypeVar("Found")
COUNTED = (
    *("queued", "sent", "failed", "unknown", "unreachable", "left_out"),
    *("acknowledged", "replied", "returned", "returning"),
)
"""What is counted; the last two of those who read, or will, that it was taken back."""


class _Reads(Protocol):
    """The part of a transaction that is read here."""

    async def broadcasts(self, numbers: Iterable[int] | None = None) -> dict[int, Broadcast]: ...
    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]: ...
    async def recipients(self, number: int, after: str = "") -> list[Recipient]: ...
    async def written_back(self, number: int) -> list[WrittenBack]: ...
    async def receptions(self, numbers: Iterable[int]) -> dict[int, Reception]: ...


@click.group()
def broadcast() -> None:
    """Tell many people something, after somebody else has read it."""


broadcast.add_command(senders)


class _OnlyLookedError(Exception):
    """Nothing of this transaction is to be kept."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def _only_look(plan: Plan, *, dry_run: bool) -> None:
    if dry_run:
        raise _OnlyLookedError(plan)


@broadcast.command()
@click.argument("path", type=FILE, metavar="FILE.md")
@click.option("--audience", "words", help="The rule for whom it is.")
@click.option("--audience-file", "people", type=FILE, help="A CSV file of those for whom it is.")
@click.option("--list", "name", help="What the people of that file are called; else as FILE.md.")
@click.option("--report", type=OUT, help="Write the rows of that file that are nobody's to this.")
@click.option("--as", "who", required=True, help="Its author: an id, e-mail address or name.")
@click.option("--dry-run", is_flag=True, help="Only show whom it would reach, and what it says.")
@click.option("--follow", is_flag=True, help="Then show how far it gets; Ctrl-C leaves it.")
@DATABASE
def send(  # noqa: PLR0913, PLR0917 - what somebody may say
    path: Path,
    words: str | None,
    people: Path | None,
    name: str | None,
    report: Path | None,
    who: str,
    database: str | None,
    *,
    dry_run: bool,
    follow: bool,
) -> None:
    """Hand in the message in FILE.md, as somebody who may write to these people.

    It prints the number it gets, after advice about what the words leave out (see `lint`). Above
    50 people, and always where its author only drafts, somebody who approves has to release it;
    nothing leaves before that. For whom it is says either a rule, or a file with one column, `id`
    or `email`: its people are kept as a list, and each row that is nobody's is reported.
    """
    message, now = using.message(path), datetime.now(UTC)
    rule, group = _audience(path, words, people, name, report)
    place = using.settings(Place, database=database)
    begins = message.begins
    if begins is not None and begins <= now:
        refuse([f"{path}: begins: {begins.isoformat()} has passed; leave it out to send it now."])
    rows = using.some_members(people) if people else None
    wanted = Wanted(path, message, rule, who, now)

    async def run() -> tuple[Plan, int | None]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                within = await limit(work, await author_of(work, who))
                found = await matched(work, rows) if rows else None
            listed = None
            if rows and group and people and found:
                listed = Listed(group, found.persons, people, (*rows.left_out, *found.missed))
                tell(listed, report)
            if any(asks(one, Field.BARRIER) for one in (rule, within) if one):
                await work_out(store, using.library().bank, lambda: now)
            async with store.write() as work:
                if listed:
                    await keep_listed(work, listed, now)
                plan = await planned(work, wanted)
                _only_look(plan, dry_run=dry_run)
                await work.keep([HandedIn(plan.draft, plan.stage)], plan.author.id, now)
                mine = (await work.broadcasts()).values()
                return plan, max(one.number for one in mine if one.author == plan.author.id)
        except _OnlyLookedError as looked:
            return looked.plan, None
        finally:
            await store.close()

    plan, number = using.run(run)
    for line in _told(plan, path):
        click.echo(line, err=number is not None)
    if number is None:
        click.echo("Nothing was handed in.", err=True)
        return
    click.echo(number)
    waits = plan.stage is Stage.WAITING
    next_ = "Those who approve are asked in chat." if waits else "It goes out now."
    next_ = "It goes out when it is due." if begins and not waits else next_
    click.echo(f"{next_} See `python -m bot broadcast status {number}`.", err=True)
    if follow:
        follow_it(number, place)


def _audience(
    path: Path, words: str | None, people: Path | None, name: str | None, report: Path | None
) -> tuple[Rule, Group | None]:
    """Return whom it is for, and which list that is where a file says it."""
    if (words is None) == (people is None):
        refuse(["Say for whom it is with --audience RULE or with --audience-file FILE.csv."])
    if people is None:
        if name is not None or report is not None:
            refuse(["--list and --report go with --audience-file."])
        try:
            return parse(words or ""), None
        except RuleError as error:
            refuse([f"--audience: {error}"])
    if report is not None and report.exists() and report.samefile(people):
        refuse([f"--report: {report} is the list itself; choose another file."])
    group = list_named(path.stem if name is None else name)
    return In(group), group


def _size(draft: Draft) -> str:
    """Count whom a draft is for; where being meant tells on people, no number is shown."""
    told = authoring.shown(draft.size, exposes=draft.exposes)
    return authoring.UNTOLD if told is None else str(told)


def _told(plan: Plan, path: Path) -> Iterator[str]:
    draft = plan.draft
    yield f"for\t{draft.rule}"
    yield f"people\t{_size(draft)}"
    if plan.some:
        yield f"such as\t{', '.join(plan.some)}"
    how = "in everybody's working hours" if draft.own_morning else "at once"
    start = draft.begins.isoformat() if draft.begins else "as soon as it may"
    yield f"when\t{start}, {how}"
    yield f"approval\t{'by somebody else' if plan.stage is Stage.WAITING else 'not needed'}"
    for language, title in draft.message.title.items():
        yield f"{path.name}\t{language}\t{title}"
        if language not in languages():
            continue
        text = f"# {title}\n\n{draft.message.body.get(language, '')}"
        found = lint(text, using.rules(language), Speech(language))
        yield from (f"advice\t{language}\t{line}" for line in found.advice)


@broadcast.command()
@NUMBER
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@DATABASE
def status(number: int, database: str | None, *, as_json: bool) -> None:
    """Count the people of a broadcast by how far it got with them, as it is now.

    Where its rule asks for a barrier or level, no number is shown. How it was received is
    shown once the answers are counted, and never of fewer than 5 people.
    """
    now = datetime.now(UTC)

    async def look(work: _Reads) -> tuple[Broadcast, Tally, Reception | None]:
        found = await _known(work, number)
        tally = (await work.tallies([number], now))[number]
        return found, tally, (await work.receptions([number])).get(number)

    found, tally, received = _read(database, look)
    reception = figures(shown(received))
    told = {**_status(found, tally), "reception": reception}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if reception:
        told["reception"] = ", ".join(f"{name} {n}" for name, n in reception.items())
    for name, value in told.items():
        click.echo(f"{name}\t{'' if value is None else value}")


def _status(found: Broadcast, tally: Tally) -> dict[str, int | str | None]:
    exposes = found.draft.exposes
    counts = {name: getattr(tally, name) for name in COUNTED} | {"queued": _queued(found, tally)}
    return {
        "id": found.number,
        "state": where(found, tally),
        "author": found.author,
        "title": next(iter(found.draft.message.title.values())),
        "audience": found.draft.rule,
        "approved_by": found.decided_by or None,
        "begins": found.draft.begins.isoformat() if found.draft.begins else None,
        **{name: authoring.shown(n, exposes=exposes) for name, n in counts.items()},
    }


def _queued(found: Broadcast, tally: Tally) -> int:
    """Count who waits for it; until all are queued, as many as it was handed in for."""
    still = found.stage in {*ON_ITS_WAY, Stage.BEGUN} and tally.state is not RunState.STOPPED
    if not still or (found.stage is Stage.BEGUN and tally.whole):
        return tally.queued
    return max(tally.queued, found.draft.size - tally.gone - tally.left_out)


@broadcast.command("list")
@DATABASE
def list_(database: str | None) -> None:
    """List every broadcast, the newest first: its number, where it is, and its title."""

    async def look(work: _Reads) -> list[Broadcast]:
        return list((await work.broadcasts()).values())

    for one in _read(database, look):
        title = next(iter(one.draft.message.title.values()))
        click.echo(f"{one.number}\t{one.stage}\t{_size(one.draft)}\t{title}")


@broadcast.command()
@NUMBER
@DATABASE
def recipients(number: int, database: str | None) -> None:
    """Print, as CSV, everybody a broadcast is for and how far it got with them.

    A rule about barriers or levels would tell on them, so such a broadcast has no list.
    """

    async def look(work: _Reads) -> list[Recipient]:
        found = await _known(work, number)
        if found.draft.exposes:
            refuse([f"Broadcast {number} is for a barrier or level: who got it is not shown."])
        everybody: list[Recipient] = []
        while part := await work.recipients(number, everybody[-1].person if everybody else ""):
            everybody += part
        return everybody

    found = _read(database, look, f"recipients:{number}")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("person", "name", "state", "why", "sent", "acknowledged", "replied"))
    for one in found:
        moments = (at.isoformat() if at else "" for at in (one.sent, one.received, one.answered))
        table.writerow(map(safe, (one.person, one.name, one.state, one.why, *moments)))


@broadcast.command()
@NUMBER
@DATABASE
def replies(number: int, database: str | None) -> None:
    """Print, as CSV, what people wrote back to a broadcast, oldest first.

    Where its rule asks for a barrier or level, nobody's name stands beside their words.
    """

    async def look(work: _Reads) -> list[WrittenBack]:
        found = await _known(work, number)
        back = await work.written_back(number)
        return [replace(one, person="", name="") if found.draft.exposes else one for one in back]

    found = _read(database, look, f"replies:{number}")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("person", "name", "at", "text"))
    for one in found:
        table.writerow(map(safe, (one.person, one.name, one.at.isoformat(), one.text)))


def _read(
    database: str | None, look: Callable[[_Reads], Awaitable[Found]], shows: str = ""
) -> Found:
    """Look something up; what it ``shows`` of people is noted in the audit log."""
    place = using.settings(Place, database=database)

    async def run() -> Found:
        store = await open_store(place)
        try:
            if not shows:
                async with store.read() as work:
                    return await look(work)
            async with store.write() as work:
                found = await look(work)
                await using.note_view(work, shows)
                return found
        finally:
            await store.close()

    return using.run(run)


async def _known(work: _Reads, number: int) -> Broadcast:
    found = (await work.broadcasts([number])).get(number)
    if found is None:
        refuse([f"There is no broadcast {number}; see `python -m bot broadcast list`."])
    return found
