"""The platforms in a play: they record what reaches whom, and have bad days where that is asked.

One can tell later what arrived, as Slack can; the other cannot, as Teams.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.rehearsal import chat
from dialogs.card import Card
from nudges.address import Address
from nudges.delivery import Gone, Outcome, Sent, Unknown, Wait

LONGEST_WAIT = 30
BUSY, CUT_BEFORE, CUT_AFTER, CLOSED = 0.02, 0.03, 0.035, 0.0355
"""What a platform does on a bad day, each as the upper end of its share."""


@dataclass(eq=False)
class Stage:
    """One platform.

    Attributes:
        clock: the play's time.
        tells: whether it can be asked later if a message arrived.
        seen: told of each card that appears or changes: who, ref, the card, and its delivery's
            mark if it is new.
        seed: of its bad days; None has none.
        gone: users who removed the bot.
        calls: what was tried, by how it ended.

    """

    clock: Callable[[], datetime]
    tells: bool
    seen: Callable[[Address, str, str, str], None]
    seed: int | None = None
    gone: set[str] = field(default_factory=set[str])
    calls: Counter[str] = field(default_factory=Counter[str])
    _arrived: dict[str, str] = field(default_factory=dict[str, str])
    _tries: Counter[str] = field(default_factory=Counter[str])

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as its reader sees it."""
        return chat.draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Take a new message."""
        if to.user in self.gone:
            return self._ends("gone", Gone("removed the bot"))
        ref = f"m-{mark}"
        bad = self._bad_day(mark)
        if bad and not isinstance(bad, Unknown):
            return bad
        self._arrived[mark] = to.user
        self.seen(to, ref, payload, mark)
        return bad or self._ends("sent", Sent(ref))

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Let a message become another."""
        if to.user in self.gone:
            return self._ends("gone", Gone("removed the bot"))
        bad = self._bad_day(ref)
        if bad and not isinstance(bad, Unknown):
            return bad
        self.seen(to, ref, payload, "")
        return bad or self._ends("replaced", Sent(ref))

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back."""
        del to
        return self._ends("removed", Sent(ref))

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Tell whether a message arrived, if this platform can."""
        if not self.tells:
            return Unknown("this platform cannot tell")
        return Sent(f"m-{mark}") if self._arrived.get(mark) == to.user else None

    def _bad_day(self, what: str) -> Outcome | None:
        if self.seed is None:
            return None
        self._tries[what] += 1
        chance = Random(f"{self.seed}:{what}:{self._tries[what]}")  # noqa: S311 - repeatable
        share = chance.random()
        if share < BUSY:
            until = self.clock() + timedelta(seconds=chance.randint(1, LONGEST_WAIT))
            return self._ends("busy", Wait(until, "too many requests"))
        if share < CUT_BEFORE:
            return self._ends("cut before", Wait(self.clock(), "no connection"))
        if share < CUT_AFTER:
            return self._ends("cut after", Unknown("the answer was cut off"))
        if share < CLOSED:
            return self._ends("gone", Gone("the chat is gone"))
        return None

    def _ends(self, how: str, outcome: Outcome) -> Outcome:
        self.calls[how] += 1
        return outcome
