"""Everything about people has its end: the clock is moved, and every table is looked at."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from adapters.content.files import load_library
from adapters.store.answers import answers
from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.retention import KEPT, RANGE, SWEPT, sweeps
from adapters.store.schema import metadata
from bot.outlooks import work_out
from bot.retention import Sweeps
from bot.ticker import Ticker
from dialogs.guide import HelpNote
from dialogs.welcome import WelcomeNote
from nudges.adkar import Answer
from nudges.audience_language import parse
from nudges.delivery import Priority, Settled, State
from nudges.retention import LEAST, MOST, YEAR, RetentionSet
from nudges.tips import TipNote
from nudges.voice import Closed
from tests.clock import MONDAY, Clock
from tests.contracts.given import begin, claim, end, post, queue, settle_in
from tests.contracts.test_store_erasure import fill

DAY = timedelta(days=1)
AFTER: Mapping[str, timedelta] = {
    "competition_joiners": 22 * DAY,
    "competition_points": 22 * DAY,
    "training_signups": 9 * DAY,
    "training_invitations": 9 * DAY,
}
"""How long after Monday that ends which a table's rows belong to."""


async def sweep(store: Store, now: datetime, part: int = 500) -> int:
    """Let both rounds that take things out run."""
    clock = Clock(now)
    await Ticker(store, clock, lambda: None).tidy()
    return await Sweeps(store, clock, part=part).round()


async def counted(store: Store) -> dict[str, int]:
    async with store.read() as work:
        return {
            name: await work.connection.scalar(
                select(func.count()).select_from(metadata.tables[name])
            )
            or 0
            for name in sorted(KEPT)
        }


def test_every_table_about_people_says_how_long_it_keeps_them() -> None:
    personal = {t.name for t in metadata.sorted_tables if "erased_by" in t.info}
    assert personal - set(KEPT) == set(), "add them to KEPT, with a reason in kept.toml"
    assert set(KEPT) - personal == set(), "nobody is in these any more"


def test_what_is_swept_has_days_and_what_has_none_is_not() -> None:
    assert {name for name in SWEPT if not KEPT[name].days} == set()
    answered = {name for name, keep in KEPT.items() if keep.chosen}
    assert answered <= set(SWEPT), "the officer's days have to count"
    assert all(KEPT[name].days <= MOST for name in answered)


async def filled(store: Store) -> None:
    """Leave traces in every table, all at an end."""
    await fill(store)
    async with store.write() as work:
        numbers = await work.connection.scalars(select(metadata.tables["voices"].c.id))
        await work.keep([Closed(n, done=True, words="Done so.") for n in numbers], "ann", MONDAY)
        ended = {"state": "sent", "lease_until": None}
        await work.connection.execute(update(deliveries).values(ended))
        opened = metadata.tables["referrals"]
        await work.connection.execute(update(opened).values(state="done"))
        waiting = metadata.tables["inbox"]
        await work.connection.execute(update(waiting).values(done_at=MONDAY))


async def test_every_row_stays_as_long_as_it_says_and_no_longer(store: Store) -> None:
    await filled(store)
    there = await counted(store)
    assert {name for name, n in there.items() if not n} == set()
    ends = {
        name: MONDAY + AFTER.get(name, 0 * DAY) + keep.days * DAY
        for name, keep in KEPT.items()
        if keep.days and keep.rule not in {"last", "sent"}
    }
    looks = [(at - DAY, name, True) for name, at in ends.items()]
    looks += [(at + 2 * DAY, name, False) for name, at in ends.items()]
    for at in sorted({at for at, _, _ in looks}):
        await sweep(store, at)
        left = await counted(store)
        wrong = [name for when, name, stays in looks if when == at and bool(left[name]) != stays]
        assert wrong == [], f"after {at - MONDAY}"
    left = await counted(store)
    for name, keep in KEPT.items():
        if keep.rule in {"here", "log", "last"}:
            assert left[name] == there[name], f"{name} stays"
    assert (left["standings"], left["looked"]) == (0, 0)


async def test_messages_go_and_what_is_still_asked_for_stays(store: Store) -> None:
    await settle_in(store, "ann")
    kinds = {
        "help": (HelpNote(), Priority.INTERACTIVE),
        "tip": (TipNote("one-box-for-everything"), Priority.NUDGE),
        "broadcast:1": (HelpNote(), Priority.BROADCAST),
        "greeting": (WelcomeNote(), Priority.NUDGE),
    }
    wanted = [post(name, note=note, priority=p) for name, (note, p) in kinds.items()]
    await queue(store, *wanted)
    claimed = await claim(store)
    await begin(store, claimed)
    for one in claimed:
        await end(store, one, Settled(State.SENT, ref="r"))
    await queue(store, post("waits"))

    async def left() -> set[str]:
        async with store.read() as work:
            return set(await work.connection.scalars(select(deliveries.c.occasion)))

    await sweep(store, MONDAY + MOST * DAY)
    assert await left() == {*kinds, "waits"}
    await sweep(store, MONDAY + (MOST + 1) * DAY)
    assert await left() == {"tip", "broadcast:1", "greeting", "waits"}
    await sweep(store, MONDAY + (YEAR + 1) * DAY)
    assert await left() == {"greeting", "waits"}, "nobody is greeted twice, and nothing is lost"


