"""What was told about groups in a play, and what was true, so that anybody can attack it.

The ledger has a line for every number that anybody was told, with the people it is about; the truth
has what each of them had said or done, as it was frozen. Both are the play's own, written down
where the program closes a week; the program keeps no such list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from adapters.store.database import Work
from adapters.store.releases import cells, closings, shown
from nudges.adkar import ELEMENTS
from nudges.group import (
    ACTIVE,
    BARRIER,
    LEVEL,
    MANAGERS,
    MEASURES,
    REACH,
    RESPONSE,
    Frozen,
    Measure,
)
from nudges.release import Value

WHOLE: Mapping[Measure, str] = {
    RESPONSE: "answered",
    ACTIVE: "yes",
    MANAGERS: "agree",
    REACH: "yes",
}
"""The category that is told, where there are only two."""
MOMENT = timedelta(seconds=1)
EACH: Mapping[Measure, tuple[str, ...]] = {
    BARRIER: (*map(str, ELEMENTS), "none"),
    LEVEL: ("0", "1", "2", "3"),
}


@dataclass(frozen=True, slots=True)
class _Closing:
    at: datetime
    measure: Measure
    values: Mapping[str, Value]
    people: tuple[tuple[str, ...], ...]


@dataclass(eq=False)
class Published:
    """All closings of a play."""

    _closings: dict[tuple[str, date], _Closing] = field(
        default_factory=dict[tuple[str, date], _Closing]
    )

    def closed(self, frozen: Frozen, week: date, at: datetime) -> None:
        """Write down a closing."""
        people = tuple(tuple(sorted(atom.values)) for atom in frozen.closed.atoms)
        found = _Closing(at, frozen.measure, frozen.values, people)
        self._closings[frozen.measure.name, week] = found

    async def ledger(self, work: Work) -> list[dict[str, Any]]:
        """Return a line for each number that anybody was shown."""
        rows = await work.connection.execute(
            select(
                shown.c.viewer,
                shown.c.at,
                closings.c.measure,
                closings.c.week,
                cells.c.atoms,
                cells.c.told,
            )
            .join(cells, cells.c.id == shown.c.cell)
            .join(closings, closings.c.id == cells.c.closing)
            .order_by(shown.c.id)
        )
        found: list[dict[str, Any]] = []
        for viewer, at, name, week, atoms, told in rows:
            closing = self._closings[name, week]
            places: list[int] = atoms
            people = sorted(who for place in places for who in closing.people[place])
            moment = min(at, self._until(closing, at) - MOMENT)
            for measure, value in _told(closing.measure, told or {}):
                line = {"viewer": viewer, "at": _said(moment), "measure": measure}
                found.append(line | {"people": people if told else [], "value": value, "n": None})
        return found

    def _until(self, closing: _Closing, at: datetime) -> datetime:
        """Return when the next closing of a measure was, or a moment after ``at`` without one.

        A number that is told beside a newer one, to compare with, is of its own time.
        """
        later = (c.at for c in self._closings.values() if c.measure is closing.measure)
        return min((one for one in later if one > closing.at), default=at + MOMENT)

    def truth(self, end: datetime) -> Iterator[dict[str, Any]]:
        """Yield a line for each time something was so of somebody."""
        for measure in MEASURES:
            mine = [c for c in self._closings.values() if c.measure is measure]
            mine.sort(key=lambda c: c.at)
            if measure.keeps:
                yield from _runs(measure, mine, end)
                continue
            for place, one in enumerate(mine):
                until = mine[place + 1].at if place + 1 < len(mine) else end
                for who, value in sorted(one.values.items()):
                    yield from _lines(who, measure, value, one.at, until)


def _runs(measure: Measure, found: list[_Closing], end: datetime) -> Iterator[dict[str, Any]]:
    """Yield how long each value was kept to; a closing without somebody ends nothing."""
    held: dict[str, tuple[datetime, Value]] = {}
    for one in found:
        for who, value in sorted(one.values.items()):
            since, before = held.get(who, (one.at, value))
            if before != value:
                yield from _lines(who, measure, before, since, one.at)
                since = one.at
            held[who] = (since, value)
    for who, (since, value) in sorted(held.items()):
        yield from _lines(who, measure, value, since, end)


def _lines(
    who: str, measure: Measure, value: Value, since: datetime, until: datetime
) -> Iterator[dict[str, Any]]:
    for name, category in _names(measure):
        yield {
            "person": who,
            "measure": name,
            "from": _said(since),
            "to": _said(until),
            "value": int(value == category) if category else value,
        }


def _said(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _told(measure: Measure, told: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    for name, category in _names(measure):
        if not told:
            yield name, None
        elif category:
            yield name, told["shares"].get(category, 0.0)
        else:
            yield name, told["mean"]


def _names(measure: Measure) -> Iterator[tuple[str, str]]:
    """Yield the numbers that a measure is told by, each with its category."""
    if measure in EACH:
        yield from ((f"{measure.name}:{category}", category) for category in EACH[measure])
    else:
        yield measure.name, WHOLE.get(measure, "")
