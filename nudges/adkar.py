"""Where someone stands in the change: the five ADKAR elements, and the one that holds them up.

A standing is always derived from answers and never stored as truth. The rules are those of the
product paper, "Pulse: scoring rules"; each function names the rule it keeps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

WINDOW = timedelta(days=60)
"""How long an answer counts (rule 2)."""
FRESH = timedelta(weeks=6)
"""Within this time every applicable element is asked again (rule 11)."""
BARRIER = 3.0
"""At or below this score an element holds someone up (rule 3)."""
FRAGILE = 4.0
"""Below this score an element that is no barrier is still fragile (rule 3)."""
LEAVE = 3.3
"""Above this score a barrier is left at once (rule 7)."""
SETS_TO_LEAVE = 2
QUICK = timedelta(seconds=5)
LINED_SETS = 3
LINED_ANSWERS = 4
MISSED_CYCLES = 2
LOWEST, HIGHEST = 1, 5
CAPPED_ABILITY = 3


class Element(StrEnum):
    """The five elements of a change that lasts, in the order in which they are needed."""

    AWARENESS = "awareness"
    DESIRE = "desire"
    KNOWLEDGE = "knowledge"
    ABILITY = "ability"
    REINFORCEMENT = "reinforcement"


ELEMENTS = tuple(Element)
Kind: TypeAlias = Literal["scale", "stance", "sender", "area"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, without its words.

    Only ``scale`` questions count in a standing; a stance (supporter, neutral, opponent), the
    belief in a sender and the self-rating of an area stand beside it (rule 10).
    """

    id: str
    element: Element
    reversed: bool = False
    not_applicable: bool = False
    kind: Kind = "scale"
    area: str = ""

    @property
    def scored(self) -> bool:
        """Say whether the answers count in the standing."""
        return self.kind == "scale"

    def value(self, score: int) -> int:
        """Turn a tapped score into what counts: reversed items count 6 minus x (rule 1)."""
        return LOWEST + HIGHEST - score if self.reversed else score


Bank: TypeAlias = Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone answered: a fact that is appended and superseded, never edited (rule 1).

    ``score`` is as tapped, 1 to 5; ``None`` is a skip, which is no answer. ``took`` is the time
    between seeing the question and answering it, where it is known.
    """

    person: str
    question: str
    score: int | None
    at: datetime
    not_applicable: bool = False
    took: timedelta | None = None
    occasion: str = ""


BarrierName: TypeAlias = Element | Literal["none", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone stands: a score per element, and the first element that holds them up.

    ``scores`` has ``None`` for an element nobody may assume anything about; ``latest`` is the
    age of the newest answer behind a score. ``barrier`` is ``none`` when no known score is at
    or below 3 and ``unknown`` when nothing is known.
    """

    scores: Mapping[Element, float | None]
    n: Mapping[Element, int]
    latest: Mapping[Element, datetime]
    barrier: BarrierName
    provisional: bool
    fragile: tuple[Element, ...]

    @property
    def element(self) -> Element | None:
        """Return the element that is the barrier, if there is one."""
        return self.barrier if isinstance(self.barrier, Element) else None


def applicable(*, live: bool) -> tuple[Element, ...]:
    """Return the elements that may be asked and scored: Reinforcement only once live (rule 5)."""
    return ELEMENTS if live else ELEMENTS[:-1]


def is_live(go_live: datetime | None, now: datetime) -> bool:
    """Say whether the segment works with the CRM already; without a date it does not (rule 5)."""
    return go_live is not None and go_live <= now


def current(answers: Iterable[Answer], now: datetime) -> dict[str, Answer]:
    """Return the latest answer per question in the window (now - 60 days, now] (rules 1, 2).

    Skips are no answers; "not applicable" takes an earlier score back. Of two answers of the
    same moment the later in line wins.
    """
    found: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.at):
        if now - WINDOW < answer.at <= now and (answer.score is not None or answer.not_applicable):
            found[answer.question] = answer
    return {key: answer for key, answer in found.items() if not answer.not_applicable}


