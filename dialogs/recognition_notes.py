"""What becomes of the cards of recognition once somebody has reacted to them."""

from dataclasses import dataclass
from typing import Literal

from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class RecognitionSaidNote(Note):
    """What somebody answered to the question whether others may hear of their result."""

    how: Literal["manager", "public", "learning_time", "no", "over"]
    card: Literal["recognition_said"] = "recognition_said"


@dataclass(frozen=True, slots=True)
class HourSaidNote(Note):
    """What a manager answered to the request for an hour."""

    how: Literal["arranged", "not_now"]
    card: Literal["hour_said"] = "hour_said"
