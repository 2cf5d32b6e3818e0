"""A number is told, another system hears of it; and all that may go wrong with that."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.links.way_out import WayOut
from adapters.links.webhook import WebhookPost
from adapters.store.database import Store
from bot.webhooks import Webhooks
from bot.wiring.api import Places
from nudges.group import ACTIVE
from nudges.webhooks import GIVEN_UP, LEASE, REMEMBERED, Event, Webhook, shown, signing_key
from tests.clock import Clock
from tests.contracts.numbers import W46, close, settle_in, show
from tests.receiver import Receiver, receiving

SECRET = b"a secret of nobody, for a test of it"
EVENT = {"numbers": [{"measure": "active", "week": "2026-11-09"}]}


@dataclass
class House:
    """The program, as far as it tells others, and one other."""

    store: Store
    clock: Clock
    other: Receiver
    webhooks: Webhooks

    async def told(self, occasion: str = "test:1") -> None:
        async with self.store.write() as work:
            event = Event("numbers.released", occasion, self.clock(), {"numbers": []})
            assert await work.announce(event) == 1

    async def state(self) -> dict[str, int]:
        async with self.store.read() as work:
            return (await work.parcels_by_state()).get("bi", {})


@pytest.fixture
async def house(memory: Store, clock: Clock) -> AsyncIterator[House]:
    other = Receiver([shown(signing_key(SECRET, "bi", 0))])
    way = WayOut(["127.0.0.1"], loopback=True)
    post = WebhookPost(way, clock, seconds=0.5)
    places = Places(SECRET)
    async with receiving(other):
        async with memory.write() as work:
            sealed = places.seal("bi", other.url)
            one = Webhook("bi", "127.0.0.1", sealed, ("numbers.released",), clock())
            await work.add_webhook(one, "settings")
        webhooks = Webhooks(memory, clock, post, SECRET, places.open, chance=lambda: 1.0)
        yield House(memory, clock, other, webhooks)
        await post.close()


async def test_from_the_digest_to_the_other_system(house: House) -> None:
    await settle_in(house.store)
    await close(house.store, ACTIVE, W46)
    assert await house.webhooks.round() == 0, "nobody was told yet"
    await show(house.store, [ACTIVE])
    await show(house.store, [ACTIVE], who="abe")
    assert await house.webhooks.round() == 1, "the first who is told makes it news"
    assert await house.webhooks.round() == 0
    (told,) = house.other.taken.values()
    assert (told["type"], told["data"]) == ("numbers.released", EVENT)
    assert await house.state() == {"delivered": 1}


async def test_a_managers_number_is_no_news(house: House) -> None:
    await settle_in(house.store)
    await close(house.store, ACTIVE, W46)
    await show(house.store, [ACTIVE], unit="abe", who="abe")
    assert await house.webhooks.round() == 0


@pytest.mark.parametrize("how", ["500", "404", "slow", "elsewhere", "lost", "301"])
async def test_what_failed_is_told_again_under_its_own_id(house: House, how: str) -> None:
    await house.told()
    house.other.how = [how]
    assert await house.webhooks.round() == 1
    assert await house.state() == {"waiting": 1}
    house.clock.pass_(seconds=9)
    assert await house.webhooks.round() == 0
    house.clock.pass_(seconds=1)
    assert await house.webhooks.round() == 1
    assert await house.state() == {"delivered": 1}
    assert len({knock["webhook-id"] for knock in house.other.knocks}) == 1
    assert len(house.other.knocks) == 2, "no redirect was followed"
    assert house.other.copies == (how == "lost")


async def test_down_for_a_day_nothing_is_lost(house: House) -> None:
    for n in range(3):
        await house.told(f"test:{n}")
    house.other.how = ["503"] * 60
    for _ in range(48):
        house.clock.pass_(minutes=30)
        await house.webhooks.round()
    house.other.how = []
    house.clock.pass_(hours=6)
    await house.webhooks.round()
    assert await house.state() == {"delivered": 3}
    assert len(house.other.knocks) < 60, "pauses grow"


async def test_who_asks_to_wait_is_left_alone_that_long(house: House) -> None:
    await house.told()
    house.other.how = ["later"]
    await house.webhooks.round()
    house.clock.pass_(minutes=59)
    assert await house.webhooks.round() == 0
    house.clock.pass_(minutes=1)
    assert await house.webhooks.round() == 1
    assert await house.state() == {"delivered": 1}


async def test_who_is_gone_is_told_nothing_more(house: House) -> None:
    await house.told()
    await house.told("test:2")
    house.other.how = ["410", "410"]
    with capture_logs() as logs:
        await house.webhooks.round()
    assert await house.state() == {"given_up": 2}
    async with house.store.write() as work:
        (one,) = await work.webhooks()
        assert await work.announce(Event("numbers.released", "test:3", house.clock())) == 0
        acts = [(done.who, done.act, done.about) for done in await work.audited(1)]
    assert one.why == "status 410"
    assert acts == [("webhook:bi", "stop", "webhook:bi")]
    assert {line["event"] for line in logs} == {"webhooks.gone"}


async def test_after_three_days_it_is_given_up_and_said(house: House) -> None:
    await house.told()
    house.other.how = ["500"] * 99
    with capture_logs() as logs:
        for _ in range(40):
            await house.webhooks.round()
            house.clock.pass_(hours=2)
    assert await house.state() == {"given_up": 1}
    assert [line["log_level"] for line in logs if line["event"] == "webhooks.given_up"] == [
        "warning"
    ]
    async with house.store.read() as work:
        assert await work.given_up_since(house.clock() - GIVEN_UP) == {"bi": 1}
    house.clock.pass_(days=REMEMBERED.days)
    assert await house.webhooks.tidy() == 1


async def test_no_address_and_no_answer_stands_in_a_log(house: House) -> None:
    await house.told()
    house.other.how = ["500", "slow"]
    with capture_logs() as logs:
        await house.webhooks.round()
        house.clock.pass_(minutes=1)
        await house.webhooks.round()
    said = str(logs)
    assert "bi" in said
    assert not [word for word in ("pa55", "127.0.0.1", "somebody", "whsec") if word in said]


async def test_a_receiver_that_talks_without_end_is_not_listened_to(house: House) -> None:
    await house.told()
    house.other.how = ["talks"]
    await house.webhooks.round()
    assert await house.state() == {"delivered": 1}


async def test_a_slow_one_holds_up_nobody_else(house: House) -> None:
    async with house.store.write() as work:
        place = Places(SECRET).seal("quick", house.other.url)
        one = Webhook("quick", "127.0.0.1", place, ("numbers.released",), house.clock())
        await work.add_webhook(one, "settings")
        assert await work.announce(Event("numbers.released", "test:1", house.clock())) == 2
    house.other.secrets.append(shown(signing_key(SECRET, "quick", 0)))
    house.other.how = ["slow"]
    await house.webhooks.round()
    async with house.store.read() as work:
        counted = sorted((await work.parcels_by_state()).values(), key=str)
    assert counted == [{"delivered": 1}, {"waiting": 1}]


async def test_two_programs_tell_it_once(house: House) -> None:
    await house.told()
    await asyncio.gather(house.webhooks.round(), house.webhooks.round())
    assert len(house.other.knocks) == 1


async def test_either_secret_is_good_while_they_overlap(house: House) -> None:
    old, new = house.other.secrets[0], shown(signing_key(SECRET, "bi", 1))
    async with house.store.write() as work:
        until = house.clock() + timedelta(days=2)
        assert await work.rotate_webhook("bi", "settings", house.clock(), until) == 1
    for n, (secret, taken) in enumerate(((old, 1), (new, 2))):
        house.other.secrets = [secret]
        await house.told(f"test:{n}")
        await house.webhooks.round()
        assert len(house.other.taken) == taken
    house.clock.pass_(days=2)
    house.other.secrets = [old]
    await house.told("test:9")
    await house.webhooks.round()
    assert len(house.other.taken) == 2, "the old one is over"


async def test_with_another_secret_of_ours_it_waits_and_says_so(house: House) -> None:
    await house.told()
    places = Places(b"another secret that this house has now")
    post = WebhookPost(WayOut(), house.clock)
    changed = Webhooks(house.store, house.clock, post, SECRET, places.open)
    with capture_logs() as logs:
        await changed.round()
    assert logs[-1]["why"] == "address sealed with another secret"
    house.clock.pass_(seconds=LEASE.total_seconds())
    assert await house.webhooks.round() == 1
    assert await house.state() == {"delivered": 1}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "address unsafe"),
        ("ftp://example.com/", "address unsafe"),
        ("https://a:b@example.com/", "address unsafe"),
        ("https://169.254.169.254/latest", "address inside"),
        ("https://[::1]/", "address inside"),
        ("https://2130706433/", "address unsafe"),
        ("http://127.0.0.1:1/", "address unsafe"),
        ("https://inside.example/", "address inside"),
        ("https://", "address unsafe"),
    ],
)
async def test_nothing_is_posted_inside(clock: Clock, url: str, why: str) -> None:
    async def look(_host: str, _port: int) -> list[str]:
        return ["1.1.1.1", "10.0.0.1"]

    post = WebhookPost(WayOut(look=look), clock)
    answer = await post.post(url, "{}", {})
    assert (answer.status, answer.why) == (0, why)
    await post.close()
