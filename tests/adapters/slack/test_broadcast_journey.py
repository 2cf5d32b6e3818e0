"""A broadcast's whole life with two people on Slack, in requests as Slack sends them.

The program is the whole one, wired for Slack, with a stateful Slack at its other end that refuses
what is not Block Kit; time passes only when the test says so, one broadcast message a second.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import ClientSession, web

from adapters.slack.manifest import EVENTS_PATH
from adapters.store.database import Store
from bot.app import App
from bot.settings import Settings
from bot.wiring.parts import build
from bot.wiring.slack import connect
from nudges.address import Address
from nudges.pace import POSTS, Paces
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.adapters.slack.client import Client, Someone, buttons_of, text_of
from tests.adapters.slack.desk import APP, SECRET, TEAM
from tests.adapters.slack.fake import FakeSlack
from tests.clock import Clock
from tests.counts import counts
from tests.desk import PEOPLE, PROGRAMME
from tests.desk import SECRET as OURS

AUTHOR, APPROVER = "eve", "bob"
OTHERS = tuple(Person(f"p{n}", f"Person {n}", job="sales") for n in range(5))
EVERYBODY = (*PEOPLE, *OTHERS)
TITLE = "Offers leave from one place"
WORDS = {
    "title_en": TITLE,
    "title_nl": "Offertes vanaf één plek",
    "body_en": "Make yours in {crm}. <!channel> :tada:\n\nIt saves an hour.",
    "body_nl": "Maak de jouwe in {crm}.",
    "kind": "change",
    "goal": "Answered within a day",
    "label_en": "Show me",
    "label_nl": "Laat zien",
    "acknowledge": "yes",
}
LINK = "https://example.com/offers"
STATES = {"On its way", "Paused", "Stopped", "Done", "Being taken back", "Taken back"}
LANE = f"slack:{TEAM}"


@dataclass
class House:
    """The running program, and people at their Slack."""

    app: App
    store: Store
    clock: Clock
    slack: FakeSlack
    client: Client

    def __getitem__(self, person: str) -> Someone:
        return Someone(self.client, slack_id(person))

    async def step(self) -> None:
        await self.app.settle()
        await asyncio.sleep(0.002)

    async def goes_on(self, *also: str, seconds: float = 11) -> None:
        """Let time pass, and what has to do with broadcasts happen."""
        self.clock.pass_(seconds=seconds)
        for name in ("broadcasts", "progress", *also):
            await self.app.rounds[name][0]()
        await self.app.ticker.spread()
        await self.app.settle()

    async def tally(self, number: int) -> dict[str, int]:
        async with self.store.read() as work:
            return {name: n for name, n in (await counts(work, number)).items() if n}

    def followed(self) -> str:
        """Return the card on which the author follows what was handed in last, with its buttons."""
        found = next(m for m in reversed(self[AUTHOR].chat) if text_of(m).split("\n")[0] in STATES)
        return text_of(found) + "".join(f"\n[{label}]" for label in buttons_of(found))

    def reached(self, words: str = TITLE) -> set[str]:
        """Return who has a message to many with these words, and did not write or approve it."""
        plain = (p.id for p in EVERYBODY if p.id not in {AUTHOR, APPROVER})
        return {who for who in plain if any(words in title for title in self[who].titles)}


def slack_id(person: str) -> str:
    return f"U{person.upper()}"


@pytest.fixture
async def house(
    memory: Store, clock: Clock, slack: FakeSlack, session: ClientSession
) -> AsyncIterator[House]:
    clock.pass_(hours=2)
    settings = Settings(
        secret=OURS,  # pyright: ignore[reportArgumentType] - read by pydantic, as the next ones
        slack_app_id=APP,
        slack_signing_secrets=SECRET,  # pyright: ignore[reportArgumentType]
        slack_teams=TEAM,  # pyright: ignore[reportArgumentType]
        slack_bot_token=next(iter(slack.tokens)),  # pyright: ignore[reportArgumentType]
        slack_api=f"{slack.origin}/api/",
    )
    slack.members = {slack_id(p.id): {"id": slack_id(p.id)} for p in EVERYBODY}
    async with memory.write() as work:
        await work.keep_programme(PROGRAMME)
        homes = {p.id: Address("slack", TEAM, slack_id(p.id)) for p in EVERYBODY}
        await work.save([replace(p, addresses=(homes[p.id],)) for p in EVERYBODY], clock())
        grants = [Grant(AUTHOR, Role.AUTHOR), Grant(APPROVER, Role.APPROVER)]
        await work.keep(grants, "settings", clock())
    paces = Paces({("slack", POSTS): 1.0})
    app = build(
        settings,
        memory,
        [connect(settings, memory, clock)],
        clock,
        paces=paces,
        sleep=lambda _: asyncio.sleep(0),
    )
    app.closers.remove(memory.close)
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS_PATH}"

    async def carry(request: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever it brings
        """Do what a running program does while Slack waits."""
        asking = asyncio.ensure_future(request)
        while not asking.done():
            await opened.step()
        await opened.step()
        clock.pass_(seconds=3)  # a reply may have to wait for its place after a message to many
        await opened.step()
        return await asking

    async def step() -> None:
        await opened.step()

    client = Client(slack, session, url, clock, carry, step)
    opened = House(app, memory, clock, slack, client)
    for person in EVERYBODY:
        await opened[person.id].opens()
    try:
        yield opened
        assert slack.refused == [], "all of it was Block Kit"
    finally:
        with suppress(OSError):
            await runner.cleanup()
        await app.stop()


async def written(house: House) -> None:
    """Write a message with a mistake, put that right, and choose for whom it is."""
    author = house[AUTHOR]
    await author.says("messages")
    window = await author.opening("Write a message")
    await author.submits(window, WORDS | {"link": "javascript:alert(1)"})
    assert not window.closed
    assert set(window.errors) == {"link"}
    assert "https://" in window.errors["link"]
    assert window.shown() == WORDS | {"link": "javascript:alert(1)"}, "nothing typed is lost"
    assert "Hand in" not in buttons_of(author.chat[-1])

    await author.submits(window, {"link": LINK})
    assert window.closed
    assert "Choose for whom it is." in author.reading(f"{TITLE}: saved")
    window = await author.opening("Words")
    assert window.shown() == WORDS | {"link": LINK}, "it opens again as it was left"

    window = await author.opening("For whom, and when")
    assert window.title == "For whom, and when"
    await author.submits(window, {"who": "own", "rule": "segmnt is sales", "how": "at_once"})
    assert "Did you mean “segment”?" in window.errors["rule"]
    await author.submits(window, {"who": "everyone", "rule": ""})
    assert window.closed
    assert f"People: {len(EVERYBODY)}" in author.reading(f"{TITLE}: saved")


async def tried_out(house: House) -> None:
    """See it in the other language, and on the author's own screen."""
    author = house[AUTHOR]
    await author.presses("See it: Nederlands")
    assert "Maak de jouwe in Dynamics." in author.reading("Offertes vanaf één plek")
    await author.presses("Back to the draft")
    before = len(author.chat)
    await author.presses("Send me a test")
    await house.goes_on()
    assert author.titles[before:] == [TITLE, "Offertes vanaf één plek"]
    await author.presses("Got it")
    assert author.reading("You said you got this").startswith(TITLE)
    assert house.reached() == set()


