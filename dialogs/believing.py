"""Now and then, after "Got it": does its reader believe who told them? And the names to choose."""

from collections.abc import Iterable

from dialogs.card import Block, Button, Divider, Option, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.belief import (
    BELIEFS,
    SENDERS,
    Belief,
    Believed,
    SenderBelief,
    Suggestion,
    asks,
    may_send,
    sender_of,
)
from nudges.broadcast import Broadcast, Received
from nudges.broadcast_notes import BroadcastNote
from nudges.people import Person

CHOICES: dict[str, Belief] = {one: one for one in BELIEFS}
TENTHS = 10
LONGEST_NAME = 50
"""Characters of a name among the choices of a form, so that the role beside it is seen."""


def received(number: int, context: Context) -> Step:
    """Keep a receipt; now and then its card goes on with one quiet question."""
    found = context.broadcasts.get(number)
    ask = found is not None and asks(found, context.person.id, context.believed, context.now)
    note = BroadcastNote(number, got=True, belief="open" if ask else "")
    return Step(instead=note, facts=(Received(number),))


def read(turn: Turn, context: Context) -> Step:
    """Take whether someone believes the sender."""
    note = context.message.note if context.message else None
    value = CHOICES.get(turn.choice) if isinstance(turn, Tapped) else None
    match turn, note:
        case Tapped(verb="belief.say"), BroadcastNote(number, belief="open") if value:
            told = BroadcastNote(number, got=True, belief="told")
            return Step(instead=told, facts=(Believed(number, value),))
        case _:
            return Step(show=(StaleNote(),))


def question(note: BroadcastNote, found: Broadcast, speech: Speech) -> tuple[Block, ...]:
    """Draw the question under a message, where it is asked, or the thanks for the answer."""
    if note.belief == "told":
        return (Paragraph(speech("belief.told")),)
    _, name = sender_of(found)
    if note.belief != "open" or not name:
        return ()
    buttons = tuple(
        Button(speech.line(f"belief.{value}"), Tap("belief.say", value)) for value in BELIEFS
    )
    return (
        Divider(),
        Paragraph(speech("belief.question", name=name)),
        Row(buttons),
        Paragraph(speech("belief.private", name=name), muted=True),
    )


def options(people: Iterable[Person], author: str, speech: Speech) -> tuple[Option, ...]:
    """Return in whose name an author may write, as a form's choices: themselves first."""
    able = [one for one in people if may_send(one, author)]
    able.sort(key=lambda one: one.id != author)
    return tuple(Option(one.id, _label(one, author, speech)) for one in able)


def _label(person: Person, author: str, speech: Speech) -> str:
    name = (person.name or person.id)[:LONGEST_NAME]
    if person.id == author:
        return speech.line("sender.me", name=name)
    return speech.line("sender.other", name=name, role=role_of(person, speech))


def role_of(person: Person, speech: Speech) -> str:
    """Name the role in which someone is heard; empty if they have none."""
    role = next((role for role in SENDERS if role in person.roles), None)
    return speech.line(f"role.{role}") if role else ""


def told(found: SenderBelief | None, speech: Speech) -> str:
    """Say whether a sender is believed, as far as authors may know it."""
    if found is None:
        return speech.line("sender.unknown")
    if found.tenths in {0, TENTHS}:
        return speech.line("sender.believed.most" if found.tenths else "sender.believed.few")
    return speech.line("sender.believed.share", n=found.tenths)


def why(suggestion: Suggestion, speech: Speech) -> str:
    """Say why somebody might be the next sender."""
    return speech.line(f"sender.why.{suggestion.why}")
