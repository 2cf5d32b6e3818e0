"""The store keeps who was asked whether they understood, and sums that stay, on every database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from nudges.audience import EVERYONE
from nudges.broadcast import Check, Draft, DraftKept, HandedIn, Message, Stage
from nudges.broadcast_notes import BroadcastNote
from nudges.delivery import Priority, RunState, Settled, State
from nudges.group import Told
from nudges.reception import AnswerRead, CheckAnswered, Reception, received
from nudges.release import FLOOR
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, settle_in

WORDS = {"en": "Where?"}
MESSAGE = Message(WORDS, WORDS, check=Check(WORDS, {"en": "Here"}, ({"en": "There"},)))
DRAFT = Draft(MESSAGE, "everyone", 60, own_morning=False)
WHO = tuple(f"p{n}" for n in range(10))
SOON = MONDAY + timedelta(hours=1)
LATER = MONDAY + timedelta(days=1)


async def sent(store: Store, draft: Draft = DRAFT, *, arrives: int = len(WHO)) -> int:
    """Send a broadcast; only the first so many of its people get it."""
    await settle_in(store, *WHO)
    async with store.write() as work:
        await work.keep([HandedIn(draft, Stage.RELEASED)], "p7", MONDAY)
        number = max(await work.broadcasts())
        run = f"broadcast:{number}"
        note = BroadcastNote(number)
        await work.begin_spread(run, note, EVERYONE, MONDAY, own_morning=False, now=MONDAY)
        await work.spread(MONDAY, 100)
        await work.note_begun(number)
    claimed = sorted(await claim(store), key=lambda c: c.delivery.person)
    await begin(store, claimed)
    for place, one in enumerate(claimed):
        await end(store, one, Settled(State.SENT if place < arrives else State.REFUSED))
    return number


async def asks(store: Store, number: int, *who: str) -> bool:
    async with store.write() as work:
        return await work.begin_check(number, who, MONDAY)


async def say(store: Store, number: int, **right: bool | None) -> None:
    async with store.write() as work:
        for who, one in right.items():
            text = "" if one is not None else f"words of {who}"
            await work.keep([CheckAnswered(number, one, text)], who, SOON)


async def found(store: Store, number: int) -> Reception:
    async with store.read() as work:
        return (await work.receptions([number, 99]))[number]


async def close(store: Store, number: int, *, choice: bool = True) -> bool:
    async with store.write() as work:
        if not await work.close_check(number, LATER):
            return False
        if choice:
            known = await work.understood(number)
            await work.keep_result(received(number, known), "p7", FLOOR, LATER)
        return True


async def unchecked(store: Store) -> list[int]:
    async with store.read() as work:
        return list(await work.unchecked())


async def test_only_who_has_it_and_wants_no_quiet_is_picked(store: Store) -> None:
    number = await sent(store, arrives=7)
    changes = {
        "p0": {"left": True},
        "p1": {"stopped": True},
        "p2": {"paused_until": LATER},
        "p3": {"away_from": LATER, "away_until": LATER + timedelta(days=3)},
        "p4": {"away_until": MONDAY},
    }
    async with store.write() as work:
        known = await work.people(changes)
        await work.save([replace(known[k], **of) for k, of in changes.items()], MONDAY)
    async with store.read() as work:
        assert await work.reachable(number, SOON, {"p5", ""}) == 3
        assert sorted(await work.pick(number, SOON, {"p5", ""}, 9)) == ["p3", "p4", "p6"]
        assert len(await work.pick(number, SOON, (), 2)) == 2
        assert await work.pick(number, SOON, (), 0) == []
        await work.pick(number + 1, SOON, (), 5)
        picks = [tuple(await work.pick(number, SOON, (), 2)) for _ in range(40)]
    assert len(set(picks)) > 1, "whoever it happens to be"


async def test_they_are_asked_once_and_answer_once(store: Store) -> None:
    number = await sent(store)
    tried = await asyncio.gather(*(asks(store, number, *WHO) for _ in range(4)))
    assert sorted(tried) == [False, False, False, True]
    assert await found(store, number) == Reception(number, 10, MONDAY, waiting=10)
    await say(store, number, p0=False, p1=True, stranger=True)
    await say(store, number, p0=True)
    assert (await found(store, number)).waiting == 8
    await say(store, number, p2=True, p3=True, p4=True)
    closed = await asyncio.gather(*(close(store, number) for _ in range(3)))
    assert sorted(closed) == [False, False, True]
    await say(store, number, p5=True)
    one = await found(store, number)
    assert one.told == Told("5-9", {"most": 1.0})
    assert (one.closed_at, one.waiting, one.readable) == (LATER, 4, False)
    async with store.write() as work:
        [line] = await work.released()
    assert (line.viewer, line.channel, line.told) == ("p7", "received", one.told)


async def test_a_result_about_a_few_is_not_told(store: Store) -> None:
    number = await sent(store)
    await asks(store, number, *WHO)
    await say(store, number, p0=True, p1=True, p2=True, p3=True)
    await close(store, number)
    one = await found(store, number)
    assert (one.told, one.closed_at) == (None, LATER)


async def test_own_words_are_summed_up_when_its_author_has_read_all(store: Store) -> None:
    number = await sent(store)
    await asks(store, number, *WHO)
    await say(store, number, **dict.fromkeys(WHO[:10]))
    assert (await found(store, number)).unread == (), "not before it is closed"
    await close(store, number, choice=False)
    one = await found(store, number)
    assert (one.readable, one.told) == (True, None)
    assert sorted(u.text for u in one.unread) == [f"words of {who}" for who in WHO[:10]]
    facts = [AnswerRead(number, u.number, u.text[-1] < "4") for u in one.unread]
    async with store.write() as work:
        await work.keep(facts, "p0", LATER)
    assert len((await found(store, number)).unread) == 10, "only its author says so"
    async with store.write() as work:
        await work.keep(facts[:9], "p7", LATER)
    assert (await found(store, number)).told is None
    async with store.write() as work:
        await work.keep([*facts[9:], *(replace(f, right=False) for f in facts)], "p7", LATER)
        acts = [a.act for a in await work.audited() if a.who == "p7"]
    one = await found(store, number)
    assert (one.told, one.unread) == (Told("10-19", {"right": 0.4, "wrong": 0.6}), ())
    assert acts.count("judge") == 10


async def test_of_fewer_than_ten_own_words_none_is_read(store: Store) -> None:
    number = await sent(store)
    await asks(store, number, *WHO)
    await say(store, number, **dict.fromkeys(WHO[:9]))
    await close(store, number, choice=False)
    assert not (await found(store, number)).readable


@pytest.mark.parametrize(
    "draft",
    [replace(DRAFT, message=Message(WORDS, WORDS)), replace(DRAFT, corrects=1)],
    ids=["no question", "a correction"],
)
async def test_what_has_no_question_is_not_looked_at(store: Store, draft: Draft) -> None:
    await sent(store, draft)
    assert await unchecked(store) == []


async def test_it_is_looked_at_from_its_beginning_until_it_is_summed_up(store: Store) -> None:
    number = await sent(store)
    async with store.write() as work:
        await work.keep([DraftKept("d", DRAFT), HandedIn(DRAFT, Stage.WAITING)], "p7", MONDAY)
    async with store.read() as work:
        assert await work.unchecked() == {number: MONDAY}
    await asks(store, number, *WHO)
    assert await unchecked(store) == [number]
    async with store.write() as work:
        await work.begin_run(f"broadcast:{number}", Priority.BROADCAST, MONDAY)
        await work.switch(f"broadcast:{number}", RunState.PAUSED, MONDAY)
    assert await unchecked(store) == []
    async with store.write() as work:
        await work.switch(f"broadcast:{number}", RunState.RUNNING, MONDAY)
    await close(store, number)
    assert await unchecked(store) == []
