"""What the commands tell about silence and belief, and that they tell nothing about a few."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.store.database import Store, Work
from nudges.belief import Believed
from nudges.broadcast import Draft, HandedIn, Message, Received, Stage
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.cli.lines import run
from tests.contracts.given import close_belief

NOW = datetime.now(UTC)
SALES = tuple(f"s{n}" for n in range(12))


def filled(folder: Path, fill: Callable[[Work], Awaitable[None]]) -> tuple[str, str]:
    url = f"sqlite:///{folder / 'x.db'}"

    async def keep() -> None:
        store = await Store.open(url, create=True)
        async with store.write() as work:
            people = [Person(one, one.title(), segment="sales") for one in SALES]
            await work.save([*people, Person("t1", segment="service")], NOW)
            draft = Draft(Message({"en": "t"}, {"en": "b"}, sender="s0"), "everyone", 9)
            await work.keep([HandedIn(draft, Stage.BEGUN)], "s0", NOW)
            await work.keep([Grant("s0", Role.SPONSOR), Grant("s1", Role.CHAMPION)], "x", NOW)
            await fill(work)
        await store.close()

    asyncio.run(keep())
    return "--database", url


def test_days_and_level_of_each_group(tmp_path: Path) -> None:
    async def fill(work: Work) -> None:
        await work.keep([Received(1)], "s3", NOW - timedelta(days=29))
        await work.keep([Received(1)], "t1", NOW - timedelta(days=29))

    place = filled(tmp_path, fill)
    told = run("silence", *place)
    assert (told.exit_code, told.stdout) == (0, "sales\t29\tamber\nservice\t\t\n")
    lines = [json.loads(one) for one in run("silence", "--json", *place).stdout.splitlines()]
    assert lines == [
        {"segment": "sales", "days": 29, "level": "amber"},
        {"segment": "service", "days": None, "level": None},
    ]


def test_who_is_believed_and_who_is_not_known(tmp_path: Path) -> None:
    async def fill(work: Work) -> None:
        for place, one in enumerate((*SALES[1:], "t1")):
            value = "yes" if place < 6 else "partly"
            await work.keep([Believed(1, value)], one, NOW)
        draft = Draft(Message({"en": "t"}, {"en": "b"}, sender="s1"), "everyone", 9)
        await work.keep([HandedIn(draft, Stage.BEGUN)], "s0", NOW)
        for one in SALES[2:6]:
            await work.keep([Believed(2, "no")], one, NOW)

    place = filled(tmp_path, fill)

    async def closed() -> None:
        store = await Store.open(place[1])
        await close_belief(store, "s0", datetime.now(UTC))
        await store.close()

    asyncio.run(closed())
    assert run("broadcast", "senders", *place).stdout.splitlines() == [
        "s0\tS0\tsponsor\tall\tabout 5 in ten believe them",
        "s1\tS1\tchampion\tall\tnot known yet",
    ]
    lines = run("broadcast", "senders", "--json", *place).stdout.splitlines()
    first = {"sender": "s0", "name": "S0", "role": "sponsor", "segment": None}
    assert json.loads(lines[0]) == first | {"in_ten": 5}
    assert json.loads(lines[1])["in_ten"] is None
