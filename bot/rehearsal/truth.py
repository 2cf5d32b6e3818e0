"""What was true in a play: each person's score per element, and from when to when it held."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from nudges.adkar import ELEMENTS, WINDOW, Answer, Bank, stand


def truths(
    answers: Sequence[Answer], bank: Bank, go_live: datetime | None, end: datetime
) -> Iterator[dict[str, Any]]:
    """Yield a line for each time a score held, from one person's answers.

    A score changes with an answer, when one gets too old to count, and on the day of going live.
    """
    begun: dict[str, tuple[datetime, float]] = {}
    for now in _moments(answers, go_live, end):
        scores = stand(answers, bank, now, go_live).scores
        for element in ELEMENTS:
            score = scores[element]
            held = begun.get(element)
            if held and score != held[1]:
                yield _line(answers[0].person, element, held, now)
                del begun[element]
            if score is not None and (not held or score != held[1]):
                begun[element] = (now, score)
    for element, held in begun.items():
        yield _line(answers[0].person, element, held, end)


def _moments(
    answers: Iterable[Answer], go_live: datetime | None, end: datetime
) -> Iterator[datetime]:
    moments = {at for a in answers for at in (a.at, a.at + WINDOW)}
    if go_live is not None:
        moments.add(go_live)
    yield from sorted(at for at in moments if at <= end)


def _line(person: str, element: str, held: tuple[datetime, float], to: datetime) -> dict[str, Any]:
    since, score = held
    return {
        "person": person,
        "measure": element,
        "from": since.isoformat(),
        "to": to.isoformat(),
        "value": score,
    }
