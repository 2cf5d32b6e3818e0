"""The numbers of a digest, from what was frozen: which are of this week, and which have moved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from nudges.digest import Kind, Line, Missing, Number, Why
from nudges.group import (
    BARRIER,
    LEVEL,
    MANAGERS,
    MEASURES,
    WEEK,
    Figure,
    Measure,
    Told,
    comparable,
    decided,
)
from nudges.measured import FROM_USE

KINDS: Mapping[Measure, Kind] = {m: k for m in MEASURES for k in get_args(Kind) if k == m.name}
STALE = 2
"""A number is told until so many of its periods went by without a new one."""
FROM_CRM = frozenset({*FROM_USE, LEVEL})
"""Where these are missing altogether, it is the CRM that told nothing."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a digest says and what it does not, and the figures it is made of."""

    lines: tuple[Line, ...] = ()
    missing: tuple[Missing, ...] = ()
    cells: tuple[int, ...] = ()


def numbers(found: Mapping[str, Sequence[Figure]], week: date) -> Numbers:
    """Return what the head of a team is told in the digest of a week.

    Args:
        found: the last two figures of each measure, newest first.
        week: the Monday of the week that the digest is about.

    """
    lines: list[Line] = []
    missing: list[Missing] = []
    cells: list[int] = []
    for measure, kind in KINDS.items():
        known = found.get(measure.name, ())
        now, before = _last(measure, known, week)
        if now is None:
            if measure is not MANAGERS and not measure.whole:  # most lead nobody who leads
                why = _why(measure, known, week)
                missing += [Missing(one, why) for one in _kinds(measure, kind)]
            continue
        then = before if before and comparable(now, before) else None
        cells += [figure.cell for figure in (now, then) if figure]
        if measure is BARRIER:
            lines.append(_line("decided", now, then, _decided))
        lines.append(_line(kind, now, then, _same))
    return Numbers(tuple(lines), tuple(missing), tuple(cells))


def _kinds(measure: Measure, kind: Kind) -> tuple[Kind, ...]:
    return ("decided", kind) if measure is BARRIER else (kind,)


def _last(
    measure: Measure, found: Sequence[Figure], week: date
) -> tuple[Figure | None, Figure | None]:
    """Return the figure that is told now, and the one before it that it is compared with.

    One that was withheld since takes nothing back.
    """
    told = [figure for figure in found if figure.week <= week and figure.told]
    periods = 1 if measure.every_weeks == 1 else STALE * measure.every_weeks
    if not told or week - told[0].week >= WEEK * periods:
        return None, None
    return told[0], next(iter(told[1:]), None)


def _why(measure: Measure, found: Sequence[Figure], week: date) -> Why:
    of_this = (
        f for f in found if not f.told and week - WEEK * measure.every_weeks < f.week <= week
    )
    now = next(of_this, None)
    if (now is None or now.why == "gap") and measure in FROM_CRM:
        return "gap"
    return "unchanged" if now is not None and now.why == "unchanged" else "few"


def _line(kind: Kind, now: Figure, then: Figure | None, of: Callable[[Told], Told]) -> Line:
    return Line(_number(kind, now, of), _number(kind, then, of) if then else None)


def _number(kind: Kind, figure: Figure, of: Callable[[Told], Told]) -> Number:
    told = of(figure.told or Told(""))
    scope = "own" if figure.exact else "together"
    shares = tuple(told.shares.items())
    return Number(kind, figure.week.isoformat(), told.band, shares, told.mean, scope)


def _same(told: Told) -> Told:
    return told


def _decided(told: Told) -> Told:
    share = decided(told)
    return Told(told.band, {"yes": share, "no": round(1 - share, 2)})
