"""Commands about broadcasts: hand one in from a file, and see how far it got."""

import csv
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import click

from bot.cli import using
from bot.cli.following import follow as follow_it
from bot.cli.following import where
from bot.cli.given import refuse
from bot.outlooks import work_out
from bot.settings import Place
from bot.wiring.parts import Written, open_store
from dialogs.broadcasting import refused
from dialogs.linter import lint
from dialogs.reader import speech
from dialogs.speech import Speech, languages
from nudges.audience import FLOOR, And, Field, Is, Rule, asks, exposes
from nudges.audience_language import RuleError, parse, written
from nudges.authoring import shown
from nudges.broadcast import (
    Broadcast,
    Draft,
    HandedIn,
    Recipient,
    Stage,
    WrittenBack,
    alone,
    limited,
    reach,
)
from nudges.people import Person
from nudges.programme import Programme
from nudges.progress import Tally
from nudges.roles import Act, may
from nudges.wording import refusals

DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NUMBER = click.argument("number", metavar="ID", type=click.IntRange(min=1))
SAMPLE = 5
Found = TypeVar("Found")
COUNTED = (
    *("queued", "sent", "failed", "unknown", "unreachable", "left_out"),
    *("acknowledged", "replied", "returned", "returning"),
)
"""What is counted; the last two of those who read, or will, that it was taken back."""
RISKY = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of something to calculate."""


class _Reads(Protocol):
    """The part of a transaction that is read here."""

    async def broadcasts(self, numbers: Iterable[int] | None = None) -> dict[int, Broadcast]: ...
    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]: ...
    async def recipients(self, number: int, after: str = "") -> list[Recipient]: ...
    async def written_back(self, number: int) -> list[WrittenBack]: ...
    async def named(self, text: str) -> list[Person]: ...
    async def limits(self) -> dict[str, str]: ...
    async def count(self, rule: Rule, now: datetime) -> int: ...
    async def sample(self, rule: Rule, now: datetime, n: int) -> list[str]: ...
    async def people(self, ids: Iterable[str]) -> dict[str, Person]: ...
    async def programme(self) -> Programme: ...


@click.group()
def broadcast() -> None:
    """Tell many people something, after somebody else has read it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What would be handed in: by whom, for whom, and what has to happen first."""

    author: Person
    draft: Draft
    some: tuple[str, ...]
    stage: Stage


@broadcast.command()
@click.argument("path", type=FILE, metavar="FILE.md")
@click.option("--audience", "words", required=True, help="The rule for whom it is.")
@click.option("--as", "who", required=True, help="Its author: an id, e-mail address or name.")
@click.option("--dry-run", is_flag=True, help="Only show whom it would reach, and what it says.")
@click.option("--follow", is_flag=True, help="Then show how far it gets; Ctrl-C leaves it.")
@DATABASE
def send(  # noqa: PLR0913 - an argument for each option
    path: Path, words: str, who: str, database: str | None, *, dry_run: bool, follow: bool
) -> None:
    """Hand in the message in FILE.md, as somebody who may write to these people.

    It prints the number it gets, after advice about what the words leave out (see `lint`). Above
    50 people, and always where its author only drafts, somebody who approves has to release it;
    nothing leaves before that.
    """
    message = using.message(path)
    try:
        rule = parse(words)
    except RuleError as error:
        refuse([f"--audience: {error}"])
    place = using.settings(Place, database=database)
    now = datetime.now(UTC)
    begins = message.begins
    if begins is not None and begins <= now:
        refuse([f"{path}: begins: {begins.isoformat()} has passed; leave it out to send it now."])

    async def run() -> tuple[_Plan, int | None]:
        store = await open_store(place.database)
        try:
            if asks(rule, Field.BARRIER):
                await work_out(store, using.library().bank, lambda: now)
            async with store.read() as work:
                plan = await _planned(work, _Wanted(path, message, rule, who, now))
            if dry_run:
                return plan, None
            async with store.write() as work:
                await work.keep([HandedIn(plan.draft, plan.stage)], plan.author.id, now)
                mine = (await work.broadcasts()).values()
                return plan, max(one.number for one in mine if one.author == plan.author.id)
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
        follow_it(number, place.database)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What somebody asks for: which words, by whom, for whom."""

    path: Path
    written: Written
    rule: Rule
    who: str
    now: datetime


