"""What each person adds to the numbers about their group; of whom nothing is known adds nothing.

Everything here is one person's own, and is only ever used in a sum that the release auditor let by.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nudges.adkar import Answer, Bank, BarrierName, current, is_live, straight_lined
from nudges.adoption import Metric, Use
from nudges.group import ACTIVE, LEADS_IN_TIME, QUALITY, RECORDS, Measure, Member
from nudges.programme import Programme

ABOUT_MANAGERS = ("B4", "R3")
"""The questions that are about somebody's manager; what is said goes one level up."""
AGREES = 3.0
"""Above this mean somebody agrees with what is said of their manager."""
FROM_USE: Mapping[Measure, Metric] = {
    ACTIVE: Metric.ACTIVE_DAYS,
    RECORDS: Metric.RECORDS,
    LEADS_IN_TIME: Metric.LEADS_IN_TIME,
    QUALITY: Metric.QUALITY,
}
"""The measures that come from the CRM, and the metric each is made of."""


def responses(asked: Mapping[str, bool]) -> dict[str, str]:
    """Say of everybody who was asked whether they answered."""
    return {who: "answered" if answered else "silent" for who, answered in asked.items()}


def reached(sent: Mapping[str, bool]) -> dict[str, str]:
    """Say of everybody who was sent a message about the change whether they said they got it."""
    return {who: "yes" if got else "no" for who, got in sent.items()}


def barriers(
    members: Iterable[Member],
    stands: Mapping[str, tuple[BarrierName, BarrierName]],
    tapped_through: Collection[str],
    programme: Programme,
    now: datetime,
) -> dict[str, str]:
    """Return everybody's barrier, or that they have none, as far as it is known.

    Args:
        members: everybody.
        stands: the barrier of each before the go-live, and from then on.
        tapped_through: those whose answers look tapped through, who are left out (rule 9).
        programme: when which segment goes live.
        now: the moment of asking.

    """
    found: dict[str, str] = {}
    for member in members:
        if member.stopped or member.left or member.id in tapped_through:
            continue
        before, once_live = stands.get(member.id, ("unknown", "unknown"))
        go_live = programme.segment(member.segment).live_from(member.zone)
        barrier = once_live if is_live(go_live, now) else before
        if barrier != "unknown":
            found[member.id] = str(barrier)
    return found


def tapped_through(
    members: Iterable[Member], answers: Mapping[str, Sequence[Answer]]
) -> frozenset[str]:
    """Return whose last answers look tapped through (rule 9)."""
    return frozenset(
        m.id for m in members if m.id in answers and straight_lined(answers[m.id], ZoneInfo(m.zone))
    )


def about_managers(
    members: Iterable[Member], answers: Mapping[str, Sequence[Answer]], bank: Bank, now: datetime
) -> dict[str, str]:
    """Say of everybody who said something about their manager whether they agree with it."""
    found: dict[str, str] = {}
    for member in members:
        said = current(answers.get(member.id, ()), now)
        scores = [
            bank[question].value(said[question].score or 0)
            for question in ABOUT_MANAGERS
            if question in said and question in bank
        ]
        if scores and not member.stopped and not member.left and member.manager:
            found[member.id] = "agree" if sum(scores) / len(scores) > AGREES else "not"
    return found


def levels(members: Iterable[Member], held: Mapping[str, int]) -> dict[str, str]:
    """Return the level of everybody whose weeks were judged."""
    return {m.id: str(held[m.id]) for m in members if m.id in held and not m.left}


def used(measure: Measure, uses: Iterable[Use]) -> dict[str, str | float]:
    """Return what everybody did in the week that ``uses`` are of; a gap in it is nobody's zero."""
    metric = FROM_USE[measure]
    values = {use.person: use.values[metric] for use in uses if metric in use.values}
    if measure is ACTIVE:
        return {who: "yes" if days >= 1 else "no" for who, days in values.items()}
    return dict(values)
