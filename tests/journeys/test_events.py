"""Every event that the papers name, lived through in a joined house, as another hears of it."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator
from sqlalchemy import Text, cast, select
from structlog.testing import capture_logs

from adapters.api.description import BASE, description
from adapters.api.events import EVENTS
from adapters.links.way_out import WayOut
from adapters.store.database import Store
from adapters.store.deliveries import read_note
from adapters.store.delivery_table import deliveries
from adapters.store.progress import progress
from bot.app import App
from bot.settings import Place
from bot.wiring.api import Places, open_numbers, tell_others
from bot.wiring.doctor import checks_of_place
from nudges.access import Access, digest, make_key
from nudges.broadcast import Draft, HandedIn, Stage
from nudges.champions import Nomination
from nudges.delivery import Note, RunState
from nudges.digest import DigestNote
from nudges.group import RESPONSE
from nudges.health import HealthNote, judge
from nudges.people import Person
from nudges.progress import LONGEST
from nudges.roles import Grant, Role
from nudges.steering import Followed, Switched, TakenBack
from nudges.webhooks import GIVEN_UP, KINDS, LEASE, Event, Webhook, shown, signing_key
from tests import desk as house
from tests.clock import Clock
from tests.contracts.numbers import close, settle_in
from tests.desk import SECRET, Desk, at, open_desk, settings
from tests.journeys.test_broadcasts import AUTHOR, MESSAGE, at_work
from tests.journeys.test_digests import WEEK, company, hours, use
from tests.journeys.test_duties import days, known, open_again
from tests.journeys.test_following import correct, hold, keeps, let_go, looks
from tests.receiver import Receiver, receiving

NAME = "planner"
PAPER = Path(__file__).parents[2] / "docs" / "api.md"
KEY = make_key("bi", lambda _: "k" * 43)
MORE = tuple(f"x{n}" for n in range(6))
W46, W48, W49 = date(2026, 11, 9), date(2026, 11, 23), date(2026, 11, 30)
Told = tuple[str, Any]
Kind = TypeVar("Kind", bound=Note)


@dataclass
class Life:
    """A house, and another system that is told what happens in it."""

    desk: Desk
    other: Receiver

    async def goes_out(self) -> int:
        return await self._round("webhooks")

    async def tidies(self) -> int:
        return await self._round("webhooks tidied")

    async def _round(self, name: str) -> int:
        what, _ = self.desk.app.rounds[name]
        done = await what()
        assert isinstance(done, int)
        return done

    async def hears(self) -> list[Told]:
        """Let everything go out; returns what was heard until now, each once and as described."""
        while await self.goes_out():
            pass
        bodies = list(self.other.taken.values())
        assert len(self.other.knocks) == len(bodies), "each came once, and its signature was good"
        for body in bodies:
            documented(body)
        assert not await self.named(json.dumps(bodies))
        return [(body["type"], body["data"]) for body in bodies]

    async def named(self, text: str) -> list[str]:
        """Return whoever is named in a text, by any of their names."""
        async with self.desk.store.read() as work:
            people = await work.everyone()
        words = {word for one in people for word in (one.id, *one.name.split()) if word}
        assert len(words) > 2
        return [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]

    async def state(self) -> dict[str, int]:
        async with self.desk.store.read() as work:
            return (await work.parcels_by_state())[NAME]


def documented(body: dict[str, Any]) -> None:
    """Hold what was posted to the description."""
    whole = description()
    content = whole["webhooks"][body["type"]]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"] | {"components": whole["components"]}
    Draft202012Validator(schema).validate(body)  # pyright: ignore[reportUnknownMemberType] - half typed
    assert datetime.fromisoformat(body["timestamp"]).tzinfo


def join(app: App, store: Store, clock: Clock) -> None:
    """Join a program as `serve` does, but that it may speak to this machine."""
    tell_others(app, settings(), store, clock, WayOut(["127.0.0.1"], loopback=True))


@asynccontextmanager
async def joined(desk: Desk) -> AsyncGenerator[Life]:
    secret = SECRET.encode()
    other = Receiver([shown(signing_key(secret, NAME, 0))])
    join(desk.app, desk.store, desk.clock)
    async with receiving(other):
        async with desk.store.write() as work:
            place = Places(secret).seal(NAME, other.url)
            one = Webhook(NAME, "127.0.0.1", place, KINDS, desk.clock())
            assert await work.add_webhook(one, "settings")
        try:
            yield Life(desk, other)
        finally:
            await desk.app.closers[-1]()


@asynccontextmanager
async def reading(desk: Desk) -> AsyncGenerator[TestClient[Any, Any]]:
    """Let a program read by the house's own door."""
    open_numbers(desk.app, desk.store, desk.clock)
    async with desk.store.write() as work:
        ends = desk.clock() + timedelta(days=99)
        await work.let_in(Access("bi", digest(KEY), desk.clock(), ends), "settings")
    head = {"Authorization": f"Bearer {KEY}"}
    async with TestClient(TestServer(desk.app.web), headers=head) as client:
        yield client


