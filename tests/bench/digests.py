"""A Monday of 1,000 managers over five million answers, with a year of numbers told before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import bindparam, text

from adapters.store.database import Store, Work
from adapters.store.schema import Moment
from adapters.store.standings import standings
from bot.wiring.parts import Connection, build
from nudges.adkar import ELEMENTS
from nudges.adoption import Metric, Use
from nudges.group import week_over
from nudges.people import Person
from nudges.roles import Grant, Role
from nudges.schedule import pulse_of_week
from tests.bench.both import on_both
from tests.bench.rows import Row, row
from tests.clock import MONDAY, Clock
from tests.desk import LIBRARY, PROGRAMME, Desk, Notebook, at, read, settings

PEOPLE, MANAGERS, A_WEEK, WEEKS, A_YEAR = 20_000, 1_000, 10, 25, 52
CHANGING = 0.3
"""So many people have another barrier four weeks later."""
ASKED = 50
LONG_AGO, FAR = (
    datetime(2025, 1, 1, tzinfo=MONDAY.tzinfo),
    datetime(2030, 1, 1, tzinfo=MONDAY.tzinfo),
)
BARRIERS = ("none", *(element.value for element in ELEMENTS))
SAYS = (
    "INSERT INTO answers (person, question, score, not_applicable, at, took_ms, occasion)"
    " SELECT id, :question, 1 + (number * 7 + :week * 3 + :place * 11) % 5, false, :at,"
    " 2000 + number % 9000, :occasion"
    " FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM people) AS everybody"
)
ASKS = (
    "INSERT INTO deliveries (occasion, person, kind, note, card, subject, priority, run, lane,"
    " due, state, attempt, fence, ref, why, sent_at) SELECT :pulse, id, 'post', '{}', 'pulse',"
    " :pulse, 3, :pulse, '', :at, 'sent', 1, 1, '', '', :at FROM people"
)


async def run() -> Sequence[Row]:
    return await on_both(_measured)


async def _measured(name: str, database: str) -> list[Row]:
    store, clock = await Store.open(database, create=True), Clock(MONDAY)
    await _fill(store)
    notebook = Notebook()
    desk = Desk(
        build(settings(), store, [Connection("browser", read, notebook)], clock),
        store,
        clock,
        notebook,
    )
    await _a_year(desk)
    before = await _count(store, "cells")
    closing = await _seconds(desk, "closings")
    cells = await _count(store, "cells") - before
    queueing = await _seconds(desk, "digests")
    assert await _count(store, "deliveries", "card = 'digest'") == MANAGERS
    await desk.app.settle()
    asked: list[float] = []
    for n in range(ASKED):
        began = perf_counter()
        await desk.says(f"m{n * (MANAGERS // ASKED):04}", "digest")
        asked.append((perf_counter() - began) * 1000)
    assert all(len(desk.chat(f"m{n * (MANAGERS // ASKED):04}")) > 1 for n in range(ASKED))
    await desk.app.stop()
    return [
        row(f"{name}: {MANAGERS:,} digests, closings and all", [closing + queueing], "s", "≤ 60"),
        row(f"{name}: of it the digests", [queueing], "s", ""),
        row(f"{name}: a cell audited, read, kept", [closing * 1000 / cells], "ms", "≤ 20"),
        row(f"{name}: a digest asked for", asked, "ms", "≤ 300"),
    ]


async def _seconds(desk: Desk, name: str) -> float:
    began = perf_counter()
    await desk.app.rounds[name][0]()
    return perf_counter() - began


async def _count(store: Store, table: str, where: str = "true") -> int:
    async with store.read() as work:
        found = await work.connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))  # noqa: S608 - our own words
        return int(found or 0)


async def _a_year(desk: Desk) -> None:
    """Tell numbers of a year, each period of other barriers."""
    dice, stands = Random(4711), dict[str, str]()  # noqa: S311 - no secret
    everybody = [
        *(f"m{n:04}" for n in range(MANAGERS)),
        *(f"p{n:05}" for n in range(PEOPLE - MANAGERS)),
    ]
    for back in range(A_YEAR, -1, -4):
        for who in everybody:
            if who not in stands or dice.random() < CHANGING:
                stands[who] = dice.choice(BARRIERS)
        rows = [
            {"person": who, "since": LONG_AGO, "until": FAR, "barrier": b, "once_live": b}
            for who, b in stands.items()
        ]
        async with desk.store.write() as work:
            await work.connection.execute(standings.delete())
            await work.connection.execute(text("DELETE FROM standings_due"))
            await work.connection.execute(standings.insert(), rows)
        if back:
            desk.clock.now = MONDAY - timedelta(weeks=back)
            await desk.app.rounds["closings"][0]()
    desk.clock.now = MONDAY
    await _analyze(desk.store)


async def _fill(store: Store) -> None:
    def person(name: str, manager: str) -> Person:
        return Person(name, name, language="en", manager=manager, addresses=(at(name),))

    people = [person(f"m{n:04}", f"m{(n - 1) // 10:04}" if n else "") for n in range(MANAGERS)]
    people += [person(f"p{n:05}", f"m{n % MANAGERS:04}") for n in range(PEOPLE - MANAGERS)]
    week = week_over(MONDAY)
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save(people, LONG_AGO)
        await work.keep([Grant(f"m{n:04}", Role.MANAGER) for n in range(MANAGERS)], "x", LONG_AGO)
        for back in range(WEEKS):
            await _answer(work, back)
        pulse = {"pulse": pulse_of_week(week)}
        sent = bindparam("at", MONDAY - timedelta(days=5), Moment())
        await work.connection.execute(text(ASKS).bindparams(sent, **pulse))
        uses = [
            Use(
                p.id,
                week,
                {
                    Metric.ACTIVE_DAYS: n % 6,
                    Metric.RECORDS: n % 23,
                    Metric.LEADS_IN_TIME: n % 3 / 2,
                },
            )
            for n, p in enumerate(people)
        ]
        await work.keep_usage(uses, "file", MONDAY)
    await _analyze(store)


async def _answer(work: Work, back: int) -> None:
    """Let everybody answer ten questions in a week so long ago."""
    when = MONDAY - timedelta(days=5, weeks=back)
    for place, question in enumerate(list(LIBRARY.bank)[:A_WEEK]):
        given: dict[str, Any] = {"question": question, "week": back, "place": place}
        given["occasion"] = pulse_of_week(when.date())
        at_ = bindparam("at", when + timedelta(minutes=place), Moment())
        await work.connection.execute(text(SAYS).bindparams(at_, **given))


async def _analyze(store: Store) -> None:
    if not store.lite:
        async with store.once() as work:
            await work.connection.execute(text("ANALYZE"))
