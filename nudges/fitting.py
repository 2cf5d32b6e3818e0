"""The last look before sending: whether it still fits, and what exactly it says now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from nudges.adkar import Answer, Bank
from nudges.broadcast import Broadcast, Stage
from nudges.broadcast_notes import (
    ApproveNote,
    BroadcastNote,
    OutcomeNote,
    ProgressNote,
    TakenBackNote,
)
from nudges.delivery import Claimed, Note, Priority, Settled, State
from nudges.follow_up import FollowUp, FollowUpNote
from nudges.hours import at_work, local_day, next_morning, next_work
from nudges.moments import (
    CelebrationNote,
    CollectNote,
    JudgeNote,
    StoryNote,
    StoryThanksNote,
    VerdictNote,
    WishNote,
    passed,
)
from nudges.people import Person
from nudges.pulse import PulseNote, ask
from nudges.reminders import ReminderNote
from nudges.roles import Act, may
from nudges.stories import Told

SOON = timedelta(seconds=1)
KEPT_TO_HOURS = frozenset({Priority.PULSE, Priority.NUDGE})
"""What waits for working hours, also when a backlog is sent late; a broadcast may be timed."""
NO_STORIES: Mapping[int, Told] = MappingProxyType({})
NO_BROADCASTS: Mapping[int, Broadcast] = MappingProxyType({})


def fitting(  # noqa: C901, PLR0912, PLR0913, PLR0917 - the facts that may have changed since then
    claimed: Claimed,
    person: Person,
    bank: Bank,
    answers: Sequence[Answer],
    follow_ups: Iterable[FollowUp],
    go_live: datetime | None,
    now: datetime,
    *,
    promised: Iterable[datetime] = (),
    stories: Mapping[int, Told] = NO_STORIES,
    broadcasts: Mapping[int, Broadcast] = NO_BROADCASTS,
) -> Note | Settled:
    """Return what to say, or why it is not said (now, or at all).

    Someone who asked for quiet gets nothing that we start ourselves, and nobody gets it outside
    working hours; what they asked for themselves always comes, and so does the change of what they
    have. A message that is to be replaced has to have arrived first. A pulse, or the reminder of
    one, makes way for what was ``promised`` for this day. ``stories`` and ``broadcasts`` are those
    that the note names, as far as they are still there.
    """
    if not_now := _not_now(claimed, person, now):
        return not_now
    match note := claimed.delivery.note:
        case PulseNote() | ReminderNote() if claimed.delivery.touches and _today(
            promised, person, now
        ):
            return Settled(State.QUEUED, next_morning(person, now), why="a promise comes first")
        case PulseNote():
            asked = ask(note, answers, bank, now, go_live)
            if not asked.questions or any(q not in bank for q in asked.questions):
                return Settled(State.CANCELLED, why="there is nothing to ask")
            return asked
        case ReminderNote():
            return _still(note, person, bank, answers, now)
        case FollowUpNote(name):
            found = next((f for f in follow_ups if f.id == name), None)
            if found is None or found.element in person.suspended:
                return Settled(State.CANCELLED, why="it does not fit any more")
            return note
        case CelebrationNote() | WishNote() | StoryNote() if gone := passed(
            note, person, go_live, now
        ):
            return Settled(State.CANCELLED, why=gone)
        case StoryNote(story) | StoryThanksNote(story) if not _told(stories, story):
            return Settled(State.CANCELLED, why="the story was taken back")
        case JudgeNote(story) if story not in stories or not stories[story].undecided:
            return Settled(State.CANCELLED, why="there is nothing left to decide")
        case BroadcastNote(number) if number not in broadcasts or not broadcasts[number].leaves:
            if number in broadcasts and claimed.delivery.kind == "replace":
                return TakenBackNote(number)  # who has it would else keep the words
            return Settled(State.CANCELLED, why="it was taken back")
        case ApproveNote(number) if (
            number not in broadcasts or broadcasts[number].stage is not Stage.WAITING
        ):
            return Settled(State.CANCELLED, why="there is nothing left to decide")
        case OutcomeNote(number) | ProgressNote(number) | TakenBackNote(number) if (
            number not in broadcasts
        ):
            return Settled(State.CANCELLED, why="it is not there any more")
        case VerdictNote() | CollectNote() | JudgeNote() if not may(person.roles, Act.WORK_QUEUE):
            return Settled(State.CANCELLED, why="they no longer look after it")
        case _:
            return note


def _told(stories: Mapping[int, Told], number: int) -> bool:
    return number in stories and stories[number].tellable


def _not_now(claimed: Claimed, person: Person, now: datetime) -> Settled | None:
    """Return why something is not said at this moment, whatever it says."""
    delivery = claimed.delivery
    if delivery.note.roles and not delivery.note.roles & person.roles:
        return Settled(State.CANCELLED, why="it is for a role they do not have any more")
    if delivery.target is not None and not claimed.ref:
        if claimed.root in {State.QUEUED, State.CLAIMED, State.SENDING}:
            return Settled(State.QUEUED, now + SOON, why="the message is still on its way")
        return Settled(State.CANCELLED, why="there is no message to replace")
    if delivery.touches and person.quiet(now):
        if person.stopped or person.left or delivery.priority is Priority.PULSE:
            return Settled(State.CANCELLED, why="the person asked for quiet")
        return Settled(State.QUEUED, next_morning(person, now), why="the person is away")
    if delivery.priority in KEPT_TO_HOURS and not at_work(person, now):
        return Settled(State.QUEUED, next_work(person, now), why="outside working hours")
    return None


def _today(moments: Iterable[datetime], person: Person, now: datetime) -> bool:
    return any(local_day(person, moment) == local_day(person, now) for moment in moments)


def _still(
    note: ReminderNote, person: Person, bank: Bank, answers: Sequence[Answer], now: datetime
) -> Note | Settled:
    """Return a reminder, unless it was overtaken by an answer or by the next question."""
    if any(a.occasion == note.pulse for a in answers):
        return Settled(State.CANCELLED, why="it was answered meanwhile")
    if local_day(person, now).isoformat() >= note.until:
        return Settled(State.CANCELLED, why="the next question is due")
    if any(q not in bank for q in note.questions):
        return Settled(State.CANCELLED, why="there is nothing to ask")
    return note
