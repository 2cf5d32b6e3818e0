"""The numbers that programs may have: those that people were told of the whole organisation.

A program gets what sponsors and the CRM team read in their digest, each number as it was frozen,
and never before one of them was shown it. It gets no team's number, no other sum and no exact
count of people; so whatever it puts together with what anybody else was shown is made of the same
numbers that the auditor let out (:mod:`nudges.release`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Final, Literal, TypeAlias

from nudges.adkar import ELEMENTS
from nudges.group import (
    ACTIVE,
    BARRIER,
    CAME_BACK,
    LEADS_IN_TIME,
    LEVEL,
    MANAGERS,
    REACH,
    RECORDS,
    RESPONSE,
    SHADOW,
    Figure,
    Measure,
)
from nudges.webhooks import Event

WAY: Final = "api"
"""How the release ledger names the way on which a program is shown a number."""
MOST, USUAL = 200, 50
"""How many numbers a page has at most, and unless somebody says otherwise."""
Form: TypeAlias = Literal["shares", "mean"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a measure can be drawn: as shares of people by category, or as a mean of all."""

    measure: Measure
    form: Form
    categories: tuple[str, ...] = ()


_YES_NO: Final = ("yes", "no")
DRAWN: Final = (
    Drawn(RESPONSE, "shares", ("answered", "silent")),
    Drawn(BARRIER, "shares", (*map(str, ELEMENTS), "none", "decided")),
    Drawn(LEVEL, "shares", ("0", "1", "2", "3")),
    Drawn(MANAGERS, "shares", ("agree", "not")),
    Drawn(ACTIVE, "shares", _YES_NO),
    Drawn(RECORDS, "mean"),
    Drawn(LEADS_IN_TIME, "mean"),
    Drawn(REACH, "shares", _YES_NO),
    Drawn(SHADOW, "shares", ("crm", "partly", "elsewhere")),
    Drawn(CAME_BACK, "shares", _YES_NO),
)
"""Every measure that is told of the whole organisation, in the order of a digest."""
NAMES: Final = tuple(one.measure.name for one in DRAWN)
Place: TypeAlias = tuple[date, str]
"""Where a page ends: a number's week and measure, which name it among the organisation's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which numbers a program asks for; those after ``after``, so many at most."""

    measures: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    after: Place | None = None
    most: int = USUAL


@dataclass(frozen=True, slots=True)
class Page:
    """Some numbers, by week and measure, and whether there are more."""

    figures: Sequence[Figure]
    more: bool = False

    @property
    def last(self) -> Place | None:
        """Return where the next page begins; None where this one is the last."""
        return (self.figures[-1].week, self.figures[-1].measure) if self.more else None


def released(numbers: Sequence[tuple[str, date]], now: datetime) -> Event:
    """Return what is told when somebody was shown numbers for the first time."""
    told = [{"measure": measure, "week": week.isoformat()} for measure, week in sorted(numbers)]
    named = "\n".join(f"{measure} {week}" for measure, week in sorted(numbers))
    mark = blake2b(named.encode(), digest_size=8).hexdigest()
    return Event("numbers.released", f"numbers:{mark}", now, {"numbers": told})
