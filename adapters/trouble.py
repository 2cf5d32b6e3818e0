"""What a platform finds wrong with what the settings give it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong and what to do, in a sentence."""

    say: str
    certain: bool = True
    """Whether the platform said so itself; if not, it may only be out of reach."""
