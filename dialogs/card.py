"""A message as the bot means it, before any platform draws it.

Cards have taps, forms have fields. A card never holds an input: Slack sends a menu choice at
once while Teams waits for a button, so the only thing a card offers is a button that answers by
itself. Anything to be typed opens a form.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from dialogs.picture import Picture
from dialogs.rich import Rich, words

BUTTONS_A_ROW = 5
"""At most this many short buttons side by side, so that a phone shows them all."""


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button tells us when it is pressed: which button, and which of its choices.

    The renderer adds the message's token, which binds the tap to a delivery and its person.
    """

    verb: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that answers by itself; ``hint`` is read out where the label alone is short."""

    label: str
    tap: Tap
    look: Literal["plain", "primary", "danger"] = "plain"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``muted`` is for the small print under a card."""

    text: Rich
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Short name-and-value pairs."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A quiet line between two thoughts."""


@dataclass(frozen=True, slots=True)
class Row:
    """Buttons side by side."""

    buttons: tuple[Button | Link, ...]


Block: TypeAlias = Paragraph | Facts | Divider | Row | Picture


@dataclass(frozen=True, slots=True)
class Card:
    """One message; ``notice`` announces it where its own words are not for a locked screen."""

    title: str
    body: tuple[Block, ...] = ()
    notice: str = ""

    @property
    def summary(self) -> str:
        """Return one line for a notification, or for a client that shows no cards."""
        if self.notice:
            return self.notice
        first = next((words(b.text) for b in self.body if isinstance(b, Paragraph)), "")
        return f"{self.title}: {first}" if first else self.title

    def illustrated(self, address: Callable[[Picture], str]) -> "Card":
        """Return the card with an address for each of its pictures that has none yet."""
        if not any(isinstance(block, Picture) for block in self.body):
            return self
        placed = (
            replace(b, url=address(b)) if isinstance(b, Picture) and not b.url else b
            for b in self.body
        )
        return replace(self, body=tuple(placed))


@dataclass(frozen=True, slots=True)
class Option:
    """One of a field's choices."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TextField:
    """Something to type."""

    name: str
    label: str
    lines: Literal["one", "many"] = "one"
    required: bool = False
    value: str = ""
    hint: str = ""
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Something to choose: one of the options, or any number of them with ``several``."""

    name: str
    label: str
    options: tuple[Option, ...]
    several: bool = False
    required: bool = False
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateField:
    """A day to choose, as YYYY-MM-DD."""

    name: str
    label: str
    required: bool = False
    value: str = ""


Field: TypeAlias = TextField | ChoiceField | DateField


@dataclass(frozen=True, slots=True)
class Form:
    """A small window with fields and one way out."""

    title: str
    fields: tuple[Field, ...]
    submit: str
    cancel: str
    tap: Tap
    lead: str = ""
