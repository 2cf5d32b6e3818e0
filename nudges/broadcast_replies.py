"""What people write back to a broadcast, on its way to its author, and the answer to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from nudges.delivery import Note

OFTEN = timedelta(hours=4)
"""How long an author is left alone before hearing of more that was written back."""
ANSWER = 2000
"""Characters of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """A broadcast to which somebody wrote since its author heard of it, up to ``newest``."""

    broadcast: int
    author: str
    newest: int


@dataclass(frozen=True, slots=True)
class AnsweredNote(Note):
    """What an author answered to what someone wrote back."""

    broadcast: int
    reply: int
    card: Literal["reply_answered"] = "reply_answered"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that was written back to."""
        return (self.broadcast,)

    @property
    def replies(self) -> tuple[int, ...]:
        """Return what was written back, with its answer."""
        return (self.reply,)


@dataclass(frozen=True, slots=True)
class RepliesNote(Note):
    """What waits for an author's answer."""

    broadcast: int
    card: Literal["replies"] = "replies"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that was written back to."""
        return (self.broadcast,)

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows what its author has at hand, and counts no draft."""
        return frozenset()
