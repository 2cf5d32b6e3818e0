"""kill -9 in the middle of a broadcast, and in the middle of taking it back: everybody once.

The program is the real one (``python -m bot serve``) with a fake Slack at both ends; author and
approver press and fill in windows there. Each new start counts as a minute later: what the dead
one held is free. On one database Slack lets a chat be read back, so that nobody stays in doubt;
on the other it does not, and in doubt is at most what was under way.
"""

import asyncio
import random
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select, update

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.inbox import inbox
from bot.courier import ROOM
from nudges.address import Address
from nudges.broadcast import Recipient, occasion
from nudges.delivery import State
from nudges.people import Hours, Person
from nudges.roles import Grant, Role
from tests.adapters.slack.client import Client, Someone, title_of
from tests.adapters.slack.desk import TEAM
from tests.adapters.slack.fake import FakeSlack, Hangs, Json, error, until
from tests.adapters.slack.serving import door, kill, migrate, serve, surroundings
from tests.counts import counts
from tests.desk import PROGRAMME
from tests.faults.test_slack_killed import BusySlack
from tests.real import free_port

PEOPLE = 150
PACE = 60
HELD = 2
"""Messages under way at the first kill, of which Slack keeps the answer back."""
PATIENCE = 90
AUTHOR, APPROVER = "U0", "U1"
TITLE = "Offers leave from one place"
BACK = "This message was taken back"
WORDS = {
    "title_en": TITLE,
    "body_en": "Make yours in {crm}.",
    "kind": "change",
    "acknowledge": "yes",
}
ALWAYS = Hours(time(0), time(23, 59, 59), (0, 1, 2, 3, 4, 5, 6))
NO_RIGHT = [error("missing_scope")] * 10 * PEOPLE