async def _planned(work: _Reads, wanted: _Wanted) -> _Plan:
    """Return what would be handed in, or refuse it with everything that is wrong."""
    author = await _author(work, wanted.who)
    said, now = wanted.written.message, wanted.now
    meant = reach(wanted.rule, said.kind, await _within(work, author))
    try:
        parse(written(meant))
    except RuleError as error:
        refuse([f"--audience: with what its author may reach it is too long: {error}"])
    size = await work.count(meant, now)
    if not size and not exposes(meant):
        refuse([f"--audience: nobody is meant by: {written(meant)}."])
    spoken = [one for one in languages() if await _speaks(work, meant, one, now)]
    voice = speech("en", await work.programme())
    wrong = refusals(said, spoken)
    if lines := [f"{wanted.path}: {field}: {refused(why, voice)}" for field, why in wrong]:
        refuse(lines)
    draft = Draft(said, written(meant), size, wanted.written.begins, wanted.written.own_morning)
    stage = Stage.RELEASED if alone(draft, author) else Stage.WAITING
    ids = [] if exposes(meant) else await work.sample(meant, now, SAMPLE)
    people = await work.people(ids)
    return _Plan(author, draft, tuple(p.name or p.id for p in people.values()), stage)


async def _within(work: _Reads, author: Person) -> Rule | None:
    """Return to whom an author for some groups may write; without a rule that is nobody."""
    if not limited(author):
        return None
    rule = (await work.limits()).get(author.id, "")
    if not rule:
        refuse([f"--as: {author.id} may write to some groups, and nobody said to which."])
    return parse(rule)


async def _author(work: _Reads, who: str) -> Person:
    found = await work.named(who)
    if len(found) != 1:
        refuse([f"--as: {who} is {'several people' if found else 'nobody we know'}."])
    if not may(found[0].roles, Act.DRAFT):
        refuse([f"--as: {who} may not write broadcasts; see `python -m bot roles list`."])
    return found[0]


async def _speaks(work: _Reads, rule: Rule, language: str, now: datetime) -> bool:
    """Say whether a message has to be written in a language.

    Where a rule would tell on people it is written in all of them, as if somebody spoke each.
    """
    theirs = And((rule, Is(Field.LANGUAGE, (language,))))
    return exposes(rule) or await work.count(theirs, now) > 0


def _size(draft: Draft) -> str:
    """Count whom a draft is for; where being meant tells on people, no small number is shown."""
    told = shown(draft.size, exposes=draft.exposes)
    return f"fewer than {FLOOR}" if told is None else str(told)


def _told(plan: _Plan, path: Path) -> Iterator[str]:
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

    Where its rule asks for a barrier or level, no number below 5 is shown.
    """
    now = datetime.now(UTC)

    async def look(work: _Reads) -> tuple[Broadcast, Tally]:
        return await _known(work, number), (await work.tallies([number], now))[number]

    told = _status(*_read(database, look))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for name, value in told.items():
            click.echo(f"{name}\t{'' if value is None else value}")


def _status(found: Broadcast, tally: Tally) -> dict[str, int | str | None]:
    exposes = found.draft.exposes
    return {
        "id": found.number,
        "state": where(found, tally),
        "author": found.author,
        "title": next(iter(found.draft.message.title.values())),
        "audience": found.draft.rule,
        "approved_by": found.decided_by or None,
        "begins": found.draft.begins.isoformat() if found.draft.begins else None,
        **{name: shown(getattr(tally, name), exposes=exposes) for name in COUNTED},
    }


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

    found = _read(database, look)
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

    found = _read(database, look)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("person", "name", "at", "text"))
    for one in found:
        table.writerow(map(safe, (one.person, one.name, one.at.isoformat(), one.text)))


def safe(text: str) -> str:
    """Return a cell that no spreadsheet calculates; it is shown as it was written."""
    return f"'{text}" if text.lstrip(" ").startswith(tuple(RISKY)) else text


def _read(database: str | None, look: Callable[[_Reads], Awaitable[Found]]) -> Found:
    place = using.settings(Place, database=database)

    async def run() -> Found:
        store = await open_store(place.database)
        try:
            async with store.read() as work:
                return await look(work)
        finally:
            await store.close()

    return using.run(run)


async def _known(work: _Reads, number: int) -> Broadcast:
    found = (await work.broadcasts([number])).get(number)
    if found is None:
        refuse([f"There is no broadcast {number}; see `python -m bot broadcast list`."])
    return found
