"""Rumours in the store: held without a teller, put down together once a day, answered as one."""

from datetime import timedelta

from sqlalchemy import Connection, column, inspect, select, text

from adapters.store.database import Store, Work
from adapters.store.inbox import inbox
from adapters.store.rumours import held_rumours, rumour_days, rumours
from adapters.store.schema import erasers
from dialogs.doorway import Arrival, Kept
from dialogs.rumour_notes import TELLING, RumourKeptNote
from nudges.delivery import Settled, Settlement, State
from nudges.people import Person
from nudges.release import FLOOR
from nudges.rumours import KEPT, Heard, RumourClosed, Rumours, SameRumour
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, post, queue, settle_in

DAY = MONDAY.date()
CROWD = [f"p{n}" for n in range(FLOOR)]


async def arrive(work: Work, who: str, nth: int = 0) -> None:
    """Let somebody write something, as the inbox keeps it."""
    arrival = Arrival(f"browser:{who}:{nth}", "browser", "{}", who)
    await work.accept([arrival], "one", MONDAY, MONDAY + timedelta(seconds=30))
    await work.consume([arrival.key], "one", MONDAY)
    await work.keep_replies([Kept(arrival.key, who, {})])


async def meet(store: Store, many: int = FLOOR, segment: str = "sales") -> None:
    """Let people of a group write something."""
    async with store.write() as work:
        await work.save([Person(w, segment=segment) for w in CROWD[:many]], MONDAY)
        for who in CROWD[:many]:
            await arrive(work, who)


async def tell(store: Store, *texts: str, segment: str = "sales") -> None:
    async with store.write() as work:
        await work.keep([Heard(text_, segment) for text_ in texts], "p0", MONDAY)


async def put_down(store: Store, days: int = 0) -> int | None:
    async with store.write() as work:
        return await work.put_down_rumours(DAY + timedelta(days=days), MONDAY)


async def waiting(store: Store) -> Rumours:
    async with store.read() as work:
        return await work.rumours(DAY)


async def keys(store: Store) -> dict[str, str]:
    return {one.texts[0]: key for key, one in (await waiting(store)).open.items()}


async def test_what_is_held_is_put_down_once_a_day(store: Store) -> None:
    await meet(store)
    await tell(store, "a", "b")
    assert (await waiting(store)).open == {}
    assert await put_down(store) == 2
    await tell(store, "c")
    assert await put_down(store) is None
    found = await waiting(store)
    assert sorted(await keys(store)) == ["a", "b"]
    assert {one.segments for one in found.open.values()} == {("sales",)}
    assert found.this_week == 2
    assert await put_down(store, days=1) == 1


async def test_fewer_than_five_writers_and_it_waits(store: Store) -> None:
    await meet(store, FLOOR - 1)
    await tell(store, "a")
    assert await put_down(store) == 0
    await meet(store)
    assert await put_down(store) is None, "this day's turn is over"
    assert await put_down(store, days=1) == 1


async def test_a_group_is_named_only_where_five_are_in_it_and_five_wrote(store: Store) -> None:
    await meet(store)
    async with store.write() as work:
        more = [Person(f"s{n}", segment="service") for n in range(FLOOR)]
        few = [Person(f"l{n}", segment="legal") for n in range(FLOOR - 1)]
        await work.save([*more, *few], MONDAY)
        for person in few:
            await arrive(work, person.id)
    for segment in ("sales", "service", "legal", "", "nobody"):
        await tell(store, f"in {segment}", segment=segment)
    await put_down(store)
    open_ = (await waiting(store)).open
    assert {one.texts[0]: one.segments for one in open_.values()} == {
        "in sales": ("sales",),
        "in service": (),
        "in legal": (),
        "in ": (),
        "in nobody": (),
    }
    async with store.write() as work:
        await work.save([Person(w, segment="legal") for w in CROWD[:2]], MONDAY)
    assert {one.segments for one in (await waiting(store)).open.values()} == {()}, "it is small now"


