"""Which questions come next: the rotation that keeps every element fresh with few questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from nudges.adkar import (
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
    one; then the barrier itself. When nothing holds the person up the second question stands
    beside the bank: where they stand, or how well they know an area.
    """
    live = is_live(go_live, now)
    standing = stand(answers, bank, now, go_live)
    order = stalest(answers, bank, now, live=live)
    first = _missing(standing, applicable(live=live)) or order[0]
    second = standing.element if standing.element not in {None, first} else None
    asked = _last_asked(answers)
    chosen = [_item(bank.values(), first, asked)]
    if second:
        chosen.append(_item(bank.values(), second, asked))
    elif standing.barrier == "none":
        chosen.append(_beside(bank.values(), asked))
    else:
        chosen.append(_item(bank.values(), next(e for e in order if e != first), asked))
    return tuple(q for q in chosen if q)[:QUESTIONS_A_TOUCH]


def question_about(element: Element, answers: Sequence[Answer], bank: Bank) -> Question | None:
    """Choose the question to ask when someone wants to be asked about one element again."""
    return _item(bank.values(), element, _last_asked(answers))


def stalest(
    answers: Iterable[Answer], bank: Bank, now: datetime, *, live: bool
) -> tuple[Element, ...]:
    """Order the applicable elements from the one heard of longest ago to the newest."""
    heard: dict[Element, datetime] = {}
    for answer in current(answers, now).values():
        question = bank.get(answer.question)
        if question is not None and question.scored:
            heard[question.element] = max(answer.at, heard.get(question.element, NEVER))
    return tuple(sorted(applicable(live=live), key=lambda e: heard.get(e, NEVER)))


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
