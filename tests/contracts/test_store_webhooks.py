"""What other systems are told: with the fact or not at all, once each, and by one program."""

import asyncio
import json
from datetime import timedelta

import pytest

from adapters.store.database import Store
from nudges.access import Access, digest, make_key
from nudges.webhooks import LEASE, REMEMBERED, Event, Kind, Next, Webhook
from tests.clock import MONDAY

DONE = Next("delivered")
NUMBERS: Kind = "numbers.released"


def event(occasion: str = "numbers:1", kind: Kind = NUMBERS) -> Event:
    return Event(kind, occasion, MONDAY, {"numbers": []})


@pytest.fixture
async def house(store: Store) -> Store:
    async with store.write() as work:
        wanted: dict[str, tuple[Kind, ...]] = {"bi": (NUMBERS,), "all": (NUMBERS, "health.judged")}
        for name, kinds in wanted.items():
            await work.add_webhook(Webhook(name, "x.example", "sealed", kinds, MONDAY), "settings")
    return store


async def claim(store: Store, late: timedelta = timedelta(), limit: int = 20) -> list[str]:
    async with store.write() as work:
        found = await work.claim_parcels(MONDAY + late, limit, LEASE)
    return sorted(f"{one.webhook.name} {one.event_id} {one.tries}" for one in found)


