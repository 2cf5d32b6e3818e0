"""Whatever is typed as a question: one answer or a kind "I don't know", and only ever its letters.

Asked in private, about somebody's message, in the form and as the name of a record, in both
languages; what the CRM itself says may be as hostile. Each card is drawn for every platform, and
no mention, no link and no markup on it comes from the words.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from adapters.browser import html
from adapters.content.files import DEMO
from adapters.crm.demo import DemoCrm
from adapters.directory.table import read_people
from adapters.search.searching import Searching
from adapters.slack import blocks, limits
from adapters.store.database import Store
from adapters.teams import adaptive
from bot.finding import Finder
from bot.wiring.parts import Connection, build
from bot.wiring.searching import make_search
from dialogs.card import Card, Facts, Paragraph, Row, Tap
from dialogs.doorway import Arrival, Reply
from dialogs.records import Asker, Looked, Match, Matches, Record, Ref, Told, Wanted
from dialogs.rich import words
from dialogs.speech import catalogue
from dialogs.text import clean
from dialogs.token import NOWHERE, Tokens
from dialogs.turns import Filled, Pointed, Said, Tapped, Turn
from tests.clock import MONDAY, Clock
from tests.desk import LIBRARY, PEOPLE, PROGRAMME, SECRET, Desk, Notebook, at, settings
from tests.shelf import Shelf

HOSTILE = {
    "64 KiB": "x" * 65_536,
    "64 KiB of words": "how do i create a lead " * 2_850,
    "64 KiB of emoji": "😀" * 16_384,
    "quotes": "'\"`\u00b4\u2018\u2019\u201c\u201d\\'\"",
    "SQL": "' or 1=1 --",
    "OData": "contains(name,'x')",
    "OData filter": "$filter=name eq 'a' or 1 eq 1&$expand=owninguser",
    "wildcards": "%_*",
    "emoji": "😀🎉👩‍👩‍👧",
    "halves": "a\ud800b \udfff",
    "only halves": "\udfff\ud800\ud800",
    "NUL": "a\0b",
    "only NUL": "\0",
    "directions": "\u202egpj.exe\u202c \u2066x\u2069 \u200f",
    "markup": "<!channel> <@U1> <at>x</at> [x](http://evil) <http://evil|x> *b* _i_",
    "more markup": "`c` {{DATE(2026-11-22T10:00:00Z)}} :smile: ~~s~~ # h www.evil.example",
    "html": "<script>alert(1)</script><a href='http://evil'>x</a>&lt;b&gt;",
    "catalogue": "{crm} {0} {name!r} %s %(x)s **{crm}**",
    "lines": "\n\n# x\n- y\n\u2028z\r\n> q",
    "Arabic": "كيف أنشئ عميلا محتملا؟",
    "Chinese": "我在哪里登记电话",
    "only marks": "?",
}
ASKED = {
    "en": ("{}", "find {}", "how do I find {}?", "phone of {}", "where does {} belong?"),
    "nl": ("{}", "zoek {}", "hoe vind ik {}?", "telefoonnummer van {}", "waar hoort {}?"),
}
WHO = {"en": "ann", "nl": "bob"}
BUSY = "finding.slow"
"""What a machine that is busy with other things may log; it is still an answer."""
SPOKEN = pytest.mark.parametrize("language", ["en", "nl"])
ON_CARDS = {
    *("64 KiB", "NUL", "SQL", "OData", "wildcards", "markup", "more markup", "lines", "Arabic"),
    *("Chinese", "halves", "directions", "catalogue"),
}
"""What is understood as the name of a record, so that the record of that name is shown."""
EVERY = pytest.mark.parametrize("name", HOSTILE)
BAD_LINK = re.compile(r"<[!@#]|<(?:https?|mailto):|\bhttp://evil")
LINKS = {"link", "user", "usergroup", "broadcast", "channel", "emoji", "date"}
"""What Slack draws as something else than letters."""
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
MARKDOWN = re.compile(r"(?<!\\)(?:\[[^\]]*[^\\]\]\(|[<`*_])")
"""What Teams would read as a link, a tag or emphasis where it reads markdown."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A CRM whose records are named as hostile as whatever is asked, and say the same."""

    words: str

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        if asker.person == "bob" and not wanted.ref:
            refs = (Ref("account", str(n)) for n in range(3))
            return Matches(tuple(Match(ref, self.words, (self.words,)) for ref in refs))
        facts = (Told("phone", self.words, self.words), Told("owner", "Owner", self.words))
        link = "https://contoso.crm4.dynamics.com/main.aspx?etn=account&id=1"
        return Record(Ref("account", "1"), self.words, link, facts)

    async def close(self) -> None:
        pass