async def read(client: TestClient[Any, Any]) -> set[tuple[str, str]]:
    """Return which numbers a program reads: measure and week."""
    answer = await client.get(f"{BASE}/numbers")
    assert answer.status == 200
    return {(one["measure"], one["week"]) for one in (await answer.json())["numbers"]}


async def notes(desk: Desk, who: str, kind: type[Kind]) -> list[Kind]:
    """Return what was written to somebody, of one kind, earliest first."""
    written = select(cast(deliveries.c.note, Text)).where(deliveries.c.person == who)
    async with desk.store.read() as work:
        found = [
            read_note(note)
            for note in await work.connection.scalars(written.order_by(deliveries.c.id))
        ]
    return [note for note in found if isinstance(note, kind)]


def stand_in(note: DigestNote) -> set[tuple[str, str]]:
    """Return which numbers stand in a digest: measure and week."""
    both = [one for line in note.lines for one in (line.number, line.before) if one]
    return {(one.kind, one.week) for one in both if one.kind != "decided"}


def released(told: Sequence[Told]) -> list[set[tuple[str, str]]]:
    """Return which numbers each event named."""
    named = [data["numbers"] for kind, data in told if kind == "numbers.released"]
    assert all(len(some) == len({str(one) for one in some}) for some in named)
    return [{(one["measure"], one["week"]) for one in some} for some in named]


def test_the_papers_and_the_description_name_the_same_events() -> None:
    _, _, paper = PAPER.read_text(encoding="utf-8").partition("## Webhooks")
    rows = dict(re.findall(r"^\| `([a-z.]+)` \|(.*)$", paper, re.MULTILINE))
    whole = description()
    assert list(rows) == list(whole["webhooks"]) == [*KINDS, "test"]
    schemas = whole["components"]["schemas"]
    for kind, shape in EVENTS.items():
        event, row = schemas[shape.__name__], rows[kind]
        data = schemas[event["properties"]["data"]["$ref"].rpartition("/")[2]]
        assert all(f"`{name}`" in row for name in data["properties"]), kind
        assert data["additionalProperties"] is event["additionalProperties"] is False


# Numbers: what a sponsor is told on Monday.