async def approved(house: House, label: str = "Akkoord") -> None:
    await house[AUTHOR].presses("Hand in")
    assert "Handed in" in house[AUTHOR].titles
    await house.goes_on()
    assert house[APPROVER].having(label), house[APPROVER].titles
    await house[APPROVER].presses(label)


async def test_written_approved_followed_stopped_answered_corrected_and_taken_back(
    house: House,
) -> None:
    author, ann = house[AUTHOR], house["ann"]
    await written(house)
    await tried_out(house)
    await approved(house)
    assert house.reached() == set(), "nothing leaves on the approver's request"

    await house.goes_on()
    await house.goes_on()
    assert "Approved" in author.titles
    while not ann.having("Got it"):
        await house.goes_on()
    assert "Make yours in Dynamics. <!channel> :tada:" in ann.reading(TITLE)
    (opened,) = [b for b in links(ann) if b["text"]["text"] == "Show me"]
    assert opened["url"] == LINK
    await ann.presses("Got it")
    assert not ann.having("Got it")
    assert "You said you got this" in ann.reading(TITLE)
    await ann.says("Does that hold for <https://x.example|renewals> &amp; quotes?")
    assert "Eve Moss can read what you wrote" in ann.last

    await held_and_stopped(house)
    had = await house.tally(1)
    assert had["sent"] + had["left_out"] == len(EVERYBODY)
    assert had["left_out"]
    assert (had["acknowledged"], had["replied"]) == (1, 1)
    reached = house.reached()

    await answered(house)
    await corrected(house, reached)
    await taken_back(house, reached)
    assert await house.tally(1) == had, "who had it, has had it"


