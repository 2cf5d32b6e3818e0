"""What a dialog can want kept, beside a person, their answers and their words."""

from typing import TypeAlias

from nudges.activities import Tick
from nudges.broadcast import Agreed, Answered, Decided, DraftDropped, DraftKept, HandedIn, Received
from nudges.champions import ChampionStep, Nomination, Offer
from nudges.edits import Edit
from nudges.roles import Grant
from nudges.steering import Switched, TakenBack
from nudges.stories import StoryJudged, StoryTold, StoryWithdrawn

BroadcastFact: TypeAlias = (
    Agreed
    | Answered
    | Decided
    | DraftDropped
    | DraftKept
    | HandedIn
    | Received
    | Switched
    | TakenBack
)
Fact: TypeAlias = (
    BroadcastFact
    | ChampionStep
    | Edit
    | Grant
    | Nomination
    | Offer
    | StoryJudged
    | StoryTold
    | StoryWithdrawn
    | Tick
)
"""Plain data; the store keeps each in its own place, and notes who did it."""
