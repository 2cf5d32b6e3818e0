"""The store keeps broadcasts, who decided, and who received them, the same on every database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from nudges.audience import EVERYONE
from nudges.broadcast import (
    PATIENCE,
    Answered,
    Decided,
    Draft,
    HandedIn,
    Link,
    Message,
    Received,
    Stage,
    approval,
)
from nudges.broadcast_notes import ApproveNote, BroadcastNote
from nudges.delivery import (
    Delivery,
    Gone,
    Priority,
    Refused,
    Sent,
    State,
    Unknown,
    after,
)
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, settle_in
from tests.counts import counts

MESSAGE = Message(
    {"en": "Offers", "nl": "Offertes"},
    {"en": "One place.\n\n=1+1", "nl": "Eén plek."},
    "roadmap",
    "Same day",
    Link("https://example.com", {"en": "Go", "nl": "Ga"}),
    acknowledge=False,
)
DRAFT = Draft(MESSAGE, "everyone", 60, MONDAY + timedelta(days=2), own_morning=False)
SOON = replace(DRAFT, begins=None)
SECOND = timedelta(seconds=1)
WHO = ("ann", "bob", "cor", "dee", "eve", "fay")


async def hand_in(store: Store, draft: Draft = DRAFT, stage: Stage = Stage.WAITING) -> int:
    async with store.write() as work:
        await work.keep([HandedIn(draft, stage)], "ann", MONDAY)
        return max(await work.broadcasts())


async def unfinished(store: Store, after: timedelta = timedelta()) -> list[int]:
    async with store.write() as work:
        return [one.number for one in await work.unfinished(MONDAY + after, hold=True)]


async def test_what_was_handed_in_comes_back(store: Store) -> None:
    await settle_in(store, "ann")
    first, second = await hand_in(store), await hand_in(store, replace(SOON, message=MESSAGE))
    async with store.read() as work:
        found = await work.broadcasts()
        assert await work.broadcasts([second, 99]) == {second: found[second]}
    assert list(found) == [second, first]
    assert (found[first].draft, found[second].draft) == (DRAFT, SOON)
    assert (found[first].author, found[first].name, found[first].at) == ("ann", "", MONDAY)


@pytest.mark.parametrize(("approved", "stage"), [(True, Stage.RELEASED), (False, Stage.DECLINED)])
async def test_it_is_decided_once(store: Store, approved: bool, stage: Stage) -> None:  # noqa: FBT001 - a table
    await settle_in(store, "ann")
    number = await hand_in(store)

    async def decide(who: str, *, approve: bool) -> None:
        async with store.write() as work:
            await work.keep([Decided(number, approve)], who, MONDAY)

    await decide("bob", approve=approved)
    await asyncio.gather(*(decide("cor", approve=n % 2 == 0) for n in range(4)))
    async with store.read() as work:
        found = (await work.broadcasts([number]))[number]
        acts = [a.who for a in await work.audited() if a.act in {"approve", "decline"}]
    assert (found.stage, found.decided_by, acts) == (stage, "bob", ["bob"])


async def test_there_is_something_to_do_until_all_is_done(store: Store) -> None:
    await settle_in(store, "ann")
    timed, soon = await hand_in(store), await hand_in(store, SOON)
    assert await unfinished(store) == [timed, soon], "nobody was asked"
    async with store.write() as work:
        for number in (timed, soon):
            await work.note_asked(number)
    assert await unfinished(store) == []
    assert await unfinished(store, timedelta(days=2)) == [timed], "it is due and undecided"
    assert await unfinished(store, PATIENCE) == [timed, soon]
    async with store.write() as work:
        for number in (timed, soon):
            await work.keep([Decided(number, approved=True)], "bob", MONDAY)
            await work.note_told(number)
    assert await unfinished(store) == [soon]
    assert await unfinished(store, timedelta(days=2)) == [timed, soon]
    async with store.write() as work:
        for number in (timed, soon):
            await work.note_begun(number)
    assert await unfinished(store, PATIENCE) == []


async def test_who_was_asked_and_since_when_is_known(store: Store) -> None:
    await settle_in(store, "ann", "bob", "cor")
    number, other = await hand_in(store), await hand_in(store)
    async with store.write() as work:
        for who in ("bob", "cor"):
            what = approval(number)
            asking = Delivery(what, who, ApproveNote(number), Priority.INTERACTIVE, MONDAY)
            await work.queue([asking])
        await work.note_asked(number, MONDAY)
        await work.note_asked(number, MONDAY + SECOND)
        await work.note_warned(other)
    async with store.read() as work:
        asked = await work.askings([number, other])
        found = await work.broadcasts()
        assert not await work.all_spread(number)
    assert asked == {number: dict.fromkeys(("bob", "cor"), State.QUEUED), other: {}}
    assert (found[number].asked, found[number].asked_at, found[number].warned) == (
        True,
        MONDAY,
        False,
    )
    assert (found[other].asked_at, found[other].warned) == (None, True)
    assert await unfinished(store) == [number, other], "its deputies may have to be asked"
    async with store.write() as work:
        some = await work.unfinished(MONDAY, hold=True, number=other)
        assert [one.number for one in some] == [other]
        await work.keep([Decided(number, approved=False)], "bob", MONDAY)
        await work.note_told(number)
    assert await unfinished(store) == [other]


async def test_everybody_is_in_one_end_and_counted(store: Store) -> None:
    await settle_in(store, *WHO)
    number = await hand_in(store, SOON, Stage.RELEASED)
    async with store.write() as work:
        note = BroadcastNote(number)
        await work.begin_spread(
            f"broadcast:{number}", note, EVERYONE, MONDAY, own_morning=False, now=MONDAY
        )
        await work.spread(MONDAY, 10)
    async with store.read() as work:
        assert (await counts(work, number))["queued"] == len(WHO)
    claimed = {c.delivery.person: c for c in await claim(store, "one")}
    await begin(store, list(claimed.values())[:-1])
    outcomes = {
        "ann": Sent("1"),
        "bob": Refused("too large"),
        "cor": Gone("=1+1"),
        "dee": Unknown("cut off"),
        "eve": Sent("2"),
    }
    for who, outcome in outcomes.items():
        await end(store, claimed[who], after(outcome, 1, MONDAY, 0))
    async with store.write() as work:
        for at in (MONDAY + SECOND, MONDAY + 2 * SECOND):
            await work.keep([Received(number), Answered(number, "why?")], "ann", at)
    async with store.read() as work:
        counted = await counts(work, number)
        found = [*await work.recipients(number, most=4), *await work.recipients(number, "dee")]
        back = await work.written_back(number)
    assert counted == {
        "queued": 1,
        "sent": 2,
        "failed": 1,
        "unknown": 1,
        "unreachable": 1,
        "left_out": 0,
        "acknowledged": 1,
        "replied": 1,
    }
    assert [(one.person, one.state, one.why) for one in found] == [
        ("ann", "sent", ""),
        ("bob", "failed", "too large"),
        ("cor", "unreachable", "=1+1"),
        ("dee", "unknown", "cut off"),
        ("eve", "sent", ""),
        ("fay", "queued", ""),
    ]
    assert (found[0].received, found[0].answered) == (MONDAY + SECOND, MONDAY + SECOND)
    assert [one.text for one in back] == ["why?", "why?"]
