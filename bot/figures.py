"""What this process counts and times as it happens: numbers only, about nobody.

Every figure is in one table with the labels that it has, and every label with the words that it
may hold. A word that is not among them is counted as ``other``: no id, no name and no text can get
into a figure, also not by a slip.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from nudges.address import Platform
from nudges.delivery import State
from nudges.pace import CHANGES, POSTS

OTHER: Final = "other"
Labels: TypeAlias = tuple[str, ...]
PLATFORMS: Final = frozenset(get_args(Platform))
DOORS: Final = {
    "/api/messages": "teams",
    "/slack/": "slack",
    "/usage": "usage",
    "/say": "browser",
    "/tap": "browser",
    "/fill": "browser",
    "/join": "browser",
    "/mine/": "handout",
    "/pictures/": "pictures",
}
"""How the address of each door begins; whatever else is asked for is ``other``."""
REASONS: Final = {
    400: "malformed",
    401: "unproven",
    403: "foreign",
    404: "nowhere",
    405: "method",
    413: "large",
    415: "type",
    429: "often",
    503: "not_stored",
}
"""Why something was refused, by the status it was answered with."""
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "platform": PLATFORMS,
    "state": frozenset(State),
    "way": frozenset({POSTS, CHANGES}),
    "outcome": frozenset({"sent", "wait", "gone", "refused", "unknown"}),
    "door": frozenset(DOORS.values()),
    "reason": frozenset(REASONS.values()),
    "how": frozenset({"new", "repeated", "not_stored"}),
    "turn": frozenset({"said", "tapped", "filled", "joined", "left", "pointed", "nothing"}),
    "end": frozenset({"done", "waits", "failed", "cut_off", "unreadable", "silent", "slow"}),
    "where": frozenset({"search", "crm"}),
    "role": frozenset({"web", "ticker", "courier"}),
}
"""The words that a label may hold; ``round`` and ``version`` are told when the program starts."""
QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: what somebody waits for, and what a platform or the CRM takes."""


@dataclass(frozen=True, slots=True)
class Family:
    """One figure: what it is called, what it tells, and by what it is split."""

    kind: Literal["counter", "gauge", "histogram"]
    say: str
    labels: Labels = ()
    buckets: tuple[float, ...] = ()


FAMILIES: Final[Mapping[str, Family]] = {
    "wayfinder_build_info": Family("gauge", "Always 1, with the version that runs", ("version",)),
    "wayfinder_role": Family("gauge", "1 for what this process does, 0 else", ("role",)),
    "wayfinder_loop_lag_seconds": Family(
        "histogram", "How much later than asked for the event loop went on", (), QUICK
    ),
    "wayfinder_arrivals_total": Family(
        "counter", "What came in through a door, and what became of it", ("platform", "how")
    ),
    "wayfinder_answer_seconds": Family(
        "histogram", "From an arrival that is stored to its answer", ("platform",), QUICK
    ),
    "wayfinder_requests_total": Family("counter", "Requests that were taken, by door", ("door",)),
    "wayfinder_refused_total": Family(
        "counter", "Requests that were refused, by door and reason", ("door", "reason")
    ),
    "wayfinder_turns_total": Family(
        "counter",
        "Turns by platform, what they were and how they ended",
        ("platform", "turn", "end"),
    ),
    "wayfinder_deliveries_settled_total": Family(
        "counter", "What became of deliveries that were carried", ("platform", "state")
    ),
    "wayfinder_calls_total": Family(
        "counter", "Calls to a platform, and what it said", ("platform", "way", "outcome")
    ),
    "wayfinder_call_seconds": Family("histogram", "How long a platform took", ("platform",), QUICK),
    "wayfinder_look_ups_total": Family(
        "counter", "What was looked up outside, and how that ended", ("where", "end")
    ),
    "wayfinder_look_up_seconds": Family("histogram", "How long a look-up took", ("where",), QUICK),
    "wayfinder_crm_resting": Family("gauge", "1 while the CRM is not asked because it failed"),
    "wayfinder_rounds_total": Family(
        "counter", "Rounds of the clock, and how they ended", ("round", "end")
    ),
    "wayfinder_round_seconds": Family("gauge", "How long the last round took", ("round",)),
    "wayfinder_round_last_timestamp_seconds": Family(
        "gauge", "When a round was last done, in seconds since 1970", ("round",)
    ),
    "wayfinder_round_every_seconds": Family("gauge", "How often a round is woken", ("round",)),
    "wayfinder_database_up": Family("gauge", "1 if the database answers, 0 if it does not"),
    "wayfinder_database_seconds": Family("gauge", "How long the database took for these numbers"),
    "wayfinder_clock_ahead_seconds": Family(
        "gauge", "How far our clock is ahead of the database's; none with SQLite"
    ),
    "wayfinder_deliveries": Family(
        "gauge",
        "Deliveries on their way by platform and state; 50,000 queued at most are counted",
        ("platform", "state"),
    ),
    "wayfinder_lag_seconds": Family(
        "gauge", "How long the oldest delivery has been due that has not left", ("platform",)
    ),
    "wayfinder_pace_allowed": Family(
        "gauge",
        "Messages a second that may leave now, over all lanes; 0 is none",
        ("platform", "way"),
    ),
    "wayfinder_lanes_blocked": Family(
        "gauge", "Lanes whose platform asked us to wait", ("platform", "way")
    ),
    "wayfinder_inbox_waiting": Family("gauge", "Arrivals not taken yet"),
    "wayfinder_inbox_oldest_seconds": Family("gauge", "How long the oldest of them has waited"),
}


