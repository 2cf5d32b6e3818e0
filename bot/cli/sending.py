"""What `broadcast send` would hand in: whom it reaches, counted as in chat, or why it cannot go.

For a file of people, the list they become, the broadcast and its number are one transaction: what
is refused leaves nothing behind.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn, Protocol

import click

from bot.authoring import ReachWork, reached
from bot.cli.audience import OBSTACLES, named
from bot.cli.given import MOST_TOLD, refuse
from bot.wiring.parts import Written
from dialogs.broadcasting import refused
from dialogs.reader import speech
from nudges.audience import Group, Known, Rule, exposes, groups_in
from nudges.audience_language import RuleError, parse
from nudges.audience_language import written as as_written
from nudges.authoring import Reach
from nudges.broadcast import Broadcast, Draft, Stage, alone
from nudges.cells import Remark, safe
from nudges.people import Person
from nudges.programme import Programme
from nudges.roles import Act, may
from nudges.wording import refusals

UNREADABLE = (
    "check: to be among these people tells on them, so nobody could read their own words; "
    "give a right answer and wrong ones to choose from."
)
ON_ITS_WAY = frozenset({Stage.AGREEING, Stage.WAITING, Stage.RELEASED})
"""Where a broadcast's people are not queued yet, so that a list it names still decides."""


class SendWork(ReachWork, Protocol):
    """The part of a transaction that is read before a broadcast is handed in."""

    async def named(self, text: str) -> list[Person]:
        """Return who is meant by an id, an e-mail address or a name."""
        ...

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...


class ListedWork(Protocol):
    """The part of a transaction that a list for a broadcast is kept in."""

    async def broadcasts(self) -> dict[int, Broadcast]:
        """Return all broadcasts by number."""
        ...

    async def all_spread(self, number: int) -> bool:
        """Say whether everybody of a broadcast is queued."""
        ...

    async def keep_list(
        self, group: Group, persons: Iterable[str], source: str, now: datetime, unknown: int = 0
    ) -> Known:
        """Keep a list of people."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: which words, by whom, for whom."""

    path: Path
    written: Written
    rule: Rule
    who: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be handed in: by whom, for whom, and what has to happen first."""

    author: Person
    draft: Draft
    some: tuple[str, ...]
    stage: Stage


@dataclass(frozen=True, slots=True)
class Listed:
    """The people of a file, who become a list; ``unused`` are the rows that are nobody's."""

    group: Group
    persons: tuple[str, ...]
    path: Path
    unused: tuple[Remark, ...]


async def planned(work: SendWork, wanted: Wanted) -> Plan:
    """Return what would be handed in, or refuse it with everything that is wrong."""
    author = await author_of(work, wanted.who)
    said, written = wanted.written.message, wanted.written
    draft = Draft(said, as_written(wanted.rule), 0, written.begins, written.own_morning)
    found = await reached(work, draft, author, wanted.now)
    if found.obstacle is not None:
        refuse_obstacle(found, author, await work.groups())
    voice = speech("en", await work.programme())
    wrong = refusals(said, list(found.languages))
    if lines := [f"{wanted.path}: {field}: {refused(why, voice)}" for field, why in wrong]:
        refuse(lines)
    if said.check and not said.check.right and exposes(parse(found.rule)):
        refuse([f"{wanted.path}: {UNREADABLE}"])
    draft = Draft(said, found.rule, found.size, written.begins, written.own_morning)
    stage = Stage.RELEASED if alone(draft, author) else Stage.WAITING
    return Plan(author, draft, found.some, stage)


def refuse_obstacle(found: Reach, author: Person, known: Iterable[Known]) -> NoReturn:
    """Say why a draft can go to nobody, and what to do about it."""
    match found.obstacle:
        case "nowhere":
            refuse([f"--as: {author.id} may write to some groups, and nobody said to which."])
        case "long":
            message = f"with what its author may reach it is too long: {found.about}"
            refuse([f"--audience: {message}"])
        case "group":
            named(parse(found.rule), known)
        case "unheard_of" | "unasked" | "private" as why:
            refuse([f"--audience: {OBSTACLES[why].format(about=found.about)}"])
        case _:
            pass
    refuse([f"--audience: nobody is meant by: {found.rule}."])


async def author_of(work: SendWork, who: str) -> Person:
    """Return whose broadcast it is, or refuse somebody who may not write one."""
    found = await work.named(who)
    if len(found) != 1:
        refuse([f"--as: {who} is {'several people' if found else 'nobody we know'}."])
    if not may(found[0].roles, Act.DRAFT):
        refuse([f"--as: {who} may not write broadcasts; see `python -m bot roles list`."])
    return found[0]


async def keep_listed(work: ListedWork, listed: Listed, now: datetime) -> None:
    """Keep the people of a file as a list, unless that would change whom another one reaches."""
    for one in (await work.broadcasts()).values():
        if await _waits(work, one) and listed.group in _named_by(one):
            name = listed.group.name
            message = f"Broadcast {one.number} is on its way to the list {name!r}"
            refuse([f"--list: {message}; give this one another name with --list NAME."])
    unknown = len(listed.unused)
    await work.keep_list(listed.group, listed.persons, listed.path.name, now, unknown)


async def _waits(work: ListedWork, one: Broadcast) -> bool:
    begun = one.stage is Stage.BEGUN and not await work.all_spread(one.number)
    return begun or one.stage in ON_ITS_WAY


def _named_by(one: Broadcast) -> frozenset[Group]:
    try:
        return groups_in(parse(one.draft.rule))
    except RuleError:
        return frozenset()


def tell(listed: Listed, report: Path | None) -> None:
    """Say which rows are nobody's; all of them stand in the report, where one is wanted."""
    unused = sorted(listed.unused, key=lambda remark: remark.line)
    for remark in unused[:MOST_TOLD]:
        click.echo(f"{listed.path}: {remark}.", err=True)
    if len(unused) > MOST_TOLD:
        where = f"{report} has them all" if report else "--report FILE.csv writes them all"
        click.echo(f"… and {len(unused) - MOST_TOLD} more; {where}.", err=True)
    click.echo(f"{len(listed.persons)} rows are people; {len(unused)} are not used.", err=True)
    if report is None:
        return
    try:
        with report.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(("line", "row", "why"))
            table.writerows((one.line, safe(one.who), safe(one.why)) for one in unused)
    except OSError as error:
        refuse([f"--report: {report}: {error.strerror}."])