async def test_numbers_are_news_once_a_sponsor_reads_them(
    memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await company(memory, clock, monkeypatch)
    async with joined(desk) as life, reading(desk) as client:
        await hours(desk, 4)
        async with desk.store.read() as work:
            assert await work.closed_weeks(), "last week is over"
        assert await life.hears() == [], "and nobody was told of it yet"
        assert await read(client) == set()

        await hours(desk, 2)
        first = await life.hears()
        (note,) = [n for n in await notes(desk, "sam", DigestNote) if n.view == "organisation"]
        assert released(first) == [stand_in(note)]
        assert {("active", "2026-11-09"), ("records", "2026-11-09")} <= stand_in(note)
        assert await read(client) == stand_in(note)
        await hours(desk, 24, 4)
        assert await life.hears() == first, "in the digests of others it is no news"

        await use(desk, W46 + WEEK)
        await hours(desk, 6 * 24, 4)
        *_, second = released(await life.hears())
        later = (await notes(desk, "sam", DigestNote))[-1]
        assert second == stand_in(later) - stand_in(note)
        assert {week for _, week in second} == {"2026-11-16"}
        assert await read(client) == stand_in(note) | stand_in(later)
        assert len(released(await life.hears())) == 2


# Broadcasts: what becomes of them, as the card of their author knows it.


async def office(desk: Desk) -> Desk:
    """Return a house with nine people at work, one of whom writes to all."""
    async with desk.store.write() as work:
        crowd = [Person(who, who, language="en", addresses=(at(who),), welcomed=True)
                 for who in MORE]  # fmt: skip
        await work.save(crowd, desk.clock())
        await work.keep([Grant(AUTHOR, Role.CRM_TEAM)], "settings", desk.clock())
    return await at_work(desk)


async def begins(desk: Desk, rule: str = "everyone") -> int:
    async with desk.store.write() as work:
        await work.keep([HandedIn(Draft(MESSAGE, rule, 9), Stage.RELEASED)], AUTHOR, desk.clock())
        number = max(await work.broadcasts())
    await desk.app.rounds["broadcasts"][0]()
    await desk.app.ticker.spread()
    return number


async def through(desk: Desk) -> None:
    """Let a broadcast go on until nothing more happens to it, and somebody has looked."""
    for seconds in (60, 60, 60, LONGEST.total_seconds()):
        await looks(desk, seconds)


def finished(number: int, ended: str, people: str | None = "5-9") -> Told:
    return "broadcast.finished", {"broadcast": number, "ended": ended, "people": people}


async def test_a_broadcast_is_through_and_later_taken_back(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        number = await begins(desk)
        held = await hold(desk, number, 9)
        await desk.app.settle()
        await let_go(desk, held[1:])
        await looks(desk)
        assert await life.hears() == [], "one is still to get it"
        await let_go(desk, held[:1])
        await through(desk)
        assert await life.hears() == [finished(number, "done")]

        desk.clock.pass_(days=35)
        assert await life.tidies() == 1
        await opened(desk, number)
        await through(desk)
        assert await life.hears() == [finished(number, "done")], "who opens its card tells nothing"

        await keeps(desk, TakenBack(number))
        await through(desk)
        ends = [finished(number, "done"), finished(number, "recalled")]
        assert await life.hears() == ends
        await opened(desk, number)
        await through(desk)
        assert await life.hears() == ends


async def test_a_correction_is_told_under_its_own_number(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        number = await begins(desk)
        await through(desk)
        correction = await correct(desk, number)
        await through(desk)
        assert await life.hears() == [finished(number, "done"), finished(correction, "done")]


async def opened(desk: Desk, number: int) -> None:
    """Let the author find a broadcast again, so that its card keeps up once more."""
    async with desk.store.write() as work:
        roots = select(progress.c.root).where(progress.c.broadcast == number)
        root = (await work.connection.scalars(roots)).one()
        await work.keep([Followed(number, root)], AUTHOR, desk.clock())
    async with desk.store.read() as work:
        assert await work.looks(desk.clock()), "somebody looks at it again"


async def test_a_broadcast_is_stopped_once_what_was_under_way_has_ended(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        number = await begins(desk)
        held = await hold(desk, number, 9)
        await desk.app.settle()
        await keeps(desk, Switched(number, RunState.STOPPED))
        await looks(desk)
        assert await life.hears() == []
        await let_go(desk, held)
        await through(desk)
        assert await life.hears() == [finished(number, "stopped")]


async def test_of_an_audience_by_barrier_no_number_is_told(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        number = await begins(desk, "barrier is not desire")
        await through(desk)
        async with desk.store.read() as work:
            tally = (await work.tallies([number], desk.clock()))[number]
        assert tally.sent == 9
        assert await life.hears() == [finished(number, "done", None)]


async def test_one_whose_author_cannot_be_reached_is_not_told_as_the_papers_say(
    desk: Desk,
) -> None:
    async with joined(await office(desk)) as life:
        desk.notebook.gone.add(AUTHOR)
        await begins(desk)
        await through(desk)
        assert await life.hears() == []


# The health check of a month.


@pytest.fixture
async def roomy(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a house on the day before a month, in which nothing else takes a touch."""
    house.only_own_tips(monkeypatch)
    house.nobody_asked_where(monkeypatch)
    clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    opened = await open_desk(memory, clock)
    await known(opened, "ann", Role.CRM_TEAM)
    return opened


async def test_health_is_judged_once_a_month_and_as_it_was_read(roomy: Desk) -> None:
    async with joined(roomy) as life:
        await days(roomy, 2)
        (note,) = await notes(roomy, "ann", HealthNote)
        judged = {str(principle): state for principle, state in judge(note.facts).items()}
        wanted = ("health.judged", {"month": "2026-11", "principles": judged})
        assert await life.hears() == [wanted]

        await known(roomy, "bob", Role.CHAMPION, Role.SPONSOR, team="Sales")
        async with roomy.store.write() as work:
            await work.keep([Nomination("eve", "critic")], "ann", roomy.clock())
        await days(roomy, 14)
        assert await notes(roomy, "ann", HealthNote) == [note]
        assert await life.hears() == [wanted], "what changed since is for the next one"


async def test_a_check_that_nobody_gets_tells_nothing_of_a_newer_number(roomy: Desk) -> None:
    await settle_in(roomy.store)
    await close(roomy.store, RESPONSE, W48)
    async with joined(roomy) as life, reading(roomy) as client:
        for _ in range(2):
            await roomy.app.rounds["activities"][0]()
        told = await life.hears()
        assert released(told) == [{("response", "2026-11-23")}]
        assert sorted(kind for kind, _ in told) == ["health.judged", "numbers.released"]

        roomy.clock.now = datetime(2026, 12, 7, 5, tzinfo=UTC)
        await close(roomy.store, RESPONSE, W49)
        for _ in range(2):
            await roomy.app.rounds["activities"][0]()
        assert await life.hears() == told, "the check that was made shows the older one"
        assert await read(client) == {("response", "2026-11-23")}


async def test_who_joins_the_team_later_gets_a_check_with_the_number_of_that_day(
    roomy: Desk,
) -> None:
    await settle_in(roomy.store)
    await close(roomy.store, RESPONSE, W48)
    async with joined(roomy) as life:
        await roomy.app.rounds["activities"][0]()
        roomy.clock.now = datetime(2026, 12, 7, 5, tzinfo=UTC)
        await close(roomy.store, RESPONSE, W49)
        await known(roomy, "bob", Role.CRM_TEAM)
        await roomy.app.rounds["activities"][0]()
        cells = {who: [n.facts.cell for n in await notes(roomy, who, HealthNote)]
                 for who in ("ann", "bob")}  # fmt: skip
        assert [len(set(some)) for some in cells.values()] == [1, 1]
        assert cells["ann"] != cells["bob"]
        told = await life.hears()
        assert released(told) == [{("response", "2026-11-23")}, {("response", "2026-11-30")}]
        assert [kind for kind, _ in told].count("health.judged") == 1


# What goes wrong on the way.


async def test_a_program_that_dies_while_it_tells_leaves_it_to_the_next(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        number = await begins(desk)
        await through(desk)
        life.other.how = ["slow"]
        dying = asyncio.create_task(life.goes_out())
        async with asyncio.timeout(10):
            await life.other.asked.wait()
        dying.cancel()
        with suppress(asyncio.CancelledError):
            await dying
        again = replace(life, desk=await open_again(desk))
        join(again.desk.app, desk.store, desk.clock)
        assert await again.goes_out() == 0, "nobody knows yet that it died"
        desk.clock.pass_(seconds=LEASE.total_seconds())
        assert await again.goes_out() == 1
        assert await again.goes_out() == 0
        await again.desk.app.closers[-1]()
    first, second = life.other.knocks
    assert first["webhook-id"] == second["webhook-id"]
    assert [(one["type"], one["data"]) for one in life.other.taken.values()] == [
        finished(number, "done")
    ]
    assert await life.state() == {"delivered": 1}


async def test_a_receiver_that_fails_gets_each_event_in_the_end(desk: Desk) -> None:
    async with joined(await office(desk)) as life:
        life.other.how = ["503", "lost", "301", "later"]
        number = await begins(desk)
        await through(desk)
        for _ in range(4):
            assert await life.goes_out() == 1
            assert await life.goes_out() == 0, "it is left alone for a while"
            desk.clock.pass_(hours=1)
        assert await life.goes_out() == 1
        desk.clock.pass_(days=1)
        assert await life.goes_out() == 0
        assert (len(life.other.knocks), life.other.copies) == (5, 1)
        assert len({knock["webhook-id"] for knock in life.other.knocks}) == 1
        assert [one["data"] for one in life.other.taken.values()] == [finished(number, "done")[1]]
        assert await life.state() == {"delivered": 1}


async def test_one_that_never_answers_is_given_up_and_doctor_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'house.db'}"
    store = await Store.open(url, create=True)
    # doctor looks at the real clock
    clock = Clock(datetime.now(UTC) - GIVEN_UP - timedelta(hours=1))
    async with joined(await open_desk(store, clock)) as life:
        async with store.write() as work:
            assert await work.announce_to(Event("test", "test:1", clock()), NAME) == 1
        life.other.how = ["500"] * 99
        with capture_logs() as logs:
            for hour in range(73):
                await life.goes_out()
                if hour == 60:
                    assert await life.state() == {"waiting": 1}
                    assert (await examined(url))[0], "not before it is given up"
                clock.pass_(hours=1)
        said = [line for line in logs if line["event"] == "webhooks.given_up"]
        assert [(line["log_level"], line["webhook"]) for line in said] == [("warning", NAME)]
        assert await life.state() == {"given_up": 1}
        assert len(life.other.knocks) > 12
        ok, say = await examined(url)
        assert not ok
        assert say.startswith(f"{NAME} was not told of 1 events in a week")
        assert not life.other.taken
        assert not await life.named(str(logs))
    await store.close()


async def examined(url: str) -> tuple[bool, str]:
    found = await checks_of_place(Place(database=url))["webhooks"]()
    return found.ok, found.say
