"""Recognition, competitions and sprints in the gallery: each where it can be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from dialogs.competition_notes import (
    CompetitionDeskNote,
    CompetitionDraftNote,
    CompetitionForm,
    CompetitionsNote,
    SprintDeskNote,
    SprintDraftNote,
    SprintForm,
    SprintsNote,
)
from dialogs.recognition_notes import HourSaidNote, RecognitionSaidNote
from nudges.adoption import WEEK, Metric
from nudges.competition import Award, Competition, Contest, Place, Row
from nudges.delivery import Note
from nudges.merits import CompetitionNote, Merits, SprintNote
from nudges.recognition import (
    Deed,
    Gain,
    LearningHourNote,
    MayITellNote,
    Recognised,
    RecognitionNote,
    Result,
    ResultOfNote,
    SpotlightNote,
    stands_for,
)
from nudges.sprint import Run, Sprint, Told

READER, MANAGER = "p1", "m1"
NEWEST = "2026-11-09"
LEVEL = Result(
    "level",
    NEWEST,
    1,
    (Deed(Metric.ACTIVE_DAYS, 4, 3), Deed(Metric.LEADS_IN_TIME, 0.7, 1, of=1, weeks=4)),
)
MONTH = Result(
    "month",
    "2026-10-26",
    2,
    (
        Deed(Metric.RECORDS, 12, 4),
        Deed(Metric.QUALITY, 0.8, 4),
        Deed(Metric.HYGIENE, 0.85, 3),
    ),
)
BETTER = Result("better", NEWEST, gain=Gain(Metric.RECORDS, 6.25, 9.5))
TOLD, HOUR, ARRANGED, FIRST, SECOND, MINE = range(1, 7)
OPEN, RUNNING, CLOSED, CANCELLED, DRAFT, LATE, TIED = range(1, 8)
CLEAN, LATER, UNSAID, OFF, DONE = range(1, 6)


def merits(now: datetime) -> Merits:
    """Return what the cards name."""
    return Merits(_recognised(), _contests(now), _sprints(now), "Marit Bos")


def _recognised() -> Mapping[int, Recognised]:
    return {
        TOLD: Recognised(TOLD, "a", "Ann Field", "manager", LEVEL, READER),
        HOUR: Recognised(HOUR, "b", "Bob van Dam", "learning_time", MONTH, READER),
        ARRANGED: Recognised(
            ARRANGED, "b", "Bob van Dam", "learning_time", BETTER, READER, hour="arranged"
        ),
        FIRST: Recognised(FIRST, "a", "Ann Field", "public", BETTER, MANAGER),
        SECOND: Recognised(SECOND, "e", "Eve Moss", "public", LEVEL, MANAGER),
        MINE: Recognised(MINE, READER, "Zoë", "learning_time", LEVEL, MANAGER, hour="arranged"),
    }


def _contest(number: int, starts: date, weeks: int = 4, **other: object) -> Contest:
    competition = Competition(
        f"c{number}",
        {"en": "Early birds in {crm}", "nl": "Vroege vogels in {crm}"},
        {
            "en": "Whoever works in {crm} most days has the most points.",
            "nl": "Wie de meeste dagen in {crm} werkt, heeft de meeste punten.",
        },
        {"en": "Lunch with a sponsor of your choice", "nl": "Lunch met een sponsor naar keuze"},
        starts,
        starts + timedelta(days=7 * weeks - 1),
        ("sales",),
        {Metric.ACTIVE_DAYS: Award(2, 10), Metric.QUALITY: Award(1, 10)},
    )
    values = {"released": True} | other
    return Contest(number, competition, **values)  # pyright: ignore[reportArgumentType] - by name


def _contests(now: datetime) -> Mapping[int, Contest]:
    monday = now.date() - timedelta(days=now.weekday())
    week = monday - WEEK
    rows = (
        Row(READER, week, Metric.ACTIVE_DAYS, 5, 10),
        Row(READER, week, Metric.ACTIVE_DAYS, -1, -2, 2),
        Row(READER, week, Metric.QUALITY, 8, 8),
    )
    places = (Place(1, ("Ann Field",)), Place(2, ("Bob van Dam", "Eve Moss")))
    tied = (Place(1, ("Ann Field", "Bob van Dam"), more=True), Place(3, (), more=True))
    joined = datetime(2026, 10, 30, 9, tzinfo=UTC)
    past = monday - 8 * WEEK
    return {
        OPEN: _contest(OPEN, monday + WEEK),
        RUNNING: _contest(RUNNING, monday - 2 * WEEK, joined=joined, rows=rows, first=places),
        CLOSED: _contest(CLOSED, past, closed=True, joined=joined, rows=rows, first=places),
        CANCELLED: _contest(CANCELLED, monday, cancelled=True),
        DRAFT: _contest(DRAFT, monday + WEEK, released=False),
        LATE: _contest(LATE, monday - 3 * WEEK, 3, joined=joined, rows=rows[:1]),
        TIED: _contest(TIED, monday - 3 * WEEK, joined=joined, rows=rows, first=tied),
    }


def _sprint(number: int, starts: date, **other: object) -> Run:
    sprint = Sprint(
        f"s{number}",
        {
            "en": "From January on the service desk calls customers back by what stands here.",
            "nl": "Vanaf januari belt de servicedesk klanten terug op wat hier staat.",
        },
        {
            "en": "the phone number and the person who decides",
            "nl": "het telefoonnummer en wie beslist",
        },
        90,
        starts,
        starts + timedelta(days=18),
        ("sales",),
    )
    values = {"released": True} | other
    return Run(number, sprint, **values)  # pyright: ignore[reportArgumentType] - by name


def _sprints(now: datetime) -> Mapping[int, Run]:
    monday = now.date() - timedelta(days=now.weekday())
    return {
        CLEAN: _sprint(CLEAN, monday - WEEK),
        LATER: _sprint(LATER, monday + WEEK),
        UNSAID: _sprint(UNSAID, monday + WEEK, released=False),
        OFF: _sprint(OFF, monday, cancelled=True),
        DONE: _sprint(DONE, monday - 4 * WEEK),
    }


CARDS: Mapping[str, Note] = {
    "recognition": RecognitionNote(LEVEL),
    "recognition-month": RecognitionNote(MONTH),
    "recognition-better": RecognitionNote(BETTER),
    "may-i-tell-manager": MayITellNote(LEVEL, "manager", stands_for(MANAGER)),
    "may-i-tell-learning": MayITellNote(MONTH, "learning_time", stands_for(MANAGER)),
    "may-i-tell-team": MayITellNote(BETTER, "public", stands_for(MANAGER)),
    "recognition-said-manager": RecognitionSaidNote("manager"),
    "recognition-said-team": RecognitionSaidNote("public"),
    "recognition-said-learning": RecognitionSaidNote("learning_time"),
    "recognition-said-no": RecognitionSaidNote("no"),
    "recognition-said-over": RecognitionSaidNote("over"),
    "result-of": ResultOfNote(TOLD),
    "result-of-hour": ResultOfNote(HOUR),
    "result-of-arranged": ResultOfNote(ARRANGED),
    "result-of-gone": ResultOfNote(99),
    "hour-arranged": HourSaidNote("arranged"),
    "hour-not-now": HourSaidNote("not_now"),
    "spotlight": SpotlightNote((FIRST, SECOND)),
    "learning-hour": LearningHourNote(MINE),
    "competitions": CompetitionsNote(),
    "competition-announced": CompetitionNote(OPEN, "announced"),
    "competition-mine": CompetitionNote(RUNNING),
    "competition-changed": CompetitionNote(RUNNING, "changed"),
    "competition-leave": CompetitionNote(RUNNING, sure=True),
    "competition-settles": CompetitionNote(LATE),
    "competition-tied": CompetitionNote(TIED),
    "competition-closed": CompetitionNote(CLOSED, "closed"),
    "competition-cancelled": CompetitionNote(CANCELLED, "cancelled"),
    "competition-over": CompetitionNote(DRAFT),
    "competition-none": CompetitionNote(99),
    "competition-desk": CompetitionDeskNote(),
    "competition-desk-saved": CompetitionDeskNote(saved=True),
    "competition-draft": CompetitionDraftNote(DRAFT),
    "competition-draft-saved": CompetitionDraftNote(OPEN, saved=True),
    "competition-draft-running": CompetitionDraftNote(RUNNING),
    "competition-draft-sure": CompetitionDraftNote(RUNNING, sure=True),
    "competition-draft-ended": CompetitionDraftNote(LATE),
    "competition-draft-closed": CompetitionDraftNote(CLOSED),
    "competition-draft-cancelled": CompetitionDraftNote(CANCELLED),
    "sprints": SprintsNote(),
    "sprint-start": SprintNote(CLEAN),
    "sprint-mid": SprintNote(CLEAN, "mid", Told(0.6, 0.7)),
    "sprint-mine": SprintNote(CLEAN, "mid", own=True),
    "sprint-end": SprintNote(DONE, "end", Told(0.6, 0.9, together=True)),
    "sprint-off": SprintNote(OFF),
    "sprint-none": SprintNote(99),
    "sprint-desk": SprintDeskNote(),
    "sprint-desk-saved": SprintDeskNote(saved=True),
    "sprint-draft": SprintDraftNote(UNSAID),
    "sprint-draft-saved": SprintDraftNote(LATER, saved=True),
    "sprint-draft-running": SprintDraftNote(CLEAN),
    "sprint-draft-sure": SprintDraftNote(CLEAN, sure=True),
    "sprint-draft-off": SprintDraftNote(OFF),
}
FORMS: Mapping[str, Note] = {
    "competition-form": CompetitionForm(OPEN),
    "competition-form-new": CompetitionForm(),
    "competition-form-running": CompetitionForm(RUNNING),
    "sprint-form": SprintForm(LATER),
    "sprint-form-new": SprintForm(),
    "sprint-form-running": SprintForm(CLEAN),
}
