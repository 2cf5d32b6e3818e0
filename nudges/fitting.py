"""The last look before sending: whether it still fits, and what exactly it says now."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from nudges.adkar import Answer, Bank
from nudges.broadcast import Broadcast, Stage
from nudges.broadcast_notes import (
    AgreeNote,
    ApproveNote,
    BroadcastNote,
    NobodyNote,
    OutcomeNote,
    ProgressNote,
    TakenBackNote,
)
from nudges.delivery import Claimed, Note, Priority, Settled, State
from nudges.digest import DigestNote
from nudges.follow_up import FollowUp, FollowUpNote
from nudges.hours import at_work, local_day, next_morning, next_work
from nudges.merits import NO_MERITS, Merits
from nudges.merits import overtaken as passed_by
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
from nudges.panel import PanelNote
from nudges.people import Person
from nudges.pulse import PulseNote, ask
from nudges.reception import ReadWordsNote, ReceivedResultNote, ReceptionNote
from nudges.reminders import ReminderNote
from nudges.roles import Act, may
from nudges.shadow import ShadowCheckNote, ShadowNote
from nudges.shadow import overtaken as not_kept_now
from nudges.silence import Silence, SilenceNote
from nudges.stories import Told
from nudges.tips import UNKNOWN, Tip, TipNote, TipQuizNote, settled, situation
from nudges.tips import Known as KnownTips
from nudges.training import Training
from nudges.training_due import overtaken, too_early
from nudges.training_notes import OF_TRAINING, InviteToTrainingNote
from nudges.use_linked import OwnUse, UseNote
from nudges.use_linked import settled as unlinked

SOON = timedelta(seconds=1)
_OWN_WORK = (ApproveNote, NobodyNote, OutcomeNote, DigestNote)
"""What we start ourselves, although it waits for nothing else of ours."""
KEPT_TO_HOURS = frozenset({Priority.PULSE, Priority.NUDGE})
"""What waits for working hours, also when a backlog is sent late; a broadcast may be timed."""
NO_STORIES: Mapping[int, Told] = MappingProxyType({})
NO_BROADCASTS: Mapping[int, Broadcast] = MappingProxyType({})
NO_SILENCES: Mapping[str, Silence] = MappingProxyType({})
NO_TIPS: Mapping[str, Tip] = MappingProxyType({})
NO_TRAININGS: Mapping[int, Training] = MappingProxyType({})


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
    drafts: Container[str] = (),
    silences: Mapping[str, Silence] = NO_SILENCES,
    tips: Mapping[str, Tip] = NO_TIPS,
    known_tips: KnownTips = UNKNOWN,
    trainings: Mapping[int, Training] = NO_TRAININGS,
    use: OwnUse | None = None,
    leads: bool = True,
    merits: Merits = NO_MERITS,
) -> Note | Settled:
    """Return what to say, or why it is not said (now, or at all).

    Someone who asked for quiet gets nothing that we start ourselves, and nobody gets it outside
    working hours; what they asked for themselves always comes, and so does the change of what they
    have. A message that is to be replaced has to have arrived first. A pulse, or the reminder of
    one, makes way for what was ``promised`` for this day. ``stories``, ``broadcasts`` and
    ``drafts`` are those that the note names, as far as they are still there; ``silences`` are
    those of the groups that it names, and ``trainings`` the training sessions. ``use`` is what was
    measured of them, where the note follows from it, and ``merits`` are the recognitions,
    competitions and sprints that it names. ``tips`` are all there are, and
    ``known_tips`` what came to the person and what they said. ``leads`` says whether anybody
    reports to them.
    """
    if not_now := _not_now(claimed, person, now):
        return not_now
    if gone := _by_use(claimed, use):
        return gone
    if claimed.delivery.touches and (
        why := passed_by(claimed.delivery.note, person, merits, use, now)
    ):
        return Settled(State.CANCELLED, why=why)
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
        case ApproveNote(number) | NobodyNote(number) if (
            number not in broadcasts or broadcasts[number].stage is not Stage.WAITING
        ):
            return Settled(State.CANCELLED, why="there is nothing left to decide")
        case AgreeNote(number) if (
            number not in broadcasts or broadcasts[number].stage is not Stage.AGREEING
        ):
            return Settled(State.CANCELLED, why="there is nothing left to decide")
        case PanelNote(key) if key not in drafts:
            return Settled(State.CANCELLED, why="the draft is not there any more")
        case ReceptionNote() if gone := _unasked(note, broadcasts, person, now):
            return Settled(State.CANCELLED, why=gone)
        case ReceivedResultNote(number) | ReadWordsNote(number) if not _theirs(
            number, broadcasts, person
        ):
            return Settled(State.CANCELLED, why="they no longer write it")
        case OutcomeNote(number) | ProgressNote(number) | TakenBackNote(number) if (
            number not in broadcasts
        ):
            return Settled(State.CANCELLED, why="it is not there any more")
        case SilenceNote(segments) if claimed.delivery.kind == "post" and not any(
            silences[one].quiet for one in segments if one in silences
        ):
            return Settled(State.CANCELLED, why="it is not quiet any more")
        case TipNote(tip) | TipQuizNote(tip) if claimed.delivery.touches or tip not in tips:
            where = situation(person, answers, bank, go_live, now)
            return settled(note, tips, person, known_tips, where, now) or note
        case InviteToTrainingNote() if too_early(person, answers, bank, go_live, now):
            return Settled(State.CANCELLED, why="it is too early for a training")
        case DigestNote(view="team") if not leads and claimed.delivery.occasion == note.occasion:
            return Settled(State.CANCELLED, why="nobody reports to them any more")
        case ShadowNote() | ShadowCheckNote() if claimed.delivery.touches and (
            gone := not_kept_now(note, person, go_live, now)
        ):
            return Settled(State.CANCELLED, why=gone)
        case _ if gone := _overtaken(note, trainings, person, now):
            return Settled(State.CANCELLED, why=gone)
        case VerdictNote() | CollectNote() | JudgeNote() if not may(person.roles, Act.WORK_QUEUE):
            return Settled(State.CANCELLED, why="they no longer look after it")
        case _:
            return note


def _by_use(claimed: Claimed, use: OwnUse | None) -> Settled | None:
    """Return why something that follows from somebody's use is not said any more, or nothing."""
    match note := claimed.delivery.note:
        case UseNote() if claimed.delivery.touches:
            return unlinked(note, use)
        case FollowUpNote(by_use=True) if use is None or not use.on:
            return Settled(State.CANCELLED, why="messages from use are switched off")
        case _:
            return None


