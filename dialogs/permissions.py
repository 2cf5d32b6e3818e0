"""Who may do what: everyone sees their own part in the change, an administrator gives and takes.

Names are drawn from who is here at that moment; the message itself names nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Facts,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.turns import Context, Filled, Step, Tapped, Turn, Whom
from nudges.audience_language import RuleError, parse, written
from nudges.delivery import Note
from nudges.people import Person
from nudges.roles import Act, Grant, Role

GIVEN = tuple(role for role in Role if role is not Role.USER)
SHOWN = 12
"""At most this many names behind a role; whoever wants all asks the command line."""


@dataclass(frozen=True, slots=True)
class RolesNote(Note):
    """Who has which part in the change, and one's own."""

    saved: bool = False
    card: Literal["roles"] = "roles"


@dataclass(frozen=True, slots=True)
class RoleForm(Note):
    """Give someone a role, or take one."""

    give: bool = True
    card: Literal["role_form"] = "role_form"


def roles(_turn: Turn, _context: Context) -> Step:
    """Show who may do what."""
    return Step(show=(RolesNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Give or take a role."""
    if not context.may(Act.GRANT):
        return Step(show=(RolesNote(),))
    match turn:
        case Tapped(verb="roles.give"):
            return Step(form=RoleForm())
        case Tapped(verb="roles.take"):
            return Step(form=RoleForm(give=False))
        case Filled(verb="roles.given", choice=choice, values=values):
            return _given(values, context, give=choice != "take")
        case _:
            return Step(show=(StaleNote(),))


def _given(values: Mapping[str, str], context: Context, *, give: bool) -> Step:
    form = RoleForm(give)
    whom = values.get("whom", "").strip()
    role = next((r for r in GIVEN if r == values.get("role")), None)
    if not whom or role is None:
        return Step(form=form, errors=(("role" if whom else "whom", "roles.error.empty"),))
    if context.found is None:
        return Step(look=Whom(whom))
    if len(context.found) != 1:
        wrong = "roles.error.several" if context.found else "roles.error.nobody"
        return Step(form=form, errors=(("whom", wrong),))
    (person,) = context.found
    limited = give and role is Role.LIMITED_AUTHOR
    rule = _rule(values.get("within", "")) if limited else ""
    if limited and not rule:
        return Step(form=form, errors=(("within", "roles.error.rule"),))
    if not give and role not in person.roles:
        return Step(form=form, errors=(("role", "roles.error.not_theirs"),))
    if not give and role is Role.ADMIN and _admins(context.roster) == [person.id]:
        return Step(form=form, errors=(("role", "roles.error.last"),))
    return Step(instead=RolesNote(saved=True), facts=(Grant(person.id, role, give, rule),))


def _rule(text: str) -> str:
    """Return a rule as it is written everywhere; nothing if it is none."""
    try:
        return written(parse(text))
    except RuleError:
        return ""


def _admins(roster: tuple[Person, ...]) -> list[str]:
    return [p.id for p in roster if Role.ADMIN in p.roles]


def draw_roles(note: RolesNote, reader: Reader, context: Context) -> Card:
    """Draw one's own part and, for who looks after the change, everyone's."""
    speech = reader.speech
    mine = [speech.line(f"role.{role}") for role in GIVEN if role in context.person.roles]
    blocks: list[Block] = [
        Paragraph(speech("roles.mine", roles=", ".join(mine) or speech.line("role.user")))
    ]
    if context.roster:
        blocks.append(
            Facts(
                tuple(
                    (speech.line(f"role.{role}"), _names(role, context.roster, reader))
                    for role in GIVEN
                    if role is not Role.MANAGER
                )
            )
        )
    if context.may(Act.GRANT):
        blocks.append(Paragraph(speech("roles.audited"), muted=True))
        blocks.append(
            Row(
                (
                    Button(speech.line("roles.give"), Tap("roles.give"), "primary"),
                    Button(speech.line("roles.take"), Tap("roles.take")),
                )
            )
        )
    else:
        blocks.append(Paragraph(speech("roles.ask")))
        blocks.append(Row((command(speech, "help"),)))
    title = "roles.title.saved" if note.saved else "roles.title"
    return Card(speech.line(title), tuple(blocks))


def _names(role: Role, roster: tuple[Person, ...], reader: Reader) -> str:
    names = sorted(p.name or p.id for p in roster if role in p.roles)
    shown = ", ".join(names[:SHOWN])
    if len(names) > SHOWN:
        return reader.speech.line("roles.more", names=shown, n=len(names) - SHOWN)
    return shown or reader.speech.line("roles.nobody")


def draw_role_form(note: RoleForm, reader: Reader) -> Form:
    """Draw the form that gives a role, or takes one."""
    speech = reader.speech
    what = "give" if note.give else "take"
    options = tuple(Option(role, speech.line(f"role.{role}")) for role in GIVEN)
    return Form(
        speech.line(f"roles.{what}"),
        (
            TextField(
                "whom",
                speech.line("roles.whom"),
                required=True,
                hint=speech.line("roles.whom.hint"),
                longest=200,
            ),
            ChoiceField("role", speech.line("roles.role"), options, required=True),
            *((_within(reader),) if note.give else ()),
        ),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("roles.given", what),
        speech.line(f"roles.lead.{what}"),
    )


def _within(reader: Reader) -> TextField:
    speech = reader.speech
    return TextField(
        "within",
        speech.line("roles.within"),
        hint=speech.line("roles.within.hint"),
        longest=500,
    )
