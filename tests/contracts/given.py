"""What the store's contract tests start from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.store.database import Store, Work
from dialogs.guide import HelpNote
from nudges.address import Address
from nudges.belief import belief_in
from nudges.delivery import Claimed, Delivery, Mark, Note, Priority, Settled, Settlement, State
from nudges.group import freeze, segments_of, week_over
from nudges.people import Person
from nudges.release import FLOOR
from tests.clock import MONDAY

LEASE = timedelta(seconds=30)
HERE = Address("browser", "demo", "ann")


def post(  # noqa: PLR0913 - each is what some case is about
    occasion: str,
    person: str = "ann",
    *,
    note: Note | None = None,
    priority: Priority = Priority.INTERACTIVE,
    due: float = 0,
    target: int | None = None,
) -> Delivery:
    """Return a delivery that is due ``due`` seconds after Monday morning."""
    kind = "post" if target is None else "replace"
    at = MONDAY + timedelta(seconds=due)
    return Delivery(occasion, person, note or HelpNote(), priority, at, kind, target)


async def settle_in(store: Store, *ids: str) -> None:
    """Bring people into being."""
    async with store.write() as work:
        await work.save([Person(key, addresses=(replace(HERE, user=key),)) for key in ids], MONDAY)


async def queue(store: Store, *wanted: Delivery) -> list[int]:
    """Queue deliveries and return their numbers, in order."""
    async with store.write() as work:
        numbers = await work.queue(wanted)
    return [numbers[d.occasion, d.person] for d in wanted]


async def claim(
    store: Store, owner: str = "one", after: float = 0, limit: int = 64
) -> list[Claimed]:
    """Claim what is due ``after`` seconds after Monday morning."""
    async with store.write() as work:
        return await claim_in(work, owner, after, limit)


async def claim_in(work: Work, owner: str, after: float = 0, limit: int = 64) -> list[Claimed]:
    """Claim in a transaction, wherever something is due."""
    now = MONDAY + timedelta(seconds=after)
    found: list[Claimed] = []
    for place in await work.ready(now):
        room = limit - len(found)
        found += await work.claim(place.run, place.lane, owner, now, now + LEASE, room)
    return found


async def begin(store: Store, claimed: Sequence[Claimed], after: float = 0) -> set[int]:
    """Mark claimed deliveries as being sent."""
    until = MONDAY + timedelta(seconds=after) + LEASE
    marks = [Mark(c.number, c.fence, c.delivery.note, HERE) for c in claimed]
    async with store.write() as work:
        return set((await work.mark_sending(marks, until)).ours)


async def end(store: Store, claimed: Claimed, settled: Settled, after: float = 0) -> None:
    """Settle one claimed delivery."""
    async with store.write() as work:
        now = MONDAY + timedelta(seconds=after)
        await work.settle([Settlement(claimed.number, claimed.fence, settled)], now)


async def send(store: Store, *wanted: Delivery) -> list[int]:
    """Queue deliveries and send them."""
    numbers = await queue(store, *wanted)
    claimed = await claim(store)
    await begin(store, claimed)
    for one in claimed:
        await end(store, one, Settled(State.SENT, ref=f"m{one.number}"))
    return numbers


async def lapse(store: Store, after: float, owner: str = "two") -> list[Claimed]:
    """Take over what lapsed ``after`` seconds after Monday morning."""
    now = MONDAY + timedelta(seconds=after)
    async with store.write() as work:
        return await work.lapsed(now, owner, now + LEASE)


async def states(store: Store) -> dict[str, int]:
    """Count deliveries by state."""
    async with store.read() as work:
        return await work.states()


async def close_belief(store: Store, sender: str, at: datetime) -> None:
    """Close what people say of a sender, as at the end of a week."""
    measure = belief_in(sender)
    async with store.write() as work:
        past = await work.past(measure.name, at)
        values = await work.beliefs_about(sender, at)
        frozen = freeze(measure, segments_of(await work.everybody()), dict(values), past.ledger)
        assert await work.keep_closing(frozen, week_over(at), FLOOR, past, at)
