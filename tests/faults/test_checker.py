"""The checker finds what it is there to find: every fault planted here is told, and only it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Executable, delete, insert, update

from adapters.store.answers import answers
from adapters.store.database import Store, Work
from adapters.store.delivery_table import deliveries
from adapters.store.inbox import inbox
from adapters.store.sealed import Own
from bot.rehearsal.checker import Posted, Witness, kept, troubles, unknown
from dialogs.doorway import Arrival, Kept
from nudges.adkar import Answer
from nudges.delivery import Settled, State
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, post, queue, send, settle_in

LATER = MONDAY + timedelta(minutes=2)
KEY = "browser:1"


@dataclass
class Given:
    acknowledged: frozenset[str] = frozenset({KEY})
    scores: tuple[int, ...] = (4,)
    posted: tuple[Posted, ...] = (Posted("delivery-1", "ann"), Posted("delivery-3", "bob"))


async def good(store: Store) -> None:
    """Leave a database in which everything went well."""
    await settle_in(store, "ann", "bob")
    async with store.write() as work:
        await work.accept([Arrival(KEY, "browser", "{}")], "one", MONDAY, LATER)
        await work.consume([KEY], "one", MONDAY)
        await work.keep_replies([Kept(KEY, "ann", {})])
        await work.keep_answers([Answer("ann", "desire-1", 4, MONDAY, occasion="pulse")])
    (number,) = await send(store, post("a"))
    await send(store, post("replace", target=number))
    await send(store, post("b", "bob"))
    await queue(store, post("later", due=999))


async def found_by(store: Store, given: Given) -> list[str]:
    async with store.read() as work:
        found = await kept(work)
    witness = Witness(given.acknowledged, {"ann": given.scores}, given.posted)
    return troubles(found, witness, LATER)


async def test_where_all_is_well_nothing_is_found(memory: Store) -> None:
    await good(memory)
    assert await found_by(memory, Given()) == []


Plant: TypeAlias = Callable[[Work], Coroutine[Any, Any, object]]


def change(statement: Executable) -> Plant:
    return lambda work: work.connection.execute(statement)


def nothing(_work: Work) -> Coroutine[Any, Any, object]:
    async def none() -> None:
        return

    return none()


one = update(deliveries).where(deliveries.c.id == 1)
again = insert(answers).values(
    person="ann", question="desire-1", at=LATER, score=4, not_applicable=False, occasion="pulse"
)
PLANTED: dict[str, tuple[Plant, Given, list[str]]] = {
    "an acknowledged turn is lost": (change(delete(inbox)), Given(), ["I1"]),
    "an acknowledged turn waits": (
        change(update(inbox).values(done_at=None, body=Own("{}", "ann"))),
        Given(),
        ["I1", "I7"],
    ),
    "a turn was set aside": (change(update(inbox).values(failed="broke")), Given(), ["I1"]),
    "words stay after the turn": (
        change(update(inbox).values(body=Own("{}", "ann"))),
        Given(),
        ["I7"],
    ),
    "an answer is lost": (change(delete(answers)), Given(), ["I1"]),
    "an answer is another": (change(update(answers).values(score=1)), Given(), ["I1"]),
    "an answer is there twice": (change(again), Given(), ["I4", "I5"]),
    "a message came twice": (
        nothing,
        Given(posted=(*Given().posted, Posted("delivery-1", "ann"))),
        ["I2"],
    ),
    "a message never came": (nothing, Given(posted=Given().posted[1:]), ["I2"]),
    "a message is nobody's": (
        nothing,
        Given(posted=(*Given().posted, Posted("delivery-99", "ann"))),
        ["I2", "I6"],
    ),
    "a message came and counts as refused": (
        change(one.values(state=State.REFUSED)),
        Given(),
        ["I2"],
    ),
    "a delivery is under way for ever": (
        change(one.values(state=State.SENDING)),
        Given(),
        ["I2", "I3"],
    ),
    "a delivery waits longer than it should": (
        change(update(deliveries).where(deliveries.c.occasion == "later").values(due=MONDAY)),
        Given(),
        ["I3"],
    ),
    "a message went to someone else": (
        nothing,
        Given(posted=(Posted("delivery-1", "bob"), Given().posted[1])),
        ["I6"],
    ),
    "an end still has an owner": (change(one.values(owner="one")), Given(), ["I7"]),
}


@pytest.mark.parametrize("case", PLANTED)
async def test_what_is_planted_is_found(memory: Store, case: str) -> None:
    plant, given, expected = PLANTED[case]
    await good(memory)
    async with memory.write() as work:
        await plant(work)
    assert [line[:2] for line in await found_by(memory, given)] == expected


async def test_what_nobody_knows_is_counted_apart(memory: Store) -> None:
    await good(memory)
    await queue(memory, post("doubtful"))
    (claimed,) = await claim(memory)
    await begin(memory, [claimed])
    await end(memory, claimed, Settled(State.UNKNOWN))
    mark = f"delivery-{claimed.number}"
    for posted in (Given().posted, (*Given().posted, Posted(mark, "ann"))):
        assert await found_by(memory, Given(posted=posted)) == []
    async with memory.read() as work:
        assert unknown(await kept(work)) == ["doubtful"]
