"""Months of a company as the program itself tells them, with other programs among the readers.

Weeks are closed in a store. Digests, health checks and the forms of authors are made as in life, a
sprint is shown, and two programs read through their door whatever it gives them. What each of them
got is written down with the people whose values are in it: of people by the release ledger, of
programs by the answers that they were handed.
"""

import json
import random
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Text, cast, select

from adapters.api.description import BASE
from adapters.api.door import NumbersDoor
from adapters.api.door import Reading as Readable
from adapters.store.database import Store, Work
from adapters.store.deliveries import read_note
from adapters.store.delivery_table import deliveries
from adapters.store.releases import cells, closings, shown
from adapters.store.schema import erasers
from adapters.store.webhooks import webhook_events
from bot.activities import Activities
from bot.authoring import note_senders
from bot.digests import Digests
from bot.open_numbers import Reading
from bot.organisation import Organisation
from nudges import group
from nudges.access import Access, digest, make_key
from nudges.authoring import Authoring
from nudges.belief import Senders, belief_in
from nudges.digest import DigestNote
from nudges.group import Frozen, freeze, teams_of
from nudges.health import HealthNote
from nudges.people import Person
from nudges.reception import COMMENTS, received
from nudges.release import FLOOR, TOP, Value
from nudges.roles import Grant, Role
from nudges.webhooks import Webhook
from tests.clock import Clock
from tests.desk import LIBRARY
from tests.release import company
from tests.release.company import BARRIERS, Cell, Company, Told

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""A Monday at noon, when whoever is there has had their morning."""
WEEK = timedelta(weeks=1)
SPONSOR, TEAM, AUTHOR = "sam", "cas", "eva"
UPWARDS = (SPONSOR, TEAM)
SEGMENTS = ("sales", "service", "field")
AWAY, TOP_AWAY = 0.3, 4
"""How many heads read nothing in a week, and in each how-manieth week nobody at the top does."""
TESTED = 5
"""In each so many-th week a message's test ends."""
EARLY = BARRIERS[:2]
Said: TypeAlias = tuple[str, Mapping[Value, Value]]
BELIEF = belief_in(SPONSOR)


def _split(early: str, late: str) -> dict[Value, Value]:
    return {barrier: early if barrier in EARLY else late for barrier in BARRIERS}


KINDS: Mapping[group.Measure, Said] = {
    group.RESPONSE: ("answered", {"yes": "answered", "no": "silent"}),
    group.BARRIER: ("barrier", {}),
    group.LEVEL: ("level", {}),
    group.MANAGERS: ("barrier", _split("not", "agree")),
    group.ACTIVE: ("active", {}),
    group.RECORDS: ("entered", {}),
    group.QUALITY: ("quality", {}),
    group.REACH: ("active", {}),
    group.SHADOW: ("active", {"yes": "crm", "no": "elsewhere"}),
    BELIEF: ("barrier", _split("no", "yes")),
}
"""What the made-up people say of each measure: which of their values, and in which words."""
Place: TypeAlias = tuple[str, date]
"""A measure and the week it was closed after."""


@dataclass(frozen=True)
class Handed:
    """A number that a program was handed, and when."""

    at: datetime
    place: Place
    said: Mapping[str, Any]


