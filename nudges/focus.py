"""Where a group stands: the first element that holds up a good part of it.

Only a group of five or more that are known has a focus, so that nobody's own answer shows in it.
"""

from collections import Counter
from collections.abc import Iterable

from nudges.adkar import ELEMENTS, BarrierName, Element
from nudges.release import FLOOR

SHARE = 0.2
"""Of those known, so many have to be held up by an element for it to be the focus (rule 8)."""


def focus_of(barriers: Iterable[BarrierName]) -> Element | None:
    """Return a group's focus: the earliest element that is the barrier of a fifth of it."""
    known = [barrier for barrier in barriers if barrier != "unknown"]
    if len(known) < FLOOR:
        return None
    often = Counter(known)
    return next((e for e in ELEMENTS if often[e] >= SHARE * len(known)), None)
