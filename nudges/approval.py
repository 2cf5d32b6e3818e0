"""Who is asked whether a broadcast may go, and when its deputies are: what is to be done next.

Those who approve are asked first. A deputy is asked only when none of them is there, or when half
of the time is over and nobody has decided, so that one person on holiday stops nothing and two
people do not read everything. Whoever is first decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from nudges.broadcast import Broadcast, Stage, may_decide
from nudges.delivery import State
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.roles import Role

ALONE_AT_LEAST = timedelta(hours=2)
"""How long those who approve have for themselves: the longest meeting, or a lunch."""
ROOM = timedelta(hours=1)
"""What is left to a deputy of an urgent one: time to find it, to read it and to ask something."""
STEP = timedelta(minutes=30)
LOST = frozenset({State.GONE, State.REFUSED, State.CANCELLED})
"""How it ended with somebody whom the question never reached."""
Asked: TypeAlias = Mapping[str, State]
"""Who was asked about a broadcast, and how far the question got."""
Why: TypeAlias = Literal["", "away", "silent"]
"""Why a deputy is asked: nobody else is there, or nobody else has decided."""
What: TypeAlias = Literal["lapse", "agree", "ask", "warn", "begin", "tell"]


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done with a broadcast: with ``ask``, of whom, and why of these deputies."""

    what: What
    approvers: tuple[Person, ...] = ()
    deputies: tuple[Person, ...] = ()
    why: Why = ""


def next_step(
    found: Broadcast, deciders: Sequence[Person], asked: Asked, now: datetime
) -> Next | None:
    """Return what is to be done with a broadcast now, or nothing.

    ``deciders`` are all who approve and all deputies who are here.
    """
    if found.late(now):
        return Next("lapse")
    if found.stage is Stage.AGREEING:
        return None if found.asked else Next("agree")
    if found.stage is Stage.WAITING:
        return _asking(found, deciders, asked, now)
    if found.due(now):
        return Next("begin")
    return None if found.told else Next("tell")


def _asking(
    found: Broadcast, deciders: Sequence[Person], asked: Asked, now: datetime
) -> Next | None:
    able = [person for person in deciders if may_decide(person, found)]
    approvers = [person for person in able if Role.APPROVER in person.roles]
    deputies = [person for person in able if Role.APPROVER not in person.roles]
    unasked = tuple(person for person in approvers if person.id not in asked)
    there = [one for one in approvers if is_there(one, found, now) and not _lost(one, asked)]
    why: Why = "" if there else "away"
    if there and found.asked and any(_over(found, one, now) for one in deputies):
        why = "silent"
    helping = tuple(one for one in deputies if why and one.id not in asked)
    if unasked or helping:
        return Next("ask", unasked, helping, why if helping else "")
    reachable = [one for one in deputies if is_there(one, found, now) and not _lost(one, asked)]
    return None if there or reachable or found.warned else Next("warn")


def is_there(person: Person, found: Broadcast, now: datetime) -> bool:
    """Say whether somebody can decide before it is due: not gone, silent or away until then."""
    if person.left or person.stopped or person.address() is None:
        return False
    last = max(now, found.closes - timedelta(microseconds=1))
    return not (person.away(now) and person.away(last))


def _lost(person: Person, asked: Asked) -> bool:
    return asked.get(person.id) in LOST


def _over(found: Broadcast, deputy: Person, now: datetime) -> bool:
    """Say whether this deputy is to be asked, because nobody decided in their time."""
    return now >= deputy_from(found, deputy)


def deputy_from(found: Broadcast, deputy: Person) -> datetime:
    """Return from when a deputy is asked: half of the time, but time enough for either.

    Those who approve have some hours at least; of a short time a deputy keeps the last part. Where
    half of it is over only after the deputy's last working hour, that hour decides, as a question
    in the night before is none.
    """
    start = found.asked_at or found.at
    whole = found.closes - start
    alone = min(max(whole / 2, ALONE_AT_LEAST), max(whole - ROOM, timedelta()))
    moment = start + alone
    free = moment if at_work(deputy, moment) else next_work(deputy, moment)
    if free + ROOM <= found.closes:
        return moment
    while moment > start:
        if at_work(deputy, moment) and at_work(deputy, moment + ROOM):
            return moment
        moment -= STEP
    return start
