"""How Wayfinder introduces itself to a platform: what it is, and what can be asked of it.

Every platform's own description is made from this one, so that none of them promises a command
that is not there, and none says it in other words.
"""

from dataclasses import dataclass
from typing import Final

from dialogs.commands import COMMANDS
from dialogs.guide import FOR_A_ROLE
from dialogs.speech import Speech, catalogue
from nudges.people import Language

NAME: Final = "Wayfinder"
COLOUR: Final = "#12352f"
"""The dark of our mark: white stands out on it."""
UNLISTED: Final = frozenset(
    {
        *("hello", "thanks", "change", "wish", "feedback", "raised", "rumour", "tip", "training"),
        *("why_this", "score", "language", "kept", "forget"),
        *FOR_A_ROLE,
    }
)
"""What people type of themselves or are offered on a card when it is time, and what is for those
with a role, who are told of it in help: Teams lists twelve."""
STARTERS: Final = ("find", "pulse", "why", "mine")
"""What someone who has never said anything begins with."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as a platform lists it.

    Attributes:
        title: what is typed for it.
        does: what comes of it, in a few words.
        starter: a whole sentence that says the same, where it is good to begin with.

    """

    title: str
    does: str
    starter: str = ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What Wayfinder says of itself in one language; ``short`` is one line."""

    short: str
    full: str
    command: str
    shortcut: str
    shortcut_does: str
    search: str
    search_does: str
    listed: tuple[Listed, ...]
    name: str = NAME


def introduce(language: Language) -> Introduction:
    """Return what Wayfinder says of itself in a language."""
    speech = Speech(language)
    return Introduction(
        short=speech.line("app.short"),
        full=speech.line("app.full"),
        command=speech.line("app.command"),
        shortcut=speech.line("app.shortcut"),
        shortcut_does=speech.line("app.shortcut.does"),
        search=speech.line("app.search"),
        search_does=speech.line("app.search.does"),
        listed=tuple(_listed(name, language) for name in COMMANDS if name not in UNLISTED),
    )


def _listed(name: str, language: Language) -> Listed:
    speech = Speech(language)
    return Listed(
        title=catalogue(language).gettext(f"typed.{name}").split(", ")[0],
        does=speech.line(f"does.{name}"),
        starter=speech.line(f"button.{name}") if name in STARTERS else "",
    )