@dataclass(slots=True)
class Timed:
    """How often something took how long; the last bucket has no end."""

    buckets: list[int]
    total: float = 0.0


@dataclass(slots=True)
class Figures:
    """The figures of one process."""

    seconds: Callable[[], float] = time.perf_counter
    known: dict[str, frozenset[str]] = field(default_factory=lambda: dict(_KNOWN))
    values: dict[str, dict[Labels, float]] = field(
        default_factory=lambda: defaultdict[str, dict[Labels, float]](dict)
    )
    timed: dict[str, dict[Labels, Timed]] = field(
        default_factory=lambda: defaultdict[str, dict[Labels, Timed]](dict)
    )
    asked: dict[str, Callable[[], float]] = field(default_factory=dict[str, Callable[[], float]])

    def learn(self, label: str, words: Iterable[str]) -> None:
        """Add words that a label may hold; they are the program's own, never somebody's."""
        self.known[label] = self.known.get(label, frozenset()) | frozenset(words)

    def word(self, label: str, value: str) -> str:
        """Return a word that a label may hold: this one, or ``other``."""
        return value if value in self.known.get(label, ()) else OTHER

    def words(self, label: str) -> list[str]:
        """Return what a label may hold, but for ``other``."""
        return sorted(self.known.get(label, ()))

    def count(self, name: str, n: float = 1, **labels: str) -> None:
        """Count something that happened."""
        values, where = self.values[name], self._labels(name, labels)
        values[where] = values.get(where, 0) + n

    def set(self, name: str, value: float, **labels: str) -> None:
        """Note what something is now."""
        self.values[name][self._labels(name, labels)] = value

    def ask(self, name: str, what: Callable[[], float]) -> None:
        """Let something be asked whenever the figures are read."""
        self.asked[name] = what

    def took(self, name: str, seconds: float, **labels: str) -> None:
        """Note how long something took."""
        buckets = FAMILIES[name].buckets
        timed, where = self.timed[name], self._labels(name, labels)
        one = timed.get(where)
        if one is None:
            one = timed[where] = Timed([0] * (len(buckets) + 1))
        one.buckets[bisect_left(buckets, seconds)] += 1
        one.total += seconds

    def _labels(self, name: str, labels: Mapping[str, str]) -> Labels:
        return tuple(self.word(label, labels[label]) for label in FAMILIES[name].labels)


def door_of(path: str) -> str:
    """Return which door an address belongs to."""
    return next((door for begin, door in DOORS.items() if path.startswith(begin)), OTHER)
