"""The broadcasts of the gallery that an author follows: each where one can be, with its counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from nudges.broadcast import Broadcast, Stage
from nudges.delivery import RunState
from nudges.progress import Tally

FOLLOWED: Mapping[str, int] = {
    "first": 21,
    "sending": 22,
    "mornings": 23,
    "paused": 24,
    "stopped": 25,
    "done": 26,
    "few": 27,
    "recalling": 28,
    "recalled": 29,
    "correction": 30,
    "corrected": 31,
}
"""The number of each, by where it is."""
FIRST = Tally(12_400, ready=12_400, state=RunState.RUNNING)
SENDING = Tally(
    *(7436, 4960, 3, 1, 12, 40, 1204, 31),
    ready=7436,
    pace=9.5,
    state=RunState.RUNNING,
)
DONE = Tally(0, 12_341, 4, 2, 13, 40, 8120, 212, state=RunState.RUNNING)


def followed(like: Broadcast) -> tuple[Broadcast, ...]:
    """Return broadcasts that have begun, with the words of one that was handed in."""
    begun = replace(like, stage=Stage.BEGUN)
    shy = replace(begun.draft, rule="barrier is desire")
    correction = replace(begun.draft, corrects=FOLLOWED["corrected"])
    return tuple(
        replace(begun, number=number, **_what(name, shy, correction))
        for name, number in FOLLOWED.items()
    )


def _what(name: str, shy: object, correction: object) -> dict[str, object]:
    match name:
        case "few":
            return {"draft": shy}
        case "recalling" | "recalled":
            return {"stage": Stage.RECALLED}
        case "correction":
            return {"draft": correction}
        case "corrected":
            return {"corrected": date(2026, 11, 17), "revision": 1}
        case _:
            return {}


def tallies(now: datetime) -> dict[int, Tally]:
    """Return the counts of each."""
    tomorrow = now + timedelta(hours=26)
    stopped = replace(DONE, sent=4960, left_out=7480, state=RunState.STOPPED)
    back = replace(stopped, acknowledged=1204, replied=31, returned=1200, returning=3760, pace=0.8)
    of = {
        "first": FIRST,
        "sending": SENDING,
        "mornings": replace(SENDING, queued=1200, ready=80, latest=tomorrow),
        "paused": replace(SENDING, state=RunState.PAUSED),
        "stopped": stopped,
        "done": DONE,
        "few": Tally(4, 14, ready=4, acknowledged=6, replied=1, pace=0.1, state=RunState.RUNNING),
        "recalling": back,
        "recalled": replace(back, returned=4960, returning=0),
        "correction": Tally(300, 4660, ready=300, pace=0.7, state=RunState.RUNNING),
        "corrected": DONE,
    }
    return {FOLLOWED[name]: tally for name, tally in of.items()}