class Witness(BusySlack):
    """Slack as it is, which also counts what of a broadcast it was ever sent."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.had: Counter[str] = Counter()
        self.back: Counter[str] = Counter()

    def _chat_postmessage(self, token: str, arguments: Json) -> Json:
        done = super()._chat_postmessage(token, arguments)
        self.had[arguments["channel"]] += title_of(arguments) == TITLE and _for_them(arguments)
        return done

    def _chat_update(self, token: str, arguments: Json) -> Json:
        done = super()._chat_update(token, arguments)
        self.back[arguments["channel"].removeprefix("D")] += title_of(arguments) == BACK
        return done


def _for_them(arguments: Json) -> bool:
    rows = [b["elements"] for b in arguments["blocks"] if b["type"] == "actions"]
    return any(button["text"]["text"] == "Got it" for row in rows for button in row)


@dataclass
class House:
    """The process, started again whenever it was killed, and its database."""

    env: dict[str, str]
    store: Store
    slack: Witness
    process: Process | None = None
    in_doubt: list[int] = field(default_factory=list[int])

    async def kill(self) -> None:
        """Kill it with messages under way, note how many, and start it again a minute later."""
        assert self.process
        held = self.slack.scripts["chat.postMessage"]
        held.extend([Hangs(5)] * HELD)
        with suppress(TimeoutError):  # nothing new is posted while it is taken back
            async with asyncio.timeout(1):
                await until(lambda: not held)
        await kill(self.process)
        held.clear()
        late = datetime.now(UTC) - timedelta(seconds=1)
        async with self.store.write() as work:
            sending = deliveries.c.state == State.SENDING, deliveries.c.run == occasion(1)
            found = await work.connection.scalar(select(func.count()).where(*sending))
            self.in_doubt.append(found or 0)
            for table in (inbox, deliveries):
                leased = update(table).where(table.c.lease_until.is_not(None))
                await work.connection.execute(leased.values(lease_until=late))
        self.process = await serve(self.env)


@asynccontextmanager
async def running(database: str) -> AsyncGenerator[House]:
    slack = Witness(random.Random(1))  # noqa: S311 - so that a failure can be repeated
    slack.members = {f"U{n}": {"id": f"U{n}"} for n in range(PEOPLE)}
    await slack.start()
    env = surroundings(slack, database, free_port())
    env |= {"WAYFINDER_SLACK_PACE": str(PACE), "WAYFINDER_SLACK_CHANGES_PACE": str(PACE)}
    await migrate(env)
    store = await Store.open(database)
    house = House(env, store, slack)
    try:
        async with store.write() as work:
            await work.keep_programme(PROGRAMME)
            await work.save([person(n) for n in range(PEOPLE)], datetime.now(UTC))
            grants = [Grant("u0", Role.AUTHOR), Grant("u1", Role.APPROVER)]
            await work.keep(grants, "settings", datetime.now(UTC))
        house.process = await serve(env)
        yield house
    finally:
        if house.process:
            await kill(house.process)
        await store.close()
        await slack.stop()


def person(n: int) -> Person:
    """Return somebody who can be written to at any time, whenever this test runs."""
    home = (Address("slack", TEAM, f"U{n}"),)
    return Person(f"u{n}", f"Person {n}", zone="UTC", hours=ALWAYS, welcomed=True, addresses=home)


async def plainly(request: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever it brings
    return await request


async def shows(who: Someone, label: str) -> None:
    await until(lambda: bool(who.having(label)))


async def handed_in_and_approved(author: Someone, approver: Someone) -> None:
    await author.says("messages")
    await shows(author, "Write a message")
    assert (await author.submits(await author.opening("Write a message"), WORDS)).closed
    await shows(author, "For whom, and when")
    window = await author.opening("For whom, and when")
    assert (await author.submits(window, {"who": "everyone", "how": "at_once"})).closed
    await shows(author, "Hand in")
    await author.presses("Hand in")
    await shows(approver, "Approve")
    await approver.presses("Approve")


async def settled(store: Store) -> list[Recipient]:
    """Wait until nothing of the broadcast is left to do; return everybody it was for."""
    theirs = deliveries.c.run.in_((occasion(1), "recall:1"))
    open_ = deliveries.c.state.in_((State.QUEUED, State.CLAIMED, State.SENDING))
    while True:
        async with store.read() as work:
            left = await work.connection.scalar(select(func.count()).where(theirs, open_))
            card = (await work.tallies([1], datetime.now(UTC)))[1]
            if not left and card.whole:
                return await work.recipients(1)
        await asyncio.sleep(0.1)


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("database", "read_back"),
    [("sqlite", True), ("postgresql", False)],
    indirect=["database"],
)
async def test_killed_while_it_leaves_and_while_it_is_taken_back(
    database: str, *, read_back: bool
) -> None:
    async with running(database) as house, ClientSession() as session:
        slack: FakeSlack = house.slack
        url = door(int(house.env["WAYFINDER_PORT"]))
        client = Client(slack, session, url, lambda: datetime.now(UTC), plainly)
        author, approver = Someone(client, AUTHOR), Someone(client, APPROVER)
        if not read_back:
            slack.next("conversations.history", *NO_RIGHT)
        async with asyncio.timeout(PATIENCE):
            await handed_in_and_approved(author, approver)
            await until(lambda: house.slack.had.total() >= PEOPLE // 4)
            await house.kill()
            await until(lambda: house.slack.had.total() >= PEOPLE // 2)
            await shows(author, "Take back")
            await author.presses("Take back")
            await shows(author, "Take it back")
            await author.presses("Take it back")
            await until(lambda: house.slack.back.total() >= PEOPLE // 8)
            assert house.slack.back.total() < PEOPLE // 2, "it is in the middle"
            await house.kill()
            found = await settled(house.store)
        async with house.store.read() as work:
            tally = await counts(work, 1)
    states = Counter(one.state for one in found)
    assert len(found) == len({one.person for one in found}) == PEOPLE
    assert states.total() == PEOPLE
    assert states == Counter({n: tally[n] for n in states})
    assert states["sent"] + states["unknown"] + states["left_out"] == PEOPLE
    assert states["left_out"], "it was taken back before it had reached all"
    assert max(house.slack.had.values()) == 1, "nobody has it twice"
    for one in found:
        user = one.person.upper()
        if one.state == "sent":
            assert house.slack.had[user] == 1
            assert house.slack.back[user] >= 1
            assert not any(title_of(m) == TITLE and _for_them(m) for m in house.slack.said(user))
        elif one.state == "left_out":
            assert not house.slack.had[user]
    assert states["unknown"] <= (0 if read_back else sum(house.in_doubt))
    assert HELD <= max(house.in_doubt) <= ROOM
    assert states["unknown"] >= (0 if read_back else HELD), "the test has something to tell"
    assert house.slack.refused == []
