"""Read a directory from a CSV table: all of it, or nothing and a reason for each wrong row."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from sys import intern
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dialogs.speech import languages
from nudges.address import Address, Platform
from nudges.cells import FORMULA
from nudges.directory import Entry, troubles

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
EXTRA = ("country",)
"""Columns that may be missing."""
LONGEST = 200
"""Characters in a cell; a longer one is a mistake, not a name."""
PLATFORMS: tuple[Platform, ...] = ("slack", "teams")


class TableError(ValueError):
    """The table cannot be used; ``problems`` has a line for each row that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_people(path: Path) -> list[Entry]:
    """Read every person in a table, in its order.

    Raises:
        TableError: a row is wrong; nothing of the table is to be used.

    """
    problems: list[tuple[int, str]] = []
    lines: dict[str, int] = {}
    found: list[Entry] = []
    zones: dict[str, bool] = {}
    for line, cells in _rows(path):
        wrong = [*_wrong(cells, zones)]
        first = lines.setdefault(cells["id"], line)
        if first != line and cells["id"]:
            wrong.append(f"id {cells['id']} stands on line {first}, too")
        problems += [(line, why) for why in wrong]
        if not wrong:
            found.append(_entry(cells))
    problems += [(lines[who], why) for who, why in troubles(found, lines)]
    if problems:
        raise TableError([f"line {line}: {why}" for line, why in sorted(problems)])
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            table = csv.reader(source, strict=True)
            header = [name.strip().casefold() for name in next(table, list[str]())]
            missing = [name for name in COLUMNS if name not in header]
            if missing:
                hint = "; separate cells by commas" if len(header) == 1 else ""
                raise TableError([f"line 1: the header misses {', '.join(missing)}{hint}"])
            twice = sorted({name for name in header if header.count(name) > 1})
            if twice:
                raise TableError([f"line 1: the header has {', '.join(twice)} twice"])
            places = {name: header.index(name) for name in (*COLUMNS, *EXTRA) if name in header}
            for row in table:
                line = table.line_num
                if not any(row):
                    continue
                if len(row) != len(header):
                    message = f"line {line}: {len(row)} cells, the header has {len(header)}"
                    raise TableError([message])
                yield line, {name: _cell(row[at]) for name, at in places.items()}
    except UnicodeDecodeError as error:
        message = f"after line {line}: byte {error.start} is not UTF-8; save the table as UTF-8"
        raise TableError([message]) from error
    except csv.Error as error:
        raise TableError([f"after line {line}: this is not CSV: {error}"]) from error


def _cell(text: str) -> str:
    return text.replace("\xa0", " ").strip(" ")


def _wrong(cells: dict[str, str], zones: dict[str, bool]) -> Iterator[str]:
    if not cells["id"]:
        yield "the id is empty"
    if cells["language"] not in languages():
        yield f"language {cells['language'][:20]!r} is not one of {', '.join(languages())}"
    zone = cells["zone"]
    if zone not in zones:
        zones[zone] = _is_zone(zone)
    if not zones[zone]:
        yield f"zone {zone[:40]!r} is not a time zone such as Europe/Amsterdam"
    if cells["manager"] and cells["manager"] == cells["id"]:
        yield "someone is their own manager"
    for name, value in cells.items():
        if why := _unfit(value):
            yield f"{name} {why}"
    for platform in PLATFORMS:
        tenant, slash, user = cells[platform].rpartition("/")
        if cells[platform] and (not user or (slash and not tenant)):
            yield f"{platform} {cells[platform][:40]!r} is not written as tenant/user"


def _unfit(value: str) -> str:
    """Say what is wrong with a cell, whatever stands in it."""
    if len(value) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if value.startswith(FORMULA):
        return f"begins with {value[0]!r}, which a spreadsheet would calculate"
    if not value.isprintable():
        return "has a sign in it that cannot be seen"
    return ""


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _entry(cells: dict[str, str]) -> Entry:
    return Entry(
        id=cells["id"],
        name=cells["name"],
        email=cells["email"],
        language=intern(cells["language"]),
        zone=intern(cells["zone"]),
        country=intern(cells.get("country", "")),
        team=intern(cells["team"]),
        manager=intern(cells["manager"]),
        job=intern(cells["role"]),
        segment=intern(cells["segment"]),
        homes=tuple(
            Address(platform, *_home(cells[platform])) for platform in PLATFORMS if cells[platform]
        ),
    )


def _home(text: str) -> tuple[str, str]:
    """Read an address written as tenant/user."""
    tenant, _, user = text.rpartition("/")
    return tenant, user
