"""Questions that go to a colleague: who has one now, who is next, and what becomes of the answer.

A question goes to one champion at a time, for its area first. Whoever passes it on, is away or
lets two of their own working days go by is followed by the next; after a few champions, or without
any, the CRM team has it. The first answer wins, and an answer that comes late is still welcome.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from nudges.champions import Champion, with_room
from nudges.hours import working_days_later
from nudges.people import Language, Person
from nudges.programme import Words
from nudges.roles import Role

SILENT = 2
"""Working days of their own after which a champion's question goes on to the next."""
REMINDED = 5
"""Working days of their own after which the CRM team is reminded, once."""
CHAMPIONS = 4
"""How many champions are asked, one after the other, before the CRM team is."""
ROUNDS = 2
"""How often a question is asked: once more after an answer that did not help."""
WEEK = timedelta(days=7)
AWAY = timedelta(days=1)
"""How long somebody who said that they are away gets no other question, whatever they set."""
FULL = 1000
"""More questions than anybody's limit."""
QUESTION, ANSWER = 500, 2000
"""Characters that are kept."""
ReferralState: TypeAlias = Literal["open", "answered", "helped", "withdrawn"]
HandedHow: TypeAlias = Literal["open", "passed", "away", "lapsed", "done"]
Judged: TypeAlias = Literal["", "accepted", "declined"]
Ended: TypeAlias = "tuple[tuple[Handed, HandedHow], ...]"
"""For whom a question ends, and how."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody who has, or had, a question.

    Attributes:
        nth: the how manyth it went to; the CRM team has it together, all with one number.
        round: 1, or 2 after an answer that did not help.
        at: from when on it is theirs: when their card was due.
        how: whether it still is; ``lapsed`` is silence, ``done`` that nothing is left to do.
        delivery: the number of their card.

    """

    person: str
    nth: int
    at: datetime
    team: bool = False
    round: int = 1
    how: HandedHow = "open"
    delivery: int | None = None
    reminded: datetime | None = None
    ended: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer of one round, by whoever was first; ``article`` is what it became, or 0."""

    person: str
    round: int
    text: str
    at: datetime
    judged: Judged = ""
    article: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """A question that somebody sent to a colleague; ``key`` is the name of the turn that did.

    ``question`` is the one it came from, if it did, and ``root`` the message that shows its asker
    where it is.
    """

    key: str
    person: str
    text: str
    language: Language
    area: str
    at: datetime
    state: ReferralState = "open"
    round: int = 1
    question: str = ""
    root: int | None = None
    name: str = ""
    hands: tuple[Handed, ...] = ()
    answers: tuple[Given, ...] = ()

    @property
    def now_with(self) -> tuple[Handed, ...]:
        """Return who has it now."""
        if self.state != "open":
            return ()
        return tuple(h for h in self.hands if h.how == "open" and h.round == self.round)

    def hand(self, person: str) -> Handed | None:
        """Return the last time that this person got it."""
        return next((h for h in reversed(self.hands) if h.person == person), None)

    def answer(self, number: int) -> Given | None:
        """Return the answer of a round, unless whoever gave it is forgotten."""
        return next((a for a in self.answers if a.round == number), None)

    @property
    def proposed(self) -> Given | None:
        """Return the answer that may become an article: the last one, if it was not judged yet."""
        last = self.answer(self.round)
        settled = self.state in {"answered", "helped"}
        return last if last and settled and not last.judged else None


@dataclass(frozen=True, slots=True)
class Referred:
    """Somebody sends a question to a colleague."""

    key: str
    text: str
    area: str = ""
    language: Language = "en"
    question: str = ""
    root: int | None = None


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Somebody who has a question passes it on, or is away."""

    key: str
    how: Literal["passed", "away"]


@dataclass(frozen=True, slots=True)
class Replied:
    """Somebody answers a question, in this round of it."""

    key: str
    round: int
    text: str


@dataclass(frozen=True, slots=True)
class NeverMind:
    """The asker takes a question back."""

    key: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The asker says whether the answer of a round helped."""

    key: str
    round: int
    helped: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """The CRM team makes an answer an article, in the words they leave in it."""

    key: str
    round: int
    title: Words
    body: Words
    nav: Words = field(default_factory=dict[Language, str])
    area: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The CRM team makes no article of an answer."""

    key: str
    round: int


@dataclass(frozen=True, slots=True)
class TakenOut:
    """The CRM team takes an article that was an answer out again."""

    number: int


@dataclass(frozen=True, slots=True)
class QuestionsSeen:
    """Somebody of the CRM team looks at what people asked colleagues."""