def _overtaken(note: Note, trainings: Mapping[int, Training], person: Person, now: datetime) -> str:
    """Return why something about a training session is not said any more, or nothing."""
    if isinstance(note, OF_TRAINING):
        return overtaken(note, trainings.get(note.session), person, now)
    return ""


def _told(stories: Mapping[int, Told], number: int) -> bool:
    return number in stories and stories[number].tellable


def _unasked(
    note: ReceptionNote, broadcasts: Mapping[int, Broadcast], person: Person, now: datetime
) -> str:
    """Return why a question about a broadcast is not asked any more, or nothing."""
    found = broadcasts.get(note.broadcast)
    if found is None or not found.leaves or found.draft.message.check is None:
        return "the message was taken back"
    if note.until and local_day(person, now).isoformat() > note.until:
        return "the answers are counted"
    return ""


def _theirs(number: int, broadcasts: Mapping[int, Broadcast], person: Person) -> bool:
    """Say whether somebody wrote a broadcast, and may still write."""
    found = broadcasts.get(number)
    return found is not None and found.author == person.id and may(person.roles, Act.DRAFT)


def _not_now(claimed: Claimed, person: Person, now: datetime) -> Settled | None:
    """Return why something is not said at this moment, whatever it says."""
    delivery = claimed.delivery
    if person.left and (
        delivery.priority is not Priority.INTERACTIVE or isinstance(delivery.note, _OWN_WORK)
    ):
        return Settled(State.CANCELLED, why="they have left")
    if delivery.note.roles and not delivery.note.roles & person.roles:
        return Settled(State.CANCELLED, why="it is for a role they do not have any more")
    if delivery.target is not None and not claimed.ref:
        if claimed.root in {State.QUEUED, State.CLAIMED, State.SENDING}:
            return Settled(State.QUEUED, now + SOON, why="the message is still on its way")
        return Settled(State.CANCELLED, why="there is no message to replace")
    if delivery.touches and person.quiet(now):
        if person.stopped or delivery.priority is Priority.PULSE:
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
