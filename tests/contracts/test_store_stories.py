"""The store keeps stories and the moments that have begun, the same on every database."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from adapters.store.database import Store
from bot.moments import Moments
from nudges.people import Person
from nudges.programme import Programme, Segment
from nudges.stories import Consent, StoryJudged, StoryTold, StoryWithdrawn
from nudges.voice import Kind, Raised
from tests.clock import MONDAY
from tests.contracts.given import HERE, claim, states

PEOPLE = (Person("ann", "Ann", segment="sales"), Person("bob", "Bob", segment="sales"))


async def settle_in(store: Store) -> None:
    async with store.write() as work:
        await work.save([replace(p, addresses=(replace(HERE, user=p.id),)) for p in PEOPLE], MONDAY)


async def tell(store: Store, who: str, consent: Consent = Consent.NAMED) -> int:
    async with store.write() as work:
        await work.keep([StoryTold("it works", consent, "sales", "Same day")], who, MONDAY)
        return (await work.told_by(who))[-1].number


async def waiting(store: Store) -> dict[int, bool | None]:
    async with store.read() as work:
        return {one.number: one.approved for one in await work.waiting_stories()}


async def test_a_story_waits_until_it_is_shared_declined_or_gone(store: Store) -> None:
    await settle_in(store)
    first, second, third = [await tell(store, who) for who in ("ann", "bob", "ann")]
    await tell(store, "bob", Consent.KEPT)
    assert await waiting(store) == {first: None, second: None, third: None}
    async with store.write() as work:
        judged = [StoryJudged(first, approved=True), StoryJudged(second, approved=False)]
        await work.keep([*judged, StoryJudged(second, approved=True)], "cor", MONDAY)
        await work.keep([StoryWithdrawn(third)], "bob", MONDAY)
    assert await waiting(store) == {first: True, third: None}, "bob took back what was ann's"
    async with store.write() as work:
        await work.keep([StoryWithdrawn(third)], "ann", MONDAY)
        await work.share(first, MONDAY)
    assert await waiting(store) == {}
    async with store.read() as work:
        found = await work.stories([first, third])
        acts = [(a.who, a.act) for a in reversed(await work.audited())]
    assert found[first].shared == found[first].at == MONDAY
    assert (found[first].name, found[first].result) == ("Ann", "Same day")
    assert third not in found
    assert acts[4:] == [("cor", "approve"), ("cor", "decline"), ("ann", "withdraw")]
    assert await tell(store, "ann") > third + 1


async def test_wishes_are_counted_with_the_people_they_are_from(store: Store) -> None:
    await settle_in(store)
    async with store.write() as work:
        said: list[tuple[str, Kind]] = [("ann", "wish"), ("ann", "wish"), ("bob", "wish")]
        said.append(("bob", "feedback"))
        for n, (who, kind) in enumerate(said):
            await work.keep([Raised(f"turn:{n}", kind, "x", "en")], who, MONDAY)
    async with store.read() as work:
        assert await work.wishes("sales", MONDAY) == (3, 2)
        assert await work.wishes("service", MONDAY) == (0, 0)
        assert await work.wishes("sales", MONDAY + timedelta(seconds=1)) == (0, 0)


async def test_many_tickers_begin_a_moment_once(store: Store) -> None:
    await settle_in(store)
    segments = {"sales": Segment("sales", go_live=date(2026, 11, 16))}
    async with store.write() as work:
        await work.keep_programme(Programme({}, segments=segments))
    tickers = [Moments(store, lambda: MONDAY, lambda: None) for _ in range(4)]
    begun = await asyncio.gather(*(ticker.round() for ticker in tickers))
    assert sorted(begun) == [0, 0, 0, 1]
    async with store.write() as work:
        while await work.spread(MONDAY, 100):
            pass
    assert await states(store) == {"queued": 2}
    assert {c.delivery.occasion for c in await claim(store)} == {"celebrate:sales:2026-11-16"}
    assert await tickers[0].round() == 0
