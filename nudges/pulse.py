"""Which questions come next: the rotation that keeps every element fresh with few questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from nudges.adkar import (
    FRESH,
    Answer,
    Bank,
    Element,
    Question,
    Standing,
    applicable,
    current,
    is_live,
    stand,
)
from nudges.delivery import Note

QUESTIONS_A_TOUCH = 2
SELDOM = timedelta(weeks=2)
"""The longest time between two pulses: that of someone who asked for fewer."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PulseNote(Note):
    """A pulse on its way to someone: one card that asks its questions one after the other.

    The questions are chosen when it is sent, so that an answer given meanwhile counts;
    ``place`` is the question being asked. ``again`` tells that the person asked for it: to
    change an answer, or because a follow-up was not right.
    """

    pulse: str
    questions: tuple[str, ...] = ()
    place: int = 0
    again: bool = False
    card: Literal["pulse"] = "pulse"

    @property
    def subject(self) -> str:
        """Name pulses, so that the open question is found again."""
        return "pulse"

    @property
    def question(self) -> str:
        """Return the question being asked."""
        return self.questions[self.place]


def ask(
    note: PulseNote,
    answers: Sequence[Answer],
    bank: Bank,
    now: datetime,
    go_live: datetime | None = None,
) -> PulseNote:
    """Fix the questions of a pulse that is about to be sent."""
    if note.questions:
        return note
    return replace(note, questions=tuple(q.id for q in questions(answers, bank, now, go_live)))


def questions(
    answers: Sequence[Answer], bank: Bank, now: datetime, go_live: datetime | None = None
) -> tuple[Question, ...]:
    """Choose at most two questions for one person's next pulse (rules 4, 5, 10 and 11).

    First an element that has to be known before the barrier can be trusted, else the stalest
    one; then the barrier itself, unless another element would not stay fresh meanwhile. When
    nothing holds the person up the second question stands beside the bank: where they stand, or
    how well they know an area.
    """
    live = is_live(go_live, now)
    standing = stand(answers, bank, now, go_live)
    order = stalest(answers, bank, now, live=live)
    first = _missing(standing, applicable(live=live)) or order[0]
    rest = [e for e in order if e != first]
    asked = _last_asked(answers)
    if not _may_wait(rest, answers, bank, now):
        second = _item(bank.values(), rest[0], asked)
    elif standing.element and standing.element != first:
        second = _item(bank.values(), standing.element, asked)
    elif standing.barrier == "none" and not standing.provisional:
        second = _beside(bank.values(), asked)
    else:
        second = _item(bank.values(), rest[0], asked)
    chosen = (_item(bank.values(), first, asked), second)
    return tuple(q for q in chosen if q)[:QUESTIONS_A_TOUCH]


def question_about(element: Element, answers: Sequence[Answer], bank: Bank) -> Question | None:
    """Choose the question to ask when someone wants to be asked about one element again."""
    return _item(bank.values(), element, _last_asked(answers))


def stalest(
    answers: Iterable[Answer], bank: Bank, now: datetime, *, live: bool
) -> tuple[Element, ...]:
    """Order the applicable elements from the one heard of longest ago to the newest."""
    heard = _heard(answers, bank, now)
    return tuple(sorted(applicable(live=live), key=lambda e: heard.get(e, NEVER)))


def _heard(answers: Iterable[Answer], bank: Bank, now: datetime) -> dict[Element, datetime]:
    heard: dict[Element, datetime] = {}
    for answer in current(answers, now).values():
        question = bank.get(answer.question)
        if question is not None and question.scored:
            heard[question.element] = max(answer.at, heard.get(question.element, NEVER))
    return heard


def _may_wait(
    rest: Sequence[Element], answers: Sequence[Answer], bank: Bank, now: datetime
) -> bool:
    """Say whether these elements stay fresh if none of them is asked about today (rule 11).

    The next pulse is at most a fortnight away and has room for two of them, the one after it
    for two more. What we never heard of waits since the first answer.
    """
    heard = _heard(answers, bank, now)
    began = min((a.at for a in answers if a.at <= now), default=now)
    ages = (now - heard.get(element, began) for element in rest)
    return all(
        age + SELDOM * (1 + place // QUESTIONS_A_TOUCH) <= FRESH for place, age in enumerate(ages)
    )


def _missing(standing: Standing, may_count: Sequence[Element]) -> Element | None:
    if not standing.provisional:
        return None
    return next((e for e in may_count if standing.scores[e] is None), None)


def _last_asked(answers: Iterable[Answer]) -> dict[str, datetime]:
    asked: dict[str, datetime] = {}
    for answer in answers:
        asked[answer.question] = max(answer.at, asked.get(answer.question, NEVER))
    return asked


def _item(
    bank: Iterable[Question], element: Element, asked: dict[str, datetime]
) -> Question | None:
    items = [q for q in bank if q.scored and q.element == element]
    return min(items, key=lambda q: asked.get(q.id, NEVER), default=None)


def _beside(bank: Iterable[Question], asked: dict[str, datetime]) -> Question | None:
    items = [q for q in bank if q.kind in {"stance", "area"}]
    return min(items, key=lambda q: asked.get(q.id, NEVER), default=None)
