"""Nothing that somebody says or is called stands in a log, a figure or a refusal (P9).

Three people with every role wander through all of it, each by chance that can be repeated: they
type every command, press whatever is shown and fill every form, and each text they write holds a
canary. Platform, database and search break on the way. Then the logs are read.
"""

import io
import logging
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

import pytest
import structlog
from aiohttp.test_utils import TestClient, TestServer

from adapters.store.database import Store
from bot import logs, turns
from bot.finding import Finder
from bot.metrics import Metrics
from bot.wiring.parts import Connection, build
from dialogs.card import ChoiceField, DateField, Form, TextField
from dialogs.commands import names
from dialogs.doorway import Arrival, Reply
from dialogs.finding import Sought
from dialogs.turns import Context, Filled, Pointed, Said, Step, Tapped, Turn
from nudges.address import Address
from nudges.delivery import Outcome, Refused, Unknown, Wait
from nudges.pace import Paces
from nudges.people import Language
from nudges.roles import Grant, Role
from tests.clock import Clock
from tests.desk import PEOPLE, PROGRAMME, Desk, Notebook, Seen, at, read, settings

CANARY = "zqcanary"
STEPS = 160
SOME = 30
"""How many texts at least have to have been written, or the walk has shown nothing."""
FORMS = 8
"""How many kinds of forms at least have to have been filled."""
QUESTIONS = ("phone number of {}", "where do I log a call with {}?", "how is {} doing?", "{}!")


@dataclass
class Moody(Notebook):
    """A notebook that breaks now and then, and whose errors name what it was sent."""

    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - so that it repeats

    def __post_init__(self) -> None:
        super().__init__()

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        what = self.chance.random()
        if what < 1 / 50:
            return Refused("too large")
        if what < 1 / 25:
            return Unknown("the answer was cut off")
        if what < 1 / 20:
            return Wait(self.clock(), "busy")
        return await super().post(to, payload, mark)

    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True)
class Search:
    """A search that fails now and then."""

    chance: Random

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        del language, job
        if self.chance.random() < 1 / 3:
            raise OSError(words)
        return Sought()


@dataclass
class Wanderer:
    """Somebody who tries everything there is."""

    desk: Desk
    who: str
    chance: Random
    numbers: "count[int]"
    texts: list[str] = field(default_factory=list[str])
    filled: Counter[str] = field(default_factory=Counter[str])

    def text(self, longest: int = 200) -> str:
        text = f"{CANARY}{next(self.numbers)} says that {self.who} never got a login"
        self.texts.append(text)
        return text[:longest]

    async def step(self) -> None:
        """Do one thing: say something, or press one of the last things shown."""
        seen = [s for s in self.desk.chat(self.who)[-8:] if s.buttons]
        what = self.chance.random()
        if what < 1 / 4 or not seen:
            await self._says(self.chance.choice(sorted(names())))
        elif what < 1 / 3:
            await self._says(self.chance.choice(QUESTIONS).format(self.text()))
        elif what < 2 / 5:
            await self._arrive(Pointed(at(self.who), self.text()))
        else:
            await self._presses(self.chance.choice(seen))

    async def _says(self, text: str) -> None:
        await self._arrive(Said(at(self.who), text))

    async def _presses(self, seen: Seen) -> None:
        button = self.chance.choice(list(seen.buttons.values()))
        tap = button.tap
        reply = await self._arrive(Tapped(at(self.who), tap.verb, tap.choice, seen.token))
        if reply and reply.form:
            await self._fills(reply.form.form, reply.form.token)

    async def _fills(self, form: Form, token: str) -> None:
        """Fill a form and send it; once more where something in it was wrong."""
        for _ in range(2):
            given = {one.name: self._value(one) for one in form.fields}
            self.filled[form.tap.verb] += 1
            reply = await self._arrive(
                Filled(at(self.who), form.tap.verb, form.tap.choice, token, given)
            )
            if not (reply and reply.errors):
                return

    def _value(self, one: TextField | ChoiceField | DateField) -> str:
        match one:
            case TextField():
                return one.value or self.text(one.longest)
            case ChoiceField():
                return self.chance.choice(one.options).value if one.options else ""
            case DateField():
                return self.desk.clock().date().isoformat()

    async def _arrive(self, turn: Turn) -> Reply | None:
        return await self.desk.arrive(turn)


