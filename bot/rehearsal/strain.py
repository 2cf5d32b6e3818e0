"""How busy the machine is: what is stuck on a quiet one may only wait its turn on a busy one."""

import os
import time

EACH = 2
"""So many that want to run for each core are as good as none: most of a run is waiting."""


def strain() -> float:
    """Return how many times longer things take now than on a quiet machine; at least 1."""
    return max(1.0, os.getloadavg()[0] / (EACH * (os.cpu_count() or 1)))


class Deadline:
    """A number of seconds, of a quiet machine's."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._seen = time.monotonic()

    def over(self) -> bool:
        """Say whether they have passed; a second of a busy machine counts for less."""
        now = time.monotonic()
        self._left -= (now - self._seen) / strain()
        self._seen = now
        return self._left < 0
