"""Give tokens that are kept sealed the newest key, so that an old one may go.

An administrator puts a new key in front of the others and starts the program again. From then on
the new one seals, and within the hour (or at once by a command) so is everything that was there.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

import structlog

log = structlog.get_logger()


class Resealed(Protocol):
    """What became of everything that is sealed."""

    @property
    def there(self) -> int:
        """Return how much there is."""
        ...

    @property
    def done(self) -> int:
        """Return how much was sealed with the newest key just now."""
        ...

    @property
    def shut(self) -> tuple[str, ...]:
        """Return what no key opens."""
        ...


Reseal: TypeAlias = Callable[[], Awaitable[Resealed]]


class Rotation:
    """Seal what is kept with the newest key, as time goes by."""

    def __init__(self, reseal: Reseal) -> None:
        self._reseal = reseal
        self._told: tuple[str, ...] = ()

    async def round(self) -> int:
        """Look once; returns how much got the newest key. What does not open is told once."""
        found = await self._reseal()
        if found.done:
            log.info("vault.sealed_again", many=found.done, there=found.there)
        if found.shut and found.shut != self._told:
            log.warning("vault.shut", what=list(found.shut))
        self._told = found.shut
        return found.done
