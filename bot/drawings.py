"""Cards as the platforms want them, each drawn once for everyone who gets the same."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Protocol

from bot.handout import PATH
from bot.pictures import NoPictures, Pictures, illustrated
from dialogs import notes
from dialogs.card import Card
from dialogs.notes import SHARED
from dialogs.rights import KeptNote
from dialogs.token import Tokens
from dialogs.turns import Context
from nudges.address import Platform
from nudges.delivery import Note

KEPT = 4096


class Pen(Protocol):
    """What draws a card as one platform's JSON."""

    def draw(self, card: Card, token: str) -> str:
        """Draw a card; every tap on it carries the token."""
        ...


@dataclass(slots=True)
class Drawings:
    """Draw payloads, and remember those that are the same for many.

    A shared card is drawn with a blank where its token goes; the blank is unguessable, so that
    no text of a card can be mistaken for it. A card with a picture is drawn for each, because the
    address of a picture ends one day. ``pages`` is where people find our own pages, if they can.
    """

    tokens: Tokens
    pictures: Pictures = field(default_factory=NoPictures)
    pages: str = ""
    _blank: str = field(default_factory=lambda: f"token-{token_hex(8)}")
    _drawn: OrderedDict[tuple[object, ...], str] = field(
        default_factory=OrderedDict[tuple[object, ...], str]
    )

    def payload(
        self, pen: Pen, platform: Platform, note: Note, number: int, context: Context
    ) -> str:
        """Return a note's card for one person, with the token of delivery ``number``."""
        person = context.person
        token = self.tokens.make(number, person.id)
        if not isinstance(note, SHARED):
            if self.pages and isinstance(note, KeptNote):
                context = replace(context, file=f"{self.pages}{PATH}{token}")
            return pen.draw(illustrated(notes.draw(note, context), self.pictures), token)
        words = (context.library.version, context.programme.version)
        told = tuple(context.stories.get(number) for number in note.stories)
        found = (context.broadcasts.get(number) for number in note.broadcasts)
        said = tuple(
            (one.stage, one.name, one.sender, one.revision) if one else None for one in found
        )
        key = (note, platform, person.language, person.segment, *words, told, said)
        drawn = self._drawn.get(key)
        if drawn is None:
            card = notes.draw(note, context)
            if (shown := illustrated(card, self.pictures)) is not card:
                return pen.draw(shown, token)
            drawn = self._drawn[key] = pen.draw(card, self._blank)
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return drawn.replace(self._blank, token)