@dataclass(frozen=True, slots=True)
class AskedOutside:
    """Somebody asked outside the CRM what is in it; nobody notes who."""

    area: str


ColleagueFact: TypeAlias = (
    Accepted
    | AskedOutside
    | Declined
    | HandedOn
    | Judgement
    | NeverMind
    | QuestionsSeen
    | Referred
    | Replied
    | TakenOut
)


@dataclass(frozen=True, slots=True)
class Known:
    """What routing has to know: those who may get a question, and how many each had this week.

    ``gone`` are those of the askers who are not here any more.
    """

    champions: Sequence[Champion]
    team: Sequence[Person]
    had: Mapping[str, int]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be done with a question now.

    Attributes:
        to: who gets it, and ``team`` whether as the CRM team.
        ended: those for whom it ends, and how.
        remind: those of the CRM team who are reminded.
        over: whether it ends because its asker has left.

    """

    to: tuple[str, ...] = ()
    team: bool = False
    ended: Ended = ()
    remind: tuple[Handed, ...] = ()
    over: bool = False

    def __bool__(self) -> bool:
        """Say whether there is anything to do."""
        return bool(self.to or self.ended or self.remind or self.over)


def next_move(referral: Referral, known: Known, now: datetime) -> Move:
    """Decide what is to be done with a question: to whom it goes, and for whom it ends."""
    if referral.state == "open" and referral.person in known.gone:
        return Move(over=True)
    rest: Ended = tuple(
        (h, "done")
        for h in referral.hands
        if h.how in {"open", "lapsed"} and (referral.state != "open" or h.round < referral.round)
    )
    if referral.state != "open":
        return Move(ended=rest)
    holding = referral.now_with
    if any(h.team for h in holding):
        return _with_team(referral, holding, rest, known, now)
    silent: Ended = tuple((h, "lapsed") for h in holding if not _waits(h, known, now))
    if holding and not silent:
        return Move(ended=rest)
    if (champion := _champion(referral, known, now)) is not None:
        return Move((champion,), ended=(*rest, *silent))
    team = _team(referral, known)
    return Move(team, team=True, ended=(*rest, *silent)) if team else Move(ended=rest)


def _with_team(
    referral: Referral,
    holding: Sequence[Handed],
    rest: Ended,
    known: Known,
    now: datetime,
) -> Move:
    """Remind the CRM team once; where nobody of them has it any more, those get it who came."""
    team = {p.id: p for p in known.team}
    left: Ended = tuple((h, "done") for h in holding if h.person not in team)
    if len(left) == len(holding):
        return Move(_team(referral, known), team=True, ended=(*rest, *left))
    late = tuple(
        h
        for h in holding
        if h.person in team
        and h.reminded is None
        and now >= working_days_later(team[h.person], h.at, REMINDED)
    )
    return Move(ended=(*rest, *left), remind=late)


def _waits(hand: Handed, known: Known, now: datetime) -> bool:
    """Say whether a champion who has a question may still be waited for."""
    champion = next((c for c in known.champions if c.person.id == hand.person), None)
    if champion is None or not _is_one(champion) or champion.person.quiet(now):
        return False
    return now < working_days_later(champion.person, hand.at, SILENT)


def _is_one(champion: Champion) -> bool:
    return champion.state == "accepted" and Role.CHAMPION in champion.person.roles


def _champion(referral: Referral, known: Known, now: datetime) -> str | None:
    """Return the next champion: one for the area, else anyone with room; None for the CRM team."""
    asked = {h.nth for h in referral.hands if not h.team and h.round == referral.round}
    if len(asked) >= CHAMPIONS or any(h.team for h in referral.hands):
        return None
    had_it = {h.person for h in referral.hands} | {referral.person}
    able = [c for c in known.champions if _is_one(c) and c.person.id not in had_it]
    for area in dict.fromkeys((referral.area, "")):
        if found := with_room(able, area, known.had, now):
            return found[0].person.id
    return None


def _team(referral: Referral, known: Known) -> tuple[str, ...]:
    """Return those of the CRM team who may be asked; nobody answers themselves."""
    here = (p.id for p in known.team if not (p.left or p.stopped))
    return tuple(sorted(one for one in here if one != referral.person))


def had_lately(hands: Iterable[Handed], now: datetime) -> dict[str, int]:
    """Count how many questions each champion got in a week; who is away today is full."""
    had: dict[str, int] = {}
    for hand in hands:
        if hand.team or now - hand.at >= WEEK:
            continue
        had[hand.person] = had.get(hand.person, 0) + 1
        if hand.how == "away" and hand.ended and now - hand.ended < AWAY:
            had[hand.person] += FULL
    return had
