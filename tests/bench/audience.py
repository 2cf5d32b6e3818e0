"""Counting an audience over 100,000 people: team trees, roles, lists, and who is held up."""

import gc
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import text

from adapters.store.database import Store
from bot.rehearsal.postgres import postgres_server
from nudges.adkar import BarrierName, Element
from nudges.audience import Facts, Group, GroupKind, matches
from nudges.audience_language import parse
from nudges.hours import local_day
from nudges.outlook import ALWAYS, Stretch, barrier_at
from nudges.people import Person
from nudges.phases import phase as phase_of
from nudges.programme import Programme, Segment
from tests.bench.rows import Row, row
from tests.clock import MONDAY

PEOPLE, PART, TIMES = 100_000, 5_000, 15
RULES = (
    "segment is sales and language is nl",
    "team is Sales/R2 or Service",
    "barrier is awareness and segment is sales",
    "not (barrier is unknown or reinforcement) or level is 3",
    "(role is manager or in list pilot) and phase is calm and region is NL",
)
ZONES = ("Europe/Amsterdam", "Europe/London", "America/New_York", "Asia/Kolkata")
BARRIERS: Sequence[BarrierName] = (Element.AWARENESS, Element.DESIRE, Element.ABILITY, "none")
SEGMENTS = {
    "sales": Segment("sales", go_live=date(2026, 10, 1)),
    "service": Segment("service", go_live=MONDAY.date() - timedelta(days=100)),
}
PILOT = Group(GroupKind.LIST, "pilot")


def person(n: int) -> Person:
    top = ("Sales", "Service")[n % 2]
    return Person(
        f"p{n:06}",
        f"Person {n}",
        f"p{n}@example.com",
        team=f"{top}/R{n % 40}/T{n % 400}",
        job="sales",
        segment=("sales", "service", "")[n % 3],
        language=("nl", "en")[n // 2 % 2],
        zone=ZONES[n % 4],
        level=n % 4,
        roles=frozenset({"manager"} if n % 8 == 0 else ()),
    )


def stretches(n: int) -> tuple[Stretch, ...]:
    """Return an outlook of three stretches; every fifth person has not answered."""
    if n % 5 == 0:
        return ()
    kinds: list[BarrierName] = [BARRIERS[(n + nth) % 4] for nth in range(3)]
    edges = [ALWAYS, *(MONDAY + timedelta(days=9 * nth) for nth in (1, 2, 3))]
    return tuple(
        Stretch(edges[nth], edges[nth + 1], kind, _once_live(kind))
        for nth, kind in enumerate(kinds)
    )


def _once_live(kind: BarrierName) -> BarrierName:
    return Element.REINFORCEMENT if kind == "none" else kind


def facts(n: int) -> Facts:
    who = person(n)
    segment = SEGMENTS.get(who.segment, Segment(who.segment))
    phase = phase_of(segment, local_day(who, MONDAY))
    barrier = barrier_at(stretches(n), MONDAY, live=phase != "before")
    return Facts(who, phase, barrier, frozenset({PILOT} if n % 3 == 0 else ()))


async def run() -> Sequence[Row]:
    known = [facts(n) for n in range(PEOPLE)]
    expected = {rule: sum(matches(parse(rule), one) for one in known) for rule in RULES}
    del known
    gc.collect()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += await _counts("SQLite", f"sqlite:///{folder}/people.db", expected)
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            async with server.database() as database:
                rows += await _counts("PostgreSQL", database, expected)
    return rows


async def _counts(name: str, database: str, expected: dict[str, int]) -> list[Row]:
    store = await Store.open(database, create=True)
    await _fill(store)
    rows: list[Row] = []
    for words in RULES:
        took: list[float] = []
        for _ in range(TIMES):
            began = perf_counter()
            rule = parse(words)
            async with store.read() as work:
                found = await work.count(rule, MONDAY)
            took.append((perf_counter() - began) * 1000)
            assert found == expected[words], (words, found, expected[words])
        rows.append(row(f"{name}: {words} ({expected[words]:,})", took, "ms", "≤ 200"))
    await store.close()
    return rows


async def _fill(store: Store) -> None:
    async with store.write() as work:
        await work.keep_programme(Programme({}, segments=SEGMENTS))
    for start in range(0, PEOPLE, PART):
        part = range(start, start + PART)
        async with store.write() as work:
            await work.save([person(n) for n in part], MONDAY)
            await work.keep_outlooks({f"p{n:06}": stretches(n) for n in part})
    async with store.write() as work:
        pilot = [f"p{n:06}" for n in range(0, PEOPLE, 3)]
        await work.keep_list(PILOT, pilot, "pilot.csv", MONDAY)
    if not store.lite:
        async with store.once() as work:
            await work.connection.execute(text("ANALYZE"))
