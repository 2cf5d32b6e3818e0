"""Who hears what about a training session, and when: the decisions, from facts loaded for them.

Nobody who is held up at Awareness or Desire is invited: a training is no answer to "why should I?".
Whoever's Awareness nobody knows is asked about that first. The questions before and after a session
are the week's pulse of those who have a seat, never one more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from nudges.adkar import Answer, Bank, Element, followed, stand
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import at_work, first_morning, local_day, morning, next_work, works_on
from nudges.people import Person
from nudges.phases import before_training, needs_awareness
from nudges.pulse import PulseNote, question_about
from nudges.reminders import UNDER_WAY, Asked
from nudges.schedule import next_pulse, pulse_occasion
from nudges.training import COMING, Signup, SignupState, State, Training
from nudges.training_notes import (
    AfterTrainingNote,
    InviteToTrainingNote,
    TrainingChangedNote,
    TrainingReminderNote,
    TrainingSeatNote,
)

DAY = timedelta(days=1)
EVE = 14
"""How many days back the last working day before a session is looked for."""
SHORTLY = timedelta(hours=2)
"""What is heard of later than so long before a session comes too late."""
BEFORE, AFTER, LATEST = timedelta(days=6), timedelta(days=7), timedelta(days=21)
"""When the questions around a session are asked: from so long before it, from so long after it,
and not later than that after it."""
OVER = timedelta(days=14)
"""How long after a session it is asked how it was."""
NONE = "none"
"""What is noted instead of a pulse where there is no room for one."""
TOO_EARLY = (Element.AWARENESS, Element.DESIRE)
AROUND = (Element.KNOWLEDGE, Element.ABILITY)
IGNORED = 2
"""So many invitations in a row without a reaction, and no more come."""


def occasion(number: int, what: str) -> str:
    """Name something that is said about a session."""
    return f"training:{number}:{what}"


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody who signed up hears now, if anything, and their sign-up from then on."""

    signup: Signup
    delivery: Delivery | None = None


def soon(person: Person, now: datetime, starts: datetime) -> datetime:
    """Return when somebody is told what they wait for: in their hours, where that is in time."""
    if at_work(person, now) and not person.away(now):
        return now
    later = next_work(person, now)
    return later if later < starts - SHORTLY else now


def news(training: Training, person: Person, signup: Signup, now: datetime) -> Due | None:
    """Return what somebody who signed up does not know yet; nothing if they know how it is.

    They asked for it by signing up: it uses up no touch, and comes whatever they had.
    """
    if signup.state not in COMING:
        return None
    note, what = _news(training, signup)
    if note is None:
        return None
    told = State.CANCELLED if training.cancelled else signup.state
    known = replace(signup, told=told, knows=training.revision, told_at=now)
    if now >= training.session.starts:
        return Due(known)
    due = soon(person, now, training.session.starts)
    named = occasion(training.number, what)
    return Due(known, Delivery(named, person.id, note, Priority.INTERACTIVE, due))


def _news(training: Training, signup: Signup) -> tuple[Note | None, str]:
    number = training.number
    if training.cancelled:
        if signup.told == State.CANCELLED:
            return None, ""
        return TrainingChangedNote(number, "cancelled"), "cancelled"
    if signup.told != signup.state:
        return TrainingSeatNote(number), f"seat:{signup.place}"
    if signup.knows < training.revision:
        return TrainingChangedNote(number, "moved"), f"moved:{training.revision}"
    return None, ""


def eve(person: Person, starts: datetime) -> datetime:
    """Return the morning of the working day before a session, where somebody works."""
    day = local_day(person, starts)
    days = (day - DAY * back for back in range(1, EVE))
    return morning(person, next((one for one in days if works_on(person, one)), day - DAY))