class TestOutbox:
    async def test_an_event_is_told_to_those_who_want_it_and_once(self, house: Store) -> None:
        async with house.write() as work:
            assert await work.announce(event()) == 2
            assert await work.announce(event()) == 0, "the same occasion is the same event"
            assert await work.announce(event("health:2026-10", "health.judged")) == 1
            assert await work.announce(event("broadcast:7", "broadcast.finished")) == 0
        assert len(await claim(house)) == 3

    async def test_no_fact_no_event(self, house: Store) -> None:
        async def fact() -> None:
            async with house.write() as work:
                await work.announce(event())
                message = "the fact failed"
                raise RuntimeError(message)

        with pytest.raises(RuntimeError, match="the fact failed"):
            await fact()
        assert await claim(house) == []

    async def test_where_nobody_is_told_nothing_is_kept(self, store: Store) -> None:
        async with store.write() as work:
            assert await work.announce(event()) == 0
            assert await work.forget_events(MONDAY + REMEMBERED) == 0

    async def test_the_body_says_what_and_when(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
            first = (await work.claim_parcels(MONDAY, 1, LEASE))[0]
        assert json.loads(first.body) == {
            "type": NUMBERS,
            "timestamp": MONDAY.isoformat(),
            "data": {"numbers": []},
        }


class TestParcels:
    async def test_of_two_programs_one_takes_each_up(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
        first, second = await asyncio.gather(claim(house), claim(house))
        assert len(first) + len(second) == 2
        assert not set(first) & set(second)

    async def test_who_died_is_followed_and_counts_for_nothing(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
            died = (await work.claim_parcels(MONDAY, 1, LEASE))[0]
        assert len(await claim(house)) == 1, "the other one is free"
        assert await claim(house, LEASE - timedelta(seconds=1)) == []
        assert len(await claim(house, LEASE)) == 2
        async with house.write() as work:
            assert not await work.settle_parcel(died, DONE, MONDAY), "it slept past its lease"

    async def test_what_arrived_is_not_told_again(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
            for one in await work.claim_parcels(MONDAY, 9, LEASE):
                assert await work.settle_parcel(one, DONE, MONDAY)
                assert not await work.settle_parcel(one, DONE, MONDAY)
            assert await work.parcels_by_state() == {
                "bi": {"delivered": 1},
                "all": {"delivered": 1},
            }
        assert await claim(house, timedelta(days=9)) == []

    async def test_what_is_tried_again_waits_that_long(self, house: Store) -> None:
        later = MONDAY + timedelta(hours=1)
        async with house.write() as work:
            await work.announce(event("health:1", "health.judged"))
            (one,) = await work.claim_parcels(MONDAY, 9, LEASE)
            await work.settle_parcel(one, Next("waiting", "status 500", later), MONDAY)
        async with house.read() as work:
            assert not await work.parcels_due(later - timedelta(seconds=1))
            assert await work.parcels_due(later)
        assert [row[-1] for row in await claim(house, timedelta(hours=1))] == ["2"]

    async def test_who_is_told_nothing_more_leaves_nothing_waiting(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
            assert await work.end_webhook("bi", "settings", "removed", MONDAY)
            assert not await work.end_webhook("bi", "settings", "removed", MONDAY)
            assert await work.announce(event("numbers:2")) == 1
            assert not await work.announce_to(event("test:bi", "test"), "bi")
            done = [(one.act, one.about) for one in await work.audited(2)]
        assert [one.split()[0] for one in await claim(house)] == ["all", "all"]
        assert done[0] == ("stop", "webhook:bi")

    async def test_what_was_given_up_is_counted_while_it_is_new(self, house: Store) -> None:
        async with house.write() as work:
            await work.announce(event())
            for one in await work.claim_parcels(MONDAY, 9, LEASE):
                await work.settle_parcel(one, Next("given_up", "slow"), MONDAY)
            assert await work.given_up_since(MONDAY) == {"bi": 1, "all": 1}
            assert await work.given_up_since(MONDAY + timedelta(seconds=1)) == {}

    async def test_what_waits_is_not_forgotten(self, house: Store) -> None:
        late = MONDAY + timedelta(days=1)
        async with house.write() as work:
            await work.announce(event())
            one = (await work.claim_parcels(MONDAY, 1, LEASE))[0]
            await work.settle_parcel(one, DONE, MONDAY)
            assert await work.forget_events(late) == 0
            (other,) = await work.claim_parcels(MONDAY, 9, LEASE)
            await work.settle_parcel(other, DONE, MONDAY)
            assert await work.forget_events(late) == 1
            assert await work.parcels_by_state() == {}


class TestNames:
    async def test_a_name_is_used_once(self, house: Store) -> None:
        async with house.write() as work:
            again = Webhook("bi", "y.example", "sealed", (NUMBERS,), MONDAY)
            assert not await work.add_webhook(again, "settings")
            await work.end_webhook("bi", "settings", "removed", MONDAY)
            assert not await work.add_webhook(again, "settings"), "its secret would come back"

    async def test_a_new_secret_signs_beside_the_old_one_for_a_while(self, house: Store) -> None:
        until = MONDAY + timedelta(days=2)
        async with house.write() as work:
            assert await work.rotate_webhook("bi", "settings", MONDAY, until) == 1
            assert await work.rotate_webhook("nobody", "settings", MONDAY, until) == 0
            found = {one.name: one for one in await work.webhooks()}
        assert found["bi"].turns(MONDAY) == (1, 0)
        assert found["bi"].turns(until) == (1,)
        assert found["all"].turns(MONDAY) == (0,)

    async def test_a_program_is_let_in_once_and_shut_out_for_good(self, store: Store) -> None:
        key = make_key("power-bi", lambda _: "k" * 43)
        one = Access("power-bi", digest(key), MONDAY, MONDAY + timedelta(days=9))
        async with store.write() as work:
            assert await work.let_in(one, "settings")
            assert not await work.let_in(one, "settings")
            assert await work.access("power-bi") == one
            assert await work.access("other") is None
            await work.note_used("power-bi", MONDAY.date())
            assert await work.shut_out("power-bi", "settings", MONDAY)
            assert not await work.shut_out("power-bi", "settings", MONDAY)
            assert not await work.let_in(one, "settings"), "its name stands in the ledger"
            ((known, used),) = await work.accesses()
            done = [(d.act, d.about) for d in await work.audited(9)]
        assert not known.live(MONDAY)
        assert used == MONDAY.date()
        assert done == [("stop", "access:power-bi"), ("start", "access:power-bi")]
        assert key not in repr(known)
