"""A broadcast in a rehearsal: handed in, and taken back or put right while it leaves.

Afterwards everybody it was for is in one end, and what they see last is what holds.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from typing import TypeAlias

from adapters.store.database import Store
from bot.rehearsal.checker import Kept
from bot.rehearsal.filed import arrived, lines
from bot.rehearsal.house import GLANCE, PLATFORM, House
from dialogs.speech import FALLBACK, Speech
from nudges.address import Address
from nudges.broadcast import Broadcast, Draft, HandedIn, Message, Stage
from nudges.delivery import State
from nudges.people import Hours, Person
from nudges.steering import TakenBack

READERS = 24
AUTHOR = "person-0"
OURS = "broadcast:"
WAITS = 60
"""How many glances somebody waits for some to have it."""
TITLE, RIGHT = "Offers leave from one place", "Offers leave from two places"
BACK = "taken_back.title"
Facts: TypeAlias = Sequence[TakenBack | HandedIn]
Also: TypeAlias = Callable[[Kept, Path], Iterable[str]]
"""What else has to hold after a fault, read from the database and the run's files."""


def hand_in(url: str, base: datetime) -> None:
    """Bring readers into being, and hand a broadcast to them in."""
    asyncio.run(_handed_in(url, base))


async def _handed_in(url: str, base: datetime) -> None:
    readers = [
        Person(
            f"reader-{n:02}",
            hours=Hours(time(0), time(23, 59), tuple(range(7))),
            segment="readers",
            welcomed=True,
            addresses=(Address("browser", f"tenant-{n % 2}", f"user-r{n}"),),
        )
        for n in range(READERS)
    ]
    store = await Store.open(url)
    try:
        async with store.write() as work:
            await work.save(readers, base)
            await work.keep([_draft(TITLE)], AUTHOR, base)
    finally:
        await store.close()


def _draft(title: str, corrects: int = 0) -> HandedIn:
    said = Message({"en": title}, {"en": "From Monday."})
    draft = Draft(said, "segment is readers", READERS, own_morning=False, corrects=corrects)
    return HandedIn(draft, Stage.RELEASED)


async def leaves(house: House) -> None:
    """Let a broadcast begin and be spread at once, in small parts."""
    with suppress(OSError):
        await house.app.rounds["broadcasts"][0]()
        await house.app.ticker.spread()


async def _steered(house: House, keep: Callable[[Mapping[int, Broadcast]], Facts]) -> None:
    """Do something with the broadcast when some have it, in whatever house."""
    await leaves(house)
    goal = house.chance.randint(1, READERS)
    for _ in range(WAITS):
        if sum(1 for _ in arrived(house.part.folder / PLATFORM)) >= goal:
            break
        await asyncio.sleep(GLANCE)
    async with house.store.write() as work:
        await work.keep(keep(await work.broadcasts()), AUTHOR, house.clock())
    await leaves(house)
    await leaves(house)


async def recalls(house: House) -> None:
    """Take the broadcast back; done twice it is done once."""
    await _steered(house, lambda there: [TakenBack(min(there))])


async def corrects(house: House) -> None:
    """Put its words right, with a correction that is handed in once."""
    await _steered(house, lambda there: [] if len(there) > 1 else [_draft(RIGHT, min(there))])


def ends(title: str, *, all_of_them: bool) -> Also:
    """Return the check that everybody is in one end, and whoever has it sees this title last."""

    def check(found: Kept, folder: Path) -> Iterable[str]:
        rows = [
            row for row in found.deliveries if row.kind == "post" and row.occasion.startswith(OURS)
        ]
        if all_of_them and len(rows) != READERS:
            yield f"I3: {len(rows)} of {READERS} readers are there"
        calls = [call for call in lines(folder / PLATFORM) if call["arrived"]]
        shown = {call["ref"]: call["says"] for call in calls if "says" in call}
        for row in rows:
            seen = shown.get(f"ref-delivery-{row.id}")
            if row.state == State.SENT and seen != title:
                yield f"I2: {row.person} sees {seen!r} last"

    return check


GOT_IT = ends(TITLE, all_of_them=True)
GOT_IT_RIGHT = ends(RIGHT, all_of_them=True)
GOT_IT_BACK = ends(Speech(FALLBACK).line(BACK), all_of_them=False)
