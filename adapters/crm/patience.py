"""When not to ask: while the CRM is down, while it wants to be left alone, or too often."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

Seconds = Callable[[], float]
FAILURES: Final = 5
"""After so many in a row nobody is sent to wait for the CRM."""
REST: Final = 30.0
"""Seconds until one question tries whether it is back."""
EACH: Final = 1.0
"""Seconds between two searches of one person."""
WINDOW, IN_WINDOW = 60.0, 150
"""So many searches of the whole organisation in so many seconds."""
MOST_ASKERS: Final = 10_000


class Breaker:
    """Opens after a few failures in a row; after a while one question tries again."""

    def __init__(self, clock: Seconds) -> None:
        self._clock = clock
        self._failed = 0
        self._until = 0.0

    def lets_through(self) -> bool:
        """Say whether to ask at all; after a rest one may try, and the others wait for it."""
        if self._failed < FAILURES:
            return True
        now = self._clock()
        if now < self._until:
            return False
        self._until = now + REST
        return True

    def rests(self) -> bool:
        """Say whether it failed so often that it is left alone."""
        return self._failed >= FAILURES

    def failed(self) -> None:
        """Hear that a question failed."""
        self._failed += 1
        if self._failed >= FAILURES:
            self._until = self._clock() + REST

    def worked(self) -> None:
        """Hear that a question was answered."""
        self._failed = 0


class SearchPace:
    """The pace of the search: a second between two of one person, and 150 a minute of all."""

    def __init__(self, clock: Seconds) -> None:
        self._clock = clock
        self._last: OrderedDict[str, float] = OrderedDict()
        self._all: deque[float] = deque()
        self._off_until = 0.0

    def take(self, who: str) -> bool:
        """Take a search if there is one to be had; nobody waits for it, there is another way."""
        now = self._clock()
        while self._all and now - self._all[0] >= WINDOW:
            self._all.popleft()
        last = self._last.get(who)
        soon = last is not None and now - last < EACH
        if now < self._off_until or soon or len(self._all) >= IN_WINDOW:
            return False
        self._all.append(now)
        self._last[who] = now
        self._last.move_to_end(who)
        while len(self._last) > MOST_ASKERS:
            self._last.popitem(last=False)
        return True

    def off(self, seconds: float) -> None:
        """Leave the search alone for a while."""
        self._off_until = max(self._off_until, self._clock() + seconds)
