"""What happens by itself around training sessions, carried out: news, reminders, invitations.

It is looked for without writing anything. What is due is then decided once more while the session
is held, and noted in the step that queues it: two tickers, one that was killed in between or one
that slept say nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.organisation import Organisation
from nudges.adkar import Answer
from nudges.delivery import Delivery
from nudges.people import Person
from nudges.programme import Programme
from nudges.reminders import Asked
from nudges.schedule import recent_pulses
from nudges.training import COMING, Signup, State, Training
from nudges.training_due import Due, dues, invite, news

PART = 200
"""How many people are looked at for an invitation in one transaction."""
log = structlog.get_logger()


class TrainingWork(Protocol):
    """The part of a transaction that training sessions need."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def trainings(self, numbers: Iterable[int], now: datetime) -> dict[int, Training]:
        """Return sessions by number."""
        ...

    async def live_trainings(self, now: datetime) -> list[int]:
        """Return the sessions about which there may still be something to say."""
        ...

    async def unsettled_trainings(self, now: datetime) -> list[int]:
        """Return the sessions of which somebody does not know how it is."""
        ...

    async def hold_training(self, number: int, now: datetime) -> Training | None:
        """Return a session that is ours until the transaction ends."""
        ...

    async def withdraw(self, number: int, person: str, now: datetime) -> None:
        """Take somebody off a session."""
        ...

    async def fill_seats(self, training: Training, now: datetime) -> Training:
        """Give seats that are free to those who wait."""
        ...

    async def keep_signups(self, number: int, known: Iterable[Signup]) -> None:
        """Keep what became of sign-ups."""
        ...

    async def uninvited(self, training: Training, now: datetime, limit: int) -> list[str]:
        """Return people whom a session is for and about whom nothing was decided yet."""
        ...

    async def looked_again(self, number: int, limit: int) -> list[str]:
        """Return people who answered something since they were looked at."""
        ...

    async def keep_invitations(
        self, number: int, decided: Mapping[str, bool], now: datetime
    ) -> None:
        """Note who was invited, and who was looked at and was not."""
        ...

    async def ignored(self, persons: Sequence[str], but: int) -> dict[str, int]:
        """Count the invitations in a row that each of these let pass."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        ...

    async def asked(self, persons: Sequence[str], pulses: Sequence[str]) -> dict[str, list[Asked]]:
        """Return which of these pulses each person was asked, oldest first."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...


class TrainingStore(Protocol):
    """The store, as training sessions need it."""

    def read(self) -> AbstractAsyncContextManager[TrainingWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[TrainingWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the people at hand."""

    people: Mapping[str, Person]
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict[str, Sequence[Answer]])
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict[str, Sequence[Asked]])


class Trainings:
    """Say what is to be said about training sessions."""

    def __init__(
        self,
        store: TrainingStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving

    async def news(self) -> int:
        """Give free seats to those who wait, and tell who does not know; returns how many."""
        async with self._store.read() as work:
            unsettled = await work.unsettled_trainings(self._clock())
        told = 0
        for number in unsettled:
            async with self._store.write() as work:
                told += await self._settle(work, number)
        if told:
            self._leaving()
        return told

    async def _settle(self, work: TrainingWork, number: int) -> int:
        now = self._clock()
        training = await work.hold_training(number, now)
        if training is None:
            return 0
        known = await work.people(one.person for one in training.signups)
        for one in training.signups:
            if one.state in COMING and known[one.person].left:
                await work.withdraw(number, one.person, now)
        training = (await work.trainings([number], now))[number]
        training = await work.fill_seats(training, now)
        found = [news(training, known[one.person], one, now) for one in training.signups]
        return await _carry_out(work, number, [due for due in found if due])

    async def round(self) -> int:
        """Remind, ask how it was, and ask before and after; returns how many were found."""
        now = self._clock()
        async with self._store.read() as work:
            stirring = [n for n in await work.live_trainings(now) if await self._due(work, n, now)]
        found = 0
        for number in stirring:
            async with self._store.write() as work:
                now = self._clock()
                if await work.hold_training(number, now):
                    found += await _carry_out(work, number, await self._due(work, number, now))
        if found:
            self._leaving()
        return found

    async def _due(self, work: TrainingWork, number: int, now: datetime) -> list[Due]:
        training = (await work.trainings([number], now)).get(number)
        if training is None or not training.signups:
            return []
        known = await _known(work, [one.person for one in training.signups], now)
        bank = self._organisation.library().bank
        return [
            due
            for one in training.signups
            for due in dues(
                training,
                known.people[one.person],
                one,
                known.answers.get(one.person, ()),
                known.asked.get(one.person, ()),
                bank,
                now,
            )
        ]

    async def invite(self) -> int:
        """Invite whom an open session is for, or ask them first; returns how many were looked at.

        A part at a time, each in a transaction of its own; a restart goes on where it was.
        """
        now = self._clock()
        async with self._store.read() as work:
            live = await work.trainings(await work.live_trainings(now), now)
        looked = 0
        for training in live.values():
            if training.state(now) is State.OPEN and now < training.session.starts:
                while some := await self._invite_some(training.number):
                    looked += some
        if looked:
            self._leaving()
        return looked

    async def _invite_some(self, number: int) -> int:
        now = self._clock()
        async with self._store.read() as work:
            training = (await work.trainings([number], now))[number]
            if not await _whom(work, training, now):
                return 0
        async with self._store.write() as work:
            now = self._clock()
            found = await work.hold_training(number, now)
            if found is None or found.state(now) is not State.OPEN:
                return 0
            whom = await _whom(work, found, now)
            wanted: list[Delivery] = []
            decided: dict[str, bool] = {}
            known = await _known(work, whom, now)
            ignored = await work.ignored(whom, number) if whom else {}
            programme, bank = await work.programme(), self._organisation.library().bank
            for who in whom:
                person = known.people[who]
                result = invite(
                    found,
                    person,
                    known.answers.get(who, ()),
                    known.asked.get(who, ()),
                    bank,
                    programme.segment(person.segment).live_from(person.zone),
                    ignored.get(who, 0),
                    now,
                )
                decided[who] = result.decision == "invite"
                wanted += [result.delivery] if result.delivery else []
            await work.keep_invitations(number, decided, now)
            await work.plan(wanted)
        log.info("training.looked", session=number, people=len(whom), leaving=len(wanted))
        return len(whom)


async def _whom(work: TrainingWork, training: Training, now: datetime) -> list[str]:
    """Return the next people to decide about: new ones, and those who answered since."""
    again = await work.looked_again(training.number, PART)
    fresh = await work.uninvited(training, now, PART)
    return list(dict.fromkeys((*again, *fresh)))[:PART]


async def _known(work: TrainingWork, whom: Sequence[str], now: datetime) -> _Known:
    if not whom:
        return _Known({})
    people = await work.people(whom)
    given = await work.answers(people, now)
    return _Known(people, given, await work.asked(list(people), recent_pulses(now)))


async def _carry_out(work: TrainingWork, number: int, found: Sequence[Due]) -> int:
    """Queue what is due, and note it with whoever it is for."""
    if found:
        await work.plan([one.delivery for one in found if one.delivery])
        await work.keep_signups(number, [one.signup for one in found])
        log.info("training.due", session=number, people=len({one.signup.person for one in found}))
    return len(found)
