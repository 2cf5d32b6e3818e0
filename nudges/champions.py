"""Champions, who help colleagues: who is put forward, asked, and has room for a question.

A good group has three kinds of people: who is enthusiastic, who is critical and knows the
process, and who is experienced and never has time. What somebody answered may lead to one
private question to themselves and to nothing else; only a yes is shown to anyone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from nudges.adkar import Answer, Bank, Element, current
from nudges.delivery import Note
from nudges.people import Person

AREAS = ("sales", "service", "marketing", "reports", "data", "mobile")
"""What somebody can help with, where the questions name no areas of their own."""
LEAST, USUAL, MOST = 1, 3, 10
"""Questions a week."""
FINAL = timedelta(days=90)
"""So long is a no final: nobody asks again."""
AGAIN = timedelta(days=28)
"""When somebody who said "later" is asked again."""
ASKED_A_WEEK = 3
"""How many are asked a week whether their name may be put forward: a question, not a wave."""
KNOWS, LACKS, SURE = 4, 2, 5


class ChampionKind(StrEnum):
    """Why somebody would be a good champion."""

    ENTHUSIAST = "enthusiast"
    CRITIC = "critic"
    EXPERIENCED = "experienced"


KINDS = tuple(ChampionKind)
ChampionState: TypeAlias = Literal[
    "nominated", "invited", "asked", "later", "accepted", "declined", "stepped_down"
]


@dataclass(frozen=True, slots=True)
class Champion:
    """Somebody on the way to being a champion, or one; ``asked`` ones are nobody's business yet.

    ``kind`` is what the one who put them forward said of them, or empty.
    """

    person: Person
    state: ChampionState
    kind: str = ""
    areas: tuple[str, ...] = ()
    limit: int = USUAL
    nominated_by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Nomination:
    """Somebody is put forward; who is known already, or said no lately, stays as they are."""

    person: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ChampionStep:
    """What somebody said to it themselves: yes, no, later, or no longer."""

    person: str
    state: ChampionState


@dataclass(frozen=True, slots=True)
class Offer:
    """What a champion helps with, and how many questions a week are enough."""

    person: str
    areas: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class InviteNote(Note):
    """The invitation to be a champion: what it means, and yes, no or later."""

    card: Literal["champion_invite"] = "champion_invite"


@dataclass(frozen=True, slots=True)
class MayINote(Note):
    """The private question whether somebody's name may be put forward."""

    card: Literal["champion_may_i"] = "champion_may_i"


@dataclass(frozen=True, slots=True)
class SuccessionNote(Note):
    """A champion or a sponsor has left: which role, where, and how many are still there."""

    role: str
    team: str = ""
    segment: str = ""
    others: int = 0
    card: Literal["succession"] = "succession"

    @property
    def roles(self) -> frozenset[str]:
        """Only who looks after the programme gets it."""
        return frozenset({"crm_team"})


def areas_of(bank: Bank) -> tuple[str, ...]:
    """Return what one can help with: our own list, and the areas that the questions name."""
    asked = (q.area for q in bank.values() if q.area)
    return tuple(dict.fromkeys((*AREAS, *asked)))


def may_be_asked(state: ChampionState | None, at: datetime | None, now: datetime) -> bool:
    """Say whether somebody may be invited: a no is final for ninety days."""
    match state:
        case None | "nominated" | "asked":
            return True
        case "declined" | "stepped_down":
            return at is None or now - at >= FINAL
        case "later":
            return at is None or now - at >= AGAIN
        case _:
            return False


def kind_of(answers: Sequence[Answer], bank: Bank, now: datetime) -> ChampionKind | None:
    """Return which kind of champion someone's answers hint at, to ask that person alone."""
    given = {
        key: (bank[key], a.score)
        for key, a in current(answers, now).items()
        if key in bank and a.score is not None
    }
    know = [
        q.value(score)
        for q, score in given.values()
        if q.kind == "area" or (q.kind == "scale" and q.element is Element.KNOWLEDGE)
    ]
    if not know or sum(know) / len(know) < KNOWS:
        return None
    stance = next((score for q, score in given.values() if q.kind == "stance"), None)
    time = given.get("B4")
    if time is not None and time[0].value(time[1]) <= LACKS:
        return ChampionKind.EXPERIENCED
    if stance is not None and stance <= LACKS:
        return ChampionKind.CRITIC
    return ChampionKind.ENTHUSIAST if stance == SURE else None


def mixed(
    hints: Mapping[str, ChampionKind], have: Iterable[str], most: int = ASKED_A_WEEK
) -> list[str]:
    """Choose whom to ask, so that the three kinds come to be about as many."""
    often = Counter(kind for kind in have if kind)
    left = dict(sorted(hints.items()))
    chosen: list[str] = []
    while left and len(chosen) < most:
        who = min(left, key=lambda p: (often[left[p]], KINDS.index(left[p]), p))
        often[left.pop(who)] += 1
        chosen.append(who)
    return chosen


def with_room(
    champions: Iterable[Champion], area: str, had: Mapping[str, int], now: datetime
) -> list[Champion]:
    """Return the champions for an area who have room this week, who had the least first.

    Args:
        champions: those there are.
        area: what the question is about; empty for anyone who has room.
        had: how many questions each had this week, by person.
        now: who is away or asked for quiet at this moment is left out.

    """
    able = [
        c
        for c in champions
        if c.state == "accepted"
        and (not area or area in c.areas)
        and not c.person.quiet(now)
        and had.get(c.person.id, 0) < c.limit
    ]
    return sorted(able, key=lambda c: (had.get(c.person.id, 0) / c.limit, c.person.id))


def gaps(champions: Iterable[Champion], areas: Iterable[str]) -> tuple[str, ...]:
    """Return the areas nobody helps with."""
    covered = {area for c in champions if c.state == "accepted" for area in c.areas}
    return tuple(area for area in areas if area not in covered)
