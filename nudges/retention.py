"""How long is kept what is about somebody: each rule once, and what the privacy officer may set.

What people answered and wrote is read for 60 days, and for another while where it is told what
somebody had before; nothing reads it after 180. So that is the longest it may be kept, like the
smallest group a number may be about: a setting can only be stricter than the code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

MOST = 180
"""So many days at most answers are kept, and as long as nobody set anything else."""
LEAST = 60
"""So many at least: a score rests on the answers of sixty days."""
TOUCHES, TOLD_DAYS, YEAR = 30, 180, 400
"""Days for which is kept who was reached when, what we said, and what is compared with last year;
a month more than a year, so that the same month of last year is still there."""
ARRIVALS = 2
"""Days for which an arrival's key is known; platforms repeat themselves for a day at most."""

Rule: TypeAlias = Literal["aged", "closed", "over", "sent", "last", "ended", "short", "here", "log"]
"""From when the days count, or what else ends it: it came, what it belongs to was closed or is
over, it was sent, all but the last of each, it does not hold any more, it was shown, the person is
not here any more, or nothing."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long the rows of a table are kept.

    Attributes:
        rule: from when the days count, or what else ends it.
        days: after how many days they go; 0 where days do not matter.
        chosen: whether the privacy officer chooses the days.
        longer: days for those rows that are kept longer than the others.

    """

    rule: Rule
    days: int = 0
    chosen: bool = False
    longer: int = 0

    def before(self, now: datetime, chosen: int) -> datetime:
        """Return the moment before which rows go, where the officer chose so many days."""
        return now - timedelta(days=within(chosen) if self.chosen else self.days)


@dataclass(frozen=True, slots=True)
class RetentionSet:
    """The privacy officer's word: for how many days answers are kept."""

    days: int


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days answers are kept, who set that, and when; ``by`` is empty if nobody did."""

    days: int = MOST
    by: str = ""
    name: str = ""
    at: datetime | None = None


def within(days: int) -> int:
    """Return days that the code allows; whatever is stored, nothing is kept longer."""
    return max(LEAST, min(days, MOST))