def remind(training: Training, person: Person, signup: Signup, now: datetime) -> Due | None:
    """Return the reminder of a session, from the working day before it on.

    Whoever heard of it later than that, because they signed up or it was moved, knows already.
    """
    starts = training.session.starts
    day = local_day(person, starts).isoformat()
    if training.cancelled or signup.state is not SignupState.SEAT or signup.reminded == day:
        return None
    if not max(eve(person, starts), signup.told_at) <= now < starts:
        return None
    known = replace(signup, reminded=day)
    due = soon(person, now, starts)
    if signup.told_at > eve(person, starts):
        return Due(known)
    named = occasion(training.number, f"reminder:{day}")
    note = TrainingReminderNote(training.number, day)
    return Due(known, Delivery(named, person.id, note, Priority.INTERACTIVE, due))


def ask_after(training: Training, person: Person, signup: Signup, now: datetime) -> Due | None:
    """Return the question how it was, from the working day after a session on."""
    ends = training.session.ends
    if training.cancelled or signup.asked or signup.state is SignupState.WAITING:
        return None
    at = first_morning(person, local_day(person, ends) + DAY)
    if signup.state is SignupState.WITHDRAWN or now < at:
        return None
    known = replace(signup, asked=True)
    if now > ends + OVER:
        return Due(known)
    note = AfterTrainingNote(training.number)
    named = occasion(training.number, "after")
    return Due(known, Delivery(named, person.id, note, Priority.NUDGE, now))


def around(  # noqa: PLR0913, PLR0917 - the facts a choice depends on
    training: Training,
    person: Person,
    signup: Signup,
    answers: Sequence[Answer],
    asked: Sequence[Asked],
    bank: Bank,
    now: datetime,
) -> Due | None:
    """Return the pulse before a session, or the one a week after it, where one is due.

    It takes the place of the week's own pulse and asks how well somebody knows how, and can do it;
    after the session the same as before it.
    """
    starts, ends = training.session.starts, training.session.ends
    wanted = (SignupState.SEAT, SignupState.ATTENDED)
    if training.cancelled or signup.state not in wanted or not _askable(person, now):
        return None
    if not signup.before and starts - BEFORE <= now < starts:
        field, latest = "before", starts
    elif not signup.after and ends + AFTER <= now < ends + LATEST:
        field, latest = "after", ends + LATEST
    else:
        return None
    if asked and asked[-1].state in UNDER_WAY:
        return None
    due = _next_room(person, asked, now)
    questions = _around(signup, answers, bank)
    if due >= latest or not questions:
        return Due(_noted(signup, field, NONE))
    pulse = pulse_occasion(person, due)
    note = PulseNote(pulse, questions)
    delivery = Delivery(pulse, person.id, note, Priority.PULSE, due)
    return Due(_noted(signup, field, pulse), delivery)


def _noted(signup: Signup, field: str, pulse: str) -> Signup:
    return replace(signup, before=pulse) if field == "before" else replace(signup, after=pulse)


def _askable(person: Person, now: datetime) -> bool:
    return person.welcomed and not person.quiet(now)


def _next_room(person: Person, asked: Sequence[Asked], now: datetime) -> datetime:
    """Return when somebody can be asked again: a week after the last pulse, in their hours."""
    moment = now
    if asked:
        last = asked[-1]
        moment = max(now, next_pulse(person, max(last.at, last.answered or last.at)))
    return moment if at_work(person, moment) else next_work(person, moment)


def _around(signup: Signup, answers: Sequence[Answer], bank: Bank) -> tuple[str, ...]:
    before = [a.question for a in answers if signup.before and a.occasion == signup.before]
    same = tuple(dict.fromkeys(q for q in before if q in bank and bank[q].element in AROUND))
    if same:
        return same[: len(AROUND)]
    found = (question_about(element, answers, bank) for element in AROUND)
    return tuple(question.id for question in found if question)


def dues(  # noqa: PLR0913, PLR0917 - the facts they depend on
    training: Training,
    person: Person,
    signup: Signup,
    answers: Sequence[Answer],
    asked: Sequence[Asked],
    bank: Bank,
    now: datetime,
) -> Iterator[Due]:
    """Yield what somebody who signed up is due by the clock, one after the other."""
    if found := remind(training, person, signup, now):
        signup = found.signup
        yield found
    if found := ask_after(training, person, signup, now):
        signup = found.signup
        yield found
    if found := around(training, person, signup, answers, asked, bank, now):
        yield found


