"""How long the program waits for what: held work, a platform, the next look around."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """The waits of a running program.

    Attributes:
        arrival: how long an arrival is ours; if this process dies, another takes it over then.
        delivery: how long a claimed delivery is ours; a platform call ends well within it.
        call: how long a platform may take to answer; then nobody knows whether it arrived.
        look: how often we look for what a stopped process left.
        tick: how often the planner looks who is due what.
        watch: how often we look for who is new, who left a role behind, and whom to invite.
        hour: how often what people with a role are due is planned.
        rest: how long the courier rests when nothing wakes it.
        drain: how long what is under way may take when the program is told to stop.

    """

    arrival: timedelta = timedelta(seconds=15)
    delivery: timedelta = timedelta(seconds=30)
    call: timedelta = timedelta(seconds=15)
    look: timedelta = timedelta(seconds=5)
    tick: timedelta = timedelta(seconds=1)
    watch: timedelta = timedelta(seconds=20)
    hour: timedelta = timedelta(hours=1)
    rest: timedelta = timedelta(milliseconds=500)
    drain: timedelta = timedelta(seconds=17)
