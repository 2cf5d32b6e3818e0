"""Things that people raised, one in each state."""

from typing import get_args

from nudges.voice import Item, State
from tests.clock import MONDAY

TODAY = MONDAY.date()
STATES: tuple[State, ...] = get_args(State)
ITEMS = tuple(Item(n, "blocker", "time", "", state, MONDAY) for n, state in enumerate(STATES, 1))
