"""Rounds of recognition, competitions and sprints that break at any point, and are begun again.

Wherever the database goes away, what comes of it in the end is what comes of it without a fault:
each point once, each card once.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias, cast

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.competitions import Competitions
from bot.recognition import Recognitions
from bot.sprints import Sprints
from nudges.adoption import WEEK, Metric, Use
from nudges.competition import (
    Award,
    Competition,
    CompetitionJoined,
    CompetitionKept,
    CompetitionReleased,
)
from nudges.people import Person
from nudges.recognition import Agreed, Deed, Result
from nudges.sprint import Sprint, SprintKept, SprintReleased
from nudges.use_linked import UseLinked
from tests.clock import Clock
from tests.contracts.given import HERE
from tests.faults.faulty import Faults, FaultyStore

STARTS = date(2026, 11, 2)
BEFORE = datetime(2026, 10, 26, 9, tzinfo=UTC)
END = datetime(2026, 11, 25, 9, tzinfo=UTC)
BOTH = {"en": "Early birds", "nl": "Vroege vogels"}
DAYS = Metric.ACTIVE_DAYS
FIVE = ("ann", "bob", "cas", "dee", "eve")
GAME = Competition("birds", BOTH, BOTH, BOTH, STARTS, date(2026, 11, 15), (), {DAYS: Award(2, 8)})
SPRINT = Sprint("tidy", BOTH, BOTH, 90, STARTS, date(2026, 11, 15))
RESULT = Result("level", "2026-11-02", 1, (Deed(DAYS, 4, 3),))
Name: TypeAlias = Literal["announce", "count", "close", "sprint", "spotlight"]
AT: dict[Name, datetime] = {
    "announce": BEFORE,
    "count": datetime(2026, 11, 10, 9, tzinfo=UTC),
    "close": END,
    "sprint": datetime(2026, 11, 3, 9, tzinfo=UTC),
    "spotlight": datetime(2026, 11, 18, 9, tzinfo=UTC),
}


async def begin(store: Store) -> None:
    people = [Person(w, w.title(), segment="sales", manager="mo", welcomed=True) for w in FIVE]
    homes = [replace(p, addresses=(replace(HERE, user=p.id),)) for p in people]
    async with store.write() as work:
        await work.save(homes, BEFORE)
        await work.keep([UseLinked(on=True, basis="x", since=STARTS)], "pia", BEFORE)
        await work.keep([CompetitionKept(GAME), CompetitionReleased(1)], "cor", BEFORE)
        await work.keep([SprintKept(SPRINT), SprintReleased(1)], "cor", BEFORE)
        for nth, who in enumerate(FIVE):
            await work.keep([CompetitionJoined(1)], who, BEFORE)
            uses = [Use(who, STARTS + n * WEEK, {DAYS: float(nth)}) for n in range(2)]
            await work.keep_usage(uses, "csv", BEFORE)
        for who in FIVE[:2]:
            await work.keep([Agreed("public", RESULT, "mo")], who, BEFORE)


async def left(store: Store) -> list[Any]:
    """Return everything that comes of a round, but for the order in which it was written."""
    async with store.read() as work:
        c = deliveries.c
        rows = await work.connection.execute(select(c.occasion, c.person, c.state))
        queued = sorted(tuple(row) for row in rows.all())
        ledger = sorted((r.person, r.week, r.amount, r.points) for r, _, _ in await work.ledger(1))
        contest = (await work.contests([1]))[1]
        return [queued, ledger, contest.closed, [one.told for one in await work.untold(9)]]


def round_of(name: Name, store: object) -> Callable[[], Awaitable[int]]:
    clock, given = Clock(AT[name]), cast("Any", store)
    match name:
        case "sprint":
            return Sprints(given, clock, lambda: None).round
        case "spotlight":
            return Recognitions(given, clock, lambda: None).round
        case _:
            return Competitions(given, clock, lambda: None).round


@pytest.mark.parametrize("name", list(AT))
async def test_broken_anywhere_and_begun_again_it_comes_to_the_same(name: Name) -> None:
    whole = await Store.open("sqlite://", create=True)
    await begin(whole)
    counted = Faults()
    await round_of(name, FaultyStore(whole, counted))()
    wanted = await left(whole)
    await whole.close()
    points = len(counted.points)
    assert points > 3
    for at in range(1, points + 1):
        store = await Store.open("sqlite://", create=True)
        await begin(store)
        faults = Faults(at, "fail")
        with pytest.raises(OSError, match="no database"):
            await round_of(name, FaultyStore(store, faults))()
        await round_of(name, store)()
        await round_of(name, store)()
        assert await left(store) == wanted, counted.points[at - 1]
        await store.close()
