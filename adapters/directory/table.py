"""Read people from a CSV table: all of them or none, with a reason for each row that is wrong."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dialogs.speech import languages
from nudges.address import Address, Platform
from nudges.people import Person
from nudges.roles import Role

COLUMNS = (
    "id",
    "name",
    "email",
    "team",
    "manager",
    "role",
    "language",
    "zone",
    "segment",
    "slack",
    "teams",
)
LONGEST = 200
"""Characters in a cell; a longer one is a mistake, not a name."""
GRANTED = {"crm": Role.CRM_TEAM, "board": Role.SPONSOR, "manager": Role.MANAGER}
"""The jobs that bring a role with them; all others are users."""


class TableError(ValueError):
    """The table cannot be used; ``problems`` has a line for each row that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


def read_people(path: Path) -> list[Person]:
    """Read every person in a table, in its order.

    Raises:
        TableError: a row is wrong; nothing of the table is to be used.

    """
    rows = list(_rows(path))
    known = {row.cells["id"] for row in rows}
    problems = [f"line {row.line}: {why}" for row in rows for why in _wrong(row, known)]
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.cells["id"], row.line)
        if first != row.line:
            problems.append(f"line {row.line}: id {row.cells['id']} stands on line {first}, too")
    if problems:
        raise TableError(problems)
    return [_person(row.cells) for row in rows]


def _rows(path: Path) -> Iterator[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            table = csv.DictReader(source, strict=True)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise TableError([f"line 1: the header misses {', '.join(missing)}"])
            for cells in table:
                filled = {name: (cells.get(name) or "").strip() for name in COLUMNS}
                yield _Row(table.line_num, filled)
    except UnicodeDecodeError as error:
        raise TableError([f"byte {error.start} is not UTF-8; save the table as UTF-8"]) from error
    except csv.Error as error:
        raise TableError([f"the table is not CSV: {error}"]) from error


def _wrong(row: _Row, known: set[str]) -> Iterator[str]:
    cells = row.cells
    if not cells["id"]:
        yield "the id is empty"
    if cells["language"] not in languages():
        yield f"language {cells['language']!r} is not one of {', '.join(languages())}"
    try:
        ZoneInfo(cells["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"zone {cells['zone']!r} is not a time zone such as Europe/Amsterdam"
    if cells["manager"] and cells["manager"] not in known:
        yield f"manager {cells['manager']} is not in the table"
    if cells["manager"] and cells["manager"] == cells["id"]:
        yield "someone is their own manager"
    for name, value in cells.items():
        if len(value) > LONGEST:
            yield f"{name} is longer than {LONGEST} characters"


def _person(cells: dict[str, str]) -> Person:
    platforms: tuple[Platform, ...] = ("slack", "teams")
    return Person(
        id=cells["id"],
        name=cells["name"],
        email=cells["email"],
        language=cells["language"],
        zone=cells["zone"],
        team=cells["team"],
        manager=cells["manager"],
        job=cells["role"],
        segment=cells["segment"],
        roles=frozenset({GRANTED[cells["role"]]} if cells["role"] in GRANTED else ()),
        addresses=tuple(
            Address(platform, *_home(cells[platform])) for platform in platforms if cells[platform]
        ),
    )


def _home(text: str) -> tuple[str, str]:
    """Read an address written as tenant/user."""
    tenant, _, user = text.rpartition("/")
    return tenant, user
