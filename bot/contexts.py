"""What is known about the people in front of us, loaded together before anything is decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.authoring import AuthoringWork, authoring
from bot.oversight import OversightWork, oversight
from bot.silence import HeardWork, silences
from dialogs.library import Library
from dialogs.turns import Context, Message
from dialogs.welcome import GREETING
from nudges.activities import DOERS, UNKNOWN, Known
from nudges.adkar import Answer
from nudges.adoption import week_of
from nudges.authoring import NOTHING, Authoring
from nudges.broadcast import Broadcast, Drafted, WrittenBack
from nudges.broadcast_notes import BroadcastNote
from nudges.champions import Champion
from nudges.colleague import Referral
from nudges.delivery import Note, Priority
from nudges.digest import DigestNote
from nudges.follow_up import FollowUpNote
from nudges.levels import last_week
from nudges.merits import NO_MERITS, Merits
from nudges.moments import CelebrationNote
from nudges.people import Person
from nudges.programme import Programme
from nudges.progress import Tally
from nudges.pulse import PulseNote
from nudges.question_report import QuestionReport
from nudges.questions import Question, Shown
from nudges.reception import Reception
from nudges.reminders import ReminderNote
from nudges.roles import Act, Role, may
from nudges.rumours import NO_RUMOURS, Rumours
from nudges.stories import Told
from nudges.tips import Known as KnownTips
from nudges.training import Training
from nudges.use_linked import OwnUse
from nudges.voice import A_PAGE, Item, Sort, State, Waits, Wanted
from nudges.voice_notes import NOTHING_HEARD, Heard, Page, QueueNote

REMEMBERED = timedelta(days=180)
"""How long a follow-up counts as seen."""
WAITED = timedelta(days=90)
"""Over how long it is told how many days people wait."""
OPEN = timedelta(days=7)
"""How long a typed answer still belongs to the pulse it answers."""
STARTED_BY_US = frozenset({Priority.PULSE, Priority.NUDGE, Priority.BROADCAST})
LOOK_AFTER = (Act.GRANT, Act.EDIT_PROGRAMME)
"""Whoever may do this sees who has which part in the change."""
ROSTER = frozenset(Role) - {Role.USER, Role.MANAGER}
"""Managers are many, and follow from the directory."""


class QueueWork(Protocol):
    """The part of a transaction that a page of the queue is loaded from."""

    async def voice_queue(self, wanted: Wanted, most: int, after: int = 0) -> list[Item]:
        """Return what waits, oldest first."""
        ...

    async def voice_counts(self, wanted: Wanted) -> dict[State, int]:
        """Count what there is in each state."""
        ...

    async def voice_groups(self, wanted: Wanted) -> tuple[dict[Sort, int], dict[str, int]]:
        """Count it by what it is about, and by area; the most first."""
        ...

    async def voice_waits(self, since: datetime) -> Waits:
        """Return how many days people wait, in the middle."""
        ...


class ContextWork(AuthoringWork, HeardWork, QueueWork, OversightWork, Protocol):
    """The part of a transaction that a context is loaded from."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        ...

    async def stories(self, numbers: Iterable[int]) -> dict[int, Told]:
        """Return stories by number."""
        ...

    async def broadcasts(self, numbers: Iterable[int]) -> dict[int, Broadcast]:
        """Return broadcasts by number."""
        ...

    async def drafts_by_key(self, keys: Iterable[str]) -> dict[str, Drafted]:
        """Return drafts by key, whoever wrote them."""
        ...

    async def replies(self, numbers: Iterable[int]) -> dict[int, WrittenBack]:
        """Return what was written back, by number."""
        ...

    async def receptions(self, numbers: Iterable[int]) -> dict[int, Reception]:
        """Return how broadcasts were understood, by number."""
        ...

    async def trainings(self, numbers: Iterable[int], now: datetime) -> dict[int, Training]:
        """Return training sessions by number; 0 stands for all on the desk."""
        ...

    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]:
        """Count the people of broadcasts, by number."""
        ...

    async def questions(self, keys: Iterable[str]) -> Mapping[str, Question]:
        """Return questions by key."""
        ...

    async def shown(self, keys: Iterable[str]) -> Mapping[tuple[str, str], Shown]:
        """Return what the CRM said, by whoever it was said to and key."""
        ...

    async def referrals(self, keys: Iterable[str]) -> Mapping[str, Referral]:
        """Return questions to colleagues by key."""
        ...

    async def question_reports(self, weeks: Iterable[str]) -> Mapping[str, QuestionReport]:
        """Return the reports on questions of weeks."""
        ...

    async def leading(self, persons: Collection[str]) -> set[str]:
        """Return which of these people somebody reports to."""
        ...

    async def norms(self, managers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return what the teams of managers agreed, by manager."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return what is known of each person's activities."""
        ...

    async def champions(self, persons: Iterable[str] | None = None) -> list[Champion]:
        """Return who is or may become a champion: all, or those of these people."""
        ...

    async def tips_known(self, persons: Iterable[str]) -> dict[str, KnownTips]:
        """Return which tips came to each person, and what they said of them."""
        ...

    async def own_use(self, persons: Iterable[str], until: date) -> Mapping[str, OwnUse]:
        """Return what was measured of each person in the CRM, and how it was judged."""
        ...

    async def merits(self, keys: Iterable[str], persons: Mapping[str, str]) -> Mapping[str, Merits]:
        """Return recognitions, competitions and sprints, as each of these people may see them."""
        ...

    async def voice_items(self, numbers: Iterable[int]) -> dict[int, Item]:
        """Return what was raised, by number."""
        ...

    async def raised_by(self, person: str) -> list[Item]:
        """Return what somebody raised, newest first."""
        ...

    async def rumours(self, since: date) -> Rumours:
        """Return the rumours that wait for facts, and how many came since a day."""
        ...

    async def history(self, persons: Iterable[str], since: datetime) -> dict[str, list[Message]]:
        """Return each person's messages that matter later, oldest first."""
        ...


async def contexts(  # noqa: PLR0913, PLR0915 - what may be left out, by name; a list, read down
    work: ContextWork,
    people: Iterable[Person],
    library: Library,
    now: datetime,
    *,
    deep: Collection[str] | None = None,
    shown: Iterable[Note] = (),
) -> dict[str, Context]:
    """Load the context of each person, by id; it has no turn and no message yet.

    What they answered and were sent is loaded for everyone, or only for those named in ``deep``.
    The stories and broadcasts that ``shown`` notes name are loaded as they are now: one taken back
    is not there.
    """
    persons = {p.id: p for p in people}
    if not persons:
        return {}
    known = persons.keys() if deep is None else persons.keys() & set(deep)
    given = await work.answers(known, now) if known else {}
    history = await work.history(known, now - REMEMBERED) if known else {}
    programme = await work.programme()
    shown = list(shown)
    named = {number for note in shown for number in note.stories}
    stories = await work.stories(named) if named else {}
    numbers = {number for note in shown for number in note.broadcasts}
    broadcasts = await work.broadcasts(numbers) if numbers else {}
    keys = {key for note in shown for key in note.drafts}
    drafts = await work.drafts_by_key(keys) if keys else {}
    backs = {number for note in shown for number in note.replies}
    replies = await work.replies(backs) if backs else {}
    tested = {number for note in shown for number in note.receptions}
    receptions = await work.receptions(tested) if tested else {}
    segments = {segment for note in shown for segment in note.silences}
    quiet = await silences(work, now, segments) if segments else {}
    counted = {number for note in shown for number in note.tallied}
    tallies: Mapping[int, Tally] = await work.tallies(counted, now) if counted else {}
    sought = {key for note in shown for key in note.sought}
    questions: Mapping[str, Question] = await work.questions(sought) if sought else {}
    said: Mapping[tuple[str, str], Shown] = await work.shown(sought) if sought else {}
    tipped = await work.tips_known(persons) if any(note.tipped for note in shown) else {}
    sessions = {number for note in shown for number in note.trainings}
    trainings = await work.trainings(sessions, now) if sessions else {}
    asked = {key for note in shown for key in note.referred}
    referrals: Mapping[str, Referral] = await work.referrals(asked) if asked else {}
    to_leaders = any(isinstance(note, DigestNote) for note in shown)
    leading: Collection[str] = await work.leading(list(persons)) if to_leaders else ()
    whose = {note.normed for note in shown} - {""}
    norms: Mapping[str, tuple[str, ...]] = await work.norms(whose) if whose else {}
    weeks = {week for note in shown for week in note.reported}
    reports: Mapping[str, QuestionReport] = await work.question_reports(weeks) if weeks else {}
    uses: Mapping[str, OwnUse] = {}
    if any(note.measured for note in shown):
        uses = await own_use(work, persons, now)
    merited = {key for note in shown for key in note.merits}
    merits: Mapping[str, Merits] = {}
    if merited:
        merits = await work.merits(merited, {p.id: p.manager for p in persons.values()})
    heard = await _heard(work, persons, shown, now)
    rumours = NO_RUMOURS
    if any(note.rumoured for note in shown):
        rumours = await work.rumours(week_of(now.date()))
    overseen = await oversight(work, shown)
    switch = await work.use_switch() if any(note.switched for note in shown) else None
    authorings = await _authorings(work, persons.values(), shown, now)
    looking = {p.id for p in persons.values() if any(may(p.roles, act) for act in LOOK_AFTER)}
    roster = tuple(await work.holders(ROSTER)) if looking else ()
    duties = await _duties(work, persons.values())
    champions = await _champions(work, persons.values(), every=bool(looking))
    found: dict[str, Context] = {}
    for person in persons.values():
        had = history.get(person.id, [])
        found[person.id] = Context(
            key="",
            now=now,
            person=person,
            programme=programme,
            library=library,
            answers=given.get(person.id, ()),
            seen=_seen(had),
            promised=_promised(had),
            open_pulse=_open(had, now),
            asking=tuple(m for m in had if _asks(m)),
            greeted=next((m.queued for m in reversed(had) if m.note.subject == GREETING), None),
            roster=roster if person.id in looking else (),
            duties=duties.get(person.id, UNKNOWN),
            champion=next((c for c in champions if c.person.id == person.id), None),
            champions=champions if person.id in looking else (),
            stories=stories,
            broadcasts=broadcasts,
            receptions=receptions,
            authoring=authorings.get(person.id, NOTHING),
            drafts=drafts,
            replies=replies,
            silences=quiet,
            believed=next((m.queued for m in reversed(had) if _asked_belief(m.note)), None),
            tallies=tallies,
            questions=questions,
            said={key: one for (whose, key), one in said.items() if whose == person.id},
            tips=tipped.get(person.id),
            trainings=trainings,
            referrals=referrals,
            reports=reports,
            use=uses.get(person.id),
            merits=merits.get(person.id, NO_MERITS),
            voices=heard.get(person.id, NOTHING_HEARD),
            rumours=rumours,
            oversight=overseen if may(person.roles, Act.SEE_AUDIT) else None,
            switch=switch,
            digests=_digests(had),
            norms=norms,
            leads=person.id in leading,
            last=next((m for m in reversed(had) if _started(m)), None),
        )
    return found


async def own_use(work: ContextWork, persons: Iterable[str], now: datetime) -> Mapping[str, OwnUse]:
    """Return what was measured of people up to the last week that is over."""
    return await work.own_use(persons, last_week(now))


async def _heard(
    work: ContextWork, persons: Iterable[str], shown: Iterable[Note], now: datetime
) -> dict[str, Heard]:
    """Load what people raised, as far as the messages at hand show it; by reader."""
    shown = list(shown)
    numbers = {number for note in shown for number in note.raised}
    queues = {note for note in shown if isinstance(note, QueueNote)}
    voiced = any(note.voiced for note in shown)
    if not numbers and not queues and not voiced:
        return {}
    items = await work.voice_items(numbers) if numbers else {}
    pages = {note: await queue_page(work, note, now) for note in queues}
    return {
        person: Heard(items, tuple(await work.raised_by(person)) if voiced else (), pages)
        for person in persons
    }


async def queue_page(work: QueueWork, note: QueueNote, now: datetime) -> Page:
    """Load a page of the queue of what people raised."""
    found = await work.voice_queue(note.wanted, A_PAGE + 1, note.after)
    counts = await work.voice_counts(note.wanted)
    waits = await work.voice_waits(now - WAITED)
    groups = await work.voice_groups(note.wanted)
    return Page(tuple(found[:A_PAGE]), counts, len(found) > A_PAGE, waits, *groups)


async def _authorings(
    work: ContextWork, persons: Iterable[Person], shown: Iterable[Note], now: datetime
) -> dict[str, Authoring]:
    """Load what authors have at hand, where one of the messages at hand shows it."""
    shown = list(shown)
    if all(note.authoring is None for note in shown):
        return {}
    authors = [p for p in persons if may(p.roles, Act.DRAFT)]
    return {one.id: await authoring(work, one, shown, now) for one in authors}


async def _duties(work: ContextWork, persons: Iterable[Person]) -> dict[str, Known]:
    doers = [p.id for p in persons if not p.roles.isdisjoint(DOERS)]
    return await work.known(doers) if doers else {}


async def _champions(
    work: ContextWork, persons: Iterable[Person], *, every: bool
) -> tuple[Champion, ...]:
    mine = [p.id for p in persons if Role.CHAMPION in p.roles]
    if not mine and not every:
        return ()
    return tuple(await work.champions(None if every else mine))


def _started(message: Message) -> bool:
    """Tell a message that we started ourselves; changing one starts nothing."""
    ours = message.priority in STARTED_BY_US and message.root == message.delivery
    return ours and message.sent is not None


def _seen(had: Sequence[Message]) -> tuple[str, ...]:
    subjects = (m.note.subject.partition(":") for m in had if m.sent)
    return tuple(name for kind, _, name in subjects if kind == "follow-up")


def _digests(had: Sequence[Message]) -> tuple[DigestNote, ...]:
    """Return the last digest of each view, as it is now."""
    notes = sorted((m.note for m in had if isinstance(m.note, DigestNote)), key=lambda n: n.week)
    return tuple({note.view: note for note in notes}.values())


def _promised(had: Sequence[Message]) -> tuple[datetime, ...]:
    promises = (FollowUpNote, CelebrationNote)
    waiting = (m.queued for m in had if isinstance(m.note, promises) and not m.sent)
    return tuple(moment for moment in waiting if moment)


def _asks(message: Message) -> bool:
    note = message.note
    return (
        isinstance(note, PulseNote | ReminderNote)
        and bool(note.questions)
        and message.answered is None
    )


def _asked_belief(note: Note) -> bool:
    return isinstance(note, BroadcastNote) and bool(note.belief)


def _open(had: Sequence[Message], now: datetime) -> Message | None:
    asked = [m for m in had if isinstance(m.note, PulseNote) and m.note.questions]
    last = asked[-1] if asked else None
    if last is None or last.answered is not None:
        return None
    return last if last.sent is None or now - last.sent < OPEN else None
