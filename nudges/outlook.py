"""What someone's barrier is from now on, as their answers grow old and nothing else happens.

An answer counts for sixty days, so what is known today says when which barrier ends. Kept beside
the person, it lets a rule such as ``barrier is awareness`` be counted at any moment without working
out a hundred thousand standings. It follows from the answers alone: whether Reinforcement counts
depends on the go-live date, so both cases stand in it, and an edited date needs no new outlook.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import pairwise

from nudges.adkar import WINDOW, Answer, Bank, BarrierName, Element, Standing, current, stand

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""From when the first stretch holds, so that a clock that is slightly behind finds it too."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the barrier stays what it is; from ``since``, before ``until``.

    ``barrier`` holds before the go-live, ``once_live`` from then on.
    """

    since: datetime
    until: datetime
    barrier: BarrierName
    once_live: BarrierName


def outlook(answers: Iterable[Answer], bank: Bank, now: datetime) -> tuple[Stretch, ...]:
    """Return the stretches of time from now on in which anything is known, one after another."""
    given = [a for a in answers if a.at > now - WINDOW]
    turns = {a.at for a in given if a.at > now}
    turns |= {a.at + WINDOW for a in current(given, now).values()}
    turns |= {a.at + WINDOW for a in given if a.at > now}
    moments = [now, *sorted(turns)]
    found: list[Stretch] = []
    for since, until in pairwise(moments):
        where = stand(given, bank, since, ALWAYS)
        stretch = Stretch(since, until, _before_go_live(where), where.barrier)
        if found and _same(found[-1], stretch):
            stretch = Stretch(found.pop().since, until, stretch.barrier, stretch.once_live)
        if stretch.once_live != "unknown":
            found.append(stretch)
    if found and found[0].since == now:
        found[0] = Stretch(ALWAYS, found[0].until, found[0].barrier, found[0].once_live)
    return tuple(found)


def _before_go_live(where: Standing) -> BarrierName:
    """Return the barrier without Reinforcement, which does not count yet (rule 5)."""
    if where.element not in {None, Element.REINFORCEMENT}:
        return where.barrier
    others = (score for e, score in where.scores.items() if e is not Element.REINFORCEMENT)
    return "none" if any(score is not None for score in others) else "unknown"


def _same(one: Stretch, other: Stretch) -> bool:
    return (one.until, one.barrier, one.once_live) == (other.since, other.barrier, other.once_live)


def fingerprint(bank: Bank) -> str:
    """Return a word that changes when the same answers could mean something else."""
    scored = sorted(f"{q.id} {q.element} {q.reversed}" for q in bank.values() if q.scored)
    return blake2b("\n".join(scored).encode(), digest_size=8).hexdigest()


def barrier_at(stretches: Sequence[Stretch], now: datetime, *, live: bool) -> BarrierName:
    """Return the barrier that an outlook tells for a moment."""
    for stretch in stretches:
        if stretch.since <= now < stretch.until:
            return stretch.once_live if live else stretch.barrier
    return "unknown"
