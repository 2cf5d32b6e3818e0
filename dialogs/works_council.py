"""The pack for a works council: what is asked, kept, shown to whom, and what is never learned.

It is put together from what the program itself goes by, so that it cannot say anything else: the
questions, the tables, how long they are kept, the roles and what each may do, and the thresholds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, get_args

from dialogs.rich import words
from dialogs.speech import Speech, chosen
from nudges.address import Platform
from nudges.adkar import ELEMENTS, Bank
from nudges.group import MEASURES
from nudges.programme import Words
from nudges.reception import COMMENTS
from nudges.release import ASIDE, DIFFERENT, FLOOR, NEAR
from nudges.retention import LEAST, MOST, Keep
from nudges.roles import TABLE, Act, Role

THRESHOLDS: Final[Mapping[str, float]] = {
    "floor": FLOOR,
    "comments": COMMENTS,
    "different": DIFFERENT,
    "near": NEAR,
    "aside": ASIDE,
    "longest": MOST,
    "shortest": LEAST,
}
"""What is never gone below or above, each by the name that its sentence has."""
SHARES: Final = frozenset({"near", "aside"})
"""Thresholds that are a part of a whole."""
LINES: Final[Mapping[str, int]] = {
    "purpose": 3,
    "never": 6,
    "decisions": 4,
    "rights": 7,
    "switch": 4,
    "numbers": 3,
}
"""How many sentences stand in each part."""


@dataclass(frozen=True, slots=True)
class KeptWords:
    """What is written about what is kept: fields by name, and of each table its name and why."""

    fields: Mapping[str, Words]
    tables: Mapping[str, tuple[Words, Words]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: what stands above its columns, and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part: TypeAlias = str | tuple[str, ...] | Grid
"""A paragraph, a list, or a table."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """All of it, in one language."""

    language: str
    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class House:
    """What the program goes by: its tables with their fields, how long they stay, the questions.

    ``floor`` is the smallest group a number is about in this organisation, never less than ours.
    """

    tables: Mapping[str, tuple[str, ...]]
    kept: Mapping[str, Keep]
    bank: Bank
    questions: Mapping[str, Words]
    floor: int = FLOOR
    roles: Mapping[Role, frozenset[Act]] = field(default_factory=lambda: TABLE)
    thresholds: Mapping[str, float] = field(default_factory=lambda: THRESHOLDS)


def pack(house: House, written: KeptWords, speech: Speech) -> Pack:
    """Put the pack together.

    Raises:
        KeyError: something the program goes by is not explained yet; the message names it.

    """
    return Pack(
        speech.language,
        speech.line("council.title"),
        speech.line("council.lead"),
        (
            _told("purpose", speech),
            Section(speech.line("council.asked"), _asked(house, speech)),
            Section(speech.line("council.kept"), _kept(house, written, speech)),
            Section(speech.line("council.limits"), _limits(house, speech)),
            Section(speech.line("council.roles"), _roles(house.roles, speech)),
            *(_told(name, speech) for name in ("never", "decisions", "rights", "switch")),
            Section(speech.line("council.platforms"), _platforms(speech)),
        ),
    )


def _told(name: str, speech: Speech) -> Section:
    return Section(speech.line(f"council.{name}"), (_lines(name, speech),))


def _lines(name: str, speech: Speech) -> tuple[str, ...]:
    return tuple(speech.line(f"council.{name}.{nth}") for nth in range(1, LINES[name] + 1))


def _asked(house: House, speech: Speech) -> tuple[Part, ...]:
    rows = tuple(
        (
            key,
            speech.line(f"element.{house.bank[key].element}"),
            words(speech.own(house.questions[key])),
        )
        for element in ELEMENTS
        for key in house.bank
        if house.bank[key].element is element
    )
    head = ("id", speech.line("council.head.about"), speech.line("council.head.question"))
    return (speech.line("council.asked.lead"), Grid(head, rows), speech.line("council.asked.other"))


def _kept(house: House, written: KeptWords, speech: Speech) -> tuple[Part, ...]:
    head = tuple(speech.line(f"council.head.{name}") for name in ("what", "why", "long", "fields"))
    rows = tuple(
        (
            chosen(written.tables[name][0], speech.language),
            chosen(written.tables[name][1], speech.language),
            long(house.kept[name], speech),
            "; ".join(
                f"{one}: {chosen(written.fields[one], speech.language)}"
                for one in house.tables[name]
            ),
        )
        for name in sorted(house.tables)
    )
    return (speech.line("council.kept.lead", most=MOST, least=LEAST), Grid(head, rows))


def long(keep: Keep, speech: Speech) -> str:
    """Say how long the rows of a table are kept."""
    said = speech.line(f"keep.{keep.rule}", days=keep.days, longer=keep.longer)
    return speech.line("keep.chosen", said=said) if keep.chosen else said


def _limits(house: House, speech: Speech) -> tuple[Part, ...]:
    rows: list[tuple[str, str]] = []
    for name, value in house.thresholds.items():
        at = max(value, house.floor) if name == "floor" else value
        number = speech.number(at * 100) + " %" if name in SHARES else speech.number(at)
        rows.append((speech.line(f"council.limit.{name}"), number))
    head = (speech.line("council.head.limit"), speech.line("council.head.value"))
    measures = tuple(speech.line(f"ledger.of.{one.name}") for one in MEASURES)
    return (
        Grid(head, tuple(rows)),
        _lines("numbers", speech),
        speech.line("council.measures", what=", ".join(measures)),
    )


def _roles(roles: Mapping[Role, frozenset[Act]], speech: Speech) -> tuple[Part, ...]:
    rows = tuple(
        (
            speech.line(f"role.{role}"),
            "; ".join(speech.line(f"council.act.{act}") for act in Act if act in acts),
        )
        for role, acts in roles.items()
    )
    head = (speech.line("council.head.role"), speech.line("council.head.may"))
    return (speech.line("council.roles.lead"), Grid(head, rows))


def _platforms(speech: Speech) -> tuple[Part, ...]:
    platforms: Sequence[str] = get_args(Platform)
    rows = tuple(speech.line(f"council.platform.{name}") for name in platforms)
    return (speech.line("council.platforms.lead"), rows, speech.line("council.crm"))
