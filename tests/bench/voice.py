"""A page of the queue of 10,000 things that people raised, and how much there is in each state."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from sqlalchemy import insert, text

from adapters.store.database import Store
from adapters.store.voice import raisers, voices
from bot.contexts import queue_page
from nudges.people import Person
from nudges.voice import A_PAGE, SORTS
from nudges.voice_notes import QueueNote
from tests.bench.both import on_both
from tests.bench.rows import Row, row
from tests.clock import MONDAY

ITEMS, RAISERS, PEOPLE, TIMES = 10_000, 3, 2_000, 21
LOOKS = tuple(
    replace(look, after=ITEMS // 2)
    for look in (QueueNote(), QueueNote("blocker", "time"), QueueNote(segment="s3"))
)


async def run() -> Sequence[Row]:
    return await on_both(_measured)


async def _measured(name: str, database: str) -> list[Row]:
    store = await Store.open(database, create=True)
    await _fill(store)
    found = [
        row(
            f"{name}: a page of {ITEMS:,}, {what}",
            [await _looked(store, look) for _ in range(TIMES)],
            "ms",
            "≤ 200",
        )
        for what, look in zip(("all", "by kind", "by segment"), LOOKS, strict=True)
    ]
    await store.close()
    return found


async def _looked(store: Store, look: QueueNote) -> float:
    began = perf_counter()
    async with store.read() as work:
        page = await queue_page(work, look, MONDAY)
    assert page.more
    assert page.counts["new"] > A_PAGE
    return (perf_counter() - began) * 1000


async def _fill(store: Store) -> None:
    async with store.write() as work:
        people = [Person(f"p{n}", f"P {n}", segment=f"s{n % 12}") for n in range(PEOPLE)]
        await work.save(people, MONDAY)
        items = [
            {
                "id": n + 1,
                "kind": ("blocker", "wish", "feedback")[n % 3],
                "sort": SORTS[n % len(SORTS)],
                "area": "visits",
                "state": ("new", "taken", "done")[n // 3 % 3],
                "at": MONDAY,
                "owner": "",
                "due": date(2026, 11, 20),
                "words": "",
                "into": 0,
            }
            for n in range(ITEMS)
        ]
        said = [
            {
                "voice": n % ITEMS + 1,
                "person": f"p{(n * 7919) % PEOPLE}",
                "key": f"k{n}",
                "text": f"No time for it on the road, again ({n})",
                "language": "en",
                "named": n % 5 == 0,
                "at": MONDAY,
            }
            for n in range(ITEMS * RAISERS)
        ]
        await work.connection.execute(insert(voices), items)
        await work.connection.execute(insert(raisers), said)
    if not store.lite:
        async with store.once() as work:
            await work.connection.execute(text("ANALYZE"))