def stand(
    answers: Iterable[Answer],
    bank: Bank,
    now: datetime,
    go_live: datetime | None = None,
    *,
    ability_capped: bool = False,
) -> Standing:
    """Work out where one person stands (rules 1 to 6).

    Args:
        answers: that person's answers in any order; questions outside the bank do not count.
        bank: the questions by id.
        now: the moment to judge from.
        go_live: when the person's segment starts to work with the CRM.
        ability_capped: measured use has been below Compliant for two periods, so that the
            self-score of Ability counts at most 3 (rule 6; for the person's own follow-ups only).

    """
    by_element: dict[Element, list[Answer]] = {e: [] for e in ELEMENTS}
    may_count = applicable(live=is_live(go_live, now))
    for answer in current(answers, now).values():
        question = bank.get(answer.question)
        if question is not None and question.scored and question.element in may_count:
            by_element[question.element].append(answer)
    scores = {e: _mean(by_element[e], bank) for e in ELEMENTS}
    ability = scores[Element.ABILITY]
    if ability_capped and ability is not None:
        scores[Element.ABILITY] = min(ability, CAPPED_ABILITY)
    known = {e: s for e, s in scores.items() if s is not None}
    first = next((e for e, s in known.items() if s <= BARRIER), None)
    earlier = may_count[: may_count.index(first)] if first else may_count
    return Standing(
        scores=MappingProxyType(scores),
        n=MappingProxyType({e: len(found) for e, found in by_element.items()}),
        latest=MappingProxyType({e: max(a.at for a in f) for e, f in by_element.items() if f}),
        barrier=first or ("none" if known else "unknown"),
        provisional=any(scores[e] is None for e in earlier),
        fragile=tuple(e for e, s in known.items() if BARRIER < s < FRAGILE),
    )


def _mean(answers: Sequence[Answer], bank: Bank) -> float | None:
    values = [bank[a.question].value(a.score) for a in answers if a.score is not None]
    return sum(values) / len(values) if values else None


def followed(  # noqa: PLR0913 - the facts a standing depends on
    answers: Sequence[Answer],
    bank: Bank,
    now: datetime,
    zone: ZoneInfo,
    go_live: datetime | None = None,
    *,
    ability_capped: bool = False,
) -> Element | None:
    """Return the element to follow up on: the barrier, held long enough not to flap (rule 7).

    An earlier barrier takes over at once, because nothing later matters before it. A barrier
    is left for a later element, or for none, when its own score rises above 3.3, when it has
    stayed above 3 for two sets, or when nothing is known about it any more.
    """
    held: Element | None = None
    better = 0
    for day in sets((a for a in answers if now - WINDOW < a.at <= now), zone):
        standing = stand(answers, bank, day[-1].at, go_live, ability_capped=ability_capped)
        held, better = _hold(held, better + 1, standing)
    today = stand(answers, bank, now, go_live, ability_capped=ability_capped)
    return _hold(held, better, today)[0]


def _hold(held: Element | None, better: int, standing: Standing) -> tuple[Element | None, int]:
    """Keep or leave the barrier held so far, after ``better`` sets in a row above it."""
    first = standing.element
    if held is None or first == held or (first and _before(first, held)):
        return first, 0
    score = standing.scores[held]
    left = score is None or score > LEAVE or better >= SETS_TO_LEAVE
    return (first, 0) if left else (held, better)


def _before(one: Element, other: Element) -> bool:
    return ELEMENTS.index(one) < ELEMENTS.index(other)


def sets(answers: Iterable[Answer], zone: ZoneInfo) -> list[list[Answer]]:
    """Split one person's answers into sets: a set is one local day's answers (rule 7)."""

    def local_day(answer: Answer) -> date:
        return answer.at.astimezone(zone).date()

    given = sorted((a for a in answers if a.score is not None), key=lambda a: a.at)
    return [list(day) for _, day in groupby(given, key=local_day)]


def straight_lined(answers: Iterable[Answer], zone: ZoneInfo) -> bool:
    """Say whether the last three sets look tapped through (rule 9).

    All scores as tapped are equal, there are at least four, and each took under 5 seconds. An
    answer whose time is unknown cannot be held against anyone.
    """
    last = sets(answers, zone)[-LINED_SETS:]
    given = [a for day in last for a in day]
    return (
        len(last) == LINED_SETS
        and len(given) >= LINED_ANSWERS
        and len({a.score for a in given}) == 1
        and all(a.took is not None and a.took < QUICK for a in given)
    )


def silent(missed_cycles: int) -> bool:
    """Say whether someone is silent: two missed cycles, possibly Awareness, never scored (9)."""
    return missed_cycles >= MISSED_CYCLES
