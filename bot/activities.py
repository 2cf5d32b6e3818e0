"""What people with a role are due by the clock: activities, health checks, champions, successions.

Every round reads, decides and queues; what it queued is known by its occasion and what it invited
by its state, so that two tickers on one tick, or one after a long sleep, tell nobody twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.organisation import Organisation
from bot.silence import HeardWork, silences
from dialogs.library import Library
from dialogs.speech import languages
from dialogs.turns import Context
from nudges.activities import (
    DOERS,
    UNKNOWN,
    Known,
    Sum,
    Tick,
    coming_morning,
    month,
    phase_of,
    plan,
    sum_up,
)
from nudges.adkar import Answer, Element, stand, straight_lined
from nudges.champions import (
    ASKED_A_WEEK,
    Champion,
    InviteNote,
    MayINote,
    SuccessionNote,
    kind_of,
    mixed,
)
from nudges.delivery import Delivery, Note, Priority
from nudges.digest import SAYS, tenths
from nudges.focus import focus_of
from nudges.group import RESPONSE, Figure
from nudges.health import Counts, HealthFacts, HealthNote, SumNote, facts, judged, opens_month
from nudges.hours import local_day
from nudges.people import Person
from nudges.programme import Programme
from nudges.release import TOP, Unit
from nudges.roles import Role
from nudges.webhooks import Event

BATCH = 500
SEEN = 500
"""How many people of a segment are looked at to see where it stands."""
MAY_I = "champion:may-i"
WEEK = timedelta(days=7)
SUMMED = (Role.MANAGER, Role.CHAMPION)
"""Whose activities are summed up one level up; sponsors are too few to be summed."""
TEAMS = 8
TEACHES = frozenset({Element.KNOWLEDGE, Element.ABILITY})

CHANNEL = "health"
"""How the release ledger names the way on which a health check tells a number."""


class HealthWork(HeardWork, Protocol):
    """The part of a transaction that a health check is made from."""

    async def counts(self, now: datetime) -> Counts:
        """Count what the check is judged by."""
        ...

    async def figures(self, unit: Unit, measures: Collection[str]) -> dict[str, tuple[Figure, ...]]:
        """Return the last figures of each measure that the head of a team is told."""
        ...

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers."""
        ...

    async def announce(self, event: Event) -> int:
        """Queue an event for other systems; once, however often."""
        ...

    async def teams_without(self, limit: int) -> tuple[str, ...]:
        """Return some teams without a champion."""
        ...

    async def month_of(
        self, since: datetime, until: datetime
    ) -> tuple[set[tuple[str, str]], Sequence[Tick]]:
        """Return which activities came to whom in a time, and what was ticked in it."""
        ...


