"""What a dialog can want kept, beside a person, their answers and their words."""

from typing import TypeAlias

from nudges.edits import Edit
from nudges.roles import Grant

Fact: TypeAlias = Grant | Edit
"""Plain data; the store keeps each in its own place, and notes who did it."""
