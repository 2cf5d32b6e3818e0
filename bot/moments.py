"""What happens by itself on the days of the programme, carried out.

It is looked for again and again, and decided without writing anything. What is due is then decided
once more, and begun, while the programme is held: two tickers, one that slept or one that starts
again begin nothing twice, because a moment that has begun is written down in the same step.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol, assert_never

import structlog

from nudges.audience import Field, Is, Rule
from nudges.delivery import Delivery, Note, Priority
from nudges.digest import SAYS
from nudges.group import ACTIVE, LEVEL, Figure, week_over
from nudges.hours import first_morning
from nudges.moments import (
    DAY,
    CelebrationNote,
    CollectNote,
    JudgeNote,
    Moment,
    StoryNote,
    StoryThanksNote,
    VerdictNote,
    WishNote,
    candidates,
    moments,
)
from nudges.people import Person
from nudges.phases import CALM, wish_window
from nudges.programme import Programme
from nudges.release import TOP, Unit
from nudges.roles import Role
from nudges.stories import Told

WORKS_QUEUE = (Role.CRM_TEAM,)
"""Who hears a verdict, reads a story, and is asked for one."""
VERDICT = "verdict"
FEWEST_WISHERS = 10
"""From how many people on it is told how many wishes came in."""
log = structlog.get_logger()


class MomentWork(Protocol):
    """The part of a transaction that the moments need."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the programme; with ``hold`` it is ours until the transaction ends."""
        ...

    async def waiting_stories(self) -> list[Told]:
        """Return the stories that wait to be read, or to be shared."""
        ...

    async def begun(self, occasions: Iterable[str]) -> set[str]:
        """Return which of these moments have begun."""
        ...

    async def begin_moment(self, occasion: str, now: datetime) -> bool:
        """Note that a moment begins."""
        ...

    async def begin_spread(  # noqa: PLR0913 - as the store has it
        self,
        run: str,
        note: Note,
        rule: Rule,
        begins: datetime,
        *,
        own_morning: bool,
        now: datetime,
        day: date | None = None,
    ) -> None:
        """Begin to queue a broadcast."""
        ...

    async def share(self, number: int, now: datetime) -> None:
        """Note that a story goes out."""
        ...

    async def wishes(self, segment: str, since: datetime) -> tuple[int, int]:
        """Count the wishes of a segment, and the people they are from."""
        ...

    async def figures(self, unit: Unit, measures: Collection[str]) -> dict[str, tuple[Figure, ...]]:
        """Return the last figures of each measure that the head of a team is told."""
        ...

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        """Queue deliveries."""
        ...


class MomentStore(Protocol):
    """The store, as the moments need it."""

    def read(self) -> AbstractAsyncContextManager[MomentWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[MomentWork]:
        """Begin a transaction that writes."""
        ...


class Moments:
    """Begin what is due on the days of the programme."""

    def __init__(
        self, store: MomentStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Begin what is due and has not begun; returns how many moments that were."""
        async with self._store.read() as work:
            if not (await _due(work, self._clock()))[1]:
                return 0
        begun = 0
        async with self._store.write() as work:
            now = self._clock()
            programme, due = await _due(work, now, hold=True)
            stories = {one.number: one for one in await work.waiting_stories()}
            for moment in due:
                if await _begin(work, moment, programme, stories.get(moment.story), now):
                    await work.begin_moment(moment.occasion, now)
                    begun += 1
                    log.info("moments.begun", moment=moment.occasion)
        if begun:
            self._leaving()
        return begun


async def _due(
    work: MomentWork, now: datetime, *, hold: bool = False
) -> tuple[Programme, list[Moment]]:
    programme = await work.programme(hold=hold)
    told = await work.waiting_stories()
    possible = candidates(programme, told)
    known = await work.begun(possible) if possible else set[str]()
    return programme, moments(programme, now, told, known)


async def _begin(
    work: MomentWork, moment: Moment, programme: Programme, story: Told | None, now: datetime
) -> bool:
    """Begin a moment; False if there is nobody yet for whom it could begin."""
    day = moment.day.isoformat()
    match moment.name:
        case "celebrate":
            return await _spread(work, moment, CelebrationNote(moment.segment, day), now)
        case "wish":
            window = wish_window(programme.segment(moment.segment))
            until = window.last.isoformat() if window else ""
            return await _spread(work, moment, WishNote(moment.segment, day, until), now)
        case "story":
            if story is None:
                return False
            await work.share(story.number, now)
            await _thank(work, story, moment, now)
            note = StoryNote(story.number, moment.segment, day)
            return await _spread(work, moment, note, now)
        case "collect":
            return await _ask(work, moment, CollectNote(moment.segment, day), now)
        case "verdict":
            since = datetime.combine(moment.day - CALM, datetime.min.time(), now.tzinfo)
            wishes, people = await work.wishes(moment.segment, since)
            shown = wishes if people >= FEWEST_WISHERS else 0
            use, cells = await _measured(work, now)
            await work.note_shown(
                {p.id: cells for p in await work.holders(WORKS_QUEUE)}, VERDICT, now
            )
            note = replace(use, segment=moment.segment, day=day, wishes=shown)
            return await _ask(work, moment, note, now)
        case "judge":
            teller = story.person if story else ""
            return await _ask(work, moment, JudgeNote(moment.story), now, but=teller)
        case _:
            assert_never(moment.name)


async def _measured(work: MomentWork, now: datetime) -> tuple[VerdictNote, list[int]]:
    """Return what was told of everybody's use, and which numbers of the ledger that is.

    Levels stand until they are told anew; who was active is told of the last week, or not at all.
    """
    figures = await work.figures(TOP, (ACTIVE.name, LEVEL.name))
    of_the_week = (f for f in figures.get(ACTIVE.name, ()) if f.week == week_over(now))
    active = next((f for f in of_the_week if f.told), None)
    level = next((f for f in figures.get(LEVEL.name, ()) if f.told), None)
    note = VerdictNote(
        "",
        "",
        active=active.told.share(SAYS["active"]) if active and active.told else None,
        levels=tuple(sorted(level.told.shares.items())) if level and level.told else (),
    )
    return note, [figure.cell for figure in (active, level) if figure]


async def _spread(work: MomentWork, moment: Moment, note: Note, now: datetime) -> bool:
    """Send something to everybody of a segment, each in their own morning of the day."""
    meant = Is(Field.SEGMENT, (moment.segment,))
    await work.begin_spread(
        moment.occasion, note, meant, now, own_morning=True, now=now, day=moment.day
    )
    return True


async def _ask(
    work: MomentWork, moment: Moment, note: Note, now: datetime, *, but: str = ""
) -> bool:
    """Ask the CRM team; nobody judges their own story unless there is nobody else."""
    holders = await work.holders(WORKS_QUEUE)
    asked = [person for person in holders if person.id != but] or holders
    await work.queue([_nudge(moment.occasion, p, note, moment.day, now) for p in asked])
    return bool(asked)


async def _thank(work: MomentWork, story: Told, moment: Moment, now: datetime) -> None:
    """Thank the teller the day after, when the others have read it."""
    for person in (await work.people([story.person])).values():
        occasion = f"story-thanks:{story.number}"
        note = StoryThanksNote(story.number)
        await work.queue([_nudge(occasion, person, note, moment.day + DAY, now)])


def _nudge(occasion: str, person: Person, note: Note, day: date, now: datetime) -> Delivery:
    due = now if day == date.min else max(now, first_morning(person, day))
    return Delivery(occasion, person.id, note, Priority.NUDGE, due)
