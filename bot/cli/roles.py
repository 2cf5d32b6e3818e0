"""Commands about who may do what."""

from datetime import UTC, datetime

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
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

    async def run() -> list[Person]:
        store = await open_store(using.settings(Place, database=database).database)
        try:
            async with store.read() as work:
                return await work.holders(role for role in Role if role is not Role.MANAGER)
        finally:
            await store.close()

    for person in using.run(run):
        held = " ".join(sorted(person.roles - {Role.MANAGER}))
        click.echo(f"{person.id}\t{person.name}\t{held}")


@roles.command()
@click.argument("who")
@click.argument("role", type=ROLE)
@DATABASE
def grant(who: str, role: str, database: str | None) -> None:
    """Give WHO (an id, an e-mail address or a whole name) a role."""
    _change(who, role, database, given=True)


@roles.command()
@click.argument("who")
@click.argument("role", type=ROLE)
@DATABASE
def revoke(who: str, role: str, database: str | None) -> None:
    """Take a role from WHO; it stays taken, whatever the list of people says."""
    _change(who, role, database, given=False)


def _change(who: str, role: str, database: str | None, *, given: bool) -> None:
    async def run() -> Person:
        store = await open_store(using.settings(Place, database=database).database)
        try:
            async with store.write() as work:
                found = await work.named(who)
                if len(found) != 1:
                    ids = ", ".join(p.id for p in found)
                    meant = f"could be {ids}; use the id" if found else "is nobody who is here"
                    refuse([f"{who!r} {meant}. Nothing was changed."])
                if not given and role not in found[0].roles:
                    refuse([f"{found[0].id} does not hold the role {role}. Nothing was changed."])
                wanted = Grant(found[0].id, Role(role), given)
                await work.keep([wanted], BY, datetime.now(UTC))
        finally:
            await store.close()
        return found[0]

    person = using.run(run)
    done = "now holds" if given else "no longer holds"
    click.echo(f"{person.id} {person.name} {done} the role {role}.", err=True)
