"""What a dialog can want kept, beside a person, their answers and their words."""

from typing import TypeAlias

from nudges.edits import Edit
from nudges.roles import Grant
from nudges.stories import StoryJudged, StoryTold, StoryWithdrawn

Fact: TypeAlias = Grant | Edit | StoryTold | StoryJudged | StoryWithdrawn
"""Plain data; the store keeps each in its own place, and notes who did it."""
