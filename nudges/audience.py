"""An audience: a readable rule that says who hears something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: everybody, or those in one of the named groups of each kind.

    A team stands for all teams under it. Whoever has left is never meant.
    """

    segments: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


EVERYONE = Audience()
