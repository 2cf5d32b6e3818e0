"""Every button and form there is, pressed by who may not or too late: a kind no, and nothing else.

The table is the gallery, so a card that is new is held to this as soon as it can be seen. On the
platforms the same is walked in ``tests/contracts/test_tokens.py``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.schema import metadata
from dialogs import gallery
from dialogs.buttons import COMMAND
from dialogs.card import Button, Row, Tap
from dialogs.doorway import Arrival
from dialogs.find import OPEN
from dialogs.speech import languages
from dialogs.token import NOWHERE, Tokens
from dialogs.turns import Filled, Tapped, Turn
from nudges.delivery import Delivery, Note, Priority
from nudges.people import Person
from tests.clock import Clock
from tests.desk import SECRET, Desk, at, open_desk, write
from tests.dialogs.talk import said

CROWD = 32
"""People, so that as many turns share a transaction."""
OURS, THEIRS = Tokens(SECRET.encode()), Tokens(b"another house, and a secret of its own")
OUTSIDE = {"inbox", "deliveries", "lanes", "runs", "touches", "replies"}
"""Tables of what came and what left; in all others nothing may change."""
NEVER = timedelta(days=999)


@dataclass(frozen=True)
class Press:
    """One button or form, on the message that somebody has of its card."""

    name: str
    note: Note
    tap: Tap
    fields: tuple[str, ...] | None = None

    def turn(self, who: str, token: str, choice: str | None = None) -> Turn:
        chosen = self.tap.choice if choice is None else choice
        if self.fields is None:
            return Tapped(at(who), self.tap.verb, chosen, token)
        return Filled(at(who), self.tap.verb, chosen, token, dict.fromkeys(self.fields, "x"))


def presses() -> Iterator[Press]:
    """Yield every button of every card, and every form."""
    for name, card in gallery.cards("en"):
        for row in card.body:
            taps = (
                [b.tap for b in row.buttons if isinstance(b, Button)]
                if isinstance(row, Row)
                else []
            )
            yield from (Press(name, gallery.CARDS[name], tap) for tap in taps)
    for name, form in gallery.forms("en"):
        fields = tuple(field.name for field in form.fields)
        yield Press(name, gallery.FORMS[name], form.tap, fields)


ALL = list(presses())
PEOPLE = [f"p{n:02}" for n in range(CROWD)]


@dataclass
class Crowd:
    """A desk with people enough, who have every card there is."""

    desk: Desk
    numbers: list[int]

    def whose(self, place: int) -> str:
        return PEOPLE[place % CROWD]

    async def kept(self) -> dict[str, list[str]]:
        """Return everything that is kept, but for what came in and left."""
        async with self.desk.store.read() as work:
            tables = [t for t in metadata.sorted_tables if t.name not in OUTSIDE]
            return {
                t.name: sorted(map(repr, await work.connection.execute(select(t)))) for t in tables
            }

    async def all_press(self, turns: list[Turn]) -> list[list[str]]:
        """Let everybody press; returns the titles of what each press brought."""
        before = {who: len(self.desk.chat(who)) for who in PEOPLE}
        for place, turn in enumerate(turns):
            arrival = Arrival(f"browser:k{place}", "browser", write(turn))
            await self.desk.app.inbox.accept(arrival)
        await self.desk.app.settle()
        new = {who: [s.card.title for s in self.desk.chat(who)[n:]] for who, n in before.items()}
        assert sum(map(len, new.values())) == len(turns), "each press brings one card"
        return [[new[turn.address.user].pop(0)] for turn in turns]


@pytest.fixture
async def crowd(memory: Store, clock: Clock) -> Crowd:
    desk = await open_desk(memory, clock)
    spoken = languages()
    people = [
        Person(who, f"Person {n}", language=spoken[n % len(spoken)], zone="Europe/London")
        for n, who in enumerate(PEOPLE)
    ]
    async with memory.write() as work:
        await work.save([replace(p, addresses=(at(p.id),)) for p in people], clock())
        made = await work.queue(
            [
                Delivery(
                    f"card:{n}", PEOPLE[n % CROWD], one.note, Priority.INTERACTIVE, clock() + NEVER
                )
                for n, one in enumerate(ALL)
            ]
        )
    for who in PEOPLE:
        await desk.says(
            who, said(spoken[PEOPLE.index(who) % len(spoken)], "typed.help").split(",")[0]
        )
    return Crowd(desk, [made[f"card:{n}", PEOPLE[n % CROWD]] for n in range(len(ALL))])


def another(who: str) -> str:
    return PEOPLE[(PEOPLE.index(who) + 1) % CROWD]


def altered(token: str, place: int) -> str:
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


WAYS: dict[str, Callable[[int, str], str]] = {
    "someone else's": lambda number, who: OURS.make(number, another(who)),
    "of someone else's home page": lambda _, who: OURS.make(NOWHERE, another(who)),
    "of another organisation": THEIRS.make,
    "with another number": lambda number, who: altered(OURS.make(number, who), 9),
    "with another mark": lambda number, who: altered(OURS.make(number, who), 20),
    "cut": lambda number, who: OURS.make(number, who)[:-4],
    "with more behind it": lambda number, who: OURS.make(number, who) + "AAAA",
    "of nobody's making": lambda _number, _who: "\u202e" * 32,
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_card_that_is_not_theirs_does_nothing_but_say_so(crowd: Crowd, way: str) -> None:
    assert len(ALL) > 900
    before = await crowd.kept()
    turns = [
        one.turn(crowd.whose(n), WAYS[way](crowd.numbers[n], crowd.whose(n)))
        for n, one in enumerate(ALL)
    ]
    titles = await crowd.all_press(turns)
    no = {said(language, "stale.title") for language in languages()}
    assert {
        one.name: told for one, (told,) in zip(ALL, titles, strict=True) if told not in no
    } == {}
    assert await crowd.kept() == before


async def test_a_card_that_was_answered_does_nothing_but_say_so(crowd: Crowd) -> None:
    """Leave out what stands for words that they could type as well, and what follows a message."""
    late = [
        n
        for n, one in enumerate(ALL)
        if one.tap.verb not in {COMMAND, *OPEN}
        and not one.tap.verb.startswith(("progress.", "home."))
    ]
    assert len(late) > 500
    async with crowd.desk.store.write() as work:
        await work.close(crowd.numbers, crowd.desk.clock())
    before = await crowd.kept()
    mine = [(ALL[n], crowd.whose(n), OURS.make(crowd.numbers[n], crowd.whose(n))) for n in late]
    titles = await crowd.all_press([one.turn(who, token) for one, who, token in mine])
    no = {said(language, "stale.title") for language in languages()}
    assert {
        o.name: told for (o, *_), (told,) in zip(mine, titles, strict=True) if told not in no
    } == {}
    assert await crowd.kept() == before


MARK = "4711"
CHANGED = [
    MARK,
    f"-{MARK}",
    MARK * 5,
    f"ann:{MARK}",
    f"1:2:{MARK}:4",
    f"' OR {MARK}=1 --",
    f"\u202e{MARK}\x00",
    MARK * 50,
]
ASKED = "questions"
"""What somebody looked for; a button that looks again holds their words, which are theirs."""


@pytest.mark.parametrize("choice", CHANGED)
async def test_a_choice_that_was_not_offered_is_not_taken(crowd: Crowd, choice: str) -> None:
    turns = [
        one.turn(crowd.whose(n), OURS.make(crowd.numbers[n], crowd.whose(n)), choice)
        for n, one in enumerate(ALL)
    ]
    for place, turn in enumerate(turns):
        arrival = Arrival(f"browser:k{place}", "browser", write(turn))
        await crowd.desk.app.inbox.accept(arrival)
    await crowd.desk.app.settle()
    kept = await crowd.kept()
    assert [table for table, rows in kept.items() if table != ASKED and MARK in str(rows)] == []
    async with crowd.desk.store.read() as work:
        inbox = metadata.tables["inbox"].c
        came = select(inbox.key, inbox.done_at, inbox.failed).where(
            inbox.key.startswith("browser:")
        )
        ended = (await work.connection.execute(came)).all()
    assert len(ended) >= len(turns)
    assert [one for one in ended if one.failed or not one.done_at] == []
