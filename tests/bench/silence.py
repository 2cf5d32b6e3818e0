"""For how long groups are quiet, asked of 100,000 people with a million receipts."""

from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from sqlalchemy import bindparam, text

from adapters.store.database import Store
from adapters.store.schema import Moment
from bot.silence import silences
from nudges.broadcast import Draft, HandedIn, Message, Stage
from nudges.people import Person
from tests.bench.both import on_both
from tests.bench.rows import Row, row
from tests.clock import MONDAY

PEOPLE, BROADCASTS, GROUPS, TIMES = 100_000, 20, 12, 7


async def run() -> Sequence[Row]:
    return await on_both(_measured)


async def _measured(name: str, database: str) -> list[Row]:
    store = await Store.open(database, create=True)
    await _fill(store)
    all_ = [await _asked(store) for _ in range(TIMES)]
    async with store.write() as work:
        gone = "DELETE FROM receipts WHERE person IN (SELECT id FROM people WHERE segment = 's1')"
        await work.connection.execute(text(gone))
    never = [await _asked(store) for _ in range(TIMES)]
    one = [await _asked(store, ("s2",)) for _ in range(TIMES)]
    await store.close()
    return [
        row(f"{name}: a million receipts of 100,000 people", all_, "ms", "≤ 1,000"),
        row(
            f"{name}: the same, where one of {GROUPS} groups never said so", never, "ms", "≤ 1,000"
        ),
        row(f"{name}: one group, for its card", one, "ms", "≤ 200"),
    ]


async def _asked(store: Store, segments: Sequence[str] | None = None) -> float:
    began = perf_counter()
    async with store.read() as work:
        found = await silences(work, MONDAY, segments)
    assert len(found) == (GROUPS if segments is None else len(segments))
    assert all(one.level for one in found.values())
    return (perf_counter() - began) * 1000


async def _fill(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("p", segment="s0")], MONDAY)
        draft = Draft(Message({"en": "t"}, {"en": "b"}), "everyone", PEOPLE)
        await work.keep([HandedIn(draft, Stage.BEGUN)] * BROADCASTS, "p", MONDAY)
        found = await work.connection.execute(text("SELECT * FROM people"))
        columns = [c for c in found.keys() if c not in {"id", "segment"}]  # noqa: SIM118 - a result's
        listed = ", ".join(f'"{c}"' for c in columns)
        count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)"
        await work.connection.execute(
            text(
                f"INSERT INTO people (id, segment, {listed}) {count}"  # noqa: S608 - our own columns
                f" SELECT 'q' || ((i * 7919) % 1000003), 's' || (i % {GROUPS}), {listed}"
                " FROM people CROSS JOIN n WHERE id = 'p'"
            ),
            {"n": PEOPLE - 1},
        )
        for number in range(1, BROADCASTS + 1):
            half = "(substr(id, length(id)) < '5') = (:number % 2 = 0)"
            got = text(f"INSERT INTO receipts SELECT :number, id, :at FROM people WHERE {half}")  # noqa: S608 - our own words
            at = bindparam("at", MONDAY - timedelta(days=140 - 5 * number), Moment())
            await work.connection.execute(got.bindparams(at, number=number))
        for subject in ("welcome", "broadcast:3"):
            sent = text(
                "INSERT INTO deliveries (occasion, person, kind, note, card, subject, priority,"
                " run, lane, due, state, attempt, fence, ref, why, sent_at)"
                " SELECT :s, id, 'post', '{}', 'broadcast', :s, 3, :s, '', :at, 'sent', 1, 1,"
                " '', '', :at FROM people"
            )
            at = bindparam("at", MONDAY - timedelta(days=100), Moment())
            await work.connection.execute(sent.bindparams(at, s=subject))
    if not store.lite:
        async with store.once() as work:
            await work.connection.execute(text("ANALYZE"))
