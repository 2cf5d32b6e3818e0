"""A question written back to a broadcast: answered where it can be, and else for its author.

Whatever becomes of it, it has one place: what an article answers does not wait for the author, and
what waits for the author does not wait for a colleague as well.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Table, select

from adapters.store.colleague import referrals
from adapters.store.questions import questions
from bot.finding import Finder
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.finding import Sought
from dialogs.speech import catalogue
from dialogs.turns import Filled, Said
from nudges.champions import ChampionStep, Offer
from nudges.delivery import Delivery, Priority
from nudges.people import Language, Person
from nudges.pulse import PulseNote
from nudges.roles import Grant, Role
from tests.desk import Desk, Seen, at, read, settings
from tests.journeys.test_broadcasts import AUTHOR, at_work, goes_on, hand_in

CHAMPION = "cas"


@dataclass(frozen=True)
class Words:
    """What one person writes back, in their language."""

    who: str
    known: str
    place: str
    unknown: str
    answer: str

    def says(self, key: str, **filled: str) -> str:
        language = "nl" if self.who == "bob" else "en"
        return catalogue(language).gettext(key).format(**filled)


EN = Words(
    "ann",
    "Where do I log a phone call?",
    "Phone Call",
    "Does that hold for renewals too?",
    "Yes, for renewals too.",
)
NL = Words(
    "bob",
    "Waar leg ik een telefoongesprek vast?",
    "Telefoongesprek",
    "Hoe gaat dat met verlengingen?",
    "Ja, ook voor verlengingen.",
)
BOTH = pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    """Return a house with an author, and a champion who answers questions."""
    async with desk.store.write() as work:
        cas = Person(CHAMPION, "Cas", addresses=(at(CHAMPION),), welcomed=True)
        await work.save([cas], desk.clock())
        grants = [Grant(AUTHOR, Role.AUTHOR), Grant(CHAMPION, Role.CHAMPION)]
        grants.append(Grant("bob", Role.APPROVER))
        await work.keep(grants, "settings", desk.clock())
        offers = [ChampionStep(CHAMPION, "accepted"), Offer(CHAMPION, ("sales",), 3)]
        await work.keep(offers, CHAMPION, desk.clock())
    return await at_work(desk)


async def sent(desk: Desk) -> int:
    """Let a broadcast reach everybody."""
    number = await hand_in(desk)
    await desk.taps("bob", "Akkoord")
    await goes_on(desk)
    return number


async def back(desk: Desk, number: int) -> list[tuple[str, str]]:
    async with desk.store.read() as work:
        return [(one.person, one.text) for one in await work.written_back(number)]


async def rows(desk: Desk, table: Table) -> list[Mapping[str, object]]:
    async with desk.store.read() as work:
        found = await work.connection.execute(select(table))
        return [dict(row) for row in found.mappings()]


async def asks(desk: Desk, who: str, text: str, key: str = "") -> list[Seen]:
    """Write something; returns what came of it."""
    before = len(desk.chat(who))
    await desk.arrive(Said(at(who), text), key)
    return desk.chat(who)[before:]


async def days(desk: Desk, many: int) -> None:
    for _ in range(many):
        desk.clock.pass_(days=1)
        await desk.plan()


@BOTH
async def test_answered_where_it_can_be_and_else_by_the_author(crm: Desk, words: Words) -> None:
    number = await sent(crm)
    who = words.who
    (answered,) = await asks(crm, who, words.known, "browser:known")
    assert words.place in answered.text
    assert await back(crm, number) == [], "nobody has to answer what is answered"

    (kept,) = await asks(crm, who, words.unknown, "browser:unknown")
    assert kept.card.title == words.says("wrote_back.title")
    assert "Eve Moss" in kept.text
    assert words.says("question.ask") not in kept.buttons, "it is with somebody already"
    assert await back(crm, number) == [(who, words.unknown)]
    asked = [(row["text"], row["answered"]) for row in await rows(crm, questions)]
    assert asked == [(words.known, True)], "what went to the author is no gap in the articles"

    for key, text in (("browser:known", words.known), ("browser:unknown", words.unknown)):
        assert await asks(crm, who, text, key) == [], "a repeat is no news"
    assert await back(crm, number) == [(who, words.unknown)]
    assert len(await rows(crm, questions)) == 1

    await days(crm, 3)
    assert await rows(crm, referrals) == []
    assert not [s for s in crm.chat(CHAMPION) if words.unknown in s.text], "not a colleague's, too"
    waiting = [s for s in crm.chat(AUTHOR) if words.unknown in s.text]
    assert len(waiting) == 1
    assert words.known not in waiting[0].text
    tap, token = waiting[0].buttons["Answer 1"].tap, waiting[0].token
    said = Filled(at(AUTHOR), "reply.answered", tap.choice, token, {"text": words.answer})
    for key in ("browser:answer", "browser:answer"):
        await crm.arrive(said, key)
    (told,) = [seen for seen in crm.chat(who) if words.answer in seen.text]
    assert words.unknown in told.text
    assert await asks(crm, who, words.unknown, "browser:unknown") == [], "nor when it is answered"
    assert len(await back(crm, number)) == 1


class Gate:
    """A search that finds nothing, and takes as long as the test wants."""

    def __init__(self) -> None:
        self.asked, self.open, self.times = asyncio.Event(), asyncio.Event(), 0

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        del words, language, job
        self.times += 1
        self.asked.set()
        await self.open.wait()
        return Sought()


async def kept_while_looking(desk: Desk, words: Words, between: Delivery | None = None) -> Gate:
    """Write back what is looked up for long; meanwhile it comes again, and something else comes."""
    gate = Gate()
    browser = Connection("browser", read, desk.notebook)
    desk.app = build(settings(), desk.store, [browser], desk.clock, finder=Finder(gate))
    asking = asyncio.create_task(asks(desk, words.who, words.unknown, "browser:slow"))
    await asyncio.wait_for(gate.asked.wait(), 5)
    again = Arrival("browser:slow", "browser", "{}")
    assert not await desk.app.inbox.accept(again)
    if between:
        before = len(desk.chat(words.who))
        async with desk.store.write() as work:
            await work.queue([between])
        await other(desk).app.settle()
        assert len(desk.chat(words.who)) == before + 1
    gate.open.set()
    await asking
    return gate


def other(desk: Desk) -> Desk:
    """Return a second process on the same database."""
    browser = Connection("browser", read, desk.notebook)
    return replace(desk, app=build(settings(), desk.store, [browser], desk.clock))


@BOTH
async def test_a_repeat_while_it_is_looked_up_is_no_second_reply(crm: Desk, words: Words) -> None:
    number = await sent(crm)
    gate = await kept_while_looking(crm, words)
    assert await back(crm, number) == [(words.who, words.unknown)]
    assert gate.times == 1
    assert [s.card.title for s in crm.chat(words.who)].count(words.says("wrote_back.title")) == 1


@BOTH
async def test_what_comes_while_it_is_looked_up_takes_no_reply_away(
    crm: Desk, words: Words
) -> None:
    number = await sent(crm)
    crm.clock.pass_(days=1)
    pulse = PulseNote("pulse:between")
    between = Delivery("pulse:between", words.who, pulse, Priority.PULSE, crm.clock())
    await kept_while_looking(crm, words, between)
    assert await back(crm, number) == [(words.who, words.unknown)]
    assert await rows(crm, questions) == []
