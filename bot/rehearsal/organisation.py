"""Who leads whom in a made-up organisation, who moves and leaves, and what people do in the CRM.

A top, directors, heads and teams of six to fourteen. Somebody leaves now and then, and halfway
some teams get another head and some people another team: a reorganisation, as numbers about
teams have to live through.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from random import Random
from types import MappingProxyType

from bot.rehearsal.cast import START, Cast, Player
from nudges.adoption import Metric, Use
from nudges.roles import Role

TEAM = (6, 14)
A_TEAM, SPAN = 11, 6
"""How many are in a team with its head, and how many leaders one leader has, on average."""
LEAVES, MOVES, REHEADED = 0.002, 0.06, 0.15
"""How likely somebody leaves in a week; the part of the people who get another team halfway, and of
the teams whose head does."""
GAP = 0.04
"""How often a week of somebody's use is not known."""
CRM_TEAM = 2
WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody gets another manager, or leaves (``manager`` is None)."""

    at: datetime
    person: str
    manager: str | None


def led(cast: Cast, seed: int) -> Cast:
    """Give everybody a manager, and some a role; those who lead are there from the first days."""
    chance = Random(f"{seed}:leads")  # noqa: S311 - so that a rehearsal can be repeated
    names = list(cast.players)
    whose = dict[str, str]()
    leaders, start = [""], 0
    for many in _levels(len(names)):
        some = names[start : start + many]
        whose |= {name: leaders[n * len(leaders) // many] for n, name in enumerate(some)}
        leaders, start = some, start + many
    crowd = names[start:]
    seats = [head for head in leaders for _ in range(chance.randint(*TEAM))]
    for n, name in enumerate(crowd):
        whose[name] = seats[n] if n < len(seats) else chance.choice(leaders)
    heads = set(whose.values())
    roles = {name: {str(Role.MANAGER)} if name in heads else set[str]() for name in names}
    roles[names[0]].add(str(Role.SPONSOR))
    for name in names[-CRM_TEAM:]:
        roles[name].add(str(Role.CRM_TEAM))
    players = {
        name: _placed(player, whose[name], frozenset(roles[name]), early=name in heads)
        for name, player in cast.players.items()
    }
    return Cast(cast.programme, MappingProxyType(players))


def _levels(people: int) -> list[int]:
    """Return how many lead on each level, the top first."""
    found = [max(1, people // A_TEAM)]
    while found[0] > 1:
        found.insert(0, ceil(found[0] / SPAN))
    return found


def _placed(player: Player, manager: str, roles: frozenset[str], *, early: bool) -> Player:
    joins = min(player.joins, START + timedelta(days=1)) if early else player.joins
    person = replace(player.person, manager=manager, roles=roles)
    return replace(player, person=person, joins=joins)


def moves(cast: Cast, weeks: int, seed: int) -> list[Move]:
    """Return who gets another manager and who leaves, in order of time."""
    chance = Random(f"{seed}:moves")  # noqa: S311 - so that a rehearsal can be repeated
    middle = START + timedelta(weeks=weeks / 2, hours=10)
    whose = {name: player.person.manager for name, player in cast.players.items()}
    heads = sorted({head for head in whose.values() if head})
    first = [h for h in heads if not any(whose[other] == h for other in heads)]
    above = sorted({whose[head] for head in first if whose[head]})
    found = [
        Move(middle, head, chance.choice([a for a in above if a != whose[head]]))
        for head in first
        if len(above) > 1 and chance.random() < REHEADED
    ]
    for name, manager in whose.items():
        if name in heads:
            continue
        if len(first) > 1 and chance.random() < MOVES:
            found.append(Move(middle, name, chance.choice([h for h in first if h != manager])))
        week = next((w for w in range(weeks) if chance.random() < LEAVES), None)
        if week is not None:
            at = START + timedelta(weeks=week, days=chance.uniform(0, WORKDAYS))
            found.append(Move(at, name, None))
    return sorted(found, key=lambda move: (move.at, move.person))


def uses(players: Sequence[Player], week: date, seed: int) -> Iterator[Use]:
    """Make up what people did in the CRM in a week; of some it is not known."""
    for player in players:
        name = player.person.id
        habit = Random(f"{seed}:{name}:habit").random()  # noqa: S311 - as above
        chance = Random(f"{seed}:{name}:{week}:use")  # noqa: S311 - as above
        if chance.random() < GAP:
            continue
        days = sum(chance.random() < habit for _ in range(WORKDAYS))
        values: dict[Metric, float] = {
            Metric.ACTIVE_DAYS: days,
            Metric.RECORDS: sum(chance.randint(0, 4) for _ in range(days)),
        }
        if leads := chance.randint(0, 5):
            in_time = sum(chance.random() < (1 + habit) / 2 for _ in range(leads))
            values[Metric.LEADS_IN_TIME] = in_time / leads
        yield Use(name, week, values)


def gone_at(found: Sequence[Move]) -> Mapping[str, datetime]:
    """Return when each of those who leave does."""
    return {move.person: move.at for move in found if move.manager is None}