async def test_the_same_goes_on_as_one_and_leaves_as_one(store: Store) -> None:
    await meet(store)
    await tell(store, "a", "b", "c")
    await put_down(store)
    by = await keys(store)
    async with store.write() as work:
        told = [SameRumour(by["a"], by["b"]), SameRumour(by["b"], by["c"])]
        await work.keep([*told, SameRumour(by["c"], by["c"])], "eve", MONDAY)
        await work.keep([SameRumour(by["a"], by["c"]), SameRumour(by["c"], "x")], "eve", MONDAY)
    (one,) = (await waiting(store)).open.values()
    assert (one.key, sorted(one.texts)) == (by["c"], ["a", "b", "c"])
    async with store.write() as work:
        for _ in range(2):
            await work.keep([RumourClosed(by["c"], answered=True)], "eve", MONDAY)
        audited = [(a.who, a.act, a.about) for a in await work.audited()]
    assert (await waiting(store)).open == {}
    assert sorted(audited) == sorted(
        [
            ("eve", "answer", f"rumour:{by['c']}"),
            ("eve", "merge", f"rumour:{by['b']}"),
            ("eve", "merge", f"rumour:{by['a']}"),
        ]
    )
    async with store.read() as work:
        assert await work.rumours_a_day() == {DAY: 3}


async def test_after_half_a_year_it_is_gone(store: Store) -> None:
    await meet(store)
    await tell(store, "a")
    await put_down(store)
    await put_down(store, days=KEPT.days)
    assert list(await keys(store)) == ["a"]
    await put_down(store, days=KEPT.days + 1)
    assert list(await keys(store)) == []
    async with store.read() as work:
        days = (await work.connection.scalars(select(rumour_days.c.day))).all()
    assert len(days) == 2


async def test_forgetting_people_leaves_rumours_alone(store: Store) -> None:
    await meet(store)
    await tell(store, "a")
    await put_down(store)
    await tell(store, "b")
    async with store.write() as work:
        for who in CROWD:
            for statement in erasers(who):
                await work.connection.execute(statement)
        assert await work.connection.scalar(select(held_rumours.c.text)) == "b"
    assert list(await keys(store)) == ["a"]


async def test_a_row_tells_no_number_and_no_transaction(store: Store) -> None:
    async with store.write() as work:
        await arrive(work, "p0")
        await work.keep([Heard("a", "")], "p0", MONDAY)
    async with store.write() as work:
        stirred = await work.stir_rumours()
    async with store.read() as work:
        if store.lite:
            assert stirred == 0
            for table in (held_rumours, rumours):
                told = text(f"SELECT sql FROM sqlite_master WHERE name = '{table.name}'")  # noqa: S608 - a name of ours
                assert "WITHOUT ROWID" in str(await work.connection.scalar(told))
            return
        assert stirred == 1
        wrote = select(column("xmin").cast(held_rumours.c.text.type))
        turn = await work.connection.scalar(wrote.select_from(inbox))
        row = await work.connection.scalar(wrote.select_from(held_rumours))
    assert turn is not None
    assert row is not None
    assert turn != row


async def test_nothing_counts_rows_of_rumours(store: Store) -> None:
    def counted(connection: Connection) -> list[str]:
        columns = [
            column_
            for table in (held_rumours, rumours)
            for column_ in inspect(connection).get_columns(table.name)
        ]
        return [c["name"] for c in columns if c.get("autoincrement") is True or c["default"]]

    async with store.read() as work:
        assert await work.connection.run_sync(counted) == []


async def test_a_card_that_would_tell_is_covered_when_it_ends(store: Store) -> None:
    await settle_in(store, "ann")
    numbers = await queue(
        store,
        post("one", note=RumourKeptNote(typed=True)),
        post("two", note=RumourKeptNote()),
        post("three", note=RumourKeptNote()),
    )
    first, second, third = await claim(store)
    await begin(store, [first, second])
    sent = Settled(State.SENT, ref="m1")
    async with store.write() as work:
        covered = Settlement(first.number, first.fence, sent, first.delivery.note.cover)
        late = Settlement(second.number, second.fence - 1, sent, second.delivery.note.cover)
        await work.settle([covered, late], MONDAY)
        found = await work.messages(numbers)
        assert [found[n].note.cover is None for n in numbers] == [True, False, False]
        assert await work.telling_cards(TELLING) == []
    await end(store, third, Settled(State.GONE))
    async with store.write() as work:
        left = await work.telling_cards(TELLING)
        assert left == [third.number]
        await work.cover_cards(left)
        assert await work.telling_cards(TELLING) == []
