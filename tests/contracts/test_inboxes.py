"""Every way in does the same with what people do: conversations, repeats, forgeries, faults."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from dialogs.speech import languages
from dialogs.turns import Filled, Joined, Said, Tapped
from nudges.adkar import Answer
from tests.contracts.platforms.seen import squash
from tests.contracts.platforms.world import Raw, World
from tests.contracts.platforms.worlds import WORLDS
from tests.contracts.walk import ASKED, WALK, Walk, at_rest
from tests.desk import PEOPLE
from tests.dialogs.talk import SPEAKERS, Fills, Says, Table, Taps, Waits, said
from tests.dialogs.test_conversations import TABLES

NAME = "<!channel>*x*[a](https://b.example)<at>all</at>&amp;<b>**z**</b>`q`_~{{DATE(1)}}@here:x:"
LOW: Table = ((Taps("1"), "pulse.one_more"), (Taps("2"), "thanks.follow_up"))
OPENED: Table = (*ASKED, *LOW, (Taps("thanks.comment"), "form:comment.title"))
REPEATED: Table = (
    *WALK[:5],
    (Says("typed.pulse"), "pulse.title.again"),
    (Taps("2"), "pulse.one_more"),
    (Says("2"), ("answered.title", "thanks.follow_up")),
    (Taps("thanks.comment"), "form:comment.title"),
    (Fills({"comment": "once"}), "thanks.commented"),
    (Says("typed.stop"), "quiet.stopped"),
)
TODAY = [
    table
    for name, table in TABLES.items()
    if name != "an empty comment" and not any(isinstance(they, Waits) for they, _ in table)
]
"""The conversations that need no other day, as the dialogs' own tests have them; no client sends
an empty comment."""
ODD = {
    "64 KiB": "x" * 65_536,
    "64 KiB of another script": "\u4e2d" * 21_000,
    "NUL": "what\x00ever this is",
    "bidi": "\u202epots\u202c \u2066olleh\u2069",
    "mentions": "<!channel> @here <@U0WAY> <at>all</at> @everyone",
    "markup": "*x* **y** _z_ ~q~ `c` [a](https://b.example) <https://b.example|c> # h",
    "html": "</p><script>alert(1)</script><img src=x onerror=alert(1)>",
    "entities": "&lt;!channel&gt; &amp;lt;b&amp;gt; &#60;",
    "line breaks": "a\n\n\nb\r\nc",
    "emoji": "\U0001f44d\U0001f3fd \U0001f469\u200d\U0001f467 :smile:",
}
FORGED = [
    ("nonsense.verb", "1"),
    ("pulse.answer", "6"),
    ("settings.pause", "month"),
    ("home", ""),
    ("command", "nonsense"),
    ("\u202e<!channel>", "*"),
]


@pytest.mark.parametrize("language", languages())
async def test_the_walk(world: World, language: str) -> None:
    walk = Walk(world, language)
    await walk.goes(WALK)
    assert {type(turn) for turn in world.heard} == {Joined, Said, Tapped, Filled}
    assert {turn.address.key for turn in world.heard} == {world.address(walk.who).key}
    assert set(await world.bodies()) == {None}, "no words are left in the inbox"
    assert not any(world.sees(who) for who in ("ann", "bob", "eve") if who != walk.who)
    remarks = await said_by(world, walk.who)
    assert remarks == [
        "Minder lijstjes",
        "<b>é</b>",
        "More time. +1 & <i> <!channel>",
        "useful",
    ]
    async with world.store.read() as work:
        assert [one.text for one in await work.raised_by(walk.who)] == ["My list is in my head"]
    assert [a.score for a in await answered_by(world, walk.who)] == [2, 2, 1, 1]


async def test_what_the_dialogs_do_in_a_day_they_do_here(world: World) -> None:
    """Take turns: each conversation is held on one of the platforms, the walk on all of them."""
    turn = sorted(WORLDS).index(world.platform)
    mine = list(enumerate(TODAY))[turn :: len(WORLDS)]
    assert len(mine) > 6
    for place, table in mine:
        language = languages()[place % 2]
        alike = next(p for p in PEOPLE if p.id == SPEAKERS[language])
        await world.meets(replace(alike, id=f"x{place}"))
        await Walk(world, language, who=f"x{place}").goes(table)


async def test_what_arrives_five_times_has_one_effect(world: World) -> None:
    walk = Walk(world, "en", times=5)
    await walk.goes(REPEATED)
    assert [a.score for a in await answered_by(world, "ann")] == [2, 2]
    assert await said_by(world, "ann") == ["Minder lijstjes", "<b>é</b>", "once"]
    assert len(world.heard) == len(REPEATED)


async def test_the_very_same_bytes_once_more_change_nothing(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(ASKED)
    sent = [world.last]
    await walk.goes(LOW[:1])
    sent.append(world.last)
    await world.says("ann", "help")
    sent.append(world.last)
    once = await at_rest(world, "ann")
    for raw in sent:
        for heard in await asyncio.gather(*(world.send(raw) for _ in range(4))):
            assert heard.status == 200 or 400 <= heard.status < 500
    await world.answers()
    await world.app.settle()
    assert await at_rest(world, "ann") == once


async def test_a_button_of_someone_else_is_not_theirs_to_press(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(ASKED)
    asked = walk.sees()[-1]
    await world.says("eve", "help")
    before = walk.sees()
    for label in ("1", "Skip"):
        for way in asked.button(label).ways:
            await says_no(world, world.pressing("eve", way, world.sees("eve")[0]))
    assert walk.sees() == before
    await walk.goes(LOW)


async def test_a_card_that_was_answered_is_done(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(ASKED)
    old = walk.sees()[-1]
    await walk.goes(LOW)
    scores = await answered_by(world, "ann")
    for way in old.button("5").ways:
        await says_no(world, world.pressing("ann", way, old))
    assert await answered_by(world, "ann") == scores
    assert world.log()[-1] != old.raw


async def test_an_old_cards_token_is_sent_to_nobody_again(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(ASKED)
    asked = walk.sees()[-1]
    await walk.goes(LOW[:1])
    tapped = world.heard[-1]
    assert isinstance(tapped, Tapped)
    assert tapped.token in asked.raw
    sent = len(world.log())
    await walk.goes(LOW[1:])
    await world.says("ann", "settings")
    assert not [told for told in world.log()[sent:] if tapped.token in told]
    assert not [seen for seen in walk.sees() if tapped.token in seen.raw]


async def test_a_button_that_we_never_drew_gets_a_kind_no(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(ASKED)
    asked = walk.sees()[-1]
    await world.taps("ann", "1")
    tapped = world.heard[-1]
    assert isinstance(tapped, Tapped)
    scores = await answered_by(world, "ann")
    on = walk.sees()[-1]
    forged = [world.forged(verb, choice, tapped.token) for verb, choice in FORGED]
    forged += [world.forged("pulse.answer", "5", token) for token in ("", "T" * 32, "\u00e9" * 32)]
    for way in forged:
        await says_no(world, world.pressing("ann", way, on))
    assert await answered_by(world, "ann") == scores
    assert asked.ref == on.ref
    await walk.goes(LOW[1:])


async def test_whatever_is_typed_is_words(world: World) -> None:
    walk = Walk(world, "en")
    for name, text in ODD.items():
        sent = len(world.log())
        assert (await world.says("ann", text)).status == 200, name
        turn = world.heard[-1]
        assert isinstance(turn, Said)
        arrived = "whatever this is" if name == "NUL" else text
        assert squash(turn.text) == squash(arrived), name
        answers = {walk.word(f"{one}.title") for one in ("lost", "unknown", "no_record")}
        assert walk.sees()[-1].title in answers, name
        for told in world.log()[sent:]:
            assert text[:200] not in told, name
    assert await said_by(world, "ann") == []


async def test_whatever_is_filled_in_is_kept_as_words(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(OPENED)
    odd = " ".join(text for text in ODD.values() if len(text) < 100)
    await walk.goes([(Fills({"comment": odd}), "thanks.commented")])
    (kept,) = await said_by(world, "ann")
    assert squash(kept) == squash(odd.replace("\x00", ""))
    assert not [told for told in world.log() if "alert(1)" in told]


async def test_a_name_is_shown_as_it_is_and_calls_nobody(world: World) -> None:
    await world.becomes("ann", name=NAME)
    await world.joins("ann")
    (welcome,) = world.sees("ann")
    assert squash(NAME) in welcome.text
    assert world.alive(welcome.raw) == []


async def test_a_name_turns_no_words_of_ours_around(world: World) -> None:
    await world.becomes("ann", name="Ann\u202egnorw")
    await world.joins("ann")
    (welcome,) = world.sees("ann")
    assert unbalanced(welcome.raw) == []


async def test_a_form_left_is_the_card_again_that_it_was(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(OPENED)
    await world.cancels("ann")
    assert world.windows == {}
    card = walk.sees()[-1]
    assert card.title == walk.word("thanks.title")
    assert await said_by(world, "ann") == []
    await world.taps("ann", walk.word("thanks.comment"))
    await world.fills("ann", {"comment": "after all"})
    assert await said_by(world, "ann") == ["after all"]


async def test_what_cannot_be_stored_comes_back(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes(OPENED[:-1])
    card = walk.sees()[-1]
    await walk.goes(OPENED[-1:])
    window = world.windows["ann"]
    window.fill({"comment": "kept"})
    requests = {
        "said": world.saying("ann", "settings"),
        "filled": world.filling("ann", window),
        "joined": world.joining("ann"),
    }
    before = await at_rest(world, "ann")
    world.store.full = True
    for name, raw in requests.items():
        assert (await world.send(raw)).status == 503, name
        assert (await world.send(world.again(raw))).status == 503, name
    world.store.full = False
    assert await at_rest(world, "ann") == before
    for name, raw in requests.items():
        assert (await world.does(world.again(raw))).status == 200, name
    assert await said_by(world, "ann") == ["kept"]
    assert [s.title for s in walk.sees()].count(walk.word("settings.title")) == 1
    assert card.ref in {seen.ref for seen in walk.sees()}


async def test_a_body_stays_until_it_is_understood_and_no_longer(world: World) -> None:
    async with world.asleep():
        words = "something nobody else may read"
        sending = asyncio.create_task(world.send(world.saying("ann", words)))
        await asyncio.wait_for(world.app.inbox.someone(), 5)
        (body,) = await world.bodies()
        assert words in (body or "")
        assert world.heard == []
    assert (await sending).status == 200
    await world.app.settle()
    assert await world.bodies() == [None]
    assert len(world.sees("ann")) == 1


async def test_what_nobody_has_heard_of_is_left_alone(world: World) -> None:
    before = await at_rest(world, "ann")
    for name, raw in world.strange().items():
        status = (await world.send(raw)).status
        assert status == 200 or (world.platform == "browser" and 400 <= status < 500), name
    await world.answers()
    await world.app.settle()
    assert await at_rest(world, "ann") == before
    assert await world.bodies() == []
    assert not world.log()


@pytest.mark.parametrize("world", ["slack", "teams"], indirect=True)
async def test_who_takes_us_out_stays_known_and_is_left_in_peace(world: World) -> None:
    walk = Walk(world, "en")
    await walk.goes((*ASKED, *LOW))
    before, known = walk.sees(), await world.person("ann")
    assert (await world.leaves("ann")).status == 200
    for _ in range(2):
        world.clock.pass_(days=1)
        await world.plan()
    assert walk.sees() == before
    person = await world.person("ann")
    assert (person.name, person.language, person.motivator) == (
        known.name,
        known.language,
        known.motivator,
    )
    assert len(await answered_by(world, "ann")) == 2
    async with world.store.read() as work:
        states = await work.states()
    assert set(states) == {"sent", "gone"}


async def says_no(world: World, raw: Raw) -> None:
    """Press what is not theirs: a kind sentence comes, and nothing else."""
    before = world.sees(raw.who)
    assert (await world.does(raw)).status == 200
    no = world.sees(raw.who)
    assert no[: len(before)] == before
    (told,) = no[len(before) :]
    assert told.title in {said("en", "stale.title"), said("en", "lost.title")}
    assert world.alive(told.raw) == []


def unbalanced(raw: str) -> Sequence[str]:
    return re.findall(
        "[\u202a-\u202e\u2066-\u2069]", json.dumps(json.loads(raw), ensure_ascii=False)
    )


async def answered_by(world: World, who: str) -> list[Answer]:
    async with world.store.read() as work:
        return list((await work.answers([who], world.clock())).get(who, ()))


async def said_by(world: World, who: str) -> list[str]:
    async with world.store.read() as work:
        return [remark.text for remark in await work.remarks(who)]
