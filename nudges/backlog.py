"""How the queue stands: how much waits for which platform, since when, and how fast it may go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from nudges.pace import Lane

MOST_COUNTED: Final = 50_000
"""Whoever watches learns no more from a larger number, and counting it would hold up others."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """The queue in numbers, about nobody.

    Attributes:
        counts: how many deliveries are in a state, by lane and state; what is queued is counted as
            far as MOST_COUNTED in all.
        oldest: when the one that waits longest was due, by lane; only what may leave counts.
        lanes: where each lane stands.
        clock: what time it is for the database, if it has a clock of its own.

    """

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    oldest: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    lanes: Mapping[str, Lane] = field(default_factory=dict[str, Lane])
    clock: datetime | None = None
