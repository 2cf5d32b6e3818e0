"""Numbers of a small company, closed as the ticker does it, and shown to a sponsor."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from adapters.store.database import Store
from nudges.group import (
    ACTIVE,
    BARRIER,
    REACH,
    RECORDS,
    RESPONSE,
    Measure,
    Member,
    freeze,
    teams_of,
)
from nudges.people import Person
from nudges.release import TOP, Value
from tests.clock import MONDAY

W42, W46 = date(2026, 10, 12), date(2026, 11, 9)
HEADS = ("abe", "bea")
CROWD = tuple(f"{head}{n}" for head in HEADS for n in range(9))
STAFF = [Member(head) for head in HEADS] + [Member(who, who[:3]) for who in CROWD]
SPOKEN: Mapping[Measure, tuple[Value, ...]] = {
    BARRIER: ("desire", "ability", "none"),
    ACTIVE: ("yes", "no"),
    RECORDS: (3.0, 4.0, 5.0),
    REACH: ("yes", "no"),
    RESPONSE: ("answered", "silent"),
}


async def settle_in(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person(m.id, manager=m.manager) for m in STAFF], MONDAY)
        await work.save([Person("sam")], MONDAY)


async def close(store: Store, measure: Measure, week: date, *, many: int = 99) -> None:
    """Close a measure in which so many people said something."""
    said = SPOKEN[measure]
    values = {m.id: said[n % len(said)] for n, m in enumerate(STAFF[:many])}
    async with store.read() as work:
        staff, past = await work.everybody(), await work.past(measure.name, MONDAY)
    frozen = freeze(measure, teams_of(staff), values, past.ledger)
    async with store.write() as work:
        assert await work.keep_closing(frozen, week, 5, past, MONDAY + (week - W46))


async def show(
    store: Store, measures: Collection[Measure], unit: str = TOP, who: str = "sam"
) -> None:
    """Show somebody the last number of some measures, as a digest does."""
    async with store.write() as work:
        found = await work.figures(unit, [m.name for m in measures])
        told = [figures[0].cell for figures in found.values() if figures[0].told]
        await work.note_shown({who: told}, "digest", MONDAY)


async def told_twice(store: Store) -> None:
    """Let two weeks be over, and the sponsor know of them."""
    await settle_in(store)
    for week in (W46 - timedelta(weeks=1), W46):
        for measure in (ACTIVE, RECORDS):
            await close(store, measure, week)
            await show(store, [measure])
