"""Commands about audiences: whom a rule means, and lists of people that rules can name."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.outlooks import work_out
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.audience import (
    FLOOR,
    Field,
    Group,
    GroupKind,
    Known,
    Rule,
    asks,
    exposes,
    groups_in,
)
from nudges.audience_language import RuleError, parse, written
from nudges.audience_words import GROUPS, LANGUAGES

DATABASE = click.option("--database", help="Address of the database; default is the setting.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
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
        store = await open_store(place.database)
        try:
            now = datetime.now(UTC)
            if asks(rule, Field.BARRIER):
                await work_out(store, using.library().bank, lambda: now)
            async with store.read() as work:
                _named(rule, await work.groups())
                return await work.count(rule, now)
        finally:
            await store.close()

    found = using.run(run)
    few = exposes(rule) and found < FLOOR
    text = written(rule, language)
    if as_json:
        told = {"rule": text, "count": None if few else found, "fewer_than": FLOOR if few else None}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{f'fewer than {FLOOR}' if few else found}\t{text}")


def _named(rule: Rule, known: Iterable[Known]) -> None:
    """Refuse a rule that names a group we do not have: nobody in it is not the same as nobody."""
    there = [one.group for one in known]
    for group in sorted(groups_in(rule) - set(there)):
        near = get_close_matches(group.name, [g.name for g in there if g.kind == group.kind], 1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        what = f"{GROUPS[group.kind][0]} {group.name!r}"
        refuse([f"There is no {what} yet; see `python -m bot audience lists`.{hint}"])


@audience.command("lists")
@DATABASE
def lists(database: str | None) -> None:
    """List the groups that a rule can name: how many people, from where, since when."""
    place = using.settings(Place, database=database)

    async def run() -> list[Known]:
        store = await open_store(place.database)
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
    if not 0 < len(name) <= LIST_NAME or not name.isprintable() or not name.strip():
        refuse([f"The name of a list has 1 to {LIST_NAME} signs that can be seen."])
    place = using.settings(Place, database=database)
    rows = using.members(path)

    async def run() -> tuple[Known, list[str]]:
        store = await open_store(place.database)
        try:
            async with store.read() as work:
                known = _by(await work.identities(), email=rows.by == "email")
            found: dict[str, None] = {}
            missed: list[str] = []
            for row in rows.rows:
                theirs = known.get(row.who.casefold() if rows.by == "email" else row.who, [])
                if len(theirs) == 1:
                    found[theirs[0]] = None
                else:
                    why = "is several people" if theirs else "is nobody we know"
                    missed.append(f"{path}: line {row.line}: {row.who} {why}.")
            group = Group(GroupKind.LIST, name)
            async with store.write() as work:
                kept = await work.keep_list(group, found, path.name, datetime.now(UTC), len(missed))
        finally:
            await store.close()
        return kept, missed

    kept, missed = using.run(run)
    for line in missed:
        click.echo(line)
    click.echo(f"{kept.size} people are in list {name}; {len(missed)} rows match nobody.", err=True)


def _by(identities: Iterable[tuple[str, str]], *, email: bool) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for who, address in identities:
        if not email:
            found[who].append(who)
        elif address:
            found[address.casefold()].append(who)
    return found
