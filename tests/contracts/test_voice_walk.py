"""Three people raise, take, solve and close something, on every platform and in every language."""

import pytest

from dialogs.speech import languages
from nudges.people import Language
from nudges.roles import Role
from nudges.voice import Wanted
from tests.contracts.platforms.world import World
from tests.contracts.walk import Walk, holds
from tests.dialogs.talk import NOTHING, Fills, Holds, IsKnown, Says, Table, Taps

WORDS = "No field for the dealer <!channel> & <b>none</b> *at all*"
FIRST: Table = (
    (IsKnown(), NOTHING),
    (Says("typed.blocker"), ("raise.title.blocker", "raise.who")),
    (Taps("raise.open.blocker"), "form:raise.form.blocker"),
    (Fills({"text": "my password is Welkom01!"}), "error:raise.error.secret"),
    (Fills({"text": WORDS, "sort": "tool", "named": "without"}), "raised.without"),
)
SECOND: Table = (
    (IsKnown(), NOTHING),
    (Says("blocker: the dealer has no place"), "raised.title.blocker"),
)
TAKES: Table = (
    (IsKnown(), NOTHING),
    (Holds(Role.CRM_TEAM), NOTHING),
    (Says("typed.queue"), ("voice.queue.title", "voice.queue.counts")),
    (Taps("Open 2"), "voice.row.people"),
    (Taps("voice.step.merge"), "form:voice.form.merge"),
    (Fills({"into": "none"}), "error:voice.error.into"),
    (Fills({"into": "1"}), "voice.item.merged"),
    (Taps("voice.to_queue"), "voice.queue.counts"),
    (Taps("voice.filter"), "form:voice.filter"),
    (Fills({"kind": "blocker"}), "voice.queue.only"),
    (Taps("Open 1"), "voice.item.private"),
    (Taps("voice.step.take"), "form:voice.form.take"),
    (Fills({"due": "2026-11-30"}), "voice.item.saved"),
)
CLOSES: Table = (
    (Taps("voice.step.done"), "form:voice.form.done"),
    (Fills({"words": "There is a field for the dealer now."}), "voice.item.saved"),
)
SAYS_SOLVED: Table = ((Taps("voice.solved.button.yes"), "voice.solved.yes"),)


async def hears(world: World, walk: Walk, key: str) -> None:
    """Let what changed be told, and look whether somebody hears it once."""
    world.clock.pass_(seconds=30)
    await world.app.rounds["voices"][0]()
    await world.app.settle()
    assert sum(holds(seen.text, walk.language, key) for seen in walk.sees()) == 1


@pytest.mark.parametrize("language", languages())
async def test_raised_taken_solved_and_closed_by_three_people(
    world: World, language: Language
) -> None:
    ann, bob, eve = (Walk(world, language, who=who) for who in ("ann", "bob", "eve"))
    for walk in (ann, bob, eve):
        await world.becomes(walk.who, language=language)
    await ann.goes(FIRST)
    await bob.goes(SECOND)
    await eve.goes(TAKES)
    await hears(world, ann, "voice.news.taken")
    await hears(world, bob, "voice.news.taken")
    await eve.goes(CLOSES)
    for walk in (ann, bob):
        await hears(world, walk, "voice.news.done")
        await walk.goes(SAYS_SOLVED)
    async with world.store.read() as work:
        [item] = await work.voice_queue(Wanted(states=("done",)), 9)
    assert (item.text, item.people) == (WORDS, 2)
    assert [one.name for one in item.raisers] == ["", ""]
