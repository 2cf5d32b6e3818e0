"""Training sessions in a rehearsal: seats are taken, freed and moved up to while houses die.

Afterwards no session has more seats taken than there are, none is free while somebody waits, the
first in line has it, and each thing about a session was said to each person once at most.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from adapters.content.files import load_library
from adapters.store.database import Store
from bot.rehearsal.checker import Kept, Rows
from bot.rehearsal.filed import append, lines
from bot.rehearsal.house import BASE, GLANCE, House
from nudges.address import Address
from nudges.adkar import Answer, Element
from nudges.people import Hours, Person
from nudges.training import (
    COMING,
    TAKING,
    Session,
    SessionKept,
    SignedUp,
    SignupState,
    Withdrew,
)
from nudges.training_due import occasion

LEARNERS = 10
TEAM = "person-0"
FULL, OPEN = "full", "open"
SEATS: Mapping[str, int] = {FULL: 3, OPEN: 5}
"""How many seats each session has: tomorrow's is full from the start, the other invites."""
EARLY = 7
"""How many signed up for tomorrow's session long before it."""
ACTS = 12
"""How often somebody takes or frees a seat in a house, at most."""
LONG_AGO = timedelta(days=14)
WAITED = "waited.jsonl"
"""Who was seen to wait for a seat, with their place in line."""
OURS = "training:"
DAY = timedelta(days=1)
ROUNDS = ("training news", "training", "training invitations")


def offer(url: str, base: datetime) -> None:
    """Bring people into being who lack knowledge alone, and plan two sessions for them."""
    asyncio.run(_offered(url, base))


async def _offered(url: str, base: datetime) -> None:
    learners = [
        Person(
            _name(n),
            hours=Hours(time(0), time(23, 59), tuple(range(7))),
            segment="learners",
            welcomed=True,
            addresses=(Address("browser", f"tenant-{n % 2}", f"user-l{n}"),),
        )
        for n in range(LEARNERS)
    ]
    early = base - LONG_AGO / 2
    store = await Store.open(url)
    try:
        async with store.write() as work:
            await work.save(learners, base)
            await work.keep_answers([a for one in learners for a in _knows(one.id, base)])
            for key, after in ((FULL, timedelta(hours=27)), (OPEN, timedelta(days=5))):
                await work.keep([SessionKept(_session(key, base + after))], TEAM, early)
            number = (await work.trainings_by_key([FULL], early))[FULL].number
            for n in range(EARLY):
                await work.keep([SignedUp(number)], _name(n), early)
    finally:
        await store.close()


def _name(n: int) -> str:
    return f"learner-{n:02}"


def _session(key: str, starts: datetime) -> Session:
    title = {"en": f"Offers, {key}"}
    rule = "segment is learners"
    return Session(key, title, starts, 60, SEATS[key], place="Room 2", rule=rule)


def _knows(who: str, base: datetime) -> list[Answer]:
    """Return answers of somebody who knows why and wants it, and does not know how."""
    bank = load_library().bank.values()
    items = [next(q for q in bank if q.scored and q.element is element) for element in Element]
    low = Element.KNOWLEDGE
    return [
        Answer(who, q.id, q.value(2 if q.element is low else 5), base - LONG_AGO) for q in items
    ]


async def move(house: House) -> None:
    """Let people take and free seats, while what is due about the sessions is told."""
    acting = asyncio.gather(*(_acts(house) for _ in range(2)))
    while not acting.done():
        await _tells(house)
    await acting
    await _tells(house)


async def _acts(house: House) -> None:
    """Do what learners do: each is one transaction, which is there as a whole or not at all."""
    for _ in range(house.chance.randint(1, ACTS)):
        who, key = _name(house.chance.randrange(LEARNERS)), house.chance.choice((FULL, OPEN))
        does = house.chance.choice((SignedUp, Withdrew))
        with suppress(OSError):
            async with house.store.write() as work:
                number = (await work.trainings_by_key([key], house.clock()))[key].number
                await work.keep([does(number)], who, house.clock())
                there = (await work.trainings([number], house.clock()))[number]
            for one in there.waiting:
                waits = {"session": key, "person": one.person, "place": one.place}
                append(house.part.folder / WAITED, waits)
        await asyncio.sleep(house.chance.uniform(0, GLANCE))


