"""Levels in the gallery: somebody's measured weeks, and every card that follows from them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dialogs.library import LevelWords
from dialogs.score import ScoreNote
from dialogs.stops import STOPS, StoppedNote, StopsForm
from dialogs.use_cards import UseHeardNote
from dialogs.use_linked import UseLinkedForm, UseLinkedNote
from nudges.adoption import WEEK, Metric
from nudges.delivery import Note
from nudges.levels import Goal, Judged, Level, Levels
from nudges.use_linked import (
    InactiveNote,
    LevelNote,
    OwnUse,
    QualityNote,
    ResultNote,
    StopsNote,
    Switch,
    UseLinked,
)

NEWEST = date(2026, 11, 9)
WHEN = NEWEST.isoformat()
LEVELS = Levels(
    {
        1: Level(
            1, (Goal(Metric.ACTIVE_DAYS, 3), Goal(Metric.RECORDS, 3)), ("next-step", "told-once")
        ),
        2: Level(2, (Goal(Metric.QUALITY, 0.8), Goal(Metric.LEADS_IN_TIME, 0.7, weeks=4))),
        3: Level(3, (Goal(Metric.QUALITY, 0.9), Goal(Metric.HYGIENE, 0.85))),
    },
    {Metric.ACTIVE_DAYS: 2, Metric.QUALITY: 2, Metric.LEADS_IN_TIME: 2, Metric.HYGIENE: 2},
)
LEVEL_WORDS: Mapping[int, LevelWords] = {
    1: LevelWords(
        {"en": "Compliant", "nl": "Op orde"},
        {
            "en": "What you agree with customers now stands where colleagues look first.",
            "nl": "Wat je met klanten afspreekt, staat waar collega's het eerst kijken.",
        },
        {
            "en": "From now on I bring you what **saves time** in {crm}.",
            "nl": "Vanaf nu breng ik je wat in {crm} **tijd scheelt**.",
        },
    ),
    2: LevelWords(
        {"en": "Efficient", "nl": "Vlot"},
        {
            "en": "It brings you more time than it costs.",
            "nl": "Het levert meer tijd op dan het kost.",
        },
        {
            "en": "Your own shortcuts are worth telling.",
            "nl": "Jouw handigheden zijn het delen waard.",
        },
    ),
    3: LevelWords(
        {"en": "Effective", "nl": "Doeltreffend"},
        {"en": "You steer your own work with it.", "nl": "Je stuurt er je eigen werk mee."},
        {"en": "Colleagues can learn from you.", "nl": "Collega's kunnen van je leren."},
    ),
}


def own_use() -> OwnUse:
    """Return four weeks of somebody: one away, three that met the first level."""
    full = {
        Metric.ACTIVE_DAYS: 4.0,
        Metric.RECORDS: 12.0,
        Metric.QUALITY: 0.74,
        Metric.LEADS_IN_TIME: 0.85,
    }
    measured = {NEWEST - n * WEEK: dict(full) for n in (0, 1, 3)}
    judged = (
        Judged("p1", NEWEST - 3 * WEEK, 0, ("met", "failed", "gap")),
        Judged("p1", NEWEST - 2 * WEEK, 0, ("away", "away", "away")),
        Judged("p1", NEWEST - WEEK, 0, ("met", "failed", "gap")),
        Judged("p1", NEWEST, 1, ("met", "failed", "failed")),
    )
    return OwnUse(measured, judged, NEWEST, on=True)


def switch(now: datetime) -> Switch:
    """Return a switch that is on, and who switched it."""
    word = UseLinked(
        on=True,
        basis="Legitimate interest, weighed in the works council",
        since=date(2026, 10, 5),
        document="DPIA 2026-10, version 2",
    )
    return Switch(word, "s1", "Marit Bos", now - timedelta(days=3))


CARDS: Mapping[str, Note] = {
    "score": ScoreNote(),
    "level-reached": LevelNote("reached", 1, WHEN),
    "level-warning": LevelNote("warning", 2, WHEN),
    "level-lost": LevelNote("lost", 3, WHEN),
    "inactive-7": InactiveNote("7", WHEN),
    "inactive-14": InactiveNote("14", WHEN),
    "inactive-28": InactiveNote("28", WHEN),
    "quality": QualityNote(WHEN),
    "result": ResultNote(WHEN),
    "stops": StopsNote(),
    "stops-asked": StopsNote(WHEN),
    **{f"stopped-{what}": StoppedNote(what) for what in STOPS},
    "use-thanks": UseHeardNote("thanks"),
    "use-wrong": UseHeardNote("wrong"),
    "use-linked": UseLinkedNote(),
    "use-linked-sure": UseLinkedNote(sure=True),
}
FORMS: Mapping[str, Note] = {
    "stops-form": StopsForm(),
    "use-linked-form": UseLinkedForm(),
}