class ActivitiesWork(HealthWork, Protocol):
    """The part of a transaction that the rounds need."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the change programme; ``hold`` keeps others from holding it."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def occasions_of(
        self, occasions: Collection[str], persons: Collection[str], *, cancelled: bool = True
    ) -> set[tuple[str, str]]:
        """Return which of these occasions were queued for which of these people."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles and is still here."""
        ...

    async def doers(self, roles: Collection[Role], after: str, limit: int) -> list[str]:
        """Return who holds one of these roles, by id, from ``after`` on."""
        ...

    async def known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return what is known of each person's activities."""
        ...

    async def some_of(self, segment: str, limit: int) -> list[str]:
        """Return people of a segment."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers."""
        ...

    async def champions(self, persons: Iterable[str] | None = None) -> list[Champion]:
        """Return who is or may become a champion."""
        ...

    async def to_invite(self, now: datetime, limit: int) -> list[str]:
        """Return who is to be invited now."""
        ...

    async def invited(self, persons: Sequence[str], now: datetime) -> set[str]:
        """Note that people are invited; returns those nobody else invited meanwhile."""
        ...

    async def unserved(self, now: datetime, limit: int) -> list[str]:
        """Return people of teams without a champion who were never asked."""
        ...

    async def asked_since(self, occasion: str, since: datetime) -> int:
        """Count whom something was planned for since a moment."""
        ...

    async def ask(self, persons: Sequence[str], now: datetime) -> set[str]:
        """Note that people are asked in private; returns those who were not known yet."""
        ...

    async def anyone_gone(self) -> bool:
        """Say whether somebody left a role behind who was not told of yet."""
        ...

    async def departed(self, now: datetime) -> list[tuple[int, SuccessionNote]]:
        """Return what is to be told of who left a role behind, numbered, and note it."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...


class ActivitiesStore(Protocol):
    """The store, as the rounds need it."""

    def read(self) -> AbstractAsyncContextManager[ActivitiesWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ActivitiesWork]:
        """Begin a transaction that writes."""
        ...


async def checked(work: HealthWork, context: Context) -> HealthFacts:
    """Return what the health check says now, and note what it shows."""
    today, now = local_day(context.person, context.now), context.now
    found = await _checked(work, context.programme, context.library, today, now)
    if found.cell:
        await work.note_shown({context.person.id: [found.cell]}, CHANNEL, now)
    return found


async def _checked(
    work: HealthWork, programme: Programme, library: Library, today: date, now: datetime
) -> HealthFacts:
    return facts(
        programme,
        await work.counts(now),
        languages(),
        today,
        help_=sum(f.element in TEACHES for f in library.follow_ups),
        without=await work.teams_without(TEAMS),
        sums=await _sums(work, library, today),
        quiet=await _quiet(work, programme, now),
        answering=await _answering(work),
    )


async def _answering(work: HealthWork) -> tuple[int, int] | None:
    """Return how many in ten answered, and in which cell that was last told of everybody."""
    figures = (await work.figures(TOP, (RESPONSE.name,))).get(RESPONSE.name, ())
    found = ((figure.told, figure.cell) for figure in figures)
    return next(
        ((tenths(told.share(SAYS["response"])), cell) for told, cell in found if told), None
    )


async def _quiet(work: HealthWork, programme: Programme, now: datetime) -> int:
    found = await silences(work, now, programme.segments) if programme.segments else {}
    return sum(one.quiet for one in found.values())


async def _sums(work: HealthWork, library: Library, today: date) -> tuple[Sum, ...]:
    """Sum up the month before a day, whoever has which role by now."""
    until = datetime(today.year, today.month, 1, tzinfo=UTC)
    since = (until - timedelta(days=1)).replace(day=1)
    came, ticks = await work.month_of(since, until)
    role = {a.id: a.role for a in library.activities}
    found = (
        sum_up(
            one,
            {(who, name) for who, name in came if role.get(name) is one},
            [t for t in ticks if role.get(t.activity) is one],
        )
        for one in SUMMED
    )
    return tuple(one for one in found if one)


class Activities:
    """Wake what people with a role are due."""

    def __init__(
        self,
        store: ActivitiesStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving
        self._focus: dict[tuple[str, date], Element | None] = {}

    async def watch(self) -> int:
        """Tell of who left a role behind, and invite who was put forward; returns how many."""
        return await self.succession() + await self.invite()

    async def hourly(self) -> int:
        """Plan this week's activities, the month's checks, and whom to ask; returns how many."""
        return await self.nudge() + await self.monthly() + await self.ask()

    async def nudge(self) -> int:
        """Plan everybody's one activity of the week."""
        planned, after = 0, ""
        while True:
            now = self._clock()
            wanted: list[Delivery] = []
            async with self._store.read() as work:
                ids = await work.doers(DOERS, after, BATCH)
                people = await work.people(ids)
                known = await work.known(ids) if ids else {}
                programme = await work.programme()
                for person in people.values():
                    found = plan(
                        person,
                        self._organisation.library().activities,
                        known.get(person.id, UNKNOWN),
                        phase_of(programme, person, now),
                        await self._focus_of(work, programme, person.segment, now),
                        now,
                    )
                    wanted += [found] if found else []
            await self._queue(wanted)
            planned += len(wanted)
            if len(ids) < BATCH:
                return planned
            after = ids[-1]

    async def _focus_of(
        self, work: ActivitiesWork, programme: Programme, segment: str, now: datetime
    ) -> Element | None:
        """Return where a segment stands, worked out once a day."""
        if not segment:
            return None
        key = (segment, now.date())
        if key not in self._focus:
            if any(day != key[1] for _, day in self._focus):
                self._focus.clear()
            given = await work.answers(await work.some_of(segment, SEEN), now)
            bank, live = self._organisation.library().bank, programme.segment(segment)
            self._focus[key] = focus_of(
                stand(one, bank, now, live.live_from("UTC")).barrier
                for one in given.values()
                if not straight_lined(one, ZoneInfo("UTC"))
            )
        return self._focus[key]

    async def monthly(self) -> int:
        """Plan the CRM team's health check and the sponsors' sums, on the first working day.

        Who has theirs is left alone: one that is made anew would say what nobody reads.
        """
        now = self._clock()
        wanted: list[Delivery] = []
        made: dict[date, HealthFacts] = {}
        async with self._store.read() as work:
            holders = await work.holders((Role.CRM_TEAM, Role.SPONSOR))
            due = [
                (person, at)
                for person in holders
                if (at := opens_month(person, now)) and not person.quiet(now) and person.welcomed
            ]
            for person, at in await _unchecked(work, due):
                first = local_day(person, at).replace(day=1)
                if first not in made:
                    library = self._organisation.library()
                    programme = await work.programme()
                    made[first] = await _checked(work, programme, library, first, now)
                before = month(first - timedelta(days=1))
                note: Note | None = None
                if Role.CRM_TEAM in person.roles:
                    note = HealthNote(before, made[first])
                elif made[first].sums:
                    note = SumNote(before, made[first].sums)
                if note:
                    wanted.append(Delivery(_check(first), person.id, note, Priority.NUDGE, at))
        return await self._tell(wanted) if wanted else 0

    async def _tell(self, wanted: Sequence[Delivery]) -> int:
        """Queue checks, and note in the same step whom they show which number, and who hears."""
        async with self._store.write() as work:
            await work.programme(hold=True)  # of two tickers one tells
            had, now = await _had(work, wanted), self._clock()
            fresh = [one for one in wanted if (one.occasion, one.person) not in had]
            await work.plan(fresh)
            seen = {
                one.person: [one.note.facts.cell]
                for one in fresh
                if isinstance(one.note, HealthNote) and one.note.facts.cell
            }
            await work.note_shown(seen, CHANNEL, now)
            for event in judged((one.note for one in fresh), now):
                await work.announce(event)
        if fresh:
            self._leaving()
        return len(fresh)

    async def succession(self) -> int:
        """Tell the CRM team of champions and sponsors who left, once for each."""
        async with self._store.read() as work:
            if not await work.anyone_gone():
                return 0
        async with self._store.write() as work:
            now = self._clock()
            team = await work.holders((Role.CRM_TEAM,))
            if not team:
                return 0
            wanted = [
                Delivery(f"succession:{number}", person.id, note, Priority.NUDGE, now)
                for number, note in await work.departed(now)
                for person in team
            ]
            await work.plan(wanted)
        self._leaving()
        return len(wanted)

    async def invite(self) -> int:
        """Invite who was put forward, in their own morning."""
        now = self._clock()
        async with self._store.read() as work:
            ids = await work.to_invite(now, BATCH)
            people = await work.people(ids)
        able = [p for p in people.values() if not p.quiet(now)]
        if not able:
            return 0
        async with self._store.write() as work:
            ours = await work.invited([p.id for p in able], now)
            wanted = [
                _morning(f"champion:invite:{now.date()}", p, InviteNote(), now)
                for p in able
                if p.id in ours
            ]
            await work.plan(wanted)
        self._leaving()
        return len(wanted)

    async def ask(self) -> int:
        """Ask a few people in private whether their name may be put forward."""
        now = self._clock()
        bank = self._organisation.library().bank
        async with self._store.read() as work:
            room = ASKED_A_WEEK - await work.asked_since(MAY_I, now - WEEK)
            ids = await work.unserved(now, SEEN) if room > 0 else []
            people = await work.people(ids)
            given = await work.answers(ids, now) if ids else {}
            have = [c.kind for c in await work.champions() if c.state == "accepted"] if ids else []
        found = {who: kind_of(one, bank, now) for who, one in given.items()}
        hints = {w: k for w, k in found.items() if k and not people[w].quiet(now)}
        chosen = mixed(hints, have, room)
        if not chosen:
            return 0
        async with self._store.write() as work:
            ours = await work.ask(chosen, now)
            wanted = [_morning(MAY_I, people[w], MayINote(), now) for w in chosen if w in ours]
            await work.plan(wanted)
        self._leaving()
        return len(wanted)

    async def _queue(self, wanted: Sequence[Delivery]) -> None:
        if wanted:
            async with self._store.write() as work:
                await work.plan(wanted)
            self._leaving()


def _check(first: date) -> str:
    """Name the check that comes in a month."""
    return f"health:{month(first)}"


async def _unchecked(
    work: ActivitiesWork, due: Sequence[tuple[Person, datetime]]
) -> list[tuple[Person, datetime]]:
    """Return who has no check of their month yet."""
    if not due:
        return []
    names = {person.id: _check(local_day(person, at)) for person, at in due}
    had = await work.occasions_of(names.values(), names.keys(), cancelled=False)
    return [(person, at) for person, at in due if (names[person.id], person.id) not in had]


async def _had(work: ActivitiesWork, wanted: Sequence[Delivery]) -> set[tuple[str, str]]:
    """Return what was queued already."""
    occasions, people = {one.occasion for one in wanted}, {one.person for one in wanted}
    return await work.occasions_of(occasions, people, cancelled=False)


def _morning(occasion: str, person: Person, note: Note, now: datetime) -> Delivery:
    return Delivery(occasion, person.id, note, Priority.NUDGE, coming_morning(person, now))
