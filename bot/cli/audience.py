"""Commands about audiences: whom a rule means, and lists of people that rules can name."""

import json
import shlex
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click

from bot.authoring import BroadcastWork, unanswerable
from bot.cli import using
from bot.cli.given import BAD, refuse
from bot.groups import Unreachable, take_in_group
from bot.lists import matched
from bot.settings import Place, Settings
from bot.wiring.parts import open_store, real_clock
from nudges.audience import (
    Group,
    GroupKind,
    Known,
    Rule,
    exposes,
    groups_in,
)
from nudges.audience_language import RuleError, parse, written
from nudges.audience_words import GROUPS, LANGUAGES, READ_GROUPS
from nudges.authoring import UNTOLD, Obstacle, shown
from nudges.cells import Remark

DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OBSTACLES: Mapping[Obstacle, str] = {
    "unheard_of": "There is no broadcast {about}; see `python -m bot broadcast list`.",
    "unasked": 'Broadcast {about} asks nobody for "Got it", so nobody can say who received it.',
    "private": "Broadcast {about} is for a barrier or level: who received it is not shown, and "
    "no rule may ask for it.",
}
"""What is said of a rule that asks for receipts which nobody may ask for."""
SOME = 1
"""The exit code where some groups could be fetched and others could not."""
LIST_NAME = 100
"""Characters in the name of a list."""


@click.group()
def audience() -> None:
    """See whom a rule means, and keep lists of people that rules can name."""


@audience.command("count")
@click.argument("words", metavar="RULE")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Write it in this.")
@DATABASE
def count(words: str, language: str, database: str | None, *, as_json: bool) -> None:
    """Count the people whom RULE means at this moment, exactly.

    For example: "segment is sales and language is nl". Where being meant would tell something
    about people (barrier, level), no number below 5 is shown.
    """
    try:
        rule = parse(words)
    except RuleError as error:
        refuse([str(error)])
    place = using.settings(Place, database=database)

    async def run() -> int:
        store = await open_store(place)
        try:
            now = datetime.now(UTC)
            async with store.read() as work:
                named(rule, await work.groups())
                await answerable(work, rule)
                return await work.count(rule, now)
        finally:
            await store.close()

    found = using.run(run)
    told = shown(found, exposes=exposes(rule))
    text = written(rule, language)
    if as_json:
        click.echo(json.dumps({"rule": text, "count": told}, ensure_ascii=False))
    else:
        click.echo(f"{UNTOLD if told is None else told}\t{text}")


async def answerable(work: BroadcastWork, rule: Rule) -> None:
    """Refuse a rule that asks who received a broadcast of which nobody may ask that."""
    if wrong := await unanswerable(work, rule):
        refuse([f"{OBSTACLES[wrong[0]].format(about=wrong[1])}"])


def named(rule: Rule, known: Iterable[Known]) -> None:
    """Refuse a rule that names a group we do not have: nobody in it is not the same as nobody."""
    there = [one.group for one in known]
    for group in sorted(groups_in(rule) - set(there)):
        near = get_close_matches(group.name, [g.name for g in there if g.kind == group.kind], 1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        what = f"{GROUPS[group.kind][0]} {group.name!r}"
        how = "see `python -m bot audience lists`"
        if group.kind is not GroupKind.LIST:
            how = f"fetch it: python -m bot audience fetch {_spelled(group)}"
        refuse([f"There is no {what} yet; {how}.{hint}"])


def _spelled(group: Group) -> str:
    return f"{GROUPS[group.kind][0]} {shlex.quote(group.name)}"


@audience.command("lists")
@DATABASE
def lists(database: str | None) -> None:
    """List the groups that a rule can name: how many people, from where, since when."""
    place = using.settings(Place, database=database)

    async def run() -> list[Known]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                return await work.groups()
        finally:
            await store.close()

    for one in using.run(run):
        at = one.fetched_at.isoformat(timespec="seconds")
        kind = GROUPS[one.group.kind][0]
        cells = (kind, one.group.name, one.size, f"{one.unknown} unknown", one.source, at)
        click.echo("\t".join(str(cell) for cell in cells))


@audience.command("list")
@click.argument("name")
@click.argument("path", type=FILE, metavar="FILE.csv")
@DATABASE
def list_(name: str, path: Path, database: str | None) -> None:
    """Keep the people in a CSV file as the list NAME, which a rule calls `in list NAME`.

    The file has one column, `id` or `email`. Rows that match nobody are reported, and the others
    are kept. A list that is kept again becomes what the file says now.
    """
    group = list_named(name)
    place = using.settings(Place, database=database)
    rows = using.members(path)

    async def run() -> tuple[Known, tuple[Remark, ...]]:
        store = await open_store(place)
        try:
            async with store.read() as work:
                found = await matched(work, rows)
            async with store.write() as work:
                now, missed = datetime.now(UTC), len(found.missed)
                kept = await work.keep_list(group, found.persons, path.name, now, missed)
        finally:
            await store.close()
        return kept, found.missed

    kept, missed = using.run(run)
    for remark in missed:
        click.echo(f"{path}: {remark}.")
    click.echo(f"{kept.size} people are in list {name}; {len(missed)} rows match nobody.", err=True)


def list_named(name: str) -> Group:
    """Return the list of this name, or refuse a name that no list can have."""
    if not 0 < len(name) <= LIST_NAME or not name.isprintable() or not name.strip():
        refuse([f"The name of a list has 1 to {LIST_NAME} signs that can be seen."])
    return Group(GroupKind.LIST, name)


@audience.command("fetch")
@click.argument("words", nargs=-1, metavar="[KIND ID]")
@DATABASE
def fetch(words: tuple[str, ...], database: str | None) -> None:
    """Take in who is in a group of Slack or Entra: the one named, or all that are in use.

    For example: `slack group S012ABC`, `slack channel C012ABC`, `entra group 6f1c…`. In use is what
    was fetched before, and what a broadcast on its way names. It prints, for each, how many members
    it has and how many of them are nobody here. What cannot be read to its end stays as it was.
    """
    named = _group(words) if words else None
    settings = using.settings(Settings, database=database)

    async def run() -> list[tuple[Group, Known | Unreachable]]:
        from bot.wiring.directories import CloudGroups  # noqa: PLC0415 - slow to load

        store = await open_store(settings)
        try:
            async with store.read() as work:
                wanted = [named] if named else await work.groups_wanted()
            clouds = CloudGroups(settings, store)
            return [(one, await take_in_group(store, clouds, one, real_clock)) for one in wanted]
        finally:
            await store.close()

    found = using.run(run)
    if not found:
        click.echo("No group of Slack or Entra is in use; name one to fetch it.", err=True)
    for group, known in found:
        if isinstance(known, Unreachable):
            click.echo(f"{_spelled(group)}: {known.why} It stays as it was.", err=True)
        else:
            cells = (GROUPS[group.kind][0], group.name, f"{known.size + known.unknown} members")
            click.echo("\t".join((*cells, f"{known.unknown} are nobody here")))
    failed = sum(isinstance(known, Unreachable) for _, known in found)
    if failed:
        sys.exit(BAD if failed == len(found) else SOME)


def _group(words: Iterable[str]) -> Group:
    """Read a group as a rule names it, without the `in` before it."""
    said = " ".join(words).split()
    found = READ_GROUPS.get(tuple(word.casefold() for word in said[:-1]))
    if found is None or found is GroupKind.LIST:
        refuse(["Name a group as a rule does: slack group ID, slack channel ID or entra group ID."])
    return Group(found, said[-1])
