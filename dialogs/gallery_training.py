"""The training sessions of the gallery: each where one can be, and what is said about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.training_notes import (
    AttendanceForm,
    RosterNote,
    SessionForm,
    SessionNote,
    TrainedNote,
    TrainingDeskNote,
    TrainingsNote,
)
from nudges.delivery import Note
from nudges.training import Session, Signup, SignupState, Training
from nudges.training_notes import (
    AfterTrainingNote,
    InviteToTrainingNote,
    TrainingChangedNote,
    TrainingReminderNote,
    TrainingSeatNote,
)

OPEN, SEAT, WAITING, FULL, PLANNED, CANCELLED, ENDED, ATTENDED, MISSED, NOW_ON, LATELY = range(
    1, 12
)
"""The number of each, by where it is."""
READER, NAME = "p1", "Zoë <!channel> *van* [den](http://x) **Berg** & Zn."
COLLEAGUES = (("h1", "Ann Field"), ("h3", "Bob van Dam"), ("h4", "Eve Moss"))


def trainings(now: datetime) -> Mapping[int, Training]:
    """Return the sessions."""
    on_time = replace(_offers(now), link="")
    ended = replace(on_time, starts=now - timedelta(days=3))
    return {
        OPEN: Training(OPEN, _offers(now), _others(2), by_name="Joost de Wit"),
        SEAT: Training(SEAT, _leads(now), (*_others(3), _mine(4)), by_name="Joost de Wit"),
        WAITING: Training(WAITING, replace(on_time, seats=2), _in_line()),
        FULL: Training(FULL, replace(_leads(now), seats=3), _others(3)),
        PLANNED: Training(PLANNED, replace(on_time, open=False)),
        CANCELLED: Training(CANCELLED, _leads(now), (_mine(1),), cancelled=True),
        ENDED: Training(ENDED, ended, (*_others(3), _mine(4))),
        ATTENDED: Training(ATTENDED, ended, (*_noted(), _mine(4, SignupState.ATTENDED))),
        MISSED: Training(MISSED, ended, (_mine(1, SignupState.MISSED),)),
        LATELY: Training(LATELY, ended, _noted()),
        NOW_ON: Training(NOW_ON, replace(on_time, starts=now), (*_others(3), _mine(4))),
    }


def _offers(now: datetime) -> Session:
    return Session(
        "offers",
        {"en": "An offer in three steps", "nl": "Een offerte in drie stappen"},
        now + timedelta(days=17, hours=1),
        90,
        12,
        "Room 2.14, Utrecht",
        "https://example.com/join",
        {
            "en": "Afterwards your offer leaves the same day, without Excel.",
            "nl": "Daarna gaat je offerte dezelfde dag de deur uit, zonder Excel.",
        },
        "sales",
        "segment is sales",
        "c1",
    )


def _leads(now: datetime) -> Session:
    title = {
        "en": "From a first call to a customer: leads from A to Z",
        "nl": "Van het eerste gesprek tot klant: leads van A tot Z",
    }
    join = "https://example.com/join"
    return Session("leads", title, now + timedelta(days=9), 60, 8, link=join, trainer="c1")


def _signup(person: str, name: str, place: int, state: SignupState, told: datetime) -> Signup:
    return Signup(person, state, place, told, name, told=state)


_AT = datetime.fromisoformat("2026-11-10T09:00:00+00:00")


def _others(many: int) -> tuple[Signup, ...]:
    return tuple(
        _signup(who, name, place, SignupState.SEAT, _AT)
        for place, (who, name) in enumerate(COLLEAGUES[:many], 1)
    )


def _noted() -> tuple[Signup, ...]:
    ann, bob, eve = _others(3)
    there = replace(ann, state=SignupState.ATTENDED), replace(bob, state=SignupState.ATTENDED)
    return (*there, replace(eve, state=SignupState.MISSED))


def _mine(place: int, state: SignupState = SignupState.SEAT) -> Signup:
    return _signup(READER, NAME, place, state, _AT)


def _in_line() -> tuple[Signup, ...]:
    ann, bob, eve = _others(3)
    return ann, bob, replace(eve, state=SignupState.WAITING), _mine(4, SignupState.WAITING)


CARDS: Mapping[str, Note] = {
    "trainings": TrainingsNote((SEAT, OPEN, FULL, WAITING)),
    "trainings-more": TrainingsNote((SEAT, OPEN, FULL, WAITING, PLANNED, CANCELLED), more=True),
    "trainings-none": TrainingsNote(),
    "training-open": SessionNote(OPEN),
    "training-seat": SessionNote(SEAT),
    "training-waiting": SessionNote(WAITING),
    "training-full": SessionNote(FULL),
    "training-planned": SessionNote(PLANNED),
    "training-cancelled": SessionNote(CANCELLED),
    "training-held": SessionNote(ENDED),
    "training-begun": SessionNote(NOW_ON),
    "training-gone": SessionNote(99),
    "training-invite": InviteToTrainingNote(OPEN),
    "training-reminder": TrainingReminderNote(SEAT, "2026-11-25"),
    "training-told-moved": TrainingChangedNote(SEAT, "moved"),
    "training-told-cancelled": TrainingChangedNote(CANCELLED, "cancelled"),
    "training-seat-free": TrainingSeatNote(SEAT),
    "training-there": AfterTrainingNote(ENDED),
    "training-useful": AfterTrainingNote(ATTENDED),
    "training-missed": AfterTrainingNote(MISSED),
    "trained-missed": TrainedNote(ENDED, "missed"),
    "trained-useful": TrainedNote(ATTENDED, "useful"),
    "trained-declined": TrainedNote(OPEN, "declined"),
    "training-desk": TrainingDeskNote(),
    "training-desk-saved": TrainingDeskNote(saved=True),
    "training-roster": RosterNote(WAITING),
    "training-roster-saved": RosterNote(OPEN, saved=True),
    "training-roster-sure": RosterNote(SEAT, sure=True),
    "training-roster-begun": RosterNote(NOW_ON),
    "training-roster-held": RosterNote(ATTENDED),
    "training-roster-empty": RosterNote(PLANNED),
}
FORMS: Mapping[str, Note] = {
    "training-form": SessionForm(OPEN),
    "training-form-new": SessionForm(),
    "attendance-form": AttendanceForm(LATELY),
}