async def _tells(house: House) -> None:
    """Do what a ticker does about sessions, twice at once."""
    for name in ROUNDS:
        what, _ = house.app.rounds[name]
        for done in await asyncio.gather(what(), what(), return_exceptions=True):
            if isinstance(done, BaseException) and not isinstance(done, OSError):
                raise done
    house.app.courier.wake()


def seated(found: Kept, folder: Path) -> Iterable[str]:
    """Check that seats are given out rightly, and that nothing is said twice or unfounded."""
    waited = {(one["session"], one["person"], one["place"]) for one in lines(folder / WAITED)}
    said = {(row.occasion, row.person) for row in found.deliveries}
    for session in found.trainings:
        number, key = session.id, session.key
        mine = [row for row in found.signups if row.session == number]
        yield from _given(number, SEATS[key], mine)
        for row in mine:
            if row.state in COMING:
                waiting = (key, row.person, row.place) in waited
                yield from _known(row, said, was_waiting=waiting)
        asked = occasion(number, "invite")
        invited = {r.person for r in found.invitations if r.session == number and r.invited}
        told = {who for what, who in said if what == asked}
        yield from (f"I1: {who} is half invited to session {number}" for who in invited ^ told)
    yield from _repeated(said)


def _given(number: int, seats: int, mine: Rows) -> Iterable[str]:
    """Yield what is wrong with who has a seat."""
    taken = [row.place for row in mine if row.state in TAKING]
    waiting = [row.place for row in mine if row.state == SignupState.WAITING]
    if len(taken) > seats:
        yield f"I4: session {number} has {seats} seats, and {len(taken)} people have one"
    if waiting and len(taken) < seats:
        yield f"I3: session {number} has a free seat, and {len(waiting)} people wait"
    if waiting and max(taken, default=0) > min(waiting):
        yield f"I4: somebody has a seat in session {number} before the first in line"
    for what in ("place", "person"):
        for one, n in Counter(getattr(row, what) for row in mine).items():
            if n > 1:
                yield f"I5: {what} {one} is in session {number} {n} times"


def _known(row: Row[Any], said: set[tuple[str, str]], *, was_waiting: bool) -> Iterable[str]:
    """Yield what somebody who comes was told and should not have been, or was not told."""
    who, number = row.person, row.session
    free = (occasion(number, f"seat:{row.place}"), who) in said
    if row.told != row.state:
        yield f"I3: {who} has a {row.state} in session {number}, and knows of a {row.told}"
    if row.state == SignupState.WAITING and free:
        yield f"I4: {who} was told of a seat in session {number}, and waits"
    if row.state == SignupState.SEAT and was_waiting and not free:
        yield f"I1: {who} moved up in session {number}, and nobody said so"
    if row.reminded and row.told_at < BASE - DAY:
        what = occasion(number, f"reminder:{row.reminded}")
        if (what, who) not in said:
            yield f"I1: {who} counts as reminded of session {number}, and is not"
    if row.before.startswith("pulse:") and (row.before, who) not in said:
        yield f"I1: {who} counts as asked before session {number}, and is not"


def _repeated(said: set[tuple[str, str]]) -> Iterable[str]:
    """Yield who was invited or reminded more than once, in whatever words."""
    kinds = Counter((*what.split(":")[:3], who) for what, who in said if what.startswith(OURS))
    for (_, number, kind, who), n in kinds.items():
        if n > 1 and kind in {"invite", "reminder"}:
            yield f"I2: {who} has {n} times {kind} of session {number}"
