"""Every card and form of recognition, competitions and sprints, drawn in one place."""

from typing import TypeAlias, assert_never, get_args

from dialogs import competition, competition_desk, recognition, sprint, sprint_desk
from dialogs.card import Card, Form
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
from dialogs.reader import Reader
from dialogs.recognition_notes import HourSaidNote, RecognitionSaidNote
from dialogs.turns import Context
from nudges.merits import CompetitionNote, SprintNote
from nudges.recognition import (
    LearningHourNote,
    MayITellNote,
    RecognitionNote,
    ResultOfNote,
    SpotlightNote,
)

MeritCard: TypeAlias = (
    CompetitionDeskNote
    | CompetitionDraftNote
    | CompetitionNote
    | CompetitionsNote
    | HourSaidNote
    | LearningHourNote
    | MayITellNote
    | RecognitionNote
    | RecognitionSaidNote
    | ResultOfNote
    | SpotlightNote
    | SprintDeskNote
    | SprintDraftNote
    | SprintNote
    | SprintsNote
)
MeritForm: TypeAlias = CompetitionForm | SprintForm
CARDS: tuple[type, ...] = get_args(MeritCard)
FORMS: tuple[type, ...] = get_args(MeritForm)


def draw(note: MeritCard, reader: Reader, context: Context) -> Card:
    """Draw a card."""
    match note:
        case CompetitionNote() | CompetitionsNote():
            return competition.draw(note, reader, context)
        case CompetitionDeskNote() | CompetitionDraftNote():
            return competition_desk.draw(note, reader, context)
        case SprintNote() | SprintsNote():
            return sprint.draw(note, reader, context)
        case SprintDeskNote() | SprintDraftNote():
            return sprint_desk.draw(note, reader, context)
        case (
            HourSaidNote()
            | LearningHourNote()
            | MayITellNote()
            | RecognitionNote()
            | RecognitionSaidNote()
            | ResultOfNote()
            | SpotlightNote()
        ):
            return recognition.draw(note, reader, context)
        case _:
            assert_never(note)


def draw_form(note: MeritForm, reader: Reader, context: Context) -> Form:
    """Draw a form."""
    match note:
        case CompetitionForm():
            return competition_desk.draw_form(note, reader, context)
        case SprintForm():
            return sprint_desk.draw_form(note, reader, context)
