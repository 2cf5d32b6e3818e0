"""Whether a message was received: a few of its people get one question, and the result is honest.

Communication is what is received. What the answers say about everybody is a range, never a bare
share; and about a few people nothing is said at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from math import sqrt
from statistics import NormalDist
from typing import Literal, TypeAlias

from nudges.audience import And, Field, Is, Not
from nudges.audience_language import parse, written
from nudges.broadcast import Broadcast, Check, Draft, Stage
from nudges.delivery import Note
from nudges.group import ONCE, Cell, Frozen, Measure, Told, band, told
from nudges.moments import weekdays_after
from nudges.programme import Words
from nudges.release import DIFFERENT, FLOOR, TOP, Atom, Closed

ASK_AFTER = 3
"""Working days from its beginning until we ask: who was out for a day has read it, and whoever only
skimmed it has forgotten it. That is what has to be known."""
OPEN_FOR = 5
"""Working days in which answers count: a question waits for its turn among three touches a week."""
TARGET = 0.8
"""How many of all should understand a message."""
COMMENTS = 10
"""From so many answers in people's own words on any is shown; it is never lowered."""
SMALL, MOST, MOST_WORDS = 50, 100, 40
"""Up to so many people everybody is asked, and never more than so many. If half of a hundred
answer, the range is about twenty of 100 wide; asking four times as many would only halve it.
Answers in own words are read one by one, so they are fewer."""
CONFIDENCE = 0.95
Verdict: TypeAlias = Literal["reached", "unsure", "below"]
How: TypeAlias = Literal["right", "wrong", "words"]


@dataclass(frozen=True, slots=True)
class ReceptionNote(Note):
    """One question to somebody who got a broadcast.

    ``order`` tells which choice stands at which place for this person; 0 is the right one, and it
    never leaves our own tables. In people's own words there is none. ``until`` is the last day on
    which asking makes sense.
    """

    broadcast: int
    order: tuple[int, ...] = ()
    until: str = ""
    card: Literal["reception"] = "reception"

    @property
    def subject(self) -> str:
        """Name it, so that someone can answer in their own words and ask why it came."""
        return asked_as(self.broadcast)

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it asks about."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class CheckedNote(Note):
    """Thanks for an answer, with what was meant."""

    broadcast: int
    how: How
    card: Literal["checked"] = "checked"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that was asked about."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class ReceivedResultNote(Note):
    """How a broadcast was understood, for its author; ``again`` once they want to repeat it."""

    broadcast: int
    again: bool = False
    card: Literal["received_result"] = "received_result"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it is about."""
        return (self.broadcast,)

    @property
    def receptions(self) -> tuple[int, ...]:
        """Return the broadcast whose answers it sums up."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class ReadWordsNote(Note):
    """Answers in people's own words, one at a time, for the author to say who understood."""

    broadcast: int
    card: Literal["read_words"] = "read_words"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that was asked about."""
        return (self.broadcast,)

    @property
    def receptions(self) -> tuple[int, ...]:
        """Return the broadcast whose answers it shows."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """Someone answers the question about a broadcast; ``right`` is open for their own words."""

    number: int
    right: bool | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """The author says of one answer whether the message came across."""

    number: int
    answer: int
    right: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that nobody read yet; its number tells nothing about whose it is."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Reception:
    """How far the question about a broadcast got.

    ``waiting`` is how many have not answered. ``readable`` says that so many answered in their own
    words that each of them may be read. ``told`` is the result as it was closed; it stays as it is,
    whoever answers or leaves later. ``cell`` names it in the release ledger.
    """

    broadcast: int
    asked: int
    asked_at: datetime
    waiting: int = 0
    closed_at: datetime | None = None
    readable: bool = False
    told: Told | None = None
    cell: int = 0
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What may be said about a test.

    ``band`` is roughly how many answered, and ``right`` which share of them understood; ``low`` and
    ``high`` are between which shares of all the true one probably lies. Where nearly everybody
    answered alike there are no shares: they would tell of each of them. ``few`` says that hardly
    anybody understood.
    """

    asked: int
    band: str
    verdict: Verdict
    few: bool = False
    right: float | None = None
    low: float | None = None
    high: float | None = None


def asked_as(number: int) -> str:
    """Name the question about a broadcast for ever."""
    return f"reception:{number}"


def told_as(number: int) -> str:
    """Name what its author is told about a broadcast for ever."""
    return f"received:{number}"


def choices(check: Check) -> tuple[Words, ...]:
    """Return what may be chosen, the right one first; nothing where people use their own words."""
    return (check.right, *check.wrong) if check.right else ()


def order(number: int, person: str, many: int) -> tuple[int, ...]:
    """Return which choice stands at which place for a person: always the same, and mixed."""

    def place(choice: int) -> bytes:
        return blake2b(f"{number}:{person}:{choice}".encode(), digest_size=8).digest()

    return tuple(sorted(range(many), key=place))


