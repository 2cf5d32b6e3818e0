"""Silence: how long it is since a group last said that it got a message about the change.

Sending is not being heard, so only "Got it" counts. After four weeks without one it is high time;
after six people believe that it has gone away.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

from nudges.audience import exposes
from nudges.audience_language import parse
from nudges.delivery import Note
from nudges.phases import Kind
from nudges.release import FLOOR
from nudges.roles import Role

DAY = timedelta(days=1)
AMBER, RED = 28, 42
"""After so many days it is high time, and commitment is lost."""
COUNTED: frozenset[Kind] = frozenset({"change", "roadmap"})
"""What tells that the change goes on: why, what, and what comes when. A release note or a new
function is about the system, a story about a colleague, a training about a date: all of them may
come every week while nobody says a word about the change."""


class Level(StrEnum):
    """How bad it is."""

    CALM = "calm"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Heard:
    """When a group last said it got a message, as it is kept.

    ``people`` are those who are here now. ``got`` counts whoever said so while they were here, also
    if they have left. ``first`` is when we first wrote to any of them, to welcome them or about the
    change; it is looked up only where nobody ever said they got one.
    """

    segment: str
    people: int
    got: datetime | None = None
    first: datetime | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """For how long a group is quiet.

    Without a level nothing may be told (under five people one receipt would show), or nobody has
    written to them yet. ``ever`` says whether anybody there ever said they got a message.
    """

    segment: str
    level: Level | None = None
    days: int | None = None
    since: datetime | None = None
    ever: bool = False

    @property
    def quiet(self) -> bool:
        """Say whether it is quiet for too long."""
        return self.level in {Level.AMBER, Level.RED}

    @property
    def occasion(self) -> str:
        """Name this level of this silence for ever; the next receipt begins another one."""
        since = self.since.astimezone(UTC).date().isoformat() if self.since else ""
        return f"silence:{self.segment}:{self.level}:{since}"


def counts(kind: Kind, rule: str) -> bool:
    """Say whether a broadcast breaks the silence.

    One to people with a certain barrier or level does not: it was not meant for the group, and the
    end of the silence would tell that somebody there has it.
    """
    return kind in COUNTED and not (rule and exposes(parse(rule)))


def silence(heard: Heard, now: datetime) -> Silence:
    """Work out for how long a group is quiet, in whole days of 24 hours.

    Where nobody ever said they got a message it is counted from our first word to any of them:
    from then on they know that something is coming. A message that nobody acknowledged does not
    begin it anew, since nobody knows whether it was heard.
    """
    since = heard.got or heard.first
    if heard.people < FLOOR or since is None:
        return Silence(heard.segment)
    since = since.astimezone(UTC)
    days = max((now.astimezone(UTC) - since) // DAY, 0)
    level = Level.RED if days >= RED else Level.AMBER if days >= AMBER else Level.CALM
    return Silence(heard.segment, level, days, since, heard.got is not None)


@dataclass(frozen=True, slots=True)
class SilenceNote(Note):
    """Groups that have become quiet; ``drafted`` once its reader begins to write to them."""

    segments: tuple[str, ...]
    drafted: bool = False
    card: Literal["silence"] = "silence"

    @property
    def roles(self) -> frozenset[str]:
        """Only who can do something about it gets it."""
        return frozenset({Role.CRM_TEAM})

    @property
    def silences(self) -> tuple[str, ...]:
        """Return the groups; for how long is looked up when it is drawn."""
        return self.segments