def heard(body: str) -> Turn | None:
    """Read what arrived as a platform would send it, halves of characters and all."""
    said: dict[str, Any] = json.loads(body)
    where = at(said["who"])
    match said["kind"]:
        case "point":
            return Pointed(where, said["text"])
        case "fill":
            token = Tokens(SECRET.encode()).make(NOWHERE, said["who"])
            return Filled(where, "find.sent", "", token, {"question": said["text"]})
        case "press":
            return Tapped(where, "find.ask", said["text"])
        case "reply":
            return Tapped(where, "find.reply", said["text"], said["token"])
        case kind:
            return Said(where, said["text"], private=kind == "say")


class House(Desk):
    """A desk at which anything can be asked, and nothing may go wrong."""

    async def asks(self, kind: str, who: str, text: str) -> list[Card]:
        """Ask; returns the one answer, once all platforms could draw it."""
        before = len(self.chat(who))
        reply = await self.hears(json.dumps({"kind": kind, "who": who, "text": text}))
        cards = [*(s.card for s in self.chat(who)[before:]), *(s.card for s in reply.shown)]
        if kind == "fill" and not clean(text).strip():
            assert reply.form
            assert set(reply.errors) == {"question"}, "it is asked for, in the form"
            return cards
        assert len(cards) == 1, [card.title for card in cards]
        return cards

    async def presses(self, who: str, tap: Tap) -> list[Card]:
        """Press a button that carries the words; returns what everybody sees, or the answer."""
        if tap.verb == "find.ask":
            return await self.asks("press", who, tap.choice)
        token = Tokens(SECRET.encode()).make(NOWHERE, who)
        body = {"kind": "reply", "who": who, "text": tap.choice, "token": token}
        reply = await self.hears(json.dumps(body))
        assert reply.public
        return [reply.public.card]

    async def hears(self, body: str) -> Reply:
        """Let something arrive; nothing of it may be an error, or a warning."""
        key = f"browser:{next(self.keys)}"
        with capture_logs() as logs:
            await self.app.inbox.accept(Arrival(key, "browser", body))
            await self.app.settle()
            reply = await self.app.inbox.reply(key, timedelta())
        wrong = [line for line in logs if line["log_level"] not in {"info", "debug"}]
        assert [line for line in wrong if line["event"] != BUSY] == []
        assert reply is not None
        return reply

    async def all_of_it(self, language: str, text: str) -> list[Card]:
        """Ask it in every way there is, and open each form and choice that comes of it."""
        who = WHO[language]
        cards: list[Card] = []
        for asked in ASKED[language]:
            question = asked.replace("{}", text)
            for kind in ("say", "point", "channel"):
                cards += await self.asks(kind, who, question)
                cards += [one for tap in taps(cards[-1]) for one in await self.presses(who, tap)]
        cards += await self.asks("fill", who, text)
        drawn(cards)
        wrong = {catalogue(language).gettext(key) for key in ("sorry.title", "stale.title")}
        assert not wrong & {card.title for card in cards}
        return cards


@pytest.fixture(scope="module")
def demo() -> DemoCrm:
    """Return the CRM of the demo, made once: its people see its records."""
    return DemoCrm(read_people(DEMO / "people.csv"), lambda: LIBRARY.tables, lambda: MONDAY)