@dataclass
class Lived:
    """Everything that was said, closed and told."""

    closed: dict[Place, Frozen] = field(default_factory=dict)
    said: dict[Place, Mapping[str, Value]] = field(default_factory=dict)
    """What everybody said in a week, whether or not it was closed."""
    seen: list[tuple[str, Place, tuple[int, ...]]] = field(default_factory=list)
    """Which atoms each person was shown."""
    handed: list[Handed] = field(default_factory=list)
    untold: list[Place] = field(default_factory=list)
    """Of what a program knew that it is there, though it stood in no card of anybody's yet."""
    announced: list[Place] = field(default_factory=list)
    """Which numbers the events named that another system gets."""

    def handed_about(self, one: Handed) -> Mapping[str, Value] | None:
        """Return whom a number is about that a program was handed, as far as it tells by itself.

        That is what was closed of the whole organisation, or everybody who said something; a
        number that is neither is about nobody knows whom.
        """
        closed = self.closed.get(one.place)
        whole = (
            {p: v for a in closed.closed.told(TOP) for p, v in a.values.items()} if closed else {}
        )
        for values in (whole, self.said.get(one.place, {})):
            if len(values) >= FLOOR and _says(one.said, group.told(list(values.values()))):
                return values
        return None

    def strange(self) -> list[Handed]:
        """Return what programs were handed that is no number of the whole organisation."""
        return [one for one in self.handed if self.handed_about(one) is None]

    def pooled(self, name: str, *, programs: bool = True) -> Told:
        """Return every number of a measure that anybody has, people and programs together."""
        about = next(m for m in (*KINDS, group.Measure(name)) if m.name == name)
        told = Told(company.Measure(name, kept=about.keeps))
        for viewer, place, atoms in self.seen:
            if place[0] == name:
                values = [self.closed[place].closed.atoms[n].values for n in atoms]
                told.cells.append(_cell(viewer, place, values))
        for one in self.handed if programs else ():
            if one.place[0] == name and (found := self.handed_about(one)):
                told.cells.append(_cell("program", one.place, [found]))
        return told

    def names(self) -> list[str]:
        """Return every measure of which anybody has a number."""
        return sorted({place[0] for _, place, _ in self.seen})


def _cell(viewer: str, place: Place, values: Sequence[Mapping[str, Value]]) -> Cell:
    week = (place[1] - START.date()).days // 7
    parts = tuple(frozenset(some) for some in values)
    return Cell(week, viewer, parts, {p: v for some in values for p, v in some.items()})


def _says(said: Mapping[str, Any], told: group.Told) -> bool:
    values = {one["category"]: one["value"] for one in said["values"]}
    values.pop("decided", None)
    return (said["people"], values) == (told.band, dict(told.shares) or {None: told.mean})


Doors: TypeAlias = Callable[[Store, Clock, Lived], Readable]


def as_it_is(store: Store, clock: Clock, _: Lived) -> Readable:
    """Open the door that programs read by."""
    return Reading(store, clock)


async def live(weeks: int, made: Company, door: Doors = as_it_is) -> Lived:
    """Let a company live for some weeks; returns what everybody was told in them."""
    lived, clock = Lived(), Clock(START)
    dice = random.Random(made.seed)  # noqa: S311 - so that it can be repeated
    store = await Store.open("sqlite://", create=True)
    try:
        house = _House(store, clock, lived, made, dice)
        async with _programs(door(store, clock, lived), store, clock) as programs:
            await house.begins()
            for week in range(weeks):
                if week:
                    made.forward()
                    clock.now += WEEK
                await house.moves(week)
                await house.closes(week)
                await programs.read(lived, await house.told())
                await house.tells(week)
                await programs.read(lived, await house.told())
        await house.writes_down()
    finally:
        await store.close()
    return lived