def how_many(have: int, *, choice: bool) -> int:
    """Return how many of those who have a broadcast are asked.

    Everybody of a few, half of more, at most a bounded number; and nobody where the answers could
    never be shown.
    """
    if have < (FLOOR if choice else COMMENTS):
        return 0
    return min(have, MOST if choice else MOST_WORDS, max(SMALL, have // 2))


def after(moment: datetime, days: int) -> datetime:
    """Return the same time of day so many working days later."""
    return moment + timedelta(days=(weekdays_after(moment.date(), days) - moment.date()).days)


def due(
    broadcast: Broadcast, begun: datetime, found: Reception | None, now: datetime
) -> Literal["ask", "close"] | None:
    """Say what is to be done now: ask people, sum up, or nothing.

    A correction asks nothing. Where to be among its people tells on them, nobody may read what they
    wrote, so they are not asked for words.
    """
    draft = broadcast.draft
    check = draft.message.check
    if check is None or draft.corrects or broadcast.stage is not Stage.BEGUN:
        return None
    if draft.exposes and not check.right:
        return None
    if found is None:
        return "ask" if after(begun, ASK_AFTER) <= now else None
    if found.closed_at is not None:
        return None
    over = not found.waiting or after(found.asked_at, OPEN_FOR) <= now
    return "close" if over else None


def result_of(number: int) -> Measure:
    """Return the measure of how a broadcast was understood."""
    return Measure(f"{ONCE}{number}", whole=True)


def received(
    number: int, answers: Mapping[str, bool], floor: int = FLOOR, *, exposes: bool = False
) -> Frozen:
    """Work out all that is ever told of a test, to whomever.

    Where a fifth or fewer, or two or fewer, stand on one side it is told as ``most`` or ``few``
    alone: then any of them may have answered otherwise, also for somebody who knows their own part.

    Args:
        number: the broadcast.
        answers: whether each person who answered understood it.
        floor: of how few people a number may be at least.
        exposes: whether being among its people tells something; then neither side may be a few.

    """
    right, many = sum(answers.values()), len(answers)
    values = {who: "right" if got else "wrong" for who, got in answers.items()}
    few = many < max(floor, FLOOR) or (exposes and min(right, many - right) < FLOOR)
    atom = Atom(frozenset({TOP}), values)
    closed = Closed(() if few else (atom,), {TOP: atom.units})
    if few:
        return Frozen(result_of(number), closed, (Cell(TOP, why="few"),), values)
    side = max(DIFFERENT, many // 5)
    if many - right <= side:
        what = Told(band(many), {"most": 1.0})
    elif right <= side:
        what = Told(band(many), {"few": 1.0})
    else:
        what = told(values.values())
    cell = Cell(TOP, (0,), atom.units, what, exact=True)
    return Frozen(result_of(number), closed, (cell,), values)


def interval(share: float, answered: int) -> tuple[float, float]:
    """Return between which shares the true one lies in 95 of 100 such tests, after Wilson (1927).

    It stays between 0 and 1 and is honest for a few answers and near the ends, where the share
    plus or minus its error is not.

    Raises:
        ValueError: there is no answer, or the share is none.

    """
    if not 0 <= share <= 1 or answered < 1:
        message = f"{share} of {answered} is no share"
        raise ValueError(message)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    weight = z * z / answered
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / answered + weight / (4 * answered)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(found: Reception | None) -> Result | None:
    """Return what may be shown of a test: what was told when it was closed, and what follows.

    That a message was *not* understood is only said when the whole range lies below the target: a
    message called bad by chance costs trust in the test. A share below the target offers to repeat
    it all the same, because saying a thing again costs little, and not being understood a lot. The
    range is that of as many people as there are at least.
    """
    if found is None or found.told is None:
        return None
    said = found.told
    fewest = int(said.band.split("-")[0])
    alike = "most" in said.shares or "few" in said.shares
    share = said.share("right") if not alike else TARGET if "most" in said.shares else 1 - TARGET
    low, high = interval(share, fewest)
    verdict: Verdict = "below" if high < TARGET else "unsure"
    if "most" in said.shares and fewest // 5 >= DIFFERENT:
        verdict = "reached"
    result = Result(found.asked, said.band, verdict, few="few" in said.shares)
    return result if alike else replace(result, right=share, low=low, high=high)


def to_read(found: Reception | None, *, exposes: bool) -> Sequence[Unread]:
    """Return the answers in own words that may be shown: nothing before there are ten."""
    if found is None or found.closed_at is None or exposes:
        return ()
    return found.unread if found.readable else ()


def figures(result: Result | None) -> Mapping[str, int | float | str | None] | None:
    """Return a result for a program to read; shares between 0 and 1."""
    if result is None:
        return None
    low, high = (None if x is None else round(x, 3) for x in (result.low, result.high))
    return {
        "asked": result.asked,
        "answered": result.band,
        "verdict": result.verdict,
        "right": result.right,
        "low": low,
        "high": high,
    }


def again(broadcast: Broadcast) -> Draft:
    """Return a draft that repeats a broadcast for those who missed it.

    Its words are there to be reworded, and it belongs to the series of what it repeats.
    """
    draft = broadcast.draft
    return replace(
        draft,
        rule=missed(broadcast),
        begins=None,
        series=draft.series or broadcast.number,
    )


def missed(broadcast: Broadcast) -> str:
    """Return the rule for those of a broadcast's people who missed it, as it is written.

    Who received it is known by "Got it"; where nobody was asked for that, or it would tell on them,
    all of them are meant again.
    """
    draft = broadcast.draft
    if draft.exposes or not draft.message.acknowledge:
        return draft.rule
    got = Is(Field.RECEIVED, (str(broadcast.number),))
    return written(And((parse(draft.rule), Not(got))))
