"""A kind no to whoever asks for something that belongs to another role, and where to turn."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Card, Paragraph, Row
from dialogs.reader import Reader
from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class ForTeamNote(Note):
    """What was asked for belongs to the CRM team or to some other role."""

    whom: Literal[
        "crm_team",
        "doers",
        "nominators",
        "answerers",
        "privacy_officer",
        "digests",
        "oversight",
    ]
    card: Literal["for_team"] = "for_team"


def draw_for_team(note: ForTeamNote, reader: Reader) -> Card:
    """Draw the kind no."""
    speech = reader.speech
    first = "champion" if note.whom in {"nominators", "answerers"} else "pulse"
    return Card(
        speech.line("for_team.title"),
        (
            Paragraph(speech(f"for_team.{note.whom}")),
            Row((command(speech, first), command(speech, "help"))),
        ),
    )
