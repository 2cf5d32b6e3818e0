"""What a dialog can want kept, beside a person, their answers and their words."""

from typing import TypeAlias

from nudges.activities import Tick
from nudges.champions import ChampionStep, Nomination, Offer
from nudges.edits import Edit
from nudges.roles import Grant

Fact: TypeAlias = Grant | Edit | Tick | Nomination | ChampionStep | Offer
"""Plain data; the store keeps each in its own place, and notes who did it."""
