"""Forgetting somebody: what they asked for, and when it is done."""

from dataclasses import dataclass
from datetime import timedelta

FAREWELL = timedelta(seconds=20)
"""So long at most is waited for the last message to somebody, before all of theirs is erased."""


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Somebody wants to be forgotten: their last message leaves, then all of theirs is erased."""
