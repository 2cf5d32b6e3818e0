"""Commands about who may do what."""

from dataclasses import replace
from datetime import UTC, datetime

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.audience_language import RuleError, parse, written
from nudges.people import Person
from nudges.roles import Grant, Role

BY = "command line"
"""Who did it, in the audit log."""
DATABASE = click.option("--database", help="Address of the database; default is the setting.")
ROLE = click.Choice([role.value for role in Role if role is not Role.USER])


@click.group()
def roles() -> None:
    """See who may do what, and give or take roles."""


@roles.command("list")
@DATABASE
def list_(database: str | None) -> None:
    """List who holds which role, a line each; managers follow from the list of people."""

    async def run() -> tuple[list[Person], dict[str, str]]:
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.write() as work:
                await using.note_view(work, "roster")
                roles = (role for role in Role if role is not Role.MANAGER)
                return await work.holders(roles), await work.limits()
        finally:
            await store.close()

    holders, limits = using.run(run)
    for person in holders:
        held = " ".join(sorted(person.roles - {Role.MANAGER}))
        within = f"\twithin {limits[person.id]}" if person.id in limits else ""
        click.echo(f"{person.id}\t{person.name}\t{held}{within}")


@roles.command()
@click.argument("who")
@click.argument("role", type=ROLE)
@click.option("--within", "rule", default="", help="For limited_author: to whom they may write.")
@DATABASE
def grant(who: str, role: str, rule: str, database: str | None) -> None:
    """Give WHO (an id, an e-mail address or a whole name) a role.

    An author for some groups needs a rule, such as --within "segment is sales".
    """
    if (role == Role.LIMITED_AUTHOR) != bool(rule.strip()):
        refuse(["A limited_author needs --within RULE, and nobody else does."])
    try:
        within = written(parse(rule)) if rule else ""
    except RuleError as error:
        refuse([str(error)])
    _change(who, Grant("", Role(role), within=within), database)


@roles.command()
@click.argument("who")
@click.argument("role", type=ROLE)
@DATABASE
def revoke(who: str, role: str, database: str | None) -> None:
    """Take a role from WHO; it stays taken, whatever the list of people says."""
    _change(who, Grant("", Role(role), given=False), database)


def _change(who: str, wanted: Grant, database: str | None) -> None:
    async def run() -> Person:
        store = await open_store(using.settings(Place, database=database))
        try:
            async with store.write() as work:
                found = await work.named(who)
                if len(found) != 1:
                    ids = ", ".join(p.id for p in found)
                    meant = f"could be {ids}; use the id" if found else "is nobody who is here"
                    refuse([f"{who!r} {meant}. Nothing was changed."])
                if not wanted.given and wanted.role not in found[0].roles:
                    hold = f"{found[0].id} does not hold the role {wanted.role}"
                    refuse([f"{hold}. Nothing was changed."])
                await work.keep([replace(wanted, person=found[0].id)], BY, datetime.now(UTC))
        finally:
            await store.close()
        return found[0]

    person = using.run(run)
    done = "now holds" if wanted.given else "no longer holds"
    click.echo(f"{person.id} {person.name} {done} the role {wanted.role}.", err=True)