Decision: TypeAlias = Literal["invite", "ask", "later"]


@dataclass(frozen=True, slots=True)
class Invited:
    """What was decided about inviting somebody, and what leaves because of it."""

    decision: Decision
    delivery: Delivery | None = None


def too_early(
    person: Person,
    answers: Sequence[Answer],
    bank: Bank,
    go_live: datetime | None,
    now: datetime,
) -> bool:
    """Say whether a training is no help yet: why it is done, or whether they want it, is open."""
    standing = stand(answers, bank, now, go_live)
    held = followed(answers, bank, now, ZoneInfo(person.zone), go_live)
    return standing.element in TOO_EARLY or held in TOO_EARLY or needs_awareness(standing)


def invite(  # noqa: PLR0913, PLR0917 - the facts it depends on
    training: Training,
    person: Person,
    answers: Sequence[Answer],
    asked: Sequence[Asked],
    bank: Bank,
    go_live: datetime | None,
    ignored: int,
    now: datetime,
) -> Invited:
    """Decide whether somebody whom a session is for is invited, asked first, or left in peace."""
    if training.of(person.id) or ignored >= IGNORED:
        return Invited("later")
    standing = stand(answers, bank, now, go_live)
    if needs_awareness(standing):
        return _check(training, person, answers, asked, bank, now)
    if too_early(person, answers, bank, go_live, now):
        return Invited("later")
    due = now if at_work(person, now) and not person.away(now) else next_work(person, now)
    if due >= training.session.starts:
        return Invited("later")
    note = InviteToTrainingNote(training.number)
    named = occasion(training.number, "invite")
    return Invited("invite", Delivery(named, person.id, note, Priority.NUDGE, due))


def _check(  # noqa: PLR0913, PLR0917 - the facts it depends on
    training: Training,
    person: Person,
    answers: Sequence[Answer],
    asked: Sequence[Asked],
    bank: Bank,
    now: datetime,
) -> Invited:
    """Ask about Awareness with this week's pulse, unless one is out or there is no room for it.

    Which questions it asks is chosen when it leaves; while nobody knows somebody's Awareness, that
    is the first of them.
    """
    question = before_training(stand(answers, bank, now), answers, bank)
    due = _next_room(person, asked, now)
    out = bool(asked) and asked[-1].state in UNDER_WAY
    if question is None or out or not _askable(person, now) or due >= training.session.starts:
        return Invited("ask")
    pulse = pulse_occasion(person, due)
    return Invited("ask", Delivery(pulse, person.id, PulseNote(pulse), Priority.PULSE, due))


def overtaken(  # noqa: C901, PLR0912 - a list, read down
    note: Note, training: Training | None, person: Person, now: datetime
) -> str:
    """Return why something about a session is not said any more, or nothing."""
    if training is None:
        return "the session is not there any more"
    signup = training.of(person.id)
    match note:
        case InviteToTrainingNote():
            if training.state(now) is not State.OPEN or now >= training.session.starts:
                return "there is nothing to sign up for"
            if signup is not None:
                return "they have signed up"
        case TrainingReminderNote(_, day):
            if person.stopped:
                return "the person asked for quiet"
            if _gone(training, signup, now) or _day(person, training) != date.fromisoformat(day):
                return "it is not on that day, or they do not come"
        case TrainingSeatNote():
            if _gone(training, signup, now):
                return "they do not come any more"
        case TrainingChangedNote(_, how):
            if signup is None or (how == "moved" and training.cancelled):
                return "they do not come any more"
        case AfterTrainingNote():
            if signup is None or training.cancelled or now > training.session.ends + OVER:
                return "it is too long ago"
        case _:
            pass
    return ""


def _gone(training: Training, signup: Signup | None, now: datetime) -> bool:
    """Say whether somebody has no seat in a session that is still to come."""
    has = signup is not None and signup.state is SignupState.SEAT
    return training.cancelled or not has or now >= training.session.starts


def _day(person: Person, training: Training) -> date:
    return local_day(person, training.session.starts)
