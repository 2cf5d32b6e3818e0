"""What a dialog can want kept, beside a person, their answers and their words."""

from typing import TypeAlias

from nudges.activities import Tick
from nudges.belief import Believed
from nudges.broadcast import (
    Agreed,
    Answered,
    Decided,
    DraftDropped,
    DraftKept,
    HandedIn,
    Received,
    ReplyDone,
)
from nudges.champions import ChampionStep, Nomination, Offer
from nudges.colleague import ColleagueFact
from nudges.digest import NormsAgreed
from nudges.edits import Edit
from nudges.forgetting import ForgetMe
from nudges.merits import MeritFact
from nudges.panel import PanelAsked, PanelSaid
from nudges.questions import Asked, Found, Shown
from nudges.recall import TipSaid
from nudges.reception import AnswerRead, CheckAnswered
from nudges.retention import RetentionSet
from nudges.roles import Grant
from nudges.rumours import RumourFact
from nudges.shadow import ShadowFact
from nudges.steering import Followed, Switched, TakenBack
from nudges.stories import StoryJudged, StoryTold, StoryWithdrawn
from nudges.training import TrainingFact
from nudges.use_linked import UseLinked
from nudges.voice import VoiceFact

BroadcastFact: TypeAlias = (
    Agreed
    | Answered
    | AnswerRead
    | CheckAnswered
    | Decided
    | DraftDropped
    | DraftKept
    | Followed
    | HandedIn
    | PanelAsked
    | PanelSaid
    | Received
    | ReplyDone
    | Believed
    | Switched
    | TakenBack
)
Fact: TypeAlias = (
    Asked
    | BroadcastFact
    | ChampionStep
    | ColleagueFact
    | Edit
    | ForgetMe
    | Found
    | Grant
    | MeritFact
    | Nomination
    | NormsAgreed
    | Offer
    | ShadowFact
    | RetentionSet
    | RumourFact
    | Shown
    | StoryJudged
    | StoryTold
    | StoryWithdrawn
    | Tick
    | TipSaid
    | TrainingFact
    | UseLinked
    | VoiceFact
)
"""Plain data; the store keeps each in its own place, and notes who did it."""
