"""Every way out ends in an outcome, and a message is sent, replaced, removed and found alike."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.teams import connector
from dialogs.card import (
    Button,
    Card,
    Divider,
    Facts,
    Link,
    Paragraph,
    Row,
    Tap,
)
from dialogs.picture import Picture
from dialogs.rich import plain, rich
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait
from tests.contracts.platforms.seen import squash
from tests.contracts.platforms.slack import PATIENCE
from tests.contracts.platforms.world import Trouble, World
from tests.contracts.platforms.worlds import WORLDS

TOKEN = "T" * 32
NAME = "<!channel> *x* [a](b)"
HOSTILE = f"{NAME} **{{crm}}** <at>all</at> <b>z</b> `q` _i_ ~s~ &amp; @here"
CARD = Card("A question", (Paragraph(plain("How is it?")),))
OTHER = Card("Thank you", (Paragraph(plain("That is all.")),))
MEANS: dict[Trouble, type[Outcome]] = {
    "busy": Wait,
    "gone": Gone,
    "refused": Refused,
    "cut after": Unknown,
    "cut before": Unknown,
    "silent": Unknown,
    "away": Wait,
}
ODD = ["", "x", "/", "a/b", "[]", '["a:1", ""]', "{}", "\x00", "9" * 40, "-1", "\u202e", "\ud800"]
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CAN_GO_WRONG = {"browser": ("busy",), "slack": tuple(MEANS), "teams": tuple(MEANS)}
HAPPEN = [(platform, trouble) for platform, some in CAN_GO_WRONG.items() for trouble in some]
CUT = [(platform, how) for platform in ("slack", "teams") for how in ("cut after", "cut before")]
assert set(CAN_GO_WRONG) == set(WORLDS)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait for a platform that never answers."""
    monkeypatch.setattr(connector, "LONGEST_CALL", PATIENCE)


async def post(world: World, card: Card = CARD, mark: str = "delivery-1") -> Outcome:
    payload = world.channel.draw(card, TOKEN)
    return await world.channel.post(world.address("ann"), payload, mark)


async def test_a_message_is_sent_replaced_in_its_place_and_taken_back(world: World) -> None:
    to, channel = world.address("ann"), world.channel
    sent = await post(world)
    await post(world, mark="delivery-2")
    assert isinstance(sent, Sent)
    assert sent.ref
    assert [seen.title for seen in world.sees("ann")] == ["A question"] * 2
    for _ in range(2):
        assert await channel.replace(to, sent.ref, channel.draw(OTHER, TOKEN)) == sent
        assert [seen.title for seen in world.sees("ann")] == ["Thank you", "A question"]
    for _ in range(2):
        assert await channel.remove(to, sent.ref) == sent, "gone is what was wanted"
        assert [seen.title for seen in world.sees("ann")] == ["A question"]
    assert isinstance(await channel.replace(to, sent.ref, channel.draw(CARD, TOKEN)), Refused)
    assert len(world.sees("ann")) == 1
    assert not world.sees("bob")


@pytest.mark.parametrize(("world", "trouble"), HAPPEN, indirect=["world"])
async def test_every_end_has_its_name(world: World, trouble: Trouble) -> None:
    world.trouble(trouble, "ann")
    told = await post(world)
    assert type(told) is MEANS[trouble], told
    if isinstance(told, Wait):
        least = 77 if trouble == "busy" and world.platform != "browser" else 1
        assert told.until >= world.clock() + timedelta(seconds=least)
    if not isinstance(told, Unknown):
        assert not world.sees("ann")


@pytest.mark.parametrize(("world", "trouble"), CUT, indirect=["world"])
async def test_what_is_in_doubt_is_found_or_certainly_not_there_or_nobody_can_tell(
    world: World, trouble: Trouble
) -> None:
    to, channel = world.address("ann"), world.channel
    await post(world, OTHER, mark="delivery-0")
    world.trouble(trouble, "ann")
    assert isinstance(await post(world), Unknown)
    found = await channel.find(to, "delivery-1")
    match world.platform, trouble:
        case "slack", "cut after":
            assert isinstance(found, Sent)
            assert await channel.replace(to, found.ref, channel.draw(OTHER, TOKEN)) == found
            assert [seen.title for seen in world.sees("ann")] == ["Thank you"] * 2
        case "slack", _:
            assert found is None
        case _:
            assert isinstance(found, Unknown)


