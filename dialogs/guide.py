"""What Wayfinder can do, hello and goodbye: the first things people type."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Card, Paragraph, Row
from dialogs.reader import Reader
from dialogs.turns import Context, Step, Turn
from dialogs.welcome import WelcomeNote
from nudges.activities import DOERS
from nudges.delivery import Note
from nudges.roles import Act, Role

HELPED = (
    *("find", "pulse", "blocker", "wish", "why", "tip", "roadmap", "training", "story", "rumour"),
    *("mine", "kept", "score", "settings", "language", "pause", "stop"),
)
"""The commands that help explains, in the order in which they matter."""
A_ROW = 4
"""Buttons side by side: their names are long."""
FOR_A_ROLE = (
    *(
        "digest",
        "questions",
        "queue",
        "programme",
        "roles",
        "activities",
        "health",
        "champions",
        "champion",
        "nominate",
        "broadcasts",
        "use_linked",
        "privacy",
        "competition",
        "sprint",
        "rumours",
    ),
)
"""The commands that help explains to who has a role for them."""


@dataclass(frozen=True, slots=True)
class HelpNote(Note):
    """What can be asked, with a button for each; ``also`` are commands for the person's roles."""

    also: tuple[str, ...] = ()
    card: Literal["help"] = "help"


@dataclass(frozen=True, slots=True)
class HelloNote(Note):
    """Hello back, and where to begin."""

    card: Literal["hello"] = "hello"


@dataclass(frozen=True, slots=True)
class ThankedNote(Note):
    """You're welcome."""

    card: Literal["thanked"] = "thanked"


def read(_turn: Turn, context: Context) -> Step:
    """Explain what can be asked."""
    return Step(show=(HelpNote(tuple(n for n in FOR_A_ROLE if _theirs(n, context))),))


def _theirs(name: str, context: Context) -> bool:  # noqa: C901 - a list, read down
    """Say whether a command is worth telling someone of: a role of theirs has use for it."""
    match name:
        case "activities":
            return not context.person.roles.isdisjoint(DOERS)
        case "champion":
            return Role.CHAMPION in context.person.roles
        case "digest":
            return context.may(Act.SEE_TEAM) or context.may(Act.SEE_ORGANISATION)
        case "questions":
            return Role.CHAMPION in context.person.roles or context.may(Act.WORK_QUEUE)
        case "queue" | "rumours":
            return context.may(Act.WORK_QUEUE)
        case "roles":
            return context.may(Act.GRANT)
        case "nominate":
            return context.may(Act.NOMINATE)
        case "broadcasts":
            return context.may(Act.DRAFT)
        case "use_linked":
            return context.may(Act.SWITCH_USE)
        case "privacy":
            return context.may(Act.SEE_AUDIT)
        case _:
            return context.may(Act.EDIT_PROGRAMME)


def hello(_turn: Turn, context: Context) -> Step:
    """Say hello; someone new is welcomed properly."""
    return Step(show=(HelloNote() if context.person.welcomed else WelcomeNote(),))


def thanked(_turn: Turn, _context: Context) -> Step:
    """Take thanks."""
    return Step(show=(ThankedNote(),))


def draw_help(note: HelpNote, reader: Reader) -> Card:
    """Draw the list of what can be asked."""
    speech = reader.speech
    lines = tuple(Paragraph(speech(f"help.{name}")) for name in (*HELPED, *note.also))
    return Card(
        speech.line("help.title"),
        (
            Paragraph(speech("help.lead")),
            *lines,
            Row(
                (
                    command(speech, "find", primary=True),
                    command(speech, "pulse"),
                    command(speech, "why"),
                    command(speech, "mine"),
                    command(speech, "settings"),
                )
            ),
            *(Row(tuple(command(speech, name) for name in some)) for some in _rows(note.also)),
            Paragraph(speech("help.languages"), muted=True),
        ),
    )


def _rows(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [names[at : at + A_ROW] for at in range(0, len(names), A_ROW)]


def draw_hello(reader: Reader) -> Card:
    """Draw hello."""
    speech = reader.speech
    return Card(
        speech.line("hello.title"),
        (
            Paragraph(speech("hello.body")),
            Row((command(speech, "pulse", primary=True), command(speech, "help"))),
        ),
    )


def draw_thanked(reader: Reader) -> Card:
    """Draw you're welcome."""
    speech = reader.speech
    return Card(speech.line("thanked.title"), (Paragraph(speech("thanked.body")),))
