"""What a look at /metrics costs while a million deliveries are kept, and half a million wait."""

from collections.abc import Sequence
from time import perf_counter

from sqlalchemy import text

from adapters.store.database import Store
from bot.figures import Figures
from bot.metrics import Metrics
from nudges.delivery import Priority
from nudges.pace import POSTS, Paces
from tests.bench.broadcast import MILLION, each_database
from tests.bench.rows import Row, row
from tests.clock import MONDAY

TIMES = 30
HOME = "slack:T1"
COUNT = {
    "SQLite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)",
    "PostgreSQL": "WITH n(i) AS (SELECT generate_series(1, :n))",
}
FILL = """
INSERT INTO deliveries (occasion, person, kind, note, card, subject, priority, run, lane, due,
    state, attempt, fence, ref, why)
{count} SELECT 'b:1', 'p' || i, 'post', '{{}}', 'broadcast', '', 3, 'b:1', 'slack:T1', :due,
    CASE i % 2 WHEN 0 THEN 'queued' ELSE 'sent' END, 0, 0, '', '' FROM n
"""


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    async for name, database in each_database():
        store = await Store.open(database, create=True)
        async with store.write() as work:
            await work.begin_run("b:1", Priority.BROADCAST, MONDAY)
            await work.open_lanes([HOME])
            due = MONDAY.replace(tzinfo=None) if store.lite else MONDAY
            await work.connection.execute(
                text(FILL.format(count=COUNT[name])), {"n": MILLION, "due": due}
            )
        metrics = Metrics(store, lambda: MONDAY, Figures(), Paces({("slack", POSTS): 5.0}))
        await metrics.measure()
        took: list[float] = []
        for _ in range(TIMES):
            began = perf_counter()
            told = await metrics.measure()
            took.append((perf_counter() - began) * 1000)
            assert b'wayfinder_deliveries{platform="slack",state="queued"} 50000.0' in told
        rows.append(row(f"{name}: a look at /metrics, a million kept", took, "ms", "≤ 50"))
        await store.close()
    return rows