async def test_what_was_sent_is_found_where_a_chat_can_be_read_back(world: World) -> None:
    sent = await post(world)
    found = await world.channel.find(world.address("ann"), "delivery-1")
    assert found == sent or (world.platform == "teams" and isinstance(found, Unknown))
    missed = await world.channel.find(world.address("ann"), "delivery-9")
    assert missed is None or (world.platform == "teams" and isinstance(missed, Unknown))


@pytest.mark.parametrize(("world", "trouble"), CUT, indirect=["world"])
async def test_what_is_in_doubt_is_not_sent_again_by_itself(world: World, trouble: Trouble) -> None:
    world.trouble(trouble, "ann")
    await world.says("ann", "help")
    sent = len(world.log())
    for _ in range(3):
        world.clock.pass_(hours=1)
        await world.app.courier.look_after()
        await world.plan()
    assert len(world.log()) == sent
    assert len(world.sees("ann")) <= 1
    async with world.store.read() as work:
        assert await work.states() == {"unknown": 1}


async def test_who_is_asked_to_wait_waits_and_then_sends_once(world: World) -> None:
    world.trouble("busy", "ann")
    await world.says("ann", "help")
    world.clock.pass_(seconds=1 if world.platform == "browser" else 76)
    await world.plan()
    assert not world.sees("ann")
    world.clock.pass_(seconds=10)
    await world.plan()
    assert len(world.sees("ann")) == 1


async def test_nothing_is_ever_raised(world: World) -> None:
    to, channel = world.address("ann"), world.channel
    payload = channel.draw(CARD, TOKEN)
    for ref in ODD:
        assert isinstance(await channel.replace(to, ref, payload), Refused | Wait | Gone), repr(ref)
        assert isinstance(await channel.remove(to, ref), Outcome), repr(ref)
        found = await channel.find(to, ref)
        assert found is None or isinstance(found, Unknown), repr(ref)
        for odd in (
            replace(to, reference=ref),
            replace(to, tenant=ref),
            replace(to, user=ref, reference=""),
        ):
            assert isinstance(await channel.post(odd, payload, "delivery-1"), Outcome), odd


async def test_whatever_a_card_says_is_words(world: World) -> None:
    card = Card(
        HOSTILE,
        (
            Paragraph(plain(HOSTILE)),
            Paragraph(rich("**{name}** {name}", {"name": HOSTILE})),
            Paragraph(plain(HOSTILE), muted=True),
            Facts(((HOSTILE, HOSTILE),)),
            Divider(),
            Row(
                (
                    Button(NAME, Tap(HOSTILE, HOSTILE), hint=HOSTILE),
                    Link(NAME, "https://a.example/"),
                )
            ),
            Row((Link("nowhere", "javascript:alert(1)"), Link("a file", "file:///etc/passwd"))),
            Picture("", (), HOSTILE, "javascript:alert(1)"),
        ),
    )
    assert isinstance(await post(world, card), Sent)
    (seen,) = world.sees("ann")
    assert seen.title == HOSTILE
    assert seen.text.count(squash(HOSTILE)) == 8
    assert squash(seen.summary).startswith(squash(HOSTILE))
    assert seen.labels == [NAME]
    assert seen.links == ((NAME, "https://a.example/"),)
    assert world.alive(seen.raw) == []


async def test_words_that_turn_around_or_are_half_a_character_do_no_harm(world: World) -> None:
    odd = "\u202epots\u2066 \ud800x\x00y"
    card = Card(odd, (Paragraph(plain(odd)), Facts(((odd, odd),)), Row((Button(odd, Tap("a")),))))
    assert isinstance(await post(world, card), Sent)
    (seen,) = world.sees("ann")
    assert "pots" in seen.title
    assert not TURNING.search(json.dumps(json.loads(seen.raw), ensure_ascii=False))
    assert not TURNING.search(seen.text)