@pytest.fixture(scope="module")
def search() -> Searching:
    """Return the search that ships, made once."""
    made = make_search(settings(), lambda: LIBRARY, semantic=False)
    made.seek("lead")
    return made


@pytest.fixture
def shipped(search: Searching, demo: DemoCrm) -> Finder:
    return Finder(search, demo)


async def opened(store: Store, clock: Clock, finder: Finder) -> House:
    """Open a house; two of its people work in the demo's company."""
    staff = [one.email for one in read_people(DEMO / "people.csv") if one.email]
    people = [
        replace(p, addresses=(at(p.id),), email=staff[n], welcomed=True)
        for n, p in enumerate(PEOPLE)
    ]
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save(people, clock())
    notebook = Notebook()
    app = build(settings(), store, [Connection("browser", heard, notebook)], clock, finder=finder)
    return House(app, store, clock, notebook)


@EVERY
@SPOKEN
async def test_a_record_as_hostile_as_the_question(
    memory: Store, clock: Clock, language: str, name: str
) -> None:
    house = await opened(memory, clock, Finder(Shelf(), Echo(clean(HOSTILE[name])[:300])))
    cards = await house.all_of_it(language, HOSTILE[name])
    if name in ON_CARDS:
        assert clean(HOSTILE[name])[:10].strip() in "".join(
            card.title + said(card) for card in cards
        )


@EVERY
@SPOKEN
async def test_the_search_and_the_crm_that_ship(
    memory: Store, clock: Clock, shipped: Finder, language: str, name: str
) -> None:
    house = await opened(memory, clock, shipped)
    await house.all_of_it(language, HOSTILE[name])


def taps(card: Card) -> Iterator[Tap]:
    """Yield the buttons that carry words from one place to another."""
    for row in card.body:
        if isinstance(row, Row):
            found = (getattr(button, "tap", None) for button in row.buttons)
            yield from (t for t in found if t and t.verb in {"find.ask", "find.reply"})


def said(card: Card) -> str:
    """Return the words in the body of a card."""
    told = [words(block.text) for block in card.body if isinstance(block, Paragraph)]
    rows = [row for block in card.body if isinstance(block, Facts) for row in block.rows]
    return "".join((*told, *(part for row in rows for part in row)))


def drawn(cards: Sequence[Card]) -> None:
    """Draw cards for each platform; nothing on them but what we wrote is more than letters."""
    for card in cards:
        for_slack(blocks.message(card, "t" * 32))
        for_slack(blocks.passing(card, "t" * 32, "C0123456789:1700000000.000100"))
        for_teams(json.loads(adaptive.message(card, "t" * 32)))
        page = html.draw(card, "t" * 32)
        assert not re.search(r"<(?:script|at|!)|href=.http://evil", page)


def for_slack(message: Mapping[str, Any]) -> None:
    assert not BAD_LINK.search(message["text"])
    for part in parts(message["blocks"]):
        kind = part.get("type")
        assert kind not in LINKS, part
        assert kind != "mrkdwn" or not re.search(r"[<>&@]|://", part["text"]), part
        assert not TURNS.search(str(part.get("text", "")))
        assert kind != "plain_text" or part.get("emoji") is False
        assert "evil" not in part.get("url", "")
        assert len(part.get("value", "")) <= limits.VALUE


def for_teams(message: Mapping[str, Any]) -> None:
    assert "entities" not in message, "a mention is one of these"
    for part in parts(message):
        assert "evil" not in part.get("url", "")
        if part.get("type") == "TextBlock":
            assert not MARKDOWN.search(part["text"]), part
        assert not TURNS.search(str(part.get("text", "")))
        assert "{{" not in str(part.get("text", "")), "a date is one of these"


def parts(whole: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - JSON is anything
    """Yield every object in a drawing."""
    if isinstance(whole, dict):
        found = cast("dict[str, Any]", whole)
        yield found
        whole = [*found.values()]
    if isinstance(whole, list):
        for one in cast("list[Any]", whole):
            yield from parts(one)
