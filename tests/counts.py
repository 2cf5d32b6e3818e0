"""How far a broadcast got, as its author's card and the command line count it."""

from adapters.store.database import Work
from tests.clock import MONDAY

COUNTED = (
    *("queued", "sent", "failed", "unknown", "unreachable", "left_out"),
    *("acknowledged", "replied"),
)


async def counts(work: Work, number: int) -> dict[str, int]:
    """Count the people of a broadcast; at which moment makes no difference to these."""
    tally = (await work.tallies([number], MONDAY))[number]
    return {name: getattr(tally, name) for name in COUNTED}