async def survey(store: Store, people: int, days: int) -> None:
    """Let people answer once a day, one after the other."""
    await settle_in(store, *(f"p{n}" for n in range(people)))
    given = [
        Answer(f"p{n}", "A1", 2, MONDAY + day * DAY) for day in range(days) for n in range(people)
    ]
    async with store.write() as work:
        await work.keep_answers(given)
        await work.outlook_due([f"p{n}" for n in range(people)])


async def oldest(store: Store) -> datetime | None:
    async with store.read() as work:
        return await work.connection.scalar(select(func.min(answers.c.at)))


async def test_what_the_officer_set_counts_from_the_next_round_on_within_bounds(
    store: Store,
) -> None:
    await survey(store, 2, 200)
    now = MONDAY + 200 * DAY
    await sweep(store, now)
    assert await oldest(store) == now - MOST * DAY
    for said, counts in ((90, 90), (1, LEAST), (5000, LEAST)):
        async with store.write() as work:
            await work.keep([RetentionSet(said)], "p1", now)
            word = await work.retention()
        assert await oldest(store), word
        await sweep(store, now)
        assert await oldest(store) == now - counts * DAY, f"the day's sweep runs again for {said}"
    async with store.read() as work:
        acts = [(one.who, one.act, one.about) for one in await work.audited()]
        assert (await work.retention()).days == MOST
    assert acts == [("p1", "set", f"retention:{days}") for days in (MOST, LEAST, 90)]


async def test_where_people_stand_is_the_same_after_what_is_old_is_gone(store: Store) -> None:
    await survey(store, 3, 70)
    bank, now = load_library().bank, MONDAY + 70 * DAY
    clock = Clock(now)

    async def stands() -> tuple[object, int]:
        await work_out(store, bank, clock)
        async with store.read() as work:
            known = await work.answers(["p0"], now)
            found = await work.count(parse("barrier is awareness"), now)
        return {a.question for a in known["p0"] if a.at > now - LEAST * DAY}, found

    before = await stands()
    assert before == ({"A1"}, 3)
    async with store.write() as work:
        await work.keep([RetentionSet(LEAST)], "p1", now)
    assert await sweep(store, now) == 3 * 10
    async with store.write() as work:
        await work.outlook_due(["p0", "p1", "p2"])
    assert await stands() == before


async def test_it_goes_in_parts_and_goes_on_where_it_was(store: Store) -> None:
    await survey(store, 1, 30)
    now = MONDAY + 400 * DAY
    async with store.write() as work:
        await work.connection.execute(
            insert(answers).values(
                id=3 * RANGE,
                person="p0",
                question="A2",
                score=1,
                not_applicable=False,
                at=MONDAY,
                occasion="",
            )
        )
        first = await work.sweep("answers", now, MOST, 7)
        assert (first.gone, first.after) == (7, 7)
    assert await sweep(store, now, part=7) >= 24
    assert await oldest(store) is None
    assert await sweep(store, now, part=7) == 0, "once a day is enough"
    async with store.read() as work:
        done = set(await work.connection.scalars(select(sweeps.c.name)))
    assert done == set(SWEPT)


async def test_who_stays_silent_about_a_number_is_not_new_to_it(store: Store) -> None:
    """What each said last is kept with whatever else goes: it is what keeps a number safe."""
    await filled(store)
    await sweep(store, MONDAY + 3 * YEAR * DAY)
    async with store.read() as work:
        past = await work.past("measure of one", MONDAY + 3 * YEAR * DAY)
    assert past.ledger.fresh({"canary-7c1e": "none"}) == {}
    assert past.ledger.fresh({"canary-7c1e": "desire"}) == {"canary-7c1e": "desire"}


@pytest.mark.parametrize("template", [False, True])
async def test_a_template_is_no_draft_that_was_left(store: Store, *, template: bool) -> None:
    await settle_in(store, "ann")
    row: dict[str, Any] = {
        "key": "k",
        "author": "ann",
        "draft": {},
        "template": template,
        "at": MONDAY,
    }
    async with store.write() as work:
        await work.connection.execute(insert(metadata.tables["drafts"]).values(row))
    await sweep(store, MONDAY + 2 * YEAR * DAY)
    assert (await counted(store))["drafts"] == int(template)