@dataclass
class _House:
    """The program, as far as it closes and tells numbers, and the company it is used in."""

    store: Store
    clock: Clock
    lived: Lived
    company: Company
    dice: random.Random
    known: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    bosses: dict[str, str] = field(default_factory=dict)

    @property
    def week(self) -> date:
        return (self.clock() - WEEK).date()

    async def begins(self) -> None:
        async with self.store.write() as work:
            await work.save([_person(who) for who in (*UPWARDS, AUTHOR)], self.clock())
            roles = {SPONSOR: Role.SPONSOR, TEAM: Role.CRM_TEAM, AUTHOR: Role.AUTHOR}
            grants = [Grant(who, role) for who, role in roles.items()]
            await work.keep(grants, "settings", self.clock())
            hook = Webhook("bi", "bi.example", "sealed", ("numbers.released",), self.clock())
            assert await work.add_webhook(hook, "settings")

    async def moves(self, week: int) -> None:
        """Let people come, go, be forgotten, get another head, and be away or not."""
        here, now = self.company.people, self.clock()
        forgotten = {who for who in self.company.forgotten if who in self.known - here.keys()}
        self.bosses |= {who: person.boss or "" for who, person in here.items()}
        self.known = (self.known | here.keys()) - forgotten
        heads = self.company.heads() & here.keys()
        away = {who for who in sorted(heads) if self.dice.random() < AWAY}
        away |= {*UPWARDS} if week % TOP_AWAY == TOP_AWAY - 1 else set()
        async with self.store.write() as work:
            for eraser in (e for who in sorted(forgotten) for e in erasers(who)):
                await work.connection.execute(eraser)
            everybody = [
                _person(who, self.bosses[who], stopped=who in away, left=who not in here)
                for who in sorted(self.known)
            ]
            top = [_person(who, stopped=who in away) for who in UPWARDS]
            await work.save([*everybody, *top], now)
            new = [Grant(who, Role.MANAGER) for who in sorted(heads - self.heads)]
            await work.keep(new, "settings", now)
        self.heads |= heads

    async def closes(self, week: int) -> None:
        """Freeze what is due of the week that is over."""
        for measure, (name, words) in KINDS.items():
            kind = next(one for one in company.MEASURES if one.name == name)
            found = self.company.said(kind)
            values = {who: words.get(value, value) for who, (_, value) in found.items()}
            self.lived.said[measure.name, self.week] = values
            if week % measure.every_weeks:
                continue
            async with self.store.read() as work:
                staff, past = await work.everybody(), await work.past(measure.name, self.clock())
            teams = group.segments_of(staff) if measure.about else teams_of(staff)
            frozen = freeze(measure, teams, values, past.ledger, chance=self.dice.random)
            async with self.store.write() as work:
                assert await work.keep_closing(frozen, self.week, FLOOR, past, self.clock())
            self.lived.closed[measure.name, self.week] = frozen

    async def tells(self, week: int) -> None:
        """Make digests and checks, show an author who is believed, and end a message's test."""
        organisation = Organisation(lambda: LIBRARY)
        given = (self.store, self.clock, organisation, lambda: None)
        await Activities(*given).monthly()
        await Digests(*given).round()
        now = self.clock()
        async with self.store.write() as work:
            believed = tuple(await work.believed([SPONSOR], now))
            at_hand = Authoring(senders=Senders((), believed))
            await note_senders(work, {AUTHOR: at_hand}, now)
            await self._sprints(work)
            if week % TESTED == 0:
                active = self.lived.said[group.ACTIVE.name, self.week]
                some = sorted(active)[:: len(active) // 30]
                frozen = received(week + 1, {who: active[who] == "yes" for who in some}, COMMENTS)
                await work.keep_result(frozen, AUTHOR, COMMENTS, now)
                self.lived.closed[frozen.measure.name, group.week_over(now)] = frozen

    async def _sprints(self, work: Work) -> None:
        """Show one of each team the quality of its data, as a clean-up sprint does."""
        told = await work.figures_of(sorted(self.heads), [group.QUALITY.name])
        seen = {
            self.company.reports(head)[0]: [
                one.cell for one in found[group.QUALITY.name] if one.told
            ]
            for head, found in told.items()
            if self.company.reports(head)
        }
        await work.note_shown(seen, "sprint", self.clock())

    async def told(self) -> set[Place]:
        """Return which numbers of the organisation stand in what was written to anybody."""
        wanted = select(cast(deliveries.c.note, Text)).where(deliveries.c.person.in_(UPWARDS))
        places = select(cells.c.id, closings.c.measure, closings.c.week).join(
            closings, closings.c.id == cells.c.closing
        )
        async with self.store.read() as work:
            notes = [read_note(note) for note in await work.connection.scalars(wanted)]
            checks = [n.facts.cell for n in notes if isinstance(n, HealthNote) and n.facts.cell]
            rows = await work.connection.execute(places.where(cells.c.id.in_(checks)))
            found = {(row.measure, row.week) for row in rows}
        for note in notes:
            if isinstance(note, DigestNote) and note.view == "organisation":
                found |= set(_standing_in(note))
        return found

    async def writes_down(self) -> None:
        """Write down who was shown what, from the ledger; programs are asked themselves."""
        wanted = (
            select(shown.c.viewer, closings.c.measure, closings.c.week, cells.c.atoms)
            .join(cells, cells.c.id == shown.c.cell)
            .join(closings, closings.c.id == cells.c.closing)
            .where(cells.c.told.is_not(None))
            .order_by(shown.c.id)
        )
        async with self.store.read() as work:
            for viewer, measure, week, atoms in await work.connection.execute(wanted):
                if not (viewer or "").startswith("access:"):
                    self.lived.seen.append((viewer or "", (measure, week), tuple(atoms)))
            for body in await work.connection.scalars(select(webhook_events.c.body)):
                self.lived.announced += [
                    (one["measure"], date.fromisoformat(one["week"]))
                    for one in json.loads(body)["data"]["numbers"]
                ]


def _person(who: str, boss: str = "", *, stopped: bool = False, left: bool = False) -> Person:
    segment = SEGMENTS[int(who[1:]) % len(SEGMENTS)] if who[1:].isdigit() else ""
    return Person(who, who, zone="UTC", manager=boss, segment=segment, welcomed=True,
                  stopped=stopped, left=left)  # fmt: skip


def _standing_in(note: DigestNote) -> Iterator[Place]:
    """Yield which numbers a digest says, or says something of."""
    for line in note.lines:
        for one in (line.number, line.before):
            if one:
                kind = group.BARRIER.name if one.kind == "decided" else one.kind
                yield kind, date.fromisoformat(one.week)
    if note.organisation and note.organisation.decay:
        week = date.fromisoformat(note.week)
        yield group.ACTIVE.name, week
        yield group.ACTIVE.name, week - 4 * WEEK


@dataclass
class _Programs:
    """A program that reads everything each time, and one that looks at single measures."""

    client: TestClient[Any, Any]
    clock: Clock
    keys: Mapping[str, str]

    async def read(self, lived: Lived, told: set[Place]) -> None:
        """Let both read; what they hear of that nobody was told is written down, too."""
        weeks = (await self._asks("whole", "weeks"))["weeks"]
        known = [(name, date.fromisoformat(w["week"])) for w in weeks for name in w["measures"]]
        for name, query in (("whole", ""), ("some", "measure=active,barrier,response&limit=7&")):
            after: str | None = ""
            while after is not None:
                page = await self._asks(name, f"numbers?{query}after={after}")
                for one in page["numbers"]:
                    place = one["measure"], date.fromisoformat(one["week"])
                    lived.handed.append(Handed(self.clock(), place, one))
                    known.append(place)
                after = page["next"]
        lived.untold += [place for place in known if place not in told]

    async def _asks(self, name: str, what: str) -> Any:  # noqa: ANN401 - JSON
        head = {"Authorization": f"Bearer {self.keys[name]}"}
        self.clock.now += timedelta(seconds=1)
        async with self.client.get(f"{BASE}/{what}", headers=head) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@asynccontextmanager
async def _programs(door: Readable, store: Store, clock: Clock) -> AsyncGenerator[_Programs]:
    keys = {name: make_key(name, lambda _: "k" * 43) for name in ("whole", "some")}
    app = web.Application()
    NumbersDoor(door, clock).attach(app)
    async with store.write() as work:
        await _let_in(work, keys, clock())
    async with TestClient(TestServer(app)) as client:
        yield _Programs(client, clock, keys)


async def _let_in(work: Work, keys: Mapping[str, str], now: datetime) -> None:
    for name, key in keys.items():
        access = Access(name, digest(key), now, now + timedelta(days=400))
        assert await work.let_in(access, "settings")
