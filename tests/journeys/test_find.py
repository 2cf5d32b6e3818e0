"""Find it in the CRM, as people see it: the place, the record, the system, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Table, select

from adapters.content.files import load_library
from adapters.store.database import Store
from adapters.store.question_reports import outside
from adapters.store.questions import looked, questions
from bot.finding import Finder
from bot.wiring import parts
from bot.wiring.parts import Connection, build
from dialogs import understanding
from dialogs.doorway import Arrival, Reply
from dialogs.finding import Understood
from dialogs.gallery_find import ARTICLES, SYSTEMS
from dialogs.library import Library
from dialogs.records import Silent, Wanted
from dialogs.token import NOWHERE, Tokens
from dialogs.turns import Pointed, Said, Tapped
from nudges.questions import RECORDS_KEPT
from tests.clock import Clock
from tests.desk import PEOPLE, PROGRAMME, SECRET, Desk, Notebook, at, read, settings
from tests.shelf import Ledger, Shelf

PHONES = ("+31 38 1", "+31 38 2", "+31 26 3")
LIBRARY = replace(load_library(), articles=ARTICLES, systems=SYSTEMS)
MEANT = {
    "how do i create a lead": Understood("howto"),
    "hoe maak ik een lead aanmaken": Understood("howto"),
    "how does a lead work": Understood("howto"),
    "how do i fly": Understood("howto"),
    "hoe vlieg ik": Understood("howto"),
    "phone of Berg": Understood("lookup", wanted=Wanted("Berg", "phone")),
    "telefoon van Berg": Understood("lookup", wanted=Wanted("Berg", "phone")),
    "phone of Vries": Understood("lookup", wanted=Wanted("Vries", "phone")),
    "telefoon van Vries": Understood("lookup", wanted=Wanted("Vries", "phone")),
    "phone of Nobody": Understood("lookup", wanted=Wanted("Nobody", "phone")),
    "where do invoices belong": Understood("system", system="invoice"),
    "waar hoort een factuur": Understood("system", system="invoice"),
}


def one_library(_own: object) -> Library:
    """Return the library that these tests know."""
    return LIBRARY


def understand(text: str, library: Library) -> Understood:
    """Mean what the test means: how words are understood is tested elsewhere."""
    assert library
    return MEANT.get(text, Understood("none"))


@dataclass
class House(Desk):
    """A desk with a shelf and a ledger."""

    shelf: Shelf | None = None
    ledger: Ledger | None = None

    async def points(self, who: str, text: str) -> Reply:
        reply = await self.arrive(Pointed(at(who), text))
        assert reply
        return reply

    async def asks(self, who: str, text: str, key: str = "") -> Reply | None:
        return await self.arrive(Said(at(who), text), key)

    async def passing(self, who: str, reply: Reply, label: str) -> Reply:
        """Press a button on a card that one person sees in a channel."""
        card = (reply.instead or reply.shown[0]).card
        button = next(b for r in card.body for b in getattr(r, "buttons", ()) if b.label == label)
        token = (reply.instead or reply.shown[0]).token
        told = await self.arrive(Tapped(at(who), button.tap.verb, button.tap.choice, token))
        assert told
        return told

    async def rows(self, table: Table) -> list[Mapping[str, object]]:
        async with self.store.read() as work:
            found = await work.connection.execute(select(table))
            return [dict(row) for row in found.mappings()]


@pytest.fixture
async def house(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(parts, "_library", one_library)
    monkeypatch.setattr("dialogs.find.understand", understand)
    assert understanding.understand
    shelf, ledger = Shelf(), Ledger()
    ledger.put("1", "Van der Berg", PHONES[0], {"ann", "bob"})
    ledger.put("2", "J. de Vries", PHONES[1], {"ann", "bob"}, "Zwolle")
    ledger.put("3", "K. de Vries", PHONES[2], {"ann", "bob"}, "Arnhem")
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save([replace(p, addresses=(at(p.id),)) for p in PEOPLE], clock())
    notebook = Notebook()
    connection = Connection("browser", read, notebook)
    app = build(settings(), store, [connection], clock, finder=Finder(shelf, ledger))
    return House(app, store, clock, notebook, shelf=shelf, ledger=ledger)


@dataclass(frozen=True)
class Words:
    who: str
    howto: str
    steps: str
    yes: str
    no: str
    lookup: str
    several: str
    which: str
    system: str
    where: str
    unknown: str
    fly: str
    privately: str
    reply: str
    there: str


EN = Words(
    "ann",
    "how do i create a lead",
    "Sales > Leads > New",
    "That was it",
    "Not what I meant",
    "phone of Berg",
    "phone of Vries",
    "1",
    "where do invoices belong",
    "the finance system",
    "I don't know that one",
    "how do i fly",
    "Open privately",
    "Reply “That's in Dynamics →”",
    "That's in Dynamics →",
)
NL = Words(
    "bob",
    "hoe maak ik een lead aanmaken",
    "Verkoop > Leads > Nieuw",
    "Dat was het",
    "Dat bedoelde ik niet",
    "telefoon van Berg",
    "telefoon van Vries",
    "1",
    "waar hoort een factuur",
    "het financiële systeem",
    "Dat weet ik nog niet",
    "hoe vlieg ik",
    "Open in ons gesprek",
    "Zeg “Dat staat in Dynamics →”",
    "Dat staat in Dynamics →",
)
BOTH = pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])


@BOTH
async def test_where_it_lives_and_whether_that_was_it(house: House, words: Words) -> None:
    await house.asks(words.who, words.howto)
    assert words.steps in house.last(words.who).text
    await house.taps(words.who, words.yes)
    assert words.yes not in house.last(words.who).buttons
    (kept,) = await house.rows(questions)
    assert (kept["found"], kept["person"], kept["text"]) == ("lead-create", words.who, words.howto)


@BOTH
async def test_not_it_leads_to_the_next_and_then_to_not_knowing(house: House, words: Words) -> None:
    await house.asks(words.who, words.howto)
    await house.taps(words.who, words.no)
    assert "1" in house.last(words.who).buttons, "the others that may be meant"
    (kept,) = await house.rows(questions)
    assert kept["wrong"] == "lead-create"
    await house.taps(words.who, "1")
    await house.taps(words.who, words.no)
    assert len(house.chat(words.who)) == 1, "all in one message"


@BOTH
async def test_the_record_is_shown_and_forgotten(house: House, words: Words) -> None:
    await house.asks(words.who, words.lookup)
    shown = house.last(words.who)
    assert PHONES[0] in shown.text
    assert "Berg" not in shown.card.summary, "a notification says nothing of it"
    assert PHONES[0] in str(await house.rows(looked))
    house.clock.pass_(seconds=RECORDS_KEPT.total_seconds() + 1)
    await house.app.ticker.tidy()
    assert await house.rows(looked) == []
    assert [row["text"] for row in await house.rows(questions)] == [""]


@BOTH
async def test_several_then_the_one(house: House, words: Words) -> None:
    await house.asks(words.who, words.several)
    assert "Zwolle" in house.last(words.who).text
    assert "Arnhem" in house.last(words.who).text
    await house.taps(words.who, "2")
    assert PHONES[2] in house.last(words.who).text
    assert len(house.chat(words.who)) == 1


@BOTH
async def test_which_system_and_what_nobody_knows(house: House, words: Words) -> None:
    await house.asks(words.who, words.system)
    assert words.where in house.last(words.who).text
    await house.asks(words.who, words.fly)
    assert house.last(words.who).card.title == words.unknown
    assert [row["answered"] for row in await house.rows(questions)].count(False) == 1


SILENCES = ("none", "down", "slow", "busy", "nonsense", "refused")


@pytest.mark.parametrize("why", SILENCES)
async def test_a_crm_that_is_silent_is_said_in_a_sentence(house: House, why: str) -> None:
    assert house.ledger
    house.ledger.silent = Silent(why)  # pyright: ignore[reportArgumentType] - one of the silences
    await house.asks("ann", "phone of Berg")
    assert PHONES[0] not in house.last("ann").text
    await house.asks("ann", "how do i create a lead")
    assert "Sales > Leads > New" in house.last("ann").text, "everything else goes on"


async def test_what_one_may_not_read_is_not_there_and_a_stranger_gets_none(house: House) -> None:
    assert house.ledger
    await house.asks("eve", "phone of Berg")
    nothing = house.last("eve").text
    await house.asks("eve", "phone of Nobody")
    assert house.last("eve").text == nothing, "the same as for what does not exist"
    house.ledger.known = frozenset({"bob"})
    await house.asks("ann", "phone of Berg")
    assert PHONES[0] not in house.last("ann").text


@BOTH
async def test_pointing_at_a_message_and_saying_it_aloud(house: House, words: Words) -> None:
    reply = await house.points(words.who, words.howto)
    assert house.chat(words.who) == [], "it is shown where they are, to them alone"
    after = await house.passing(words.who, reply, words.yes)
    assert after.instead
    said = await house.passing(words.who, after, words.reply)
    assert said.public
    assert said.public.card.title == words.there
    assert words.steps in str(said.public.card)
    (kept,) = await house.rows(questions)
    assert (kept["text"], kept["found"]) == ("", "lead-create"), "another's words are not kept"
    assert [(r["area"], r["n"]) for r in await house.rows(outside)] == [("sales", 1)]


@BOTH
async def test_a_record_is_never_looked_up_for_a_channel(house: House, words: Words) -> None:
    assert house.ledger
    reply = await house.points(words.who, words.lookup)
    said = await house.passing(words.who, reply, words.reply)
    assert house.ledger.asked == []
    assert said.public
    assert said.public.token == ""
    public = said.public.card
    assert not any(phone in str(public) for phone in PHONES)
    tap = next(b.tap for r in public.body for b in getattr(r, "buttons", ()))
    for who, sees in (("ann", True), ("bob", True), ("eve", False)):
        pressed = await house.arrive(Tapped(at(who), tap.verb, tap.choice, said.public.token))
        assert pressed
        assert not any(phone in str(pressed) for phone in PHONES), "not on the same request"
        assert (PHONES[0] in house.last(who).text) is sees, "each as they may see it"
    assert [(r["area"], r["n"]) for r in await house.rows(outside)] == [("", 1)]


async def test_in_a_channel_a_question_counts_and_a_record_stays_private(house: House) -> None:
    for text in ("how do i create a lead", "phone of Berg", "how do i fly"):
        reply = await house.arrive(Said(at("ann"), text, private=False))
        assert reply
        assert reply.shown
        assert not any(phone in str(reply) for phone in PHONES)
    counts = {str(r["area"]): r["n"] for r in await house.rows(outside)}
    assert counts == {"sales": 1, "": 2}
    assert house.chat("ann") == []


async def test_a_repeat_gets_the_same_and_counts_once(house: House) -> None:
    one = await house.arrive(Pointed(at("ann"), "how do i create a lead"), "browser:same")
    again = await house.arrive(Pointed(at("ann"), "how do i create a lead"), "browser:same")
    assert one
    assert again
    assert one.shown[0].card == again.shown[0].card
    assert [r["n"] for r in await house.rows(outside)] == [1]


async def test_a_message_without_words_and_one_that_is_a_command(house: House) -> None:
    assert (await house.points("ann", "  ")).shown
    assert await house.rows(outside) == []
    reply = await house.points("ann", "stop")
    assert not (await house.person("ann")).stopped, "another's words are no command of mine"
    assert reply.shown


async def test_buttons_nobody_made_change_nothing(house: House) -> None:
    for verb, choice in (
        ("find.was_it", "x"),
        ("find.was_it", "lead-create quietly not-mine"),
        ("find.reply", "article:nothing"),
        ("find.reply", ""),
        ("find.article", ""),
        ("find.record", "9"),
    ):
        token = Tokens(SECRET.encode()).make(NOWHERE, "ann")
        reply = await house.arrive(Tapped(at("ann"), verb, choice, token))
        assert reply
        assert reply.public is None
    assert await house.rows(questions) == []


async def test_killed_while_it_is_looked_up_it_is_answered_once(house: House) -> None:
    body = '{"kind": "say", "address": {"platform": "browser", "tenant": "demo", "user": "ann"}, '
    body += '"text": "phone of Berg"}'
    await house.app.inbox.accept(Arrival("browser:k", "browser", body, "browser:ann"))
    await house.app.turns.take()
    assert house.chat("ann") == [], "put back: it is looked up first"
    app = build(
        settings(),
        house.store,
        [Connection("browser", read, house.notebook)],
        house.clock,
        finder=Finder(house.shelf, house.ledger),
    )
    house.clock.pass_(minutes=10)
    await app.turns.recover()
    await app.settle()
    await house.app.settle()
    assert [PHONES[0] in seen.text for seen in house.chat("ann")] == [True]
    assert len(await house.rows(questions)) == 1
