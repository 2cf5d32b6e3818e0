"""The verdict on day 90: did it bring what was wanted, and what comes next."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nudges.programme import Outcome, Programme

MONTH = "%Y-%m"


class Reached(StrEnum):
    """How far a result came since the start."""

    REACHED = "reached"
    CLOSER = "closer"
    NO_CLOSER = "no_closer"
    UNMEASURED = "unmeasured"


class Verdict(StrEnum):
    """What the results say together."""

    USED = "used"
    PARTLY = "partly"
    NOT_USED = "not_used"
    UNKNOWN = "unknown"
    UNWRITTEN = "unwritten"


@dataclass(frozen=True, slots=True)
class Judged:
    """One result: the last month measured since the start, its value, and how far that is."""

    outcome: Outcome
    how: Reached
    month: str = ""
    value: float = 0


def judge(outcome: Outcome, since: date, until: date) -> Judged:
    """Judge one result by the last month measured from the start on.

    What was measured before people worked with it says nothing about it.
    """
    first, last = since.strftime(MONTH), until.strftime(MONTH)
    found = max(((m, v) for m, v in outcome.months.items() if first <= m <= last), default=None)
    if found is None:
        return Judged(outcome, Reached.UNMEASURED)
    month, value = found
    up = outcome.target >= outcome.baseline
    if value >= outcome.target if up else value <= outcome.target:
        return Judged(outcome, Reached.REACHED, month, value)
    moved = value > outcome.baseline if up else value < outcome.baseline
    return Judged(outcome, Reached.CLOSER if moved else Reached.NO_CLOSER, month, value)


def judge_all(programme: Programme, since: date, until: date) -> tuple[Judged, ...]:
    """Judge every result that was written down."""
    return tuple(judge(outcome, since, until) for outcome in programme.outcomes)


def verdict(judged: tuple[Judged, ...]) -> Verdict:
    """Say in one word what the results say; what was not measured counts for neither side."""
    if not judged:
        return Verdict.UNWRITTEN
    known = [one.how for one in judged if one.how is not Reached.UNMEASURED]
    if not known:
        return Verdict.UNKNOWN
    if len(known) == len(judged) and all(how is Reached.REACHED for how in known):
        return Verdict.USED
    if all(how is Reached.NO_CLOSER for how in known):
        return Verdict.NOT_USED
    return Verdict.PARTLY
