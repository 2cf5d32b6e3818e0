"""Every button and form there is, as each platform draws it, sent by somebody whose card it is not.

A client cannot be told from a program that copies what a client sends: what was drawn for one is
sent by another, in bytes that are the platform's own.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.wiring.pens import pen
from dialogs import gallery
from dialogs.card import Button, Form, Row, Tap
from dialogs.speech import languages
from dialogs.token import NOWHERE, Tokens
from nudges.people import Person
from tests.contracts.platforms.seen import Seen
from tests.contracts.platforms.world import Raw, World
from tests.desk import SECRET
from tests.dialogs.talk import said

CROWD = tuple(f"p{n:02}" for n in range(16))
TOKENS = Tokens(SECRET.encode())
SOMEWHERE = Seen("1700000000000", "a card that was copied", ())


def drawn() -> Iterator[Tap | Form]:
    """Yield every button of every card, and every form, in both languages by turns."""
    for language in languages():
        for _, card in gallery.cards(language):
            rows = [block for block in card.body if isinstance(block, Row)]
            yield from (b.tap for row in rows for b in row.buttons if isinstance(b, Button))
        yield from (form for _, form in gallery.forms(language))


def sent(world: World, who: str, what: Tap | Form, token: str) -> Raw:
    """Write what a client would send."""
    if isinstance(what, Tap):
        return world.pressing(who, world.forged(what.verb, what.choice, token), SOMEWHERE)
    window = world.window(pen(world.platform).form(what, token))
    window.ref = f"V{next(world.numbers)}"
    for field in window.fields.values():
        if field.required and not field.value:
            field.value = next(iter(field.options), "2026-11-20" if field.kind == "date" else "x")
    return world.filling(who, window)


async def test_what_was_drawn_for_another_does_nothing_but_say_so(world: World) -> None:
    people = [Person(who, f"Person {who}", language="en", zone="Europe/London") for who in CROWD]
    await world.meets(*people)
    once = list(dict.fromkeys(what for what in drawn()))
    assert sum(isinstance(what, Form) for what in once) > 50
    before = await kept(world)
    heard = len(world.heard)
    for start in range(0, len(once), len(CROWD)):
        some = zip(CROWD, once[start : start + len(CROWD)], strict=False)
        theirs = TOKENS.make(NOWHERE if start // len(CROWD) % 2 else start + 1, "ann")
        requests = [sent(world, who, what, theirs) for who, what in some]
        answers = await asyncio.gather(*(world.send(raw) for raw in requests))
        assert {answered.status for answered in answers} == {200}
    await world.answers()
    await world.app.settle()
    assert len(world.heard) - heard == len(once)
    titles = [seen.title for who in CROWD for seen in world.sees(who)]
    assert titles == [said("en", "stale.title")] * len(once)
    assert world.windows == {}
    assert await kept(world) == before
    assert not world.sees("ann")


async def kept(world: World) -> object:
    """Return who everybody is and what they said, but not where they were last."""
    async with world.store.read() as work:
        everyone = await work.everyone()
        ids = [p.id for p in everyone]
        given = await work.answers(ids, world.clock() + timedelta(days=1))
        return [replace(p, addresses=()) for p in everyone], given, await work.remarks("ann")