async def walk(store: Store, seed: int) -> list[Wanderer]:
    """Let everybody wander through everything; returns what each of them wrote."""
    chance, clock = Random(seed), Clock()  # noqa: S311 - so that it repeats
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save(
            [
                replace(
                    one,
                    name=f"{CANARY} {one.name}",
                    email=f"{CANARY}.{one.id}@acme.example",
                    addresses=(at(one.id),),
                )
                for one in PEOPLE
            ],
            clock(),
        )
        grants = [Grant(p.id, role) for p in PEOPLE for role in Role if role is not Role.USER]
        await work.keep(grants, "settings", clock())
    notebook = Moody(chance, clock)
    connection = Connection("browser", read, notebook)
    app = build(settings(), store, [connection], clock, finder=Finder(Search(chance)))
    desk = Desk(app, store, clock, notebook)
    numbers = count(1)
    people = [Wanderer(desk, one.id, chance, numbers) for one in PEOPLE]
    for one in people:
        await desk.joins(one.who)
    for n in range(STEPS):
        await chance.choice(people).step()
        if n % 10 == 0:
            clock.pass_(hours=chance.randint(1, 30))
            await desk.plan()
    return people


@contextmanager
def listening() -> Generator[io.StringIO]:
    """Write down all that the program logs, at its most talkative."""
    heard, root = io.StringIO(), logging.getLogger()
    before, level = list(root.handlers), root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", heard)
        logs.start("debug")
        try:
            yield heard
        finally:
            root.handlers = before
            root.setLevel(level)
            structlog.reset_defaults()


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_people_write_is_in_no_log_and_no_figure(memory: Store, seed: int) -> None:
    with listening() as heard:
        people = await walk(memory, seed)
    told = heard.getvalue()
    assert sum(len(one.texts) for one in people) >= SOME
    assert len({verb for one in people for verb in one.filled}) >= FORMS
    assert any(CANARY in seen.text for one in people for seen in one.desk.chat(one.who))
    assert told.count("\n") > 0, "something was logged, so that there was something to look at"
    assert [line for line in told.splitlines() if CANARY in line] == []
    figures = people[0].desk.app.lookout.figures
    metrics = await Metrics(memory, people[0].desk.clock, figures, Paces()).measure()
    assert b'end="done"' in metrics
    assert CANARY.encode() not in metrics
    assert sum(figures.values["wayfinder_turns_total"].values()) >= SOME


async def test_a_refusal_says_nothing_of_what_was_sent(memory: Store) -> None:
    (one, *_) = await walk_nowhere(memory)
    with listening() as heard:
        async with TestClient(TestServer(one.desk.app.web)) as client:
            for path in ("/nowhere", "/healthz", "/metrics", "/readyz"):
                for send in (client.get, client.post, client.put):
                    answer = await send(
                        f"{path}?q={CANARY}",
                        headers={"Authorization": f"Bearer {CANARY}", "X-Who": CANARY},
                    )
                    assert CANARY not in await answer.text()
    assert CANARY not in heard.getvalue()


async def walk_nowhere(store: Store) -> list[Wanderer]:
    """Open a house in which nobody wanders yet."""
    clock, notebook = Clock(), Notebook()
    app = build(settings(), store, [Connection("browser", read, notebook)], clock)
    chance = Random(1)  # noqa: S311 - so that it repeats
    return [Wanderer(Desk(app, store, clock, notebook), "ann", chance, count(1))]


@pytest.mark.parametrize("place", ["words", "name"])
async def test_a_log_that_says_too_much_is_found(
    memory: Store, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    route = turns.route

    def tells(turn: Turn, context: Context) -> Step:
        said = context.person.name if place == "name" else turn
        structlog.get_logger().debug(f"turn of {said}")
        return route(turn, context)

    monkeypatch.setattr(turns, "route", tells)
    with listening() as heard:
        await walk(memory, 1)
    assert CANARY in heard.getvalue()


async def test_a_turn_that_breaks_is_told_without_its_words(memory: Store) -> None:
    with listening() as heard:
        (one,) = await walk_nowhere(memory)
        for n, body in enumerate((f'{{"kind": "say", "text": "{CANARY}', f'"{CANARY}"', CANARY)):
            await one.desk.app.inbox.accept(Arrival(f"browser:{n}", "browser", body))
        await one.desk.app.settle()
    assert "turns.unreadable" in heard.getvalue()
    assert CANARY not in heard.getvalue()
