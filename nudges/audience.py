"""An audience: a readable rule that says who hears something.

Broadcasts, digests and nudges say with the same rule whom they mean. How it is written and read
is in :mod:`nudges.audience_language`; here is what it means, person by person. The store says the
same in SQL, and tests hold the two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from nudges.adkar import BarrierName
from nudges.calendar import country_of
from nudges.people import Person
from nudges.phases import Phase
from nudges.roles import Role

DEEPEST, MOST_LEAVES, MOST_LOOKED_UP = 20, 200, 30
"""How deep a rule may nest, how many values it names, and how many groups, roles and receipts."""


class Field(StrEnum):
    """What a rule can ask of a person."""

    ROLE = "role"
    JOB = "job"
    TEAM = "team"
    REGION = "region"
    LANGUAGE = "language"
    SEGMENT = "segment"
    PHASE = "phase"
    BARRIER = "barrier"
    LEVEL = "level"
    RECEIVED = "received"


EXPOSING = frozenset({Field.BARRIER, Field.LEVEL})
"""What someone has a right not to be told apart by."""


class GroupKind(StrEnum):
    """Where a group of people comes from: a CSV file, Slack, or Entra."""

    LIST = "list"
    SLACK_GROUP = "slack_group"
    SLACK_CHANNEL = "slack_channel"
    ENTRA_GROUP = "entra_group"


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """People who were put together elsewhere: a list by its name, the others by their id."""

    kind: GroupKind
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A group as we know it: how many people, of how many members we know nobody, from where."""

    group: Group
    size: int
    unknown: int
    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everybody who is here."""


@dataclass(frozen=True, slots=True)
class Is:
    """Those of whom something is one of these values.

    A team stands for all teams under it, and a country for its parts. A role is a role in
    Wayfinder, which everybody has at least as a user; a job is the work someone does. A broadcast
    is received by whoever said "Got it", and is named by its number.
    """

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class In:
    """Those in a group."""

    group: Group


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody else."""

    rule: "Rule"


@dataclass(frozen=True, slots=True)
class And:
    """Those whom each of these rules means."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Those whom any of these rules means."""

    rules: tuple["Rule", ...]


Rule: TypeAlias = Everyone | Is | In | Not | And | Or
EVERYONE = Everyone()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule asks about one person at one moment.

    ``directory`` says that there is a directory, which tells of everybody who belongs here.
    """

    person: Person
    phase: Phase
    barrier: BarrierName
    groups: frozenset[Group] = frozenset()
    received: frozenset[int] = frozenset()
    directory: bool = False


def segment_of(rule: Rule) -> str:
    """Return the one segment that a rule means, if it says nothing else; else nothing."""
    match rule:
        case Is(Field.SEGMENT, (segment,)):
            return segment
        case _:
            return ""


def matches(rule: Rule, facts: Facts) -> bool:
    """Say whether a rule means this person.

    Whoever has left is never meant, and a guest of whom no directory tells only where there is
    none.
    """
    guest = facts.person.stranger and facts.directory
    return not facts.person.left and not guest and _holds(rule, facts)


def _holds(rule: Rule, facts: Facts) -> bool:
    match rule:
        case Everyone():
            return True
        case Is(field, values):
            return any(_is(field, value, facts) for value in values)
        case In(group):
            return group in facts.groups
        case Not(inner):
            return not _holds(inner, facts)
        case And(rules):
            return all(_holds(one, facts) for one in rules)
        case Or(rules):
            return any(_holds(one, facts) for one in rules)
        case _:
            assert_never(rule)


def _is(field: Field, value: str, facts: Facts) -> bool:  # noqa: C901 - a list, read down
    person = facts.person
    match field:
        case Field.ROLE:
            return value == Role.USER or value in person.roles
        case Field.JOB:
            return person.job == value
        case Field.TEAM:
            return person.team == value or person.team.startswith(f"{value}/")
        case Field.REGION:
            region = person.country or country_of(person.zone)
            return region == value or region.startswith(f"{value}-")
        case Field.LANGUAGE:
            return person.language == value
        case Field.SEGMENT:
            return person.segment == value
        case Field.PHASE:
            return facts.phase == value
        case Field.BARRIER:
            return facts.barrier == value
        case Field.LEVEL:
            return str(person.level) == value
        case Field.RECEIVED:
            return int(value) in facts.received
        case _:
            assert_never(field)


def leaves(rule: Rule) -> Iterator[Everyone | Is | In]:
    """Yield what a rule asks, without how it is joined."""
    match rule:
        case Everyone() | Is() | In():
            yield rule
        case Not(inner):
            yield from leaves(inner)
        case And(rules) | Or(rules):
            for one in rules:
                yield from leaves(one)
        case _:
            assert_never(rule)


def asks(rule: Rule, *fields: Field) -> bool:
    """Say whether a rule asks any of these of people."""
    return any(isinstance(leaf, Is) and leaf.field in fields for leaf in leaves(rule))


def groups_in(rule: Rule) -> frozenset[Group]:
    """Return the groups that a rule names."""
    return frozenset(leaf.group for leaf in leaves(rule) if isinstance(leaf, In))


def receipts_in(rule: Rule) -> frozenset[int]:
    """Return the broadcasts of which a rule asks who received them, by number."""
    return frozenset(
        int(value)
        for leaf in leaves(rule)
        if isinstance(leaf, Is) and leaf.field is Field.RECEIVED
        for value in leaf.values
    )


def exposes(rule: Rule) -> bool:
    """Say whether being meant tells something about a person that only they may know.

    Of such a rule neither a sample nor the recipients are shown, and no number. Who received a
    broadcast tells no more than the broadcast's own rule did; where that one exposed people,
    nobody may ask for its receipts at all.
    """
    return asks(rule, *EXPOSING)