def links(who: Someone) -> list[dict[str, Any]]:
    rows = [b["elements"] for m in who.chat for b in m["blocks"] if b["type"] == "actions"]
    return [button for row in rows for button in row if "url" in button]


async def held_and_stopped(house: House) -> None:
    """Pause it, look that it stands still, let it go on, and stop it for good."""
    author = house[AUTHOR]
    card = house.followed()
    assert card.startswith("On its way")
    await author.presses("Pause")
    assert house.followed().startswith("Paused")
    before = await house.tally(1)
    for _ in range(3):
        await house.goes_on()
    assert await house.tally(1) == before
    await author.presses("Go on")
    assert house.followed().startswith("On its way")
    await house.goes_on()
    assert (await house.tally(1))["sent"] > before["sent"]
    await author.presses("Stop")
    assert "Stop for good? Who has it keeps it" in house.followed()
    await author.presses("Stop for good")
    assert house.followed().startswith("Stopped")
    for _ in range(4):
        await house.goes_on(seconds=90)
    assert "Left out: " in house.followed()


async def answered(house: House) -> None:
    """Read what somebody wrote back, and answer it."""
    author, ann = house[AUTHOR], house["ann"]
    await house.goes_on("replies")
    queue = author.reading("What people wrote back")
    assert "Ann Field" in queue
    assert "Does that hold for" in queue
    window = await author.opening("Answer 1")
    assert window.title == "Answer"
    await author.submits(window, {"text": "Yes, from <Monday> & on."})
    assert window.closed
    assert "Eve Moss answered you" in ann.titles
    assert "Yes, from <Monday> & on." in ann.last
    assert "Everything is answered" in author.titles
    before = list(ann.titles)
    again = replace(window, closed=False)
    await author.submits(again)
    assert ann.titles == before, "the same window sent twice is one answer"


async def corrected(house: House, reached: set[str]) -> None:
    """Put the words right wherever they are; nobody else gets them."""
    author = house[AUTHOR]
    places = {who: [m["ts"] for m in house[who].chat] for who in reached}
    await author.says("messages")
    await author.presses("1 · Offers leave from one p…")
    await author.presses("Correct it")
    assert "Corrects message: 1" in author.last
    assert "For whom, and when" not in buttons_of(author.chat[-1])
    window = await author.opening("Words")
    assert window.shown() == WORDS | {"link": LINK}
    right = {"title_en": "Offers leave from two places", "title_nl": "Vanaf twee plekken"}
    await author.submits(window, right)
    await approved(house)
    for _ in range(4):
        await house.goes_on()
    assert house.reached() == set()
    assert house.reached("Offers leave from two places") == reached
    assert "Corrected on Monday 16 November." in house["ann"].reading("two places")
    assert not house["ann"].having("Got it"), "who said so is not asked again"
    assert {who: [m["ts"] for m in house[who].chat] for who in reached} == places
    assert (await house.tally(2))["sent"] == (await house.tally(1))["sent"]


async def taken_back(house: House, reached: set[str]) -> None:
    """Take the first one back where it is."""
    author = house[AUTHOR]
    await author.says("messages")
    await author.presses("1 · Offers leave from two p…")
    await author.presses("How far it is")
    await author.presses("Take back")
    assert "Said “Got it”: 1" in author.last
    await author.presses("Take it back")
    for _ in range(3):
        await house.goes_on(seconds=600)
    assert house.followed().startswith("Taken back"), "the card found again keeps up"
    assert house.reached("Offers leave from two places") == set()
    assert house.reached("This message was taken back") == reached
    assert not any("Got it" in buttons_of(m) for who in reached for m in house[who].chat)
