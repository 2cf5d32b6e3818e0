"""What an author has at hand: drafts, whom each would reach, and what was handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from nudges.belief import Senders
from nudges.broadcast import Broadcast, Drafted, WrittenBack
from nudges.panel import Voice

Obstacle: TypeAlias = Literal[
    "nowhere", "group", "long", "unheard_of", "unasked", "private", "nobody"
]
"""Why a draft reaches nobody: its author may write nowhere, a group was never fetched, its rule
becomes too long with what its author may reach, or nobody is meant. Or it asks who received a
broadcast that is not there, that asked nobody for "Got it", or whose own rule tells on people."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a draft would reach at this moment.

    ``rule`` is what its author means, narrowed to whom the message may reach at all. ``some`` are
    names of a few of them, where that tells nothing about anybody, and ``languages`` those it has
    to be written in. ``obstacle`` says why it can go to nobody, ``about`` what.
    """

    rule: str = ""
    size: int = 0
    some: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    obstacle: Obstacle | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was written back to a broadcast and waits for an answer: the oldest, and how many."""

    oldest: tuple[WrittenBack, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Authoring:
    """An author's work: their drafts by key, whom each would reach, and what they handed in.

    ``senders`` are those in whose name something may go, if they agree, and who believes them.
    ``series`` are what a counted draft repeats, by the first of them, ``panels`` what was said
    about counted drafts, and ``waiting`` what waits for an answer, by broadcast.
    """

    drafts: Mapping[str, Drafted] = field(default_factory=dict[str, Drafted])
    reaches: Mapping[str, Reach] = field(default_factory=dict[str, Reach])
    handed_in: tuple[Broadcast, ...] = ()
    senders: Senders = field(default_factory=Senders)
    series: Mapping[int, tuple[Broadcast, ...]] = field(
        default_factory=dict[int, tuple[Broadcast, ...]]
    )
    panels: Mapping[str, tuple[Voice, ...]] = field(default_factory=dict[str, tuple[Voice, ...]])
    waiting: Mapping[int, Waiting] = field(default_factory=dict[int, Waiting])


NOTHING = Authoring()


def shown(size: int, *, exposes: bool) -> int | None:
    """Return how many people may be told; nothing where being meant tells on them.

    Not even a large number: two rules that differ by one person would tell what that one answered.
    """
    return None if exposes else size


UNTOLD = "not told, as the rule asks what people answered"
"""What stands on the command line instead of a number."""
